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
_lock = threading.Lock()
_last = 0


def new_id() -> uuid.UUID:
    """A new identifier, greater than every one that this process made before."""
    global _last
    with _lock:
        nanoseconds = time.time_ns()
        milliseconds, rest = divmod(nanoseconds, 1_000_000)
        tick = (milliseconds << _COUNTER_BITS) | (rest << _COUNTER_BITS) // 1_000_000
        _last = tick = max(tick, _last + 1)
    value = (tick >> _COUNTER_BITS) << 80 | 0x7 << 76 | (tick & 0xFFF) << 64
    value |= 0b10 << 62 | secrets.randbits(62)
    return uuid.UUID(int=value)
