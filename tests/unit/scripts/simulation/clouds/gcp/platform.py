"""Parts of a mail platform as a program would describe them: what the tests of rules begin with."""

from __future__ import annotations

from typing import Any

from scripts.simulation.world import Resource
from tests.unit.scripts.simulation.clouds.azure.account import Account

PROJECT = "penguinmails-test"
REGION = "europe-west3"

SETTINGS: dict[str, Any] = {
    "edition": "ENTERPRISE",
    "tier": "db-custom-2-7680",
    "availabilityType": "REGIONAL",
    "backupConfiguration": {"enabled": True, "pointInTimeRecoveryEnabled": True, "transactionLogRetentionDays": 7},
    "ipConfiguration": {"ipv4Enabled": False, "sslMode": "ENCRYPTED_ONLY"},
}
CONTAINER: dict[str, Any] = {
    "image": "registry.example/api",
    "resources": {"limits": {"cpu": "1", "memory": "512Mi"}},
    "ports": {"containerPort": 8000},
}


class Platform:
    """Makes what a part needs, once."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self._made: dict[str, Resource] = {}

    def make(self, token: str, logical: str, /, **inputs: Any) -> Resource:
        """Makes a thing, or gives the one of this type and name. `token`: `compute.Network`."""
        key = f"{token} {logical}"
        if key not in self._made:
            self._made[key] = self.account.make(whole(token), logical, inputs)
        return self._made[key]

    def problems(self, token: str, logical: str, current: Resource | None = None, /, **inputs: Any) -> list[str]:
        return [str(found) for found in self.account.problems(whole(token), logical, inputs, current)]

    @property
    def network(self) -> Resource:
        return self.make("compute.Network", "net", autoCreateSubnetworks=False)

    def subnetwork(self, name: str, prefix: str, region: str = REGION) -> Resource:
        return self.make("compute.Subnetwork", name, network=self.network.id, ipCidrRange=prefix, region=region)

    def join_services(self) -> Resource:
        """Private services, joined to the network."""
        address = self.make(
            "compute.GlobalAddress",
            "services",
            purpose="VPC_PEERING",
            addressType="INTERNAL",
            prefixLength=20,
            network=self.network.id,
        )
        return self.make(
            "servicenetworking.Connection",
            "services",
            network=self.network.id,
            service="servicenetworking.googleapis.com",
            reservedPeeringRanges=[address.outputs["name"]],
        )

    def instance(self, **changes: Any) -> dict[str, Any]:
        """The inputs of a database in the network."""
        private = {**SETTINGS["ipConfiguration"], "privateNetwork": self.network.id}
        return {"databaseVersion": "POSTGRES_17", "settings": {**SETTINGS, "ipConfiguration": private}, **changes}

    def service(self, **changes: Any) -> dict[str, Any]:
        return {"location": REGION, "template": {"containers": [CONTAINER]}, **changes}

    @property
    def key(self) -> Resource:
        ring = self.make("kms.KeyRing", "ring", location=REGION)
        return self.make("kms.CryptoKey", "key", keyRing=ring.id)


def whole(token: str) -> str:
    """`compute.Network` as a token: `compute/network:Network`."""
    module, name = token.split(".")
    return f"{module}/{name[0].lower()}{name[1:]}:{name}"
