"""The whole stack for real use on AWS with the engine mocked: what holds for every resource, whichever capability made it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

import pytest

from components import stackfile
from scripts.simulation.server.references import strings
from tests.contract.conftest import program, stack_text
from tests.harness import mocked
from tests.harness.mocked import Registered
from tests.harness.simulated import Simulated

_SEEN: list[Registered] = []


@pytest.fixture
def resources(authority: str) -> Sequence[Registered]:
    """Everything but the provider and the platform itself; made once."""
    if not _SEEN:
        spec = stackfile.parse(stack_text("aws-production"))
        simulated = Simulated()
        monitor = mocked.Monitor(simulated)
        simulated.direct.assume("aws", sorted(strings(spec.model_dump(mode="json"))))
        mocked.run(simulated, monitor, lambda: program(spec, authority))
        _SEEN.extend(one for one in monitor.seen if one.typ not in {"pulumi:pulumi:Stack", "penguinmails:index:Platform"})
    return [one for one in _SEEN if not one.typ.startswith("pulumi:providers:")]


def test_everything_hangs_on_its_component_and_the_one_provider(resources: Sequence[Registered]) -> None:
    assert len(resources) > 200
    for found in resources:
        parent = "penguinmails:index:Platform::" if found.typ.startswith("penguinmails:") else r"\$penguinmails:aws:\w+::"
        assert re.search(parent, found.parent), f"{found.typ} {found.name} hangs on {found.parent}"
        if not found.typ.startswith("penguinmails:"):
            assert "pulumi:providers:aws::penguinmails-aws::" in found.provider, f"{found.typ} {found.name}"


def test_a_group_takes_its_rules_with_it(resources: Sequence[Registered]) -> None:
    """Rules of two groups that name each other would keep both from being deleted."""
    groups = [found for found in resources if found.typ == "aws:ec2/securityGroup:SecurityGroup"]
    assert len(groups) > 5
    assert [found.name for found in groups if found.inputs.get("revokeRulesOnDelete") is not True] == []


def test_every_expression_of_the_dashboard_finds_what_it_names(resources: Sequence[Registered]) -> None:
    [dashboard] = [found for found in resources if found.typ == "aws:cloudwatch/dashboard:Dashboard"]
    expressions = 0
    for widget in json.loads(dashboard.inputs["dashboardBody"])["widgets"]:
        last = [series[-1] for series in widget["properties"].get("metrics", []) if isinstance(series[-1], dict)]
        known = {one["id"] for one in last if "id" in one}
        for one in last:
            expression = re.sub(r"'[^']*'", "", one.get("expression", ""))
            used = set(re.findall(r"\b[a-z]\w*\b", expression))
            expressions += bool(used)
            assert used <= known, f"{one['expression']} names {used - known}"
    assert expressions > 1


def test_a_service_gets_the_secrets_that_it_uses_and_no_others(resources: Sequence[Registered]) -> None:
    """Who answers clients knows the API's key, who reads a queue hands mail over."""
    found = {}
    for one in resources:
        if one.typ == "aws:ecs/taskDefinition:TaskDefinition":
            for container in json.loads(one.inputs["containerDefinitions"]):
                found[container["name"]] = {secret["name"] for secret in container.get("secrets", [])}
    assert {"api", "worker"} <= set(found)
    assert "API_KEY" in found["api"]
    assert "SMTP_URL" not in found["api"]
    assert "SMTP_URL" in found["worker"]
    assert "API_KEY" not in found["worker"]
