"""What goes in comes out, in the type of the output."""

from __future__ import annotations

from scripts.simulation.schema import sdk
from scripts.simulation.schema.echo import outputs
from scripts.simulation.values import UNKNOWN, Properties, Value


def echoed(given: Properties) -> dict[str, Value]:
    schema = sdk.resource("azure-native:app:ContainerApp")
    assert schema is not None
    return outputs(schema, given)


def test_a_set_of_ids_comes_out_as_a_mapping() -> None:
    given = {"identity": {"type": "UserAssigned", "userAssignedIdentities": ["/a", "/b"]}, "tags": {"a": "b"}}
    assert echoed(given) == {
        "identity": {"type": "UserAssigned", "userAssignedIdentities": {"/a": {}, "/b": {}}},
        "tags": {"a": "b"},
    }


def test_everything_else_stays_as_it_is() -> None:
    given = {
        "template": {"containers": [{"name": "a", "env": [{"name": "A", "value": UNKNOWN}], "nobody": 1}]},
        "resourceGroupName": "group",
        "location": UNKNOWN,
        "tags": UNKNOWN,
        "kind": None,
    }
    assert echoed(given) == given


def test_a_set_with_an_unknown_id_is_unknown() -> None:
    given = {"identity": {"type": "UserAssigned", "userAssignedIdentities": ["/a", UNKNOWN]}}
    assert echoed(given)["identity"]["userAssignedIdentities"] is UNKNOWN
