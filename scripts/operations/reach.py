"""Asks a platform through its edge, over verified TLS, until it answers."""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass

PAUSE_SECONDS = 0.5


@dataclass(frozen=True)
class Trust:
    """What a certificate may be signed by. `pem`: certificates; without one a public authority. `public`: by one as well."""

    pem: str
    public: bool = False


def answers(domain: str, port: int, trust: Trust, path: str = "/healthz", address: str = "127.0.0.1") -> bool:
    """Whether GET `path` gives status 200 at `address`, with a certificate for `domain` that is trusted."""
    return _status(domain, port, trust, path, address) == http.client.OK


def works(domain: str, port: int, trust: Trust, path: str, address: str = "127.0.0.1") -> bool:
    """Whether GET `path` is answered without a server error; who asks without a key may be refused."""
    status = _status(domain, port, trust, path, address)
    return status is not None and status < http.client.INTERNAL_SERVER_ERROR


def _status(domain: str, port: int, trust: Trust, path: str, address: str) -> int | None:
    """The status of GET `path`; None without an answer."""
    context = ssl.create_default_context(cadata=trust.pem)
    if trust.public:
        context.load_default_certs()
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # a supplied chain may end below its authority
    connection = _Connection(domain, port, address, context)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def wait(probe: Callable[[], bool], seconds: float) -> bool:
    """Repeats `probe` until it is true; False when `seconds` have passed."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if probe():
            return True
        time.sleep(PAUSE_SECONDS)
    return probe()


class _Connection(http.client.HTTPSConnection):
    """HTTPS to an address, with the name of another host: the domain need not lead here yet."""

    def __init__(self, domain: str, port: int, address: str, context: ssl.SSLContext) -> None:
        super().__init__(domain, port, timeout=5, context=context)
        self._address, self._tls = address, context

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)
