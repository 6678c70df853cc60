"""Which requests go to which public service: rules of the load balancer's listener. Pure.

A path means whole segments, as on every target: `/api` is `/api` and `/api/x`, not `/apix`. Deeper paths come first. Each
service knows its own path only, so its priority follows from that alone: a band for each depth, and a place in the band by a
hash. Two paths of one depth never match the same request, and two that meet in one place are refused before anything is made.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from components.spec import PlatformSpec
from components.target import Unsupported

MAX_PRIORITY = 50000
"""Elastic Load Balancing (CreateRule)."""

MAX_DEPTH = 24
MAX_CHARACTERS = 128 - len("/*")
"""A pattern of a path has 128 characters at most (user guide, "Condition types for listener rules")."""

_BAND = MAX_PRIORITY // (MAX_DEPTH + 1)


def depth(path: str) -> int:
    """Segments of a path: 0 for `/`, 2 for `/api/v1`."""
    plain = path.strip("/")
    return plain.count("/") + 1 if plain else 0


def patterns(path: str) -> list[str]:
    """The patterns that match a path and all below it."""
    plain = path.rstrip("/")
    return [plain, f"{plain}/*"] if plain else ["/*"]


def priority(path: str) -> int:
    """The place of a path among the rules, 1 to 50000, the same in every run.

    Raises `ValueError` for a path that `misfits` refuses.
    """
    if depth(path) > MAX_DEPTH:
        raise ValueError(f"{path} has more than {MAX_DEPTH} segments")
    place = int.from_bytes(hashlib.sha256(path.rstrip("/").encode()).digest()[:8], "big") % _BAND
    return (MAX_DEPTH - depth(path)) * _BAND + place + 1


def misfits(spec: PlatformSpec) -> Iterator[Unsupported]:
    """Public paths that the listener cannot hold, or not beside each other."""
    seen: dict[int, tuple[str, str]] = {}
    for name, service in spec.services.items():
        path, field = service.public_path, f"platform.services.{name}.public_path"
        if path is None:
            continue
        if "//" in path:
            yield Unsupported(f"{path} has an empty segment; leave it out", field)
        elif len(path) > MAX_CHARACTERS or depth(path) > MAX_DEPTH:
            yield Unsupported(
                f"{path} is longer than a load balancer takes; use at most {MAX_CHARACTERS} characters in {MAX_DEPTH} segments",
                field,
            )
        else:
            place = priority(path)
            if place in seen:
                other, taken = seen[place]
                same = taken.rstrip("/") == path.rstrip("/")
                reason = f"belongs to {other}" if same else f"meets {taken} of {other} at the priority {place}"
                yield Unsupported(f"{path} {reason}; use another path", field)
            seen.setdefault(place, (name, path))
