"""The part of haproxy.cfg that brings an ACME authority's questions (RFC 8555, 8.3) to who answers them. Pure.

They come over plain HTTP, from anywhere, before anybody is known: so one path of one segment is let through, read only, to one
program, a few at a time. Everything else is redirected as ever.
"""

from __future__ import annotations

from collections.abc import Sequence

AT_A_TIME = 16


def plain(challenges: str | None, redirect: str) -> Sequence[str]:
    """Rules of the plain frontend. `challenges`: host and port of who answers; None: everything is redirected."""
    if challenges is None:
        return [f"  http-request {redirect}"]
    return [
        "  acl is_challenge path_reg '^/[.]well-known/acme-challenge/[A-Za-z0-9_-]{1,128}$'",
        "  acl reads method GET HEAD",
        f"  http-request {redirect} unless is_challenge reads",
        "  default_backend challenges",
    ]


def backends(challenges: str | None) -> Sequence[Sequence[str]]:
    """Who answers; 503 while nobody has the name. Bodies are not read."""
    if challenges is None:
        return []
    server = f"server acme {challenges} maxconn {AT_A_TIME} resolvers docker resolve-prefer ipv4 init-addr last,none"
    return [["backend challenges", "  timeout server 5s", f"  {server}"]]
