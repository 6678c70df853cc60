"""The address plan: inside the range, no overlap, and nothing moves when a zone is added."""

from __future__ import annotations

import ipaddress
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.aws import addresses


@st.composite
def ranges(draw: st.DrawFn) -> str:
    """A range of /16 to /22 in the private addresses."""
    block = draw(st.sampled_from(addresses.PRIVATE))
    prefix = draw(st.integers(max(16, block.prefixlen), 22))
    index = draw(st.integers(0, 2 ** (prefix - block.prefixlen) - 1))
    return str(ipaddress.IPv4Network((int(block.network_address) + index * 2 ** (32 - prefix), prefix)))


def networks(cidr: str, zones: int) -> list[ipaddress.IPv4Network]:
    return [ipaddress.IPv4Network(block) for blocks in addresses.plan(cidr, zones).values() for block in blocks]


@given(ranges(), st.integers(1, addresses.MAX_ZONES))
def test_every_subnet_is_inside_and_large_enough(cidr: str, zones: int) -> None:
    found = networks(cidr, zones)
    assert len(found) == 3 * zones
    assert all(subnet.subnet_of(ipaddress.IPv4Network(cidr)) for subnet in found)
    assert all(subnet.prefixlen <= 28 for subnet in found)


@given(ranges(), st.integers(1, addresses.MAX_ZONES))
def test_subnets_do_not_overlap(cidr: str, zones: int) -> None:
    assert not [pair for pair in combinations(networks(cidr, zones), 2) if pair[0].overlaps(pair[1])]


@given(ranges(), st.integers(1, addresses.MAX_ZONES - 1))
def test_a_zone_more_moves_nothing(cidr: str, zones: int) -> None:
    before, after = addresses.plan(cidr, zones), addresses.plan(cidr, zones + 1)
    for tier, blocks in before.items():
        assert list(after[tier])[:zones] == list(blocks)


def test_the_smallest_range_has_room_for_tasks() -> None:
    assert addresses.plan("10.0.0.0/22", 3)["private"] == ["10.0.0.0/26", "10.0.0.64/26", "10.0.0.128/26"]


@pytest.mark.parametrize(("cidr", "zones"), [("10.0.0.0/25", 3), ("10.0.0.1/16", 3), ("10.0.0.0/16", 0), ("10.0.0.0/16", 5)])
def test_what_cannot_be_planned_is_refused(cidr: str, zones: int) -> None:
    with pytest.raises(ValueError):
        addresses.plan(cidr, zones)


@given(ranges())
def test_private_ranges_fit(cidr: str) -> None:
    assert addresses.misfit(cidr) is None


@pytest.mark.parametrize(
    ("cidr", "begins"),
    [
        ("10.0.0.1/16", "10.0.0.1/16 is not the first address of a range"),
        ("300.0.0.0/16", "300.0.0.0/16 is not the first address"),
        ("8.8.0.0/16", "8.8.0.0/16 is not private"),
        ("172.32.0.0/16", "172.32.0.0/16 is not private"),
        ("127.0.0.0/16", "127.0.0.0/16 is not private"),
        ("169.254.0.0/16", "169.254.0.0/16 is not private"),
    ],
)
def test_other_ranges_do_not_fit(cidr: str, begins: str) -> None:
    assert str(addresses.misfit(cidr)).startswith(begins)
