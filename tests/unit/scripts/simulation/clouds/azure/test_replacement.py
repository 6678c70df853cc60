from __future__ import annotations

import pytest

from scripts.simulation.clouds.azure import CLOUD, references, replacement
from scripts.simulation.clouds.azure.types import BY_TOKEN
from scripts.simulation.schema import store
from scripts.simulation.schema.model import ResourceSchema, Shape


def _input(schema: ResourceSchema, pattern: str) -> bool:
    """Whether the SDK has an input at a pattern."""
    first, *rest = pattern.replace("[*]", ".[*]").split(".")
    shape = schema.inputs[first].shape if first in schema.inputs else None
    for step in rest:
        shape = _inner(schema, shape, step)
    return shape is not None


def _inner(schema: ResourceSchema, shape: Shape | None, step: str) -> Shape | None:
    if shape is None:
        return None
    for option in shape.options if shape.kind == "union" else (shape,):
        if step == "[*]" and option.element is not None:
            return option.element
        members = schema.types.get(option.type, {})
        if step in members:
            return members[step].shape
    return None


def test_names_groups_and_locations_replace() -> None:
    found = CLOUD.replaces("azure-native:network:Subnet")
    assert found is not None
    assert {"resourceGroupName", "virtualNetworkName", "subnetName"} <= found
    assert "addressPrefix" not in found
    assert "administratorLogin" in (CLOUD.replaces("azure-native:dbforpostgresql:Server") or ())
    assert "location" in (CLOUD.replaces("azure-native:keyvault:Vault") or ())


def test_of_other_types_nothing_is_known() -> None:
    assert CLOUD.replaces("azure-native:redis:Redis") is None


@pytest.mark.slow
def test_every_pattern_is_an_input_of_the_sdk() -> None:
    store.prepare(BY_TOKEN)
    for token in BY_TOKEN:
        schema = store.schema(token)
        assert schema is not None
        listed = replacement.TABLE[token] - {"location"} | replacement.FIXED.get(token, frozenset())
        for pattern in (*listed, *(reference.path for reference in references.of(token))):
            assert _input(schema, pattern), f"{token} {pattern}"


def test_what_may_stand_in_a_reference_is_listed() -> None:
    for token in BY_TOKEN:
        for reference in references.of(token):
            assert set(reference.tokens) <= {*BY_TOKEN}, (token, reference)


def test_parents_are_named() -> None:
    found = references.of("azure-native:servicebus:Rule")
    assert [(reference.path, reference.tokens[0].rsplit(":", 1)[-1]) for reference in found] == [
        ("namespaceName", "Namespace"),
        ("topicName", "Topic"),
        ("subscriptionName", "Subscription"),
    ]
