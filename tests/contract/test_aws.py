"""The foundation of the AWS target against a simulated AWS: names, tags, keys, policies and secrets of all of it.

What is the same for every target (fields, mistakes, tags) is in `test_targets.py`; each capability has a file of its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from components import targets
from components.capabilities import ALWAYS, OPTIONAL
from components.spec import TargetName
from components.target import Unsupported
from scripts.simulation.clouds.aws import replacement
from scripts.simulation.schema import store
from tests.harness.foundation.deployed import CANARY, ENGINES, ENVIRONMENTS, Foundation, built
from tests.harness.mocked import Registered
from tests.harness.simulated import readable


@pytest.fixture(params=ENVIRONMENTS)
def environment(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def foundation(environment: str) -> Foundation:
    return built(environment)


def policies(foundation: Foundation) -> Iterator[tuple[Registered, Mapping[str, Any]]]:
    """Every statement of every policy document."""
    for found in foundation.own:
        for key in ("policy", "assumeRolePolicy"):
            if isinstance(found.inputs.get(key), str):
                for statement in json.loads(found.inputs[key])["Statement"]:
                    yield found, statement


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_everything_hangs_on_its_component_and_the_one_provider(foundation: Foundation) -> None:
    for found in foundation.own:
        assert re.search(r"penguinmails:aws:(Network|Database|Queue)::penguinmails-(network|database|queue)$", found.parent), (
            found.name
        )
        assert "pulumi:providers:aws::penguinmails-aws::" in found.provider, found.name
    assert len(foundation.asked) > 5
    assert not [token for token, provider in foundation.asked if "::penguinmails-aws::" not in provider]


def test_the_provider_is_of_the_region_and_tags_everything(foundation: Foundation, environment: str) -> None:
    provider = foundation.one("pulumi:providers:aws")
    assert provider.inputs["region"] == "eu-central-1"
    tags = provider.inputs["defaultTags"]
    tags = json.loads(tags) if isinstance(tags, str) else tags
    assert tags["tags"] == {
        "penguinmails.project": "penguinmails",
        "penguinmails.stack": "test",
        "penguinmails.environment": environment,
        "penguinmails.managed-by": "pulumi",
    }


def test_names_are_the_platforms_and_fit(foundation: Foundation) -> None:
    for found in foundation.own:
        schema = store.schema(found.typ)
        assert schema is not None
        if {"name", "identifier"} & set(schema.inputs):
            name = found.inputs.get("name") or found.inputs.get("namePrefix") or found.inputs["identifier"]
            begins = (
                "penguinmails-test-",
                "/penguinmails-test-",
                "alias/penguinmails-test-",
                "/aws/rds/instance/penguinmails-test-database/",
            )
            assert name.startswith(begins), found.name
        assert found.name.startswith(("penguinmails-network-", "penguinmails-database-", "penguinmails-queue-"))


def test_tags_name_the_component(foundation: Foundation) -> None:
    for found in foundation.own:
        schema = store.schema(found.typ)
        assert schema is not None
        if "tags" in schema.inputs:
            assert found.inputs["tags"]["penguinmails.component"] == found.parent.rsplit("-", 1)[-1], found.name
            assert found.inputs["tags"]["Name"], found.name


def test_what_a_person_meets_in_the_console_says_its_purpose(foundation: Foundation) -> None:
    """AWS calls a group without a description "Managed by Pulumi", and it can never be changed."""
    for found in foundation.own:
        if found.typ.endswith((":SecurityGroup", ":SubnetGroup", ":ParameterGroup", ":Key", ":Secret", "gressRule")):
            assert found.inputs["description"], found.name


@pytest.mark.parametrize("engine", ENGINES)
def test_a_secret_is_marked_wherever_it_stands(engine: str) -> None:
    foundation = built("production", engine)
    texts = {found.name: json.dumps(readable(found.raw), default=str) for found in foundation.resources}
    assert not [name for name, text in texts.items() if CANARY in text]
    holders = {found.name for found in foundation.resources if CANARY in json.dumps(found.inputs, default=str)}
    assert holders == {
        "penguinmails-database-server",
        "penguinmails-database-direct-url-value",
    }


def test_no_statement_is_open_on_both_sides(foundation: Foundation) -> None:
    statements = list(policies(foundation))
    assert len(statements) > 5
    for found, statement in statements:
        actions, resources = listed(statement["Action"]), listed(statement.get("Resource", "-"))
        assert "*" not in actions, found.name
        if found.typ.endswith((":RolePolicy", ":Policy")):
            assert not [one for one in actions if "*" in one], found.name
            assert "*" not in resources, found.name
        if statement["Effect"] == "Allow" and statement.get("Principal") == "*":
            assert statement["Condition"]["StringEquals"] == {"aws:PrincipalAccount": "123456789012"}, found.name
        for principal in (
            listed(statement.get("Principal", {}).get("Service", [])) if isinstance(statement.get("Principal"), dict) else []
        ):
            assert "123456789012" in json.dumps(statement["Condition"]), f"{found.name} trusts {principal} for any account"


def test_keys_rotate_are_used_through_services_only_and_stay(foundation: Foundation, environment: str) -> None:
    keys = foundation.of("kms/key:Key")
    assert len(keys) == (1 if environment == "development" else 2)
    for found in keys:
        assert found.inputs["enableKeyRotation"] is True
        assert found.inputs["deletionWindowInDays"] == (7 if environment == "development" else 30)
        assert found.protect == (environment != "development")
    for found, statement in policies(foundation):
        if found.typ.endswith(":Key"):
            uses = {"kms:Decrypt", "kms:Encrypt", "kms:CreateGrant", "kms:*"} & set(listed(statement["Action"]))
            assert not uses or "Condition" in statement, found.name


def test_a_key_lets_those_in_that_encrypt_with_it(foundation: Foundation) -> None:
    """A key that leaves one out is found by the service, half way through: RDS, the secrets, or a log group."""
    users: dict[str, set[str]] = {}
    fields = {"rds/instance:Instance": "rds", "secretsmanager/secret:Secret": "secretsmanager", "logGroup:LogGroup": "logs"}
    for token, service in fields.items():
        for found in foundation.of(token):
            users.setdefault(found.inputs["kmsKeyId"], set()).add(f"{service}.eu-central-1.amazonaws.com")
    admitted: list[set[str]] = []
    for key in foundation.of("kms/key:Key"):
        statements = json.loads(key.inputs["policy"])["Statement"]
        through = [listed(one["Condition"]["StringEquals"]["kms:ViaService"]) for one in statements if via(one)]
        services = [listed(one["Principal"].get("Service", [])) for one in statements]
        admitted.append({name for names in (*through, *services) for name in names})
    assert sorted(map(sorted, users.values())) == sorted(map(sorted, admitted))


def via(statement: Mapping[str, Any]) -> bool:
    return "kms:ViaService" in statement.get("Condition", {}).get("StringEquals", {})


def test_roles_are_taken_on_by_the_service_that_needs_them() -> None:
    foundation = built()
    trusted = {
        found.name: [one["Principal"]["Service"] for one in json.loads(found.inputs["assumeRolePolicy"])["Statement"]]
        for found in foundation.of("iam/role:Role")
    }
    assert trusted == {
        "penguinmails-network-flows-role": ["vpc-flow-logs.amazonaws.com"],
        "penguinmails-database-monitoring": ["monitoring.rds.amazonaws.com"],
    }
    [statement] = json.loads(foundation.one("iam/rolePolicy:RolePolicy").inputs["policy"])["Statement"]
    assert {"logs:CreateLogStream", "logs:PutLogEvents"} <= set(statement["Action"])
    attached = foundation.one("RolePolicyAttachment").inputs["policyArn"]
    assert attached == "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"


def test_what_one_group_lets_out_another_lets_in(foundation: Foundation) -> None:
    out = [one.inputs for one in foundation.of("EgressRule") if "referencedSecurityGroupId" in one.inputs]
    into = [one.inputs for one in foundation.of("IngressRule") if "referencedSecurityGroupId" in one.inputs]
    left = {(one["securityGroupId"], one["referencedSecurityGroupId"], one["fromPort"], one["toPort"]) for one in out}
    assert left == {(one["referencedSecurityGroupId"], one["securityGroupId"], one["fromPort"], one["toPort"]) for one in into}
    assert left


@pytest.mark.parametrize("engine", ENGINES)
def test_a_platform_that_grows_up_keeps_its_data(engine: str) -> None:
    """Another environment changes nothing whose change makes a new database, queue, key, secret or network."""
    before, after = built("development", engine), built("production", engine)
    for found in before.own:
        grown = after.named(found.name)
        changed = {key for key in {*found.inputs, *grown.inputs} if found.inputs.get(key) != grown.inputs.get(key)}
        assert not changed & (replacement.replaces(found.typ) or frozenset()), found.name


def test_the_target_has_every_capability() -> None:
    found = targets.choose(TargetName.AWS)
    assert [name for name in (*ALWAYS, *OPTIONAL) if isinstance(getattr(found, name), Unsupported)] == []
