"""What a description may ask of logs, zone and certificate and AWS does not give, and what it needs and is not there. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from components.spec import PlatformSpec
from components.target import Unsupported

LOG_RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096),
    *(1827, 2192, 2557, 2922, 3288, 3653),
)
"""CloudWatch Logs (API reference, PutRetentionPolicy)."""

MAX_NAME = 64
"""Characters of the first name of a certificate of ACM (API reference, RequestCertificate)."""


def foundation_limits(spec: PlatformSpec) -> Iterator[Unsupported]:
    yield from _telemetry(spec)
    yield from _domain(spec)
    if spec.edge.certificate == "managed":
        yield from _managed(spec)
    elif spec.edge.certificate == "supplied":
        yield from _supplied(spec)
    else:
        yield Unsupported(f"{spec.edge.certificate} is for other targets; use managed", "platform.edge.certificate")


def _telemetry(spec: PlatformSpec) -> Iterator[Unsupported]:
    if spec.telemetry is None or spec.telemetry.log_retention_days in LOG_RETENTION_DAYS:
        return
    days = spec.telemetry.log_retention_days
    longer = LOG_RETENTION_DAYS[bisect_left(LOG_RETENTION_DAYS, days)]
    yield Unsupported(
        f"CloudWatch Logs cannot keep lines for {days} days; use {longer}", "platform.telemetry.log_retention_days"
    )


def _domain(spec: PlatformSpec) -> Iterator[Unsupported]:
    if "." not in spec.domain:
        yield Unsupported(f"{spec.domain} is no name of the internet; use one such as mail.example.com", "platform.domain")


def _managed(spec: PlatformSpec) -> Iterator[Unsupported]:
    if spec.dns is None:
        yield Unsupported(
            "is missing, and a managed certificate is proved by a record in the zone; add it, or use a supplied certificate",
            "platform.dns",
        )
    if len(spec.domain) > MAX_NAME:
        yield Unsupported(
            f"has {len(spec.domain)} characters and a managed certificate takes {MAX_NAME}; shorten it", "platform.domain"
        )
    if spec.aws is not None and spec.aws.certificate_arn is not None:
        yield Unsupported(
            "belongs to a supplied certificate, and edge.certificate is managed; leave it out", "platform.aws.certificate_arn"
        )


def _supplied(spec: PlatformSpec) -> Iterator[Unsupported]:
    """A load balancer takes certificates of its own region and account only."""
    section, field = spec.aws, "platform.aws.certificate_arn"
    if section is None:
        return
    if section.certificate_arn is None:
        yield Unsupported("is missing; name the certificate of ACM that edge.certificate says is supplied", field)
        return
    region, account = section.certificate_arn.split(":")[3:5]
    if region != section.region:
        yield Unsupported(f"is in {region} and the platform in {section.region}; name a certificate of {section.region}", field)
    if section.account_id is not None and account != section.account_id:
        yield Unsupported(f"is of account {account} and the platform of {section.account_id}; name one of that account", field)
