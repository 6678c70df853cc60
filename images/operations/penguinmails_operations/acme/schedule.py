"""When a certificate is renewed, and how long a failure is waited after. Pure; times in UTC, lengths in seconds."""

from __future__ import annotations

from datetime import datetime, timedelta

RENEW_AT, LATEST_AT = 2 / 3, 3 / 4
"""Shares of the lifetime: when it is renewed by itself, and what no suggestion of the authority goes beyond (alerts follow)."""
SPARED_SHARE, SPARED_SECONDS = 0.1, 3600.0
"""Whichever is shorter: an authority that suggests a time in the past for what it just gave is not asked without end."""
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 300.0, 6 * 3600.0
"""Doubled after each failure. Let's Encrypt counts five failures of a name in an hour: this makes four."""
LIMITED_PAUSE_SECONDS = 3600.0
"""At least so long after the authority has said that there were too many."""


def due(begins: datetime, ends: datetime, suggested: datetime | None = None) -> datetime:
    """When to renew: at the time that the authority suggests (RFC 9773), else at two thirds of the lifetime."""
    lifetime = ends - begins
    if suggested is None:
        return begins + lifetime * RENEW_AT
    return min(suggested, begins + lifetime * LATEST_AT)


def soonest(succeeded: datetime, begins: datetime, ends: datetime) -> datetime:
    """Before that a certificate that was just given is not renewed, whatever the authority suggests."""
    return succeeded + min((ends - begins) * SPARED_SHARE, timedelta(seconds=SPARED_SECONDS))


def pause(failures: int, first: float = FIRST_PAUSE_SECONDS, *, limited: bool = False) -> timedelta:
    """After so many failures in a row."""
    if failures < 1:
        return timedelta(0)
    seconds = min(first * 2 ** min(failures - 1, 20), LONGEST_PAUSE_SECONDS)
    return timedelta(seconds=max(seconds, LIMITED_PAUSE_SECONDS) if limited else seconds)
