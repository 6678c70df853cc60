"""Schemas by token: from memory, from disk, or from the SDK's classes, in this order.

On disk they are kept by SDK version and by the text of the reader, so that neither a new SDK nor a new reader meets old
ones. SDKs are imported in a process of their own: they cost seconds and hundreds of megabytes, which a warm start never sees.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from threading import Lock

from scripts.simulation.schema import sdk, text
from scripts.simulation.schema.model import ResourceSchema
from scripts.toolchain import paths

_memory: dict[str, ResourceSchema | None] = {}
_lock = Lock()


@cache
def version(package: str) -> str:
    """The version of an installed SDK."""
    found = json.loads((sdk.folder(package) / "pulumi-plugin.json").read_text(encoding="utf-8"))
    return str(found["version"])


def schema(token: str) -> ResourceSchema | None:
    """The schema of a resource type or provider; None when no installed SDK has it."""
    with _lock:
        if token not in _memory:
            _memory[token] = _read(token)
        return _memory[token]


def _read(token: str) -> ResourceSchema | None:
    package = token.rsplit(":", 1)[-1] if token.startswith("pulumi:providers:") else token.split(":", maxsplit=1)[0]
    if package not in sdk.SDKS or (package != token.rsplit(":", 1)[-1] and token not in sdk.classes(package)):
        return None
    file = _folder(package) / f"{token.replace('/', '_').replace(':', '.')}.json"
    try:
        return text.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError):
        line = _reader(package).ask(token)
    found = None if line == "null" else text.loads(line)
    if found is not None:
        aside = file.with_suffix(f".{os.getpid()}")
        aside.write_text(line, encoding="utf-8")
        aside.replace(file)
    return found


@cache
def _folder(package: str) -> Path:
    readers = b"".join((Path(__file__).parent / name).read_bytes() for name in ("sdk.py", "text.py", "model.py"))
    mark = hashlib.sha256(readers).hexdigest()[:12]
    folder = paths.cache_dir() / "schemas" / f"{package}-{version(package)}-{mark}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@cache
def _reader(package: str) -> _Reader:
    return _Reader(package)


class _Reader:
    """The process that has a package's SDK imported; ends with this one."""

    def __init__(self, package: str) -> None:
        environment = {**os.environ, "PYTHONPATH": str(paths.ROOT)}
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "scripts.simulation.schema.sdk"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
            cwd=paths.ROOT,
        )
        self._package = package
        atexit.register(self._end)

    def ask(self, token: str) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(token + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline().strip()
        if not line:
            raise RuntimeError(f"the types of {sdk.SDKS[self._package]} could not be read for {token}; see above")
        return line

    def _end(self) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait(timeout=10)
