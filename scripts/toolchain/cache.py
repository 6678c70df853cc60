"""A cache whose entries are whole or absent: built aside, renamed into place, one builder at a time."""

import fcntl
import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from .process import Tick, wait_until


def fingerprint(files: Iterable[Path], *, root: Path) -> str:
    """16 hex digits over the names, relative to `root`, and the contents of `files`, in sorted order."""
    digest = hashlib.sha256()
    for name, file in sorted((file.relative_to(root).as_posix(), file) for file in files):
        content = file.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def sources(directory: Path) -> list[Path]:
    """The files of a Go module, without what a build or an editor leaves behind."""
    kinds = {".go", ".mod", ".sum", ".json"}
    return [file for file in directory.rglob("*") if file.is_file() and file.suffix in kinds]


@contextmanager
def locked(file: Path, *, tick: Tick, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold the lock `file`. The kernel frees it when the holder ends, however it ends."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w") as handle:
        if not _try_lock(handle.fileno()):
            waiting()
            wait_until(lambda: _try_lock(handle.fileno()), seconds=float("inf"), tick=tick)
        yield


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def fill(entry: Path, build: Callable[[Path], None]) -> Path:
    """Give the cache entry `entry`, calling `build` with an empty directory if it is not there yet."""
    if entry.is_dir():
        return entry
    entry.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{entry.name}.", dir=entry.parent))
    try:
        build(aside)
        aside.chmod(0o755)
        try:
            aside.rename(entry)
        except OSError:
            if not entry.is_dir():  # else another run was first
                raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return entry
