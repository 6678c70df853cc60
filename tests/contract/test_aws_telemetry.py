"""Log groups of services and migrations on a simulated AWS: encrypted, kept as long as asked, not lost with their service."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi import Output

from components import spec as asked
from components.aws.telemetry import Telemetry
from components.contract import TelemetryArgs
from tests.harness.alone import Alone, alone
from tests.harness.targets import base
from tests.harness.watched import network

ENVIRONMENTS = ("development", "staging", "production")


def built(
    environment: str = "production", sources: tuple[str, ...] = ("api", "worker", "migration"), **telemetry: Any
) -> Alone:
    def make(spec: asked.PlatformSpec, identity: Any, options: Any) -> dict[str, Output[Any]]:
        args = TelemetryArgs(identity, spec.telemetry or asked.Telemetry(), sources, spec, network())
        return {"logs": Output.all(**Telemetry("penguinmails-telemetry", args, options).outputs.logs)}

    return alone(base("aws", environment=environment, telemetry=telemetry), make)


def test_everything_that_writes_has_a_group_of_its_own() -> None:
    found = built()
    names = {source: f"/penguinmails-test-logs-{source}" for source in ("api", "worker", "migration")}
    assert found.known["logs"] == names
    assert sorted(group.inputs["name"] for group in found.of(":LogGroup")) == sorted(names.values())


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_groups_are_encrypted_under_one_key_that_the_logs_service_may_use(environment: str) -> None:
    found = built(environment)
    key = found.one(":Key")
    assert {group.inputs["kmsKeyId"].split(":")[2] for group in found.of(":LogGroup")} == {"kms"}
    assert len({group.inputs["kmsKeyId"] for group in found.of(":LogGroup")}) == 1
    assert "logs.eu-central-1.amazonaws.com" in key.inputs["policy"]
    assert key.inputs["enableKeyRotation"] is True


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_a_group_stays_when_its_service_leaves_outside_development(environment: str) -> None:
    assert {group.protect for group in built(environment).of(":LogGroup")} == {environment != "development"}


def test_lines_are_kept_as_long_as_asked() -> None:
    assert {group.inputs["retentionInDays"] for group in built().of(":LogGroup")} == {30}
    assert {group.inputs["retentionInDays"] for group in built(log_retention_days=365).of(":LogGroup")} == {365}


def test_a_service_called_migration_shares_its_group() -> None:
    assert len(built(sources=("migration", "api", "migration")).of(":LogGroup")) == 2


def test_no_services_name_meets_the_flow_logs_of_the_network() -> None:
    assert built(sources=("flows",)).one(":LogGroup").inputs["name"] != "/penguinmails-test-flows"
