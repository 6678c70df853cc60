"""Schemas by token: from memory, from disk, or from the SDK's classes, in this order.

On disk they are kept by SDK version and by the text of the reader, so that neither a new SDK nor a new reader meets old
ones; deleting them costs time only. SDKs are imported in a process of their own, one a package, which stays for further tokens
until `close`: it costs seconds and a hundred megabytes, which a warm start never sees.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from threading import RLock
from typing import Final

from scripts.simulation.schema import installed, text
from scripts.simulation.schema.model import ResourceSchema
from scripts.toolchain import paths

version = installed.version

_memory: dict[str, ResourceSchema | None] = {}
_readers: dict[str, _Reader] = {}
_lock = RLock()
_NONE: Final = "null"
_AHEAD: Final = 400
"""Questions of at most a hundred characters that surely fit a pipe: a reader that waits to be heard reads no more of them."""


def schema(token: str) -> ResourceSchema | None:
    """The schema of a resource type or provider; None when no installed SDK has it.

    Raises `ModuleNotFoundError` when the SDK is not installed, `RuntimeError` when it cannot be read.
    """
    with _lock:
        prepare((token,))
        return _memory[token]


def prepare(tokens: Iterable[str]) -> None:
    """Has the schemas of all these at hand; different SDKs are read at the same time.

    Raises what `schema` raises.
    """
    with _lock:
        missing = [token for token in dict.fromkeys(tokens) if token not in _memory and not _recall(token)]
        for start in range(0, len(missing), _AHEAD):
            try:
                _derive(missing[start : start + _AHEAD])
            except BaseException:
                _end()  # answers that nobody has read would be taken for those to the next questions
                raise


def _derive(tokens: Sequence[str]) -> None:
    asked = [(token, _reader(installed.package_of(token))) for token in tokens]
    for token, reader in asked:
        reader.ask(token)
    for token, reader in asked:
        _memory[token] = _keep(token, reader.answer(token))


def close() -> None:
    """Ends the processes that have SDKs imported and forgets what is in memory. What comes later starts anew."""
    with _lock:
        _memory.clear()
        _end()


def _end() -> None:
    while _readers:
        _readers.popitem()[1].close()


def _recall(token: str) -> bool:
    """Whether the schema was found on disk (or the token cannot be any SDK's)."""
    package = installed.package_of(token)
    if package not in installed.SDKS or not token.isprintable():
        _memory[token] = None
        return True
    try:
        found = text.loads(_file(package, token).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    if found.token == token:
        _memory[token] = found
    return found.token == token


def _keep(token: str, line: str) -> ResourceSchema | None:
    """Puts a schema beside the others at once or not at all: another process may do the same."""
    if line == _NONE:
        return None
    found = text.loads(line)
    file = _file(installed.package_of(token), token)
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=file.parent, suffix=".part", delete=False) as aside:
        aside.write(line)
    Path(aside.name).replace(file)
    return found


def _file(package: str, token: str) -> Path:
    name = re.sub(r"[^\w-]", ".", token)
    return paths.cache_dir() / "schemas" / f"{package}-{version(package)}-{_format()}" / f"{name}.json"


@cache
def _format() -> str:
    """Changes with whatever changes what is read or how it is written."""
    readers = ("installed.py", "model.py", "sdk.py", "text.py")
    return hashlib.sha256(b"".join((Path(__file__).parent / name).read_bytes() for name in readers)).hexdigest()[:12]


def _reader(package: str) -> _Reader:
    found = _readers.get(package)
    if found is None:
        installed.folder(package)
        found = _readers[package] = _Reader(package)
    return found


class _Reader:
    """The process that has a package's SDK imported. It ends when its input does, however this process ends."""

    def __init__(self, package: str) -> None:
        environment = {**os.environ, "PYTHONPATH": str(paths.ROOT)}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        self._package = package
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-W", "ignore", "-m", "scripts.simulation.schema.sdk"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env=environment,
            cwd=paths.ROOT,
            process_group=0,
        )

    def ask(self, token: str) -> None:
        """Questions may be asked ahead of the answers, up to `_AHEAD`."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(f"{token}\n")
            self._process.stdin.flush()
        except OSError:
            raise self._failure(token) from None

    def answer(self, token: str) -> str:
        """The answer to the oldest question without one."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline().strip()
        if not line:
            raise self._failure(token)
        return line

    def _failure(self, token: str) -> RuntimeError:
        name = installed.SDKS[self._package]
        return RuntimeError(f"{name} could not be read for {token}: see the lines above, or install it anew with scripts/setup")

    def close(self) -> None:
        """Waits until it has ended; kills it when it has not after some seconds."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdout.close()  # first: while it waits to be heard, closing its input would wait too
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


atexit.register(close)
