from __future__ import annotations

import pytest

from scripts.simulation.clouds.azure import CLOUD
from scripts.simulation.clouds.azure.types import BY_TOKEN
from tests.unit.scripts.simulation.clouds.azure.account import Account
from tests.unit.scripts.simulation.clouds.azure.platform import SUBSCRIPTION, Platform

GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/mail"


def test_an_id_is_the_path_in_the_tree(platform: Platform) -> None:
    subnet = platform.subnet("db", "10.20.1.0/24")
    group, network = platform.group.outputs["name"], platform.network.outputs["name"]
    assert subnet.id == (
        f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{group}/providers/Microsoft.Network/virtualNetworks/{network}/subnets/db"
    )
    lock = platform.account.make(
        "authorization:ManagementLockByScope", "keep", {"scope": subnet.id, "level": "CanNotDelete", "lockName": "keep"}
    )
    assert lock.id == f"{subnet.id}/providers/Microsoft.Authorization/locks/keep"


def test_an_id_of_a_type_that_is_not_listed_has_the_same_form(account: Account) -> None:
    account.make("resources:ResourceGroup", "mail", {"resourceGroupName": "mail"})
    made = account.make("redis:Redis", "cache", {"resourceGroupName": "mail", "name": "cache"})
    assert made.id == f"{GROUP}/providers/Microsoft.Redis/rediss/cache"


@pytest.mark.parametrize(
    ("value", "token"),
    [
        (GROUP, "resources:ResourceGroup"),
        (f"{GROUP}/providers/Microsoft.Network/virtualNetworks/net", "network:VirtualNetwork"),
        (f"{GROUP}/providers/microsoft.network/virtualnetworks/net/subnets/db", "network:Subnet"),
        (f"{GROUP}/providers/Microsoft.Storage/storageAccounts/x/blobServices/default/containers/c", "storage:BlobContainer"),
        (f"{GROUP}/providers/Microsoft.Storage/storageAccounts/x/blobServices/default", None),
        (f"{GROUP}/providers/Microsoft.ServiceBus/namespaces/x/AuthorizationRules/RootManageSharedAccessKey", None),
        (f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/acdd72a7", None),
        (f"{GROUP}/providers/Microsoft.Unknown/things/x", None),
        ("mail", None),
    ],
)
def test_an_id_is_recognised_by_its_form(value: str, token: str | None) -> None:
    assert CLOUD.recognise(value) == (f"azure-native:{token}" if token else None)


def test_every_listed_id_is_recognised(account: Account) -> None:
    for token, kind in BY_TOKEN.items():
        if kind.scope or kind.path.startswith("/providers") or kind.path.endswith(("default", "=default}")):
            continue
        if "Microsoft.Authorization" in kind.path:
            continue
        value = kind.path.format(**dict.fromkeys(("subscription", *kind.gaps), "x"))
        assert CLOUD.recognise(value) == token, value


def test_what_a_stack_file_names_by_its_id_is_there(platform: Platform) -> None:
    network = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/old/providers/Microsoft.Network/virtualNetworks/net"
    for value in (network, f"{network}/subnets/db"):
        found = CLOUD.assumed(value)
        assert found is not None
        platform.account.world.put(found)
    made = platform.make(
        "privatedns:PrivateZone", "zone", resourceGroupName="old", privateZoneName="x.example.com", location="global"
    )
    assert made.outputs["name"] == "x.example.com"
    subnet = {"resourceGroupName": "old", "virtualNetworkName": "net", "addressPrefix": "10.9.0.0/24"}
    assert platform.account.make("network:Subnet", "more", subnet).id == f"{network}/subnets/more"
    assert CLOUD.assumed("mail") is None


def test_ids_differ_from_name_to_name_and_not_from_run_to_run(account: Account) -> None:
    first = account.make("resources:ResourceGroup", "mail", {})
    assert first.id == Account(CLOUD, account.place).make("resources:ResourceGroup", "mail", {}).id
    assert first.id != account.make("resources:ResourceGroup", "post", {}).id
