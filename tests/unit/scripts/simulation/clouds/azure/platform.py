"""Parts of a mail platform as a program would describe them: what the tests of rules begin with."""

from __future__ import annotations

from typing import Any

from scripts.simulation.world import Resource
from tests.unit.scripts.simulation.clouds.azure.account import Account

SUBSCRIPTION = "00000000-0000-4000-8000-000000000001"
TENANT = "11111111-1111-4111-8111-111111111111"
POSTGRESQL = "Microsoft.DBforPostgreSQL/flexibleServers"
APPS = "Microsoft.App/environments"

SERVER: dict[str, Any] = {
    "version": "17",
    "administratorLogin": "penguin",
    "administratorLoginPassword": "Simulated-Pass-1",
    "sku": {"name": "Standard_D2ds_v5", "tier": "GeneralPurpose"},
    "storage": {"storageSizeGB": 64},
    "backup": {"backupRetentionDays": 7, "geoRedundantBackup": "Disabled"},
    "highAvailability": {"mode": "ZoneRedundant"},
}
APP: dict[str, Any] = {"template": {"containers": [{"name": "api", "image": "registry.example/api"}]}}


class Platform:
    """Makes what a part needs, once."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self._made: dict[str, Resource] = {}

    def make(self, token: str, name: str, **inputs: Any) -> Resource:
        """Makes a thing in the group, or gives the one of this name."""
        key = f"{token} {name}"
        if key not in self._made:
            self._made[key] = self.account.make(token, name, {**self.within(token), **inputs})
        return self._made[key]

    def within(self, token: str) -> dict[str, Any]:
        return {} if token.endswith(":ResourceGroup") else {"resourceGroupName": self.group.outputs["name"]}

    def problems(self, token: str, name: str, **inputs: Any) -> list[str]:
        return [str(found) for found in self.account.problems(token, name, {**self.within(token), **inputs})]

    @property
    def group(self) -> Resource:
        return self.make("resources:ResourceGroup", "mail", location="westeurope")

    @property
    def network(self) -> Resource:
        return self.make("network:VirtualNetwork", "net", addressSpace={"addressPrefixes": ["10.20.0.0/16"]})

    def subnet(self, name: str, prefix: str, service: str = "") -> Resource:
        delegations = [{"name": "own", "serviceName": service}] if service else None
        network = self.network.outputs["name"]
        return self.make("network:Subnet", name, virtualNetworkName=network, addressPrefix=prefix, delegations=delegations)

    def zone(self, name: str = "mail.postgres.database.azure.com", *, linked: bool = True) -> Resource:
        zone = self.make("privatedns:PrivateZone", f"zone-{name}", privateZoneName=name, location="global")
        if linked:
            self.make(
                "privatedns:VirtualNetworkLink",
                f"link-{name}",
                privateZoneName=name,
                location="global",
                registrationEnabled=False,
                virtualNetwork={"id": self.network.id},
            )
        return zone

    def server(self, **changes: Any) -> dict[str, Any]:
        """The inputs of a server in a subnet of its own."""
        network = {
            "delegatedSubnetResourceId": self.subnet("db", "10.20.1.0/24", POSTGRESQL).id,
            "privateDnsZoneArmResourceId": self.zone().id,
        }
        return {**SERVER, "network": network, **changes}

    @property
    def environment(self) -> Resource:
        subnet = self.subnet("apps", "10.20.2.0/23", APPS)
        profiles = [{"name": "Consumption", "workloadProfileType": "Consumption"}]
        network = {"infrastructureSubnetId": subnet.id, "internal": False}
        return self.make("app:ManagedEnvironment", "apps-env", vnetConfiguration=network, workloadProfiles=profiles)

    def app(self, **changes: Any) -> dict[str, Any]:
        return {"environmentId": self.environment.id, **APP, **changes}

    def bus(self, tier: str = "Standard") -> Resource:
        return self.make("servicebus:Namespace", f"bus-{tier.lower()}", sku={"name": tier, "tier": tier})

    @property
    def vault(self) -> Resource:
        sku = {"name": "standard", "family": "A"}
        properties = {"sku": sku, "tenantId": TENANT, "enableRbacAuthorization": True}
        return self.make("keyvault:Vault", "vault", properties=properties)
