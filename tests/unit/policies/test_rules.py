from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from policies.model import Resource, Rule, judge, judge_stack
from policies.readers.aws.operations import LABELLED as AWS
from policies.readers.docker.containers import seconds
from policies.readers.processes import is_secret_name
from policies.rules import ALL, containers, durability, encryption, exposure, identity, ownership
from scripts.simulation.schema import check, store
from scripts.simulation.values import UNKNOWN, Value
from tests.unit.policies import right as cases
from tests.unit.policies.cases import ABSENT, CASES, Case, changed
from tests.unit.policies.right import RIGHT

PRIVATE, KEPT, LABELLED = exposure.PRIVATE, durability.KEPT, ownership.LABELLED
RULES = [rule for rule in ALL if isinstance(rule, Rule)]
CANARY = "canary-9f3e"


def said(rule: Rule, resource: Resource) -> list[str]:
    """Paths of what is wrong; fails on a rule that raises."""
    found = judge(rule, resource)
    assert not found.failure, found.failure
    return [violation.path for violation in found.violations]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_right_resource_breaks_no_rule(case: Case) -> None:
    found = judge(case.rule, Resource(case.token, RIGHT[case.token]))
    assert found.violations == ()
    assert found.undecided == ()
    assert not found.failure


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_one_wrong_value_is_a_violation_at_its_path(case: Case) -> None:
    where = case.path if case.where is None else case.where
    assert said(case.rule, changed(case.token, case.path, case.wrong)) == [where]


@pytest.mark.parametrize("case", [case for case in CASES if case.unknown], ids=lambda case: case.id)
def test_an_unknown_value_is_undecided_and_no_violation(case: Case) -> None:
    found = judge(case.rule, changed(case.token, case.path, UNKNOWN))
    assert not found.failure
    assert found.violations == ()
    assert found.undecided, "the rule says nothing of a value that it depends on"


TOKENS = {*RIGHT, *(token for rule in RULES for token in rule.resources if not token.startswith("pulumi:"))}


@pytest.mark.parametrize("token", sorted(TOKENS))
def test_types_and_properties_are_the_sdks_own(token: str) -> None:
    schema = store.schema(token)
    assert schema is not None, f"{token} is not in the SDK"
    assert [str(problem) for problem in check.problems(schema, RIGHT.get(token, {})) if token in RIGHT] == []
    if token in LABELLED.resources:
        assert ("tags" if token in AWS else "labels") in schema.inputs


GATE_IMAGE = "localhost:5000/penguinmails/operations@sha256:" + "0a" * 32
SOCKET = [{"type": "bind", "source": "/var/run/docker.sock", "target": "/var/run/docker.sock", "readOnly": True}]


@pytest.mark.parametrize(
    ("role", "image", "wrong"),
    [("gate", GATE_IMAGE, False), ("api", GATE_IMAGE, True), ("gate", GATE_IMAGE.replace("operations", "api"), True)],
)
def test_the_gate_alone_is_root_and_sees_the_socket(role: str, image: str, wrong: bool) -> None:
    service = dict(changed(cases.SERVICE, f"{cases.SPEC}.mounts", SOCKET).properties)
    service["labels"] = [{"label": "penguinmails.component", "value": role}]
    service["taskSpec"]["containerSpec"] |= {"user": "0:0", "image": image}
    found = [path for rule in (containers.USER, containers.SOCKET) for path in said(rule, Resource(cases.SERVICE, service))]
    assert found == ([f"{cases.SPEC}.user", f"{cases.SPEC}.mounts[0].source"] if wrong else [])


def test_the_properties_that_cases_change_are_the_sdks_own() -> None:
    for case in CASES:
        schema = store.schema(case.token)
        assert schema is not None
        assert case.path.replace("[", ".").split(".")[0] in schema.inputs, case.id


def test_every_rule_is_described_and_names_a_control() -> None:
    assert len({rule.name for rule in ALL}) == len(ALL)
    for rule in ALL:
        assert rule.description.endswith(".")
        assert rule.remediation.endswith(".")
        assert rule.controls
        assert all(control.startswith(("SOC 2 ", "GDPR Art. ", "CCPA 1798.")) for control in rule.controls)
        assert set(rule.values) == {setting.name for setting in rule.settings}


def leaves(value: Value, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    else:
        yield path


def every_value_a_canary(properties: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The properties with one value after the other replaced by a secret, by wrong types that hold one, and by bad JSON."""
    for path in leaves(properties):
        for value in (CANARY, [CANARY], {"x": CANARY}, f"amqps://user:{CANARY}@host", f'[{{"name": "{CANARY}'):
            made = copy.deepcopy(dict(properties))
            inner: Any = made
            for part in path[:-1]:
                inner = inner[part]
            inner[path[-1]] = value
            yield made


@pytest.mark.parametrize("token", RIGHT)
def test_nothing_that_a_rule_says_holds_a_value(token: str) -> None:
    wrong = [changed(case.token, case.path, case.wrong).properties for case in CASES if case.token == token]
    heard = 0
    for properties in (RIGHT[token], *wrong):
        for made in every_value_a_canary(properties):
            for rule in RULES:
                found = judge(rule, Resource(token, made))
                heard += len(found.violations)
                assert CANARY not in repr((found.violations, found.undecided, found.failure))
    assert heard > 0


def test_a_key_or_sqs_own_encryption_will_do() -> None:
    for properties in (
        {"kmsMasterKeyId": "k"},
        {"kmsMasterKeyId": UNKNOWN},
        {"kmsMasterKeyId": UNKNOWN, "sqsManagedSseEnabled": UNKNOWN},
    ):
        found = judge(encryption.ENCRYPTED, Resource(cases.QUEUE, properties))
        assert (found.violations, found.undecided) == ((), ())


def test_a_replica_needs_no_backups_of_its_own() -> None:
    replica = {**RIGHT[cases.INSTANCE], "replicateSourceDb": "main", "backupRetentionPeriod": 0, "skipFinalSnapshot": True}
    for rule in (KEPT, durability.BACKUPS_KEPT):
        assert said(rule, Resource(cases.INSTANCE, replica)) == []


def test_the_edge_publishes_its_ports_but_none_of_a_database() -> None:
    edge = {"labels": cases.EDGE, "endpointSpec": {"ports": [{"targetPort": 8443}, {"targetPort": 5432}]}}
    assert said(PRIVATE, Resource(cases.SERVICE, edge)) == ["endpointSpec.ports[1]"]


def test_services_without_data_of_their_own_may_start_first() -> None:
    service = changed(cases.SERVICE, f"{cases.SPEC}.hostname", ABSENT)
    mounted = copy.deepcopy(dict(service.properties))
    mounted["taskSpec"]["containerSpec"]["mounts"][0]["target"] = "/var/lib/penguinmails/objects"
    mounted |= {"updateConfig": {"order": "start-first"}, "mode": {"replicated": {"replicas": 3}}}
    assert said(durability.ONE_WRITER, Resource(cases.SERVICE, mounted)) == []


def test_a_rule_that_opens_another_port_or_to_another_group_is_fine() -> None:
    known = {"ipProtocol": "tcp", "cidrIpv4": UNKNOWN, "fromPort": 443, "toPort": 443}
    assert judge(PRIVATE, Resource(cases.INGRESS, known)).undecided == ()
    assert judge(PRIVATE, Resource(cases.INGRESS, {**known, "toPort": UNKNOWN})).undecided == ("cidrIpv4",)
    egress = {**RIGHT[cases.OLD_RULE], "type": "egress", "fromPort": 0, "toPort": 65535}
    assert said(PRIVATE, Resource(cases.OLD_RULE, egress)) == []


def test_a_policy_for_everybody_on_a_condition_is_fine() -> None:
    statement = {"Effect": "Allow", "Principal": "*", "Condition": {"ArnEquals": {"aws:SourceArn": "a"}}}
    policy = json.dumps({"Statement": [statement]})
    assert said(exposure.NAMED_ONLY, Resource(cases.QUEUE_POLICY, {"policy": policy})) == []


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("PASSWORD", True),
        ("dbPassword", True),
        ("SMTP_PASSWD", True),
        ("JWT_SECRET", True),
        ("API_KEY", True),
        ("APIKey", True),
        ("stripe_api_key", True),
        ("AWS_SECRET_ACCESS_KEY", True),
        ("DB_PWD", True),
        ("DATABASE_PASSWORD_FILE", False),
        ("SECRET_ARN", False),
        ("TOKEN_URL", False),
        ("TOKEN_TTL_SECONDS", False),
        ("MAX_TOKENS", False),
        ("PWD", False),
        ("BROKER_URL", False),
        ("MONKEY", False),
        ("", False),
    ],
)
def test_names_of_secrets(name: str, secret: bool) -> None:
    assert is_secret_name(name) is secret


def test_an_empty_variable_holds_no_secret() -> None:
    assert said(identity.NO_PLAIN_SECRETS, changed(cases.SERVICE, f"{cases.SPEC}.env", {"PASSWORD": ""})) == []


def test_an_unknown_variable_with_the_name_of_a_secret_is_wrong_whatever_it_holds() -> None:
    path = f"{cases.SPEC}.env"
    assert said(identity.NO_PLAIN_SECRETS, changed(cases.SERVICE, path, {"PASSWORD": UNKNOWN})) == [f'{path}["PASSWORD"]']


@pytest.mark.parametrize(("text", "expected"), [("1m30s", 90), ("20s", 20), ("1h", 3600), ("500ms", 0.5), ("", 0), (None, 0)])
def test_durations(text: str | None, expected: float) -> None:
    assert seconds(text) == expected


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("penguinmails-aws-production-entry", True),
        ("penguinmails_aws_production_drill", True),
        ("penguinmails-aws-produc-1a2b3c4d", True),
        ("penguinmails-other-entry", False),
        ("another-1a2b3c4d", False),
        ("entry", False),
    ],
)
def test_names_begin_with_the_platforms_or_what_the_limit_leaves_of_it(name: str, right: bool) -> None:
    role = Resource("aws:iam/role:Role", {"name": name, "tags": cases.TAGS})
    assert said(ownership.NAMED, role) == ([] if right else ["name"])


def test_a_service_whose_ports_are_not_known_yet_may_be_a_public_one() -> None:
    service = Resource(cases.SERVICE, {"endpointSpec": UNKNOWN}, "u")
    found = judge_stack(exposure.RATE_LIMITED, [service])
    assert found["u"].undecided == ("endpointSpec.ports",)
    public = Resource(cases.SERVICE, {"endpointSpec": {"ports": [{"targetPort": 8443}]}}, "u")
    assert len(judge_stack(exposure.RATE_LIMITED, [public])["u"].violations) == 1
    assert judge_stack(exposure.RATE_LIMITED, [Resource(cases.SERVICE, {}, "u")]) == {}
