"""A cloud with nothing in it, resources made in one line, and what is said of wrong ones."""

from __future__ import annotations

from typing import Any

import pytest

from scripts.simulation.clouds.aws import CLOUD
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.server.direct import Direct, Made
from scripts.simulation.server.provider import Refused
from scripts.simulation.values import Properties
from scripts.simulation.world import Place

HERE = Place("aws", "123456789012", "eu-central-1")
SEED = "0123456789abcdef" * 2


def candidate(token: str, inputs: Properties, *, name: str = "thing", where: Place = HERE, seed: str = SEED) -> Candidate:
    return Candidate(f"aws:{token}", f"urn:pulumi:test::mail::aws:{token}::{name}", name, where, inputs, seed)


def said(token: str, inputs: Properties, where: Place = HERE) -> dict[str, str]:
    """Path -> sentence of what `check` says after the provider's own values were added."""
    added = CLOUD.defaults(f"aws:{token}", "thing", inputs, {}, SEED)
    return {problem.path: problem.reason for problem in CLOUD.check(f"aws:{token}", {**inputs, **added}, where)}


class Cloud:
    """Makes, changes and deletes through the provider; `refused` gives the sentence instead."""

    def __init__(self, **config: Any) -> None:
        self.direct = Direct(configs={"aws": {"region": "eu-central-1", **config}})

    def make(self, token: str, name: str, /, **inputs: Any) -> Made:
        return self.direct.make(f"aws:{token}", name, inputs)

    def refused(self, token: str, name: str, /, **inputs: Any) -> str:
        with pytest.raises(Refused) as refusal:
            self.make(token, name, **inputs)
        return str(refusal.value)

    def change_refused(self, made: Made, **inputs: Any) -> str:
        with pytest.raises(Refused) as refusal:
            self.direct.change(made, inputs)
        return str(refusal.value)

    def delete_refused(self, made: Made) -> str:
        with pytest.raises(Refused) as refusal:
            self.direct.delete(made)
        return str(refusal.value)

    def network(self, name: str = "vpc", block: str = "10.0", zones: str = "abc") -> tuple[Made, list[Made]]:
        """A VPC with one subnet a zone."""
        vpc = self.make("ec2/vpc:Vpc", name, cidrBlock=f"{block}.0.0/16")
        subnets = [
            self.make(
                "ec2/subnet:Subnet",
                f"{name}-{zone}-{number}",
                vpcId=vpc.id,
                cidrBlock=f"{block}.{number}.0/24",
                availabilityZone=f"eu-central-1{zone}",
            )
            for number, zone in enumerate(zones)
        ]
        return vpc, subnets
