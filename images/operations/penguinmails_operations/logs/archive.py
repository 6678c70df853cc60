"""The lines on disk: one compressed NDJSON file a day (UTC), each batch a gzip member of its own.

How many bytes of a file count is decided elsewhere (`state.py`), together with the positions: what was appended and not
recorded is cut off at the next start and read again, so that nothing is lost or doubled.
"""

from __future__ import annotations

import gzip
import os
import re
import time
import zlib
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

_NAME = re.compile(r"^\d{4}-\d\d-\d\d$")
_CHUNK = 256 * 1024
SUFFIX = ".ndjson.gz"


@dataclass(frozen=True)
class Found:
    """Lines that fit, newest last. `complete`: everything asked for was looked through, within time and number."""

    lines: Sequence[str]
    complete: bool


class Archive:
    """The folder with the days."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def restore(self, sizes: Mapping[str, int]) -> None:
        """Cuts each day to the size that was recorded."""
        for day in self.days():
            path = self._path(day)
            if path.stat().st_size > sizes.get(day, 0):
                os.truncate(path, sizes.get(day, 0))

    def append(self, day: str, lines: Sequence[str]) -> int:
        """Writes a batch through to the disk; returns the size of the day in bytes."""
        with self._path(day).open("ab") as handle:
            handle.write(gzip.compress(("\n".join(lines) + "\n").encode(), compresslevel=6, mtime=0))
            handle.flush()
            os.fsync(handle.fileno())
            return handle.tell()

    def days(self) -> list[str]:
        """Oldest first."""
        names = [path.name.removesuffix(SUFFIX) for path in self._folder.glob(f"*{SUFFIX}")]
        return sorted(name for name in names if _NAME.match(name))

    def bytes(self) -> int:
        return sum(self._path(day).stat().st_size for day in self.days())

    def expire(self, today: date, retention_days: int, maximum_bytes: int) -> tuple[list[str], list[str]]:
        """Removes days that are too old, then the oldest while all together are too large; gives both lists."""
        oldest = oldest_day(today, retention_days)
        old = [day for day in self.days() if day < oldest]
        for day in old:
            self._path(day).unlink()
        early = []
        kept = self.days()
        while len(kept) > 1 and self.bytes() > maximum_bytes:
            early.append(kept[0])
            self._path(kept.pop(0)).unlink()
        return old, early

    def search(
        self, sizes: Mapping[str, int], *, service: str, text: str, since: datetime, limit: int, seconds: float
    ) -> Found:
        """The newest `limit` lines of a service (empty: all) that hold `text`, whatever the case of its letters."""
        end = time.monotonic() + seconds
        needle = text.lower().encode()
        label = f'"service": "{service}",'.encode() if service else b""
        after = since.astimezone(UTC).isoformat(timespec="seconds")[:19].encode()
        found: deque[str] = deque()
        for day in reversed(self.days()):
            if day < after.decode()[:10]:
                break
            here: deque[bytes] = deque(maxlen=limit - len(found))
            for number, line in enumerate(_lines(self._path(day), sizes.get(day, 0))):
                if line[10:29] >= after and label in line and needle in line.lower():
                    here.append(line)
                if number % 1000 == 0 and time.monotonic() > end:
                    found.extendleft(item.decode(errors="replace") for item in reversed(here))
                    return Found(list(found), complete=False)
            found.extendleft(item.decode(errors="replace") for item in reversed(here))
            if len(found) >= limit:
                return Found(list(found), complete=False)
        return Found(list(found), complete=True)

    def _path(self, day: str) -> Path:
        return self._folder / f"{day}{SUFFIX}"


def oldest_day(today: date, retention_days: int) -> str:
    """The first day that is kept: today counts as one."""
    return (today - timedelta(days=retention_days - 1)).isoformat()


def _lines(path: Path, size: int) -> Iterator[bytes]:
    """The lines of the first `size` bytes, member after member, a chunk at a time."""
    rest, inflate = b"", zlib.decompressobj(31)
    try:
        handle = path.open("rb")
    except FileNotFoundError:
        return
    with handle:
        while size > 0 and (data := handle.read(min(_CHUNK, size))):
            size -= len(data)
            while data:
                rest += inflate.decompress(data)
                data = inflate.unused_data
                if inflate.eof:
                    inflate = zlib.decompressobj(31)
                *whole, rest = rest.split(b"\n")
                yield from whole
