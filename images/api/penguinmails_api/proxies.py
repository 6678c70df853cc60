"""Whose request it is: the client's address as a trusted edge passes it, else that of whoever holds the connection.

``X-Forwarded-For`` is believed of trusted peers only, and of it the last address alone: that one the edge wrote itself, what
stands before may be the client's invention. An edge may be trusted by its name, for a container's address changes; the server's
own handling of the header (uvicorn's) knows addresses only and is off.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import time
from collections.abc import Awaitable, Callable, Sequence

from fastapi import Request

UNKNOWN = "unknown"
RESOLVED_SECONDS = 5.0
"""How long the answer for a name is kept."""
RESOLVE_TIMEOUT_SECONDS = 1.0
Resolve = Callable[[str], Awaitable[frozenset[str]]]


async def resolve(name: str) -> frozenset[str]:
    """All addresses of a host name; none when it has none or the answer takes too long."""
    loop = asyncio.get_running_loop()
    try:
        found = await asyncio.wait_for(loop.getaddrinfo(name, None, type=socket.SOCK_STREAM), RESOLVE_TIMEOUT_SECONDS)
    except (OSError, TimeoutError):
        return frozenset()
    return frozenset(str(entry[4][0]) for entry in found)


class Proxies:
    """The trusted edges: addresses, ranges (``10.0.0.0/20``) and host names."""

    def __init__(self, trusted: Sequence[str] = (), resolve: Resolve = resolve) -> None:
        self._ranges = [found for found in map(_range, trusted) if found is not None]
        self._names = [entry for entry in trusted if _range(entry) is None]
        self._resolve = resolve
        self._known: frozenset[str] = frozenset()
        self._until = 0.0

    async def client(self, request: Request) -> str:
        """The address of the client; ``unknown`` where the connection has none."""
        peer = request.client.host if request.client else UNKNOWN
        claimed = request.headers.getlist("x-forwarded-for")
        if not claimed or not await self._trusts(peer):
            return peer
        try:
            return str(ipaddress.ip_address(claimed[-1].rpartition(",")[2].strip()))
        except ValueError:
            return peer

    async def _trusts(self, peer: str) -> bool:
        try:
            address = ipaddress.ip_address(peer)
        except ValueError:
            return False
        return any(address in found for found in self._ranges) or (bool(self._names) and peer in await self._addresses())

    async def _addresses(self) -> frozenset[str]:
        if time.monotonic() >= self._until:
            self._known = frozenset().union(*[await self._resolve(name) for name in self._names])
            self._until = time.monotonic() + RESOLVED_SECONDS
        return self._known


def _range(entry: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(entry)
    except ValueError:
        return None
