"""Alerts on certificates. Pure. On the edge's by days where a person renews it, by its lifetime where that happens by itself.

Authorities give certificates for 90 days, for 45, for six or for one: a number of days that is early for one of them is the
whole life of another. They are renewed at two thirds. While nobody says how long one lives, what was said last counts.

Database, pooler and broker have certificates of the platform's own authority, made together and valid equally long. The broker
is the one whose TLS can be asked for its certificate without a word of its protocol, so it stands for all three.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

from components.docker.alert_rules import SHOWN, Alert
from components.spec import PlatformSpec

DAY_SECONDS: Final = 86400
_SERVED: Final = 'min(probe_ssl_earliest_cert_expiry{job="probe"})'
_INSIDE: Final = 'min(probe_ssl_earliest_cert_expiry{job="broker-tls"})'
_GIVEN: Final = "max(penguinmails_acme_certificate_expiry_timestamp_seconds)"
_LIFETIME: Final = "max(last_over_time(penguinmails_acme_certificate_lifetime_seconds[14d]))"
_LEFT: Final[tuple[tuple[str, float, Literal["page", "ticket"]], ...]] = (
    ("CertificateRenewalUrgent", 0.1, "page"),
    ("CertificateRenewalLate", 0.2, "ticket"),
)
_DAYS: Final[tuple[tuple[str, int, Literal["page", "ticket"]], ...]] = (
    ("CertificateEnds", 7, "page"),
    ("CertificateEndsSoon", 21, "ticket"),
)


def certificates(spec: PlatformSpec) -> Iterator[Alert]:
    """By who renews the certificate."""
    yield from _of_acme() if spec.edge.certificate == "acme" else _of_people()
    yield from _of_parts()


def _of_people() -> Iterator[Alert]:
    for name, days, severity in _DAYS:
        yield Alert(
            name=name,
            expression=f"{_SERVED} - time() < {days * DAY_SECONDS}",
            minutes=60,
            severity=severity,
            says=f"The certificate of the edge ends in {SHOWN.duration}",
            do="With certificate: internal a run of scripts/up brings the new one; a supplied one is renewed by its secrets.",
            topic="certificate",
        )


def _of_parts() -> Iterator[Alert]:
    for name, days, severity in _DAYS:
        yield Alert(
            name=f"Internal{name}",
            expression=f"{_INSIDE} - time() < {days * DAY_SECONDS}",
            minutes=60,
            severity=severity,
            says=f"The certificates of database, pooler and broker end in {SHOWN.duration}",
            do="Nobody inside the platform connects to them then. A run of scripts/up brings new ones.",
            topic="internal-certificate",
        )


def _of_acme() -> Iterator[Alert]:
    for name, left, severity in _LEFT:
        yield Alert(
            name=name,
            expression=f"{_SERVED} - time() < {left} * ({_LIFETIME} > 0)",
            minutes=60,
            severity=severity,
            says=f"The certificate of the edge ends in {SHOWN.duration} and was not renewed",
            do="See the log of the service acme: it says what the authority answered, and when it asks again.",
            topic="certificate",
        )
    yield Alert(
        name="CertificateMissing",
        expression=f"{_GIVEN} == 0",
        minutes=60,
        severity="page",
        says="The authority has given no certificate, and clients get one that they do not trust",
        do="See the log of the service acme. Does port 80 of the domain lead to this host?",
    )
    yield Alert(
        name="CertificateNotServed",
        expression=f"abs(({_GIVEN} > 0) - {_SERVED}) > 60",
        minutes=15,
        severity="ticket",
        says="The edge serves another certificate than the one that the authority gave",
        do="See the logs of the services edge-files and edge: they say what they do not accept.",
    )
