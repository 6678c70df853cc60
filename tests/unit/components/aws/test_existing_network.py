"""Networks that somebody else made: everything that does not fit is said, each in one sentence."""

from __future__ import annotations

import pytest

from components.aws.existing_network import UNFIT_ZONES, FoundSubnet, FoundVpc, misfits

VPC = FoundVpc("vpc-1", dns_hostnames=True, dns_support=True)


def tier(*zones: str, vpc: str = "vpc-1") -> list[FoundSubnet]:
    return [FoundSubnet(f"subnet-{index}", vpc, zone, f"id-of-{zone}") for index, zone in enumerate(zones)]


GOOD = {"public": tier("a", "b"), "private": tier("a", "b"), "isolated": tier("a", "a", "b")}


def test_a_network_that_fits() -> None:
    assert misfits(VPC, GOOD) == []


@pytest.mark.parametrize(
    ("vpc", "changed", "sentences"),
    [
        (VPC, {"isolated": tier("a", "a")}, ["isolated_subnet_ids: all are in a; use subnets in 2 availability zones or more"]),
        (
            VPC,
            {"private": tier("a", "b", vpc="vpc-2")},
            [f"private_subnet_ids[{index}]: subnet-{index} belongs to vpc-2; use subnets of vpc-1" for index in range(2)],
        ),
        (
            VPC,
            {"public": tier("a", "b", "a")},
            ["public_subnet_ids[2]: subnet-2 is in a, as subnet-0 is; use one subnet a zone"],
        ),
        (
            FoundVpc("vpc-1", dns_hostnames=False, dns_support=True),
            {},
            ["vpc_id: vpc-1 gives no host names; turn on its DNS support and DNS hostnames"],
        ),
        (
            FoundVpc("vpc-1", dns_hostnames=True, dns_support=False),
            {},
            ["vpc_id: vpc-1 gives no host names; turn on its DNS support and DNS hostnames"],
        ),
    ],
)
def test_what_does_not_fit(vpc: FoundVpc, changed: dict[str, list[FoundSubnet]], sentences: list[str]) -> None:
    assert misfits(vpc, {**GOOD, **changed}) == [f"platform.aws.existing_network.{sentence}" for sentence in sentences]


@pytest.mark.parametrize("zone_id", UNFIT_ZONES)
@pytest.mark.parametrize("name", ["public", "private", "isolated"])
def test_a_zone_without_fargate_is_refused_whatever_its_letter(zone_id: str, name: str) -> None:
    unfit = [*tier("a", "b"), FoundSubnet("subnet-9", "vpc-1", "c", zone_id)]
    assert misfits(VPC, {**GOOD, name: unfit}) == [
        f"platform.aws.existing_network.{name}_subnet_ids[2]: subnet-9 is in {zone_id}, where Fargate does not run; "
        "use another zone's subnet"
    ]
