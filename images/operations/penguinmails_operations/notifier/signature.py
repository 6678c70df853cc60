"""The signature of what is posted: HMAC-SHA-256 over the time and the body. Pure.

A receiver computes it anew with the shared secret, compares in constant time, and refuses what is older than five minutes, so
that nobody can repeat an old alert. docs/docker-status.md has the recipe.
"""

from __future__ import annotations

import hashlib
import hmac

HEADER = "X-PenguinMails-Signature"
TOLERANCE_SECONDS = 300


def sign(secret: str, body: bytes, timestamp: int) -> str:
    """The header's value: `t=<Unix time in seconds>,v1=<64 hexadecimal digits>`."""
    digest = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"


def verify(secret: str, body: bytes, header: str, now: float) -> bool:
    """Whether `header` was made with `secret` for `body`, at most five minutes from `now`. What a receiver does."""
    parts = dict(part.split("=", 1) for part in header.split(",") if "=" in part)
    timestamp, given = parts.get("t", ""), parts.get("v1", "")
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12) or not given.isascii():
        return False
    if abs(now - int(timestamp)) > TOLERANCE_SECONDS:
        return False
    return hmac.compare_digest(sign(secret, body, int(timestamp)).partition("v1=")[2], given)
