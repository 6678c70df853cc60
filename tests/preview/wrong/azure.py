"""Wrong programs for Azure, in West Europe."""

from __future__ import annotations

from typing import Any

from tests.preview.wrong.model import ABSENT, Delete, First, Make, Out, Set, Wrong, one

RESOURCES = "azure-native:resources:ResourceGroup"
NETWORK, SUBNET = "azure-native:network:VirtualNetwork", "azure-native:network:Subnet"
DATABASE, ZONE, LINK = (
    "azure-native:dbforpostgresql:Server",
    "azure-native:privatedns:PrivateZone",
    "azure-native:privatedns:VirtualNetworkLink",
)
BUS, QUEUE = "azure-native:servicebus:Namespace", "azure-native:servicebus:Queue"
LOCK = "azure-native:authorization:ManagementLockByScope"
STORE, VAULT = "azure-native:storage:StorageAccount", "azure-native:keyvault:Vault"
TENANT = "00000000-0000-4000-8000-000000000002"

GROUP = Make(RESOURCES, "group", {"location": "westeurope"})
IN = {"resourceGroupName": Out("group", "name")}


def network(logical: str = "net", /, prefix: str = "10.0.0.0/16", **more: Any) -> Make:
    return Make(NETWORK, logical, {**IN, "addressSpace": {"addressPrefixes": [prefix]}, **more})


def subnet(logical: str, prefix: str, /, **more: Any) -> Make:
    return Make(SUBNET, logical, {**IN, "virtualNetworkName": Out("net", "name"), "addressPrefix": prefix, **more})


def database(logical: str = "db", /, **more: Any) -> Make:
    """A database that is right, as far as it goes."""
    right = {
        **IN,
        "version": "17",
        "administratorLogin": "penguin",
        "administratorLoginPassword": "Correct-Horse-1",
        "sku": {"name": "Standard_D2ds_v5", "tier": "GeneralPurpose"},
        "storage": {"storageSizeGB": 32},
    }
    return Make(DATABASE, logical, {**right, **more})


def store(**more: Any) -> Make:
    return Make(STORE, "mail", {**IN, "kind": "StorageV2", "sku": {"name": "Standard_ZRS"}, **more})


def bus(**more: Any) -> Make:
    return Make(BUS, "bus", {**IN, "sku": {"name": "Standard", "tier": "Standard"}, **more})


DELEGATED = [{"name": "postgres", "serviceName": "Microsoft.DBforPostgreSQL/flexibleServers"}]
PRIVATE = Make(ZONE, "zone", {**IN, "privateZoneName": "mail.private.postgres.database.azure.com", "location": "Global"})
PRIVATE_LINK = Make(
    LINK,
    "link",
    {
        **IN,
        "privateZoneName": Out("zone", "name"),
        "location": "Global",
        "registrationEnabled": False,
        "virtualNetwork": {"id": Out("net")},
    },
)
INSIDE = {"delegatedSubnetResourceId": Out("data"), "privateDnsZoneArmResourceId": Out("zone")}


def g(case: str, kind: Any, make: Make, path: str, words: str, right: Any) -> Wrong:
    """`one`, in a resource group."""
    found = one(case, kind, make, path, words, right)
    return Wrong(found.case, found.kind, (GROUP, *found.steps), found.path, found.words, found.right)


CASES = (
    g("unknown property", "type", network(adressSpace={}), "adressSpace", "did you mean addressSpace", ABSENT),
    g(
        "unknown property, one level down",
        "type",
        database(backup={"retentionDays": 7}),
        "backup.retentionDays",
        "not a known property",
        ABSENT,
    ),
    g(
        "number for a list",
        "type",
        network(addressSpace={"addressPrefixes": 16}),
        "addressSpace.addressPrefixes",
        "a list, not a number",
        ["10.0.0.0/16"],
    ),
    g(
        "text for a number",
        "type",
        database(storage={"storageSizeGB": "32 GiB"}),
        "storage.storageSizeGB",
        "a whole number, not a string",
        32,
    ),
    g(
        "required input missing",
        "type",
        Make(STORE, "mail", {**IN, "kind": "StorageV2"}),
        "sku",
        "required and missing",
        {"name": "Standard_ZRS"},
    ),
    g(
        "required input missing, nested",
        "type",
        database(sku={"tier": "GeneralPurpose"}),
        "sku.name",
        "required and missing",
        "Standard_D2ds_v5",
    ),
    g(
        "a size that there is not",
        "value",
        database(sku={"name": "Standard_Z9", "tier": "GeneralPurpose"}),
        "sku.name",
        "use one such as Standard_D2ds_v5",
        "Standard_D2ds_v5",
    ),
    g("a version that there is not", "value", database(version="9.9"), "version", "use one of 11", "17"),
    one(
        "a region that there is not",
        "value",
        Make(RESOURCES, "group", {"location": "middleeurope"}),
        "location",
        "is no location of Azure",
        "westeurope",
    ),
    g(
        "a storage size that there is not",
        "value",
        database(storage={"storageSizeGB": 33}),
        "storage.storageSizeGB",
        "use one of 32",
        64,
    ),
    g(
        "a storage account with a hyphen",
        "name",
        store(accountName="mail-store"),
        "accountName",
        "lower-case letters and digits only",
        "mailstore",
    ),
    g(
        "a vault with too long a name",
        "name",
        Make(
            VAULT,
            "keys",
            {
                **IN,
                "vaultName": "v" * 25,
                "properties": {"tenantId": TENANT, "sku": {"family": "A", "name": "standard"}, "enableRbacAuthorization": True},
            },
        ),
        "vaultName",
        "24",
        "v" * 24,
    ),
    Wrong(
        "a network that is not there",
        "reference",
        (GROUP, network(), Make(SUBNET, "web", {**IN, "virtualNetworkName": "other", "addressPrefix": "10.0.1.0/24"})),
        "virtualNetworkName",
        "give the name of a VirtualNetwork",
        Set("virtualNetworkName", Out("net", "name")),
    ),
    Wrong(
        "a range outside its network",
        "range",
        (GROUP, network(), subnet("web", "10.1.0.0/24")),
        "addressPrefix",
        "lies outside",
        Set("addressPrefix", "10.0.1.0/24"),
    ),
    Wrong(
        "ranges that overlap",
        "range",
        (GROUP, network(), subnet("web", "10.0.0.0/24"), subnet("app", "10.0.0.128/25")),
        "addressPrefix",
        "overlaps 10.0.0.0/24",
        Set("addressPrefix", "10.0.1.0/25"),
    ),
    Wrong(
        "a range that is not canonical",
        "range",
        (GROUP, network(), subnet("web", "10.0.1.1/24")),
        "addressPrefix",
        "write 10.0.1.0/24",
        Set("addressPrefix", "10.0.1.0/24"),
    ),
    Wrong(
        "a subnet without its delegation",
        "together",
        (GROUP, network(), subnet("data", "10.0.2.0/24"), PRIVATE, PRIVATE_LINK, database(network=INSIDE)),
        "network.delegatedSubnetResourceId",
        "needs the delegation",
        Set("delegations", DELEGATED, of=2),
    ),
    g(
        "high availability on a burstable size",
        "together",
        database(sku={"name": "Standard_B2s", "tier": "Burstable"}, highAvailability={"mode": "ZoneRedundant"}),
        "highAvailability.mode",
        "use GeneralPurpose",
        "Disabled",
    ),
    g(
        "a size of another tier",
        "together",
        database(sku={"name": "Standard_B2s", "tier": "GeneralPurpose"}),
        "sku.name",
        "no size of the tier GeneralPurpose",
        "Standard_D2ds_v5",
    ),
    Wrong(
        "a subnet deleted that a database uses",
        "use",
        (
            GROUP,
            network(),
            subnet("data", "10.0.2.0/24", delegations=DELEGATED),
            PRIVATE,
            PRIVATE_LINK,
            database(network=INSIDE),
            Delete("data"),
        ),
        "",
        "still used by Server db",
        First(Delete("db")),
    ),
    Wrong(
        "more namespaces than the quota",
        "quota",
        (GROUP, bus(), Make(BUS, "second", {**IN, "sku": {"name": "Standard", "tier": "Standard"}})),
        "",
        "quota of 1",
        First(Delete("bus")),
        most=1,
    ),
    Wrong(
        "a name that is taken",
        "name",
        (GROUP, network(), subnet("web", "10.0.1.0/24", subnetName="web"), subnet("app", "10.0.2.0/24", subnetName="web")),
        "subnetName",
        "is taken by the Subnet web",
        Set("subnetName", "app"),
    ),
    Wrong(
        "a zone without a link to the network",
        "together",
        (GROUP, network(), subnet("data", "10.0.2.0/24", delegations=DELEGATED), PRIVATE, database(network=INSIDE)),
        "network.privateDnsZoneArmResourceId",
        "make the VirtualNetworkLink first",
        First(PRIVATE_LINK),
    ),
    Wrong(
        "sessions in a Basic namespace",
        "together",
        (
            GROUP,
            bus(sku={"name": "Basic", "tier": "Basic"}),
            Make(QUEUE, "jobs", {**IN, "namespaceName": Out("bus", "name"), "requiresSession": True}),
        ),
        "requiresSession",
        "set its sku.name to Standard",
        Set("sku", {"name": "Standard", "tier": "Standard"}, of=1),
    ),
    Wrong(
        "a database deleted under a lock",
        "use",
        (GROUP, database(), Make(LOCK, "lock", {"scope": Out("db"), "level": "CanNotDelete"}), Delete("db")),
        "",
        "delete the lock first",
        First(Delete("lock")),
    ),
)
