"""Secrets of services on a simulated AWS: stored encrypted, read by who starts containers, rotated by a new value."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pulumi import Output

from components.aws.secrets import Secrets
from components.contract import SecretsArgs
from scripts.simulation.server.direct import Direct
from tests.harness.alone import Alone, alone
from tests.harness.simulated import readable
from tests.harness.targets import base

VALUES = {"API_KEY": "first-of-all-keys", "RELAY_PASSWORD": "second-of-all-keys"}


def built(environment: str = "production") -> Alone:
    def make(spec: Any, identity: Any, options: Any) -> dict[str, Output[Any]]:
        values = {variable: Output.from_input(value) for variable, value in VALUES.items()}
        binding = Secrets("penguinmails-secrets", SecretsArgs(identity, values), options).outputs.binding
        assert not binding.permissions, "the process in a container reads no secret by itself"
        return {
            variable: Output.all(
                id=reference.id,
                rights=[[list(one.actions), Output.all(*one.resources)] for one in reference.permissions],
            )
            for variable, reference in binding.secrets.items()
        }

    return alone(base("aws", environment=environment), make)


def test_a_value_is_marked_secret_even_when_it_came_as_plain_text() -> None:
    found = built()
    assert set(found.known) == set(VALUES)
    assert {version.inputs["secretString"] for version in found.of(":SecretVersion")} == set(VALUES.values())
    everything = json.dumps([readable(one.raw) for one in found.resources])
    assert not [value for value in VALUES.values() if value in everything]


@pytest.mark.parametrize(("environment", "days"), [("development", 0), ("staging", 30), ("production", 30)])
def test_secrets_stand_under_one_key_and_can_be_called_back(environment: str, days: int) -> None:
    found = built(environment)
    secrets = found.of("/secret:Secret")
    assert len({secret.inputs["kmsKeyId"] for secret in secrets}) == 1
    assert {secret.inputs["recoveryWindowInDays"] for secret in secrets} == {days}
    assert "secretsmanager.eu-central-1.amazonaws.com" in found.one(":Key").inputs["policy"]


def test_reading_takes_two_rights_on_what_is_read() -> None:
    for reference in built().known.values():
        [[read, [secret]], [decrypt, [key]]] = reference["rights"]
        assert read == ["secretsmanager:GetSecretValue"]
        assert decrypt == ["kms:Decrypt"]
        assert reference["id"].startswith(f"{secret}:::")
        assert ":key/" in key


def test_a_reference_names_the_version() -> None:
    """`arn:...:secret:name-suffix:json-key:stage:version`, the form of a container definition."""
    for reference in built().known.values():
        assert len(reference["id"].split(":")) == 10
        assert len(reference["id"].rpartition(":")[2]) >= 32


def test_a_new_value_is_a_new_version() -> None:
    """So the reference changes, and with it the container definition."""
    cloud = Direct()
    secret = cloud.make("aws:secretsmanager/secret:Secret", "secret", {"namePrefix": "key-"})
    token = "aws:secretsmanager/secretVersion:SecretVersion"
    before = cloud.make(token, "value", {"secretId": secret.id, "secretString": "old"})
    with pytest.raises(ValueError, match="secretString replaces"):
        cloud.change(before, {"secretId": secret.id, "secretString": "new"})
    after = cloud.make(token, "value", {"secretId": secret.id, "secretString": "new"})
    assert before.outputs["versionId"] != after.outputs["versionId"]
