"""Identifiers that sort by time (UUID version 7, RFC 9562).

Random identifiers would scatter inserts over the whole index and could not serve as a page's cursor. The standard
library has them from Python 3.14 on; the image runs 3.13.
"""

from __future__ import annotations

import secrets
import threading
import time
import uuid

_COUNTER_BITS = 12


class _Clock:
    """Milliseconds with a fraction of 12 bits, never twice the same."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def tick(self) -> int:
        milliseconds, rest = divmod(time.time_ns(), 1_000_000)
        tick = (milliseconds << _COUNTER_BITS) | (rest << _COUNTER_BITS) // 1_000_000
        with self._lock:
            self._last = max(tick, self._last + 1)
            return self._last


_clock = _Clock()


def new_id() -> uuid.UUID:
    """A new identifier, greater than every one that this process made before."""
    tick = _clock.tick()
    value = (tick >> _COUNTER_BITS) << 80 | 0x7 << 76 | (tick & 0xFFF) << 64
    value |= 0b10 << 62 | secrets.randbits(62)
    return uuid.UUID(int=value)
