from __future__ import annotations

import pytest

from scripts.simulation.clouds.azure import CLOUD
from scripts.simulation.values import Problem
from tests.unit.scripts.simulation.clouds.azure.platform import SUBSCRIPTION, Platform


def _invoke(platform: Platform, function: str, **arguments: str) -> dict[str, object]:
    account = platform.account
    found = CLOUD.invoke(f"azure-native:{function}", arguments, account.place, account.world)
    assert not isinstance(found, Problem), found
    return dict(found)


def test_who_deploys(platform: Platform) -> None:
    found = _invoke(platform, "authorization:getClientConfig")
    assert found["subscriptionId"] == SUBSCRIPTION
    assert set(found) == {"clientId", "objectId", "subscriptionId", "tenantId"}


def test_keys_of_what_exists(platform: Platform) -> None:
    group, bus = platform.group.outputs["name"], platform.bus().outputs["name"]
    rule = {"resourceGroupName": group, "namespaceName": bus, "authorizationRuleName": "RootManageSharedAccessKey"}
    found = _invoke(platform, "servicebus:listNamespaceKeys", **rule)
    assert str(found["primaryConnectionString"]).startswith(f"Endpoint=sb://{bus}.servicebus.windows.net/;")
    assert found["primaryKey"] != found["secondaryKey"]
    assert found == _invoke(platform, "servicebus:listNamespaceKeys", **rule)


def test_a_resource_is_read_back_by_its_name(platform: Platform) -> None:
    group, vault = platform.group.outputs["name"], platform.vault
    found = _invoke(platform, "keyvault:getVault", resourceGroupName=group, vaultName=str(vault.outputs["name"]).upper())
    assert found["id"] == vault.id
    assert found["properties"] == vault.outputs["properties"]


@pytest.mark.parametrize(
    ("function", "arguments", "says"),
    [
        ("keyvault:getVault", {"resourceGroupName": "mail", "vaultName": "nowhere"}, "there is no Vault"),
        ("storage:listStorageAccountKeys", {"resourceGroupName": "mail", "accountName": "x"}, "there is no StorageAccount"),
        ("compute:listThings", {}, "not simulated"),
    ],
)
def test_what_finds_nothing_says_so(platform: Platform, function: str, arguments: dict[str, str], says: str) -> None:
    account = platform.account
    found = CLOUD.invoke(f"azure-native:{function}", arguments, account.place, account.world)
    assert isinstance(found, Problem)
    assert says in found.reason


def test_a_registry_without_an_admin_has_no_password(platform: Platform) -> None:
    names = {"resourceGroupName": platform.group.outputs["name"]}
    for admin in (False, True):
        made = platform.make("containerregistry:Registry", f"images{admin}", sku={"name": "Basic"}, adminUserEnabled=admin)
        arguments = {**names, "registryName": made.outputs["name"]}
        account = platform.account
        found = CLOUD.invoke("azure-native:containerregistry:listRegistryCredentials", arguments, account.place, account.world)
        assert isinstance(found, Problem) is not admin
