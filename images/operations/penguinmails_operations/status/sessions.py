"""Who is logged in, and who tries too often. In memory of one process: a restart asks everybody to log in again."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass

USER = "operator"
SESSION_SECONDS = 8 * 3600
MAXIMUM_SESSIONS = 100
ATTEMPTS, WINDOW_SECONDS = 5, 300
"""Failures of one address before it has to wait."""
MAXIMUM_ADDRESSES = 10_000
Clock = Callable[[], float]


@dataclass(frozen=True)
class Session:
    """`form`: what forms of this session must show, so that no other site can send one."""

    expires: float
    form: str


class Sessions:
    """Only digests of the cookies are kept."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._known: OrderedDict[str, Session] = OrderedDict()

    def begin(self) -> str:
        """The cookie of a new session; the oldest of too many ends."""
        cookie = secrets.token_urlsafe(32)
        self._known[_digest(cookie)] = Session(self._clock() + SESSION_SECONDS, secrets.token_urlsafe(24))
        while len(self._known) > MAXIMUM_SESSIONS:
            self._known.popitem(last=False)
        return cookie

    def find(self, cookie: str | None) -> Session | None:
        if not cookie:
            return None
        session = self._known.get(_digest(cookie))
        if session is not None and session.expires <= self._clock():
            del self._known[_digest(cookie)]
            return None
        return session

    def end(self, cookie: str | None) -> None:
        self._known.pop(_digest(cookie or ""), None)


class Password:
    """The one login. Compares digests in constant time, of the name too."""

    def __init__(self, password: str) -> None:
        self._digest = _digest(f"{USER}\0{password}")

    def fits(self, user: str, password: str) -> bool:
        return hmac.compare_digest(_digest(f"{user}\0{password}"), self._digest)


class LoginForms:
    """A login form is taken from the browser only that it was shown to: the cookie and the field belong together."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def field(self, cookie: str) -> str:
        return hmac.new(self._key, cookie.encode(), hashlib.sha256).hexdigest()

    def fits(self, cookie: str | None, field: str) -> bool:
        return bool(cookie) and hmac.compare_digest(self.field(cookie or ""), field.encode("ascii", "replace").decode())


class Limiter:
    """Counts the failures of an address; remembers a bounded number of addresses."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()

    def wait_seconds(self, address: str) -> int:
        """How long this address has to wait; 0 when it may try."""
        failures = self._recent(address)
        if len(failures) < ATTEMPTS:
            return 0
        return max(1, round(failures[0] + WINDOW_SECONDS - self._clock()))

    def failed(self, address: str) -> None:
        failures = self._recent(address)
        failures.append(self._clock())
        self._failures[address] = failures
        self._failures.move_to_end(address)
        while len(self._failures) > MAXIMUM_ADDRESSES:
            self._failures.popitem(last=False)

    def _recent(self, address: str) -> deque[float]:
        failures = self._failures.get(address, deque(maxlen=ATTEMPTS))
        while failures and failures[0] <= self._clock() - WINDOW_SECONDS:
            failures.popleft()
        return failures


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
