"""DNS records by which receivers know that SES sends for a domain: DKIM, SPF, DMARC, and where bounces go. Pure.

No SPF of the domain itself: receivers look it up for the envelope's domain, which has its own, and at the apex of a zone the
one TXT set that a name can have is nearly always there already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

TTL_SECONDS = 3600

DMARC = "dmarc"
ROLES = ("bounce-mx", "bounce-spf", DMARC)
"""What each of `records` is for."""


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


def records(domain: str, region: str, postmaster: str) -> Mapping[str, Record]:
    """All but DKIM: role, of `ROLES` and in their order, -> record.

    Nothing but SES sends under the bounce domain (`-all`). DMARC asks for quarantine of what neither SPF nor DKIM speaks for,
    whoever sends it under the domain, and for reports to `postmaster`. An address in another organization's domain gets them
    once that domain agrees: `<domain>._report._dmarc.<that domain>`, TXT `v=DMARC1`.
    """
    bounces = bounce_domain(domain)
    reports = quote(postmaster, safe="@")
    return {
        "bounce-mx": Record(bounces, "MX", f"10 feedback-smtp.{region}.amazonses.com"),
        "bounce-spf": Record(bounces, "TXT", "v=spf1 include:amazonses.com -all"),
        DMARC: Record(f"_dmarc.{domain}", "TXT", f"v=DMARC1; p=quarantine; rua=mailto:{reports}"),
    }
