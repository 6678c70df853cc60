"""Where an AWS provider works: region and account. Regions and zones are those that cfn-lint knows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from scripts.simulation.clouds.aws import cloudformation
from scripts.simulation.values import Problem, Properties
from scripts.simulation.world import Place

ACCOUNT = "123456789012"
"""AWS's own example account, used where the provider's configuration names none."""

_ACCOUNT = re.compile(r"\d{12}")


def place(config: Properties) -> Place | Problem:
    """Region from `region`; account from `allowedAccountIds` or from the role that the provider assumes."""
    region = config.get("region")
    if not isinstance(region, str) or not region:
        return Problem("region", "give the provider a region, such as eu-central-1")
    wrong = region_problem("region", region)
    return wrong or Place("aws", _account(config), region)


def region_problem(path: str, region: object) -> Problem | None:
    """None for a region that exists, and for what is not known yet."""
    if not isinstance(region, str) or region in cloudformation.regions():
        return None
    return Problem(path, f"{region!r} is no region of AWS; use one such as {_nearest(region)}")


def zones(region: str) -> Sequence[str]:
    """The availability zones of a region by name; empty for a region that does not exist."""
    return cloudformation.regions().get(region, ())


def zone_id(zone: str) -> str:
    """The id of a zone, `euc1-az1` for `eu-central-1a`; a real account's letters may stand for other ids."""
    area, direction, number = zone[:-1].rsplit("-", 2)
    return f"{area.replace('-', '')}{direction[0]}{number}-az{ord(zone[-1]) - ord('a') + 1}"


def partition(region: str) -> str:
    """The partition that a region belongs to, as it stands in every ARN."""
    for prefix, name in (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"), ("eusc-", "aws-eusc")):
        if region.startswith(prefix):
            return name
    return "aws"


def domain(region: str) -> str:
    """The suffix of names that AWS gives in a region."""
    return {"aws-cn": "amazonaws.com.cn", "aws-eusc": "amazonaws.eu"}.get(partition(region), "amazonaws.com")


def _account(config: Properties) -> str:
    return next(_accounts(config), ACCOUNT)


def _accounts(config: Properties) -> Iterator[str]:
    for account in config.get("allowedAccountIds") or ():
        if isinstance(account, str) and _ACCOUNT.fullmatch(account):
            yield account
    for role in reversed(config.get("assumeRoles") or ()):
        parts = str(role.get("roleArn", "")).split(":") if isinstance(role, dict) else []
        if len(parts) > 5 and _ACCOUNT.fullmatch(parts[4]):
            yield parts[4]


def _nearest(region: str) -> str:
    """A region that begins alike, so that a mistyped one is found."""
    known = cloudformation.regions()
    return max(known, key=lambda name: (_shared(name, region), name == "eu-central-1"))


def _shared(one: str, other: str) -> int:
    return next((index for index, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
