"""The pooler on AWS: RDS Proxy, TLS and tokens of IAM on both sides, and no more connections than the database has room for."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
from pulumi import Output, ResourceOptions

from components import contract as c
from components.aws.database import Database
from components.aws.network import Network
from components.aws.pooling import Pooling
from components.binding import SecretReference
from components.contract import Identity
from components.spec import PlatformSpec
from tests.harness.alone import Alone, alone
from tests.harness.foundation.deployed import AWS, CANARY, ENGINES


def make(spec: PlatformSpec, identity: Identity, opts: ResourceOptions) -> Mapping[str, Output[Any]]:
    nothing = Output.from_input("")
    certificate = c.CertificateOutputs(SecretReference(nothing, nothing), nothing, {}, None)
    network = Network("penguinmails-network", c.NetworkArgs(identity, spec.aws), opts).outputs
    password = Output.secret(f"{CANARY}-owner")
    database = Database(
        "penguinmails-database", c.DatabaseArgs(identity, spec.database, network, certificate, password, None), opts
    ).outputs
    made = Pooling(
        "penguinmails-pooling", c.PoolingArgs(identity, spec.database, network, certificate, database, None), opts
    ).outputs
    assert made.id is not None
    assert database.login is not None
    return {
        "variables": Output.all(**made.binding.variables),
        "permissions": Output.all(*(Output.all(list(one.actions), *one.resources) for one in made.binding.permissions)),
        "groups": Output.all(*made.binding.groups),
        "direct": Output.all(*database.direct.groups),
        "login": database.login.resources[0],
        "isolated": network.data,
        "id": made.id,
        "secrets": Output.from_input(sorted(made.binding.secrets)),
    }


@cache
def pooled(environment: str = "production", engine: str = "postgresql", size: str = "small", connections: int = 20) -> Alone:
    pooling = {"database_connections": connections}
    database = {"engine": engine, "size": size, "pooling": pooling}
    return alone({**AWS, "environment": environment, "database": database}, make)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("environment", ["development", "production"])
def test_the_pooler_takes_tokens_over_tls_and_keeps_no_password(environment: str, engine: str) -> None:
    found = pooled(environment, engine)
    proxy = found.one("rds/proxy:Proxy").inputs
    assert {
        "name": "penguinmails-test-pooler",
        "engineFamily": {"postgresql": "POSTGRESQL", "mysql": "MYSQL"}[engine],
        "defaultAuthScheme": "IAM_AUTH",
        "requireTls": True,
        "debugLogging": False,
        "vpcSubnetIds": found.known["isolated"],
    }.items() <= proxy.items()
    assert "auths" not in proxy
    target = found.one("ProxyTarget").inputs
    assert (target["dbProxyName"], target["dbInstanceIdentifier"]) == (proxy["name"], "penguinmails-test-database")
    assert found.known["secrets"] == []
    assert found.known["id"] == "penguinmails-test-pooler"


def test_the_poolers_role_logs_in_as_the_application_and_does_no_more() -> None:
    found = pooled()
    role = found.named("penguinmails-pooling-role").inputs
    [trust] = json.loads(role["assumeRolePolicy"])["Statement"]
    assert trust["Principal"] == {"Service": "rds.amazonaws.com"}
    [statement] = json.loads(found.named("penguinmails-pooling-login").inputs["policy"])["Statement"]
    assert (statement["Action"], statement["Resource"]) == (["rds-db:connect"], [found.known["login"]])


@pytest.mark.parametrize(
    ("engine", "role", "form"),
    [
        ("postgresql", "penguinmails_app", r"postgresql://penguinmails_app@{host}:5432/penguinmails\?sslmode=verify-full"),
        ("mysql", "pm_app", r"mysql://pm_app@{host}:3306/penguinmails\?ssl-mode=VERIFY_IDENTITY"),
    ],
)
def test_a_service_logs_in_through_the_pooler(engine: str, role: str, form: str) -> None:
    found = pooled("production", engine)
    host = r"penguinmails-test-pooler\.proxy-c[a-z0-9]{11}\.eu-central-1\.rds\.amazonaws\.com"
    assert re.fullmatch(form.format(host=host), found.known["variables"]["DATABASE_URL"])
    assert found.known["variables"]["DATABASE_IAM_REGION"] == "eu-central-1"
    assert found.known["variables"]["DATABASE_CA_FILE"] == "/etc/ssl/certs/ca-certificates.crt"
    [[actions, resource]] = found.known["permissions"]
    assert actions == ["rds-db:connect"]
    assert re.fullmatch(rf"arn:aws:rds-db:eu-central-1:123456789012:dbuser:prx-[0-9a-f]{{17}}/{role}", resource)


def test_services_reach_the_pooler_and_only_the_pooler_the_database() -> None:
    found = pooled()
    own, *others = found.one("rds/proxy:Proxy").inputs["vpcSecurityGroupIds"]
    assert others == found.known["direct"]
    [clients] = found.known["groups"]
    assert clients not in {own, *others}
    rules = [(one.inputs["securityGroupId"], one.inputs.get("referencedSecurityGroupId")) for one in found.of("IngressRule")]
    assert [source for group, source in rules if group == own] == [clients]
    server = found.one("rds/instance:Instance").inputs
    assert [source for group, source in rules if group in server["vpcSecurityGroupIds"]] == found.known["direct"]


@pytest.mark.parametrize(
    ("environment", "engine", "connections", "percent"),
    [
        ("development", "postgresql", 20, 25),
        ("development", "mysql", 20, 33),
        ("production", "postgresql", 20, 6),
        ("production", "mysql", 200, 68),
    ],
)
def test_the_pool_is_as_large_as_asked_for(environment: str, engine: str, connections: int, percent: int) -> None:
    pool = pooled(environment, engine, connections=connections).one("ProxyDefaultTargetGroup").inputs["connectionPoolConfig"]
    assert pool["maxConnectionsPercent"] == pool["maxIdleConnectionsPercent"] == percent
    assert "sessionPinningFilters" not in pool


@pytest.mark.parametrize(("environment", "days"), [("development", 7), ("production", 90)])
def test_the_poolers_log_is_not_kept_for_ever(environment: str, days: int) -> None:
    log = pooled(environment).named("penguinmails-pooling-log").inputs
    assert (log["name"], log["retentionInDays"]) == ("/aws/rds/proxy/penguinmails-test-pooler", days)
