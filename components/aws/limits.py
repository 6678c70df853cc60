"""What a description may ask for and AWS does not give: each with its field and a sentence. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence

from components.spec import PlatformSpec
from components.target import Unsupported


def limits(spec: PlatformSpec) -> Sequence[Unsupported]:
    """Every field of `spec` that cannot be honoured on AWS, and what AWS needs and is not there."""
    return [*_section(spec)]


def _section(spec: PlatformSpec) -> Iterator[Unsupported]:
    section = spec.aws
    if section is None:
        yield Unsupported("is missing; name a region, such as region: eu-central-1", "platform.aws")
        return
    if section.existing_network is not None:
        for field in ("cidr", "zones"):
            if getattr(section, field) is not None:
                yield Unsupported(
                    "belongs to a new network, and existing_network names one; leave it out", f"platform.aws.{field}"
                )
    if section.cidr is not None:
        yield from _range(section.cidr)


def _range(cidr: str) -> Iterator[Unsupported]:
    try:
        network = ipaddress.IPv4Network(cidr)
    except ValueError:
        yield Unsupported(f"{cidr} is not the first address of a range; use one such as 10.20.0.0/16", "platform.aws.cidr")
        return
    if not network.is_private:
        yield Unsupported(f"{cidr} is public; use a part of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16", "platform.aws.cidr")
