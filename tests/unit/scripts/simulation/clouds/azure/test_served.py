"""Azure behind the provider, with types: what a preview and an `up` give back."""

from __future__ import annotations

from typing import Any

import pytest

from scripts.simulation.server.direct import Direct
from scripts.simulation.values import UNKNOWN

pytestmark = pytest.mark.slow

GROUP, APP = "azure-native:resources:ResourceGroup", "azure-native:app:ContainerApp"
IDENTITY = "azure-native:managedidentity:UserAssignedIdentity"


def test_identities_go_in_as_a_list_and_come_back_as_a_mapping() -> None:
    azure = Direct()
    group = {"resourceGroupName": azure.make(GROUP, "mail", {"location": "westeurope"}).outputs["name"]}
    own = azure.make(IDENTITY, "apps", group).id
    environment = azure.make("azure-native:app:ManagedEnvironment", "apps", group).id
    inputs: dict[str, Any] = {
        **group,
        "environmentId": environment,
        "identity": {"type": "UserAssigned", "userAssignedIdentities": [own]},
        "template": {"containers": [{"name": "api", "image": "registry.example/api"}]},
    }
    made = azure.make(APP, "api", inputs)
    assert list(made.outputs["identity"]["userAssignedIdentities"]) == [own]
    changed = azure.change(made, {**inputs, "tags": {"a": "b"}})
    assert changed.outputs["identity"] == made.outputs["identity"]
    provider = azure._provider(APP)
    urn = f"urn:pulumi:test::penguinmails::{APP}::second"
    _, shown = provider.create(urn, "second", inputs, preview=True)
    assert shown["identity"]["userAssignedIdentities"] == {own: {}}
    unknown = {**inputs, "identity": {"type": "UserAssigned", "userAssignedIdentities": [UNKNOWN]}}
    _, shown = provider.create(urn, "second", unknown, preview=True)
    assert shown["identity"]["userAssignedIdentities"] is UNKNOWN


def test_everything_has_the_outputs_that_the_sdk_promises() -> None:
    azure = Direct()
    made = azure.make(GROUP, "mail", {"location": "westeurope"})
    group = {"resourceGroupName": made.outputs["name"]}
    bus = azure.make("azure-native:servicebus:Namespace", "bus", {**group, "sku": {"name": "Standard"}})
    assert bus.outputs["location"] == "westeurope"
    assert {"azureApiVersion", "serviceBusEndpoint", "systemData", "type"} <= set(bus.outputs)
