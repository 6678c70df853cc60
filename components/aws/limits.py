"""What a description may ask for and AWS does not give: each with its field and a sentence. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from components.aws import addresses
from components.aws.data_limits import data_limits
from components.aws.foundation_limits import foundation_limits
from components.aws.operations_limits import operations_limits
from components.aws.service_limits import service_limits
from components.spec import AwsSection, ExistingNetwork, PlatformSpec
from components.target import Unsupported

_ELSEWHERE = re.compile(r"^(cn|eusc)-|-iso[a-z]?-")
"""Regions of the partitions aws-cn, aws-eusc and aws-iso*, whose services have host names under other domains."""


def limits(spec: PlatformSpec) -> Sequence[Unsupported]:
    """Every field of `spec` that cannot be honoured on AWS, and what AWS needs and is not there."""
    return [*_section(spec.aws), *foundation_limits(spec), *data_limits(spec), *service_limits(spec), *operations_limits(spec)]


def _section(section: AwsSection | None) -> Iterator[Unsupported]:
    if section is None:
        yield Unsupported("is missing; name a region, such as region: eu-central-1", "platform.aws")
        return
    if _ELSEWHERE.search(section.region):
        yield Unsupported(
            f"the services of {section.region} are not under amazonaws.com, which this version needs; "
            "use a region such as eu-central-1",
            "platform.aws.region",
        )
    if section.cidr is not None:
        problem = addresses.misfit(section.cidr)
        if problem is not None:
            yield Unsupported(problem, "platform.aws.cidr")
    if section.existing_network is None:
        return
    for field in ("cidr", "zones"):
        if getattr(section, field) is not None:
            yield Unsupported("belongs to a new network, and existing_network names one; leave it out", f"platform.aws.{field}")
    yield from _existing(section.existing_network)


def _existing(network: ExistingNetwork) -> Iterator[Unsupported]:
    """A subnet plays one part: one that is both private and isolated would have a way out, or none."""
    seen: dict[str, str] = {}
    for field in ("public_subnet_ids", "private_subnet_ids", "isolated_subnet_ids"):
        for index, subnet in enumerate(getattr(network, field)):
            path = f"platform.aws.existing_network.{field}[{index}]"
            if subnet in seen:
                yield Unsupported(f"{subnet} is {seen[subnet]} too; name each subnet once", path)
            seen.setdefault(subnet, path)
