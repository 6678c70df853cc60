"""Reads the engine's json-file logs from where the last reading ended, through rotation.

The engine keeps `<id>-json.log` and renames it to `.1` and `.2` when it is full. A file is known by its first line, which has a
time in nanoseconds, so neither a rename nor an inode that is used again confuses a position.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

ROTATED = ("", ".1", ".2")
"""Newest first: a rotation while the files are opened shows one of them twice, and hides none."""
_FIRST_LINE_BYTES = 512 * 1024


@dataclass(frozen=True)
class Position:
    """`identity`: which file, by its first line. `offset`: bytes of it that were read."""

    identity: str
    offset: int


@dataclass(frozen=True)
class Chunk:
    """What was read. `gap`: lines were rotated away, or too long, before they were read. `more`: there is more to read."""

    lines: Sequence[bytes]
    position: Position | None
    gap: bool = False
    more: bool = False


def log_file(root: Path, container: str) -> Path:
    return root / container / f"{container}-json.log"


def read(root: Path, container: str, position: Position | None, maximum_bytes: int) -> Chunk:
    """The next whole lines of a container, at most `maximum_bytes`; a line longer than that is skipped.

    Raises `OSError` when a file is there and cannot be read.
    """
    with ExitStack() as stack:
        files = _files(stack, log_file(root, container))
        index, gap = 0, False
        if position is not None:
            found = [number for number, (identity, _) in enumerate(files) if identity == position.identity]
            gap = not found and bool(files)
            index = found[0] if found else 0
        lines: list[bytes] = []
        left, more = maximum_bytes, False
        for identity, handle in files[index:]:
            offset = position.offset if position is not None and position.identity == identity else 0
            handle.seek(offset)
            data = handle.read(left)
            whole = data[: data.rfind(b"\n") + 1]
            if not whole and len(data) == maximum_bytes:
                whole, gap = data, True
            else:
                lines += whole.splitlines()
            position = Position(identity, offset + len(whole))
            more = len(data) == left
            left -= len(whole)
            if more:
                break
        return Chunk(lines, position, gap, more)


def _files(stack: ExitStack, newest: Path) -> list[tuple[str, BinaryIO]]:
    """The container's files that have a first line, oldest first, each once."""
    found: dict[str, BinaryIO] = {}
    for suffix in ROTATED:
        try:
            handle = stack.enter_context(newest.with_name(newest.name + suffix).open("rb"))
        except FileNotFoundError:
            continue
        first = handle.readline(_FIRST_LINE_BYTES)
        if first.endswith(b"\n"):
            found.setdefault(hashlib.sha256(first).hexdigest()[:32], handle)
    return list(reversed(found.items()))
