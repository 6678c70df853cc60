"""What a description may ask of database, pooler and mail and AWS does not give. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from components.aws import sizing
from components.contract import Identity
from components.spec import Mail, PlatformSpec
from components.target import Unsupported

SMTP_REGIONS = ("ap-south-1", "ap-southeast-2", "eu-central-1", "eu-west-1", "us-east-1", "us-west-2")
"""Where the provider derives the password of an access key for SES (`iam.AccessKey`, `ses_smtp_password_v4`)."""


AUTHORITY_REGIONS = (
    "af-south-1",
    "ap-east-1",
    *(f"ap-northeast-{number}" for number in (1, 2, 3)),
    "ap-south-1",
    "ap-south-2",
    *(f"ap-southeast-{number}" for number in (1, 2, 3, 4)),
    "ca-central-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    *(f"eu-west-{number}" for number in (1, 2, 3)),
    "me-central-1",
    "me-south-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
)
"""Whose authorities of RDS the image has (`images/api/rds-global-bundle.pem`): in others no connection could be verified."""


def data_limits(spec: PlatformSpec) -> Iterator[Unsupported]:
    if spec.aws is None:
        return
    if spec.migration is not None and "@" not in spec.migration.image and spec.aws.region not in AUTHORITY_REGIONS:
        yield Unsupported(
            f"the image has no authority of RDS for {spec.aws.region}, so its database could not be verified; "
            "use a region such as eu-central-1, or an image of your own",
            "platform.aws.region",
        )
    yield from _pooling(spec, spec.aws.region)
    if spec.mail is not None:
        yield from _mail(spec, spec.mail, spec.aws.region)


def _pooling(spec: PlatformSpec, region: str) -> Iterator[Unsupported]:
    asked = spec.database
    chosen = sizing.database(asked.size, Identity("", "", spec.environment), region)
    room, wanted = sizing.pool_room(chosen, asked.engine), asked.pooling.database_connections
    if wanted > room:
        yield Unsupported(
            f"{wanted} is above the {room} that {asked.engine} on {chosen.name} has room for; use {room} or a larger size",
            "platform.database.pooling.database_connections",
        )


def _mail(spec: PlatformSpec, mail: Mail, region: str) -> Iterator[Unsupported]:
    if region not in SMTP_REGIONS:
        yield Unsupported(
            f"SES cannot be given a password for SMTP in {region}; use a region such as eu-central-1, or leave mail out",
            "platform.mail",
        )
    if spec.dns is None:
        yield Unsupported("is missing; mail authenticates by records in its domain's zone, so add dns: {}", "platform.dns")
        return
    zone = spec.dns.zone or spec.domain
    if mail.domain != zone and not mail.domain.endswith(f".{zone}"):
        yield Unsupported(
            f"the zone {zone} does not hold {mail.domain}, so its records cannot be published; use {zone} or a name in it",
            "platform.mail.domain",
        )
