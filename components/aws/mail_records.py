"""DNS records by which receivers know that SES sends for a domain: DKIM, SPF, DMARC, and where bounces go. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

TTL_SECONDS = 3600

ROLES = ("bounce-mx", "bounce-spf", "spf", "dmarc")
"""What each of `records` is for."""

_SENDER = "include:amazonses.com"


@dataclass(frozen=True)
class Record:
    """`name`: in full."""

    name: str
    type: str
    value: str


def bounce_domain(domain: str) -> str:
    """The envelope's domain (MAIL FROM), to which receivers return mail and which SPF is looked up for."""
    return f"bounce.{domain}"


def dkim(domain: str, token: str) -> Record:
    """One of the three names through which SES publishes its keys and changes them by itself."""
    return Record(f"{token}._domainkey.{domain}", "CNAME", f"{token}.dkim.amazonses.com")


def records(domain: str, region: str, postmaster: str) -> Sequence[Record]:
    """All but DKIM, in the order of `ROLES`.

    Nothing but SES sends under the bounce domain (`-all`). Under the domain itself others may, so that SPF leaves them to DMARC
    (`~all`), which asks for quarantine of what neither SPF nor DKIM speaks for, and for reports to `postmaster`. An address in
    another domain gets them once that domain agrees: `<domain>._report._dmarc.<that domain>`, TXT `v=DMARC1`.
    """
    bounces = bounce_domain(domain)
    reports = quote(postmaster, safe="@")
    return (
        Record(bounces, "MX", f"10 feedback-smtp.{region}.amazonses.com"),
        Record(bounces, "TXT", f"v=spf1 {_SENDER} -all"),
        Record(domain, "TXT", f"v=spf1 {_SENDER} ~all"),
        Record(f"_dmarc.{domain}", "TXT", f"v=DMARC1; p=quarantine; rua=mailto:{reports}"),
    )
