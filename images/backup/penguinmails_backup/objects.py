"""Backups of the object storage: every file once, by its content, encrypted; and a list of all files for each backup.

A file that is there already costs nothing, so every backup is incremental and none depends on another. Names of stored files
are keyed hashes of their content, so a name tells nothing. A list, and each piece of 1 MiB of a file, is sealed by AES-256-GCM;
the number of the piece and whether it is the last are part of what is authenticated.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import os
import secrets
import stat
import struct
import tarfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from penguinmails_backup import evidence, points
from penguinmails_backup.errors import BackupError
from penguinmails_backup.settings import OBJECT_BACKUPS, OBJECTS

PIECE = 1024 * 1024
_NONCE = 12


@dataclass(frozen=True)
class Keys:
    """For content and for names."""

    content: bytes
    names: bytes

    @classmethod
    def of(cls, passphrase: str) -> Keys:
        return cls(
            evidence.derived(passphrase, b"penguinmails objects content"),
            evidence.derived(passphrase, b"penguinmails objects names"),
        )


def backup(passphrase: str, now: float, source: Path = OBJECTS, store: Path = OBJECT_BACKUPS) -> int:
    """Stores what is new in `source` and a list of all; returns the number of files.

    Raises `BackupError` for a file or a folder that cannot be read: what is left out would be missed at the restore only.
    """
    keys = Keys.of(passphrase)
    (store / "files").mkdir(mode=0o700, parents=True, exist_ok=True)
    listed = []
    try:
        for file in sorted(_files(source)):
            try:
                with file.open("rb") as handle:
                    name, size = _kept(store / "files", keys, handle)
                    time = os.fstat(handle.fileno()).st_mtime
            except FileNotFoundError:
                continue  # removed since the folder was read
            listed.append({"path": str(file.relative_to(source)), "name": name, "size": size, "time": time})
    except PermissionError as error:
        if not Path(str(error.filename)).is_relative_to(source):
            raise
        unread = Path(str(error.filename)).relative_to(source)
        raise BackupError(f"The object {unread} cannot be read: let others read it.") from None
    _store(store / f"list-{int(now):012d}", seal(io.BytesIO(json.dumps(listed).encode()), keys.content))
    return len(listed)


def _files(source: Path) -> Iterator[Path]:
    """Every plain file. A folder that cannot be read is an error, which a search by pattern would keep to itself."""

    def failed(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError) or error.filename == str(source):
            raise error

    for folder, _, names in os.walk(source, onerror=failed):
        for file in (Path(folder) / name for name in names):
            with suppress(FileNotFoundError):
                if stat.S_ISREG(file.lstat().st_mode):
                    yield file


def lists(store: Path = OBJECT_BACKUPS) -> list[tuple[float, Path]]:
    """When each backup was made, oldest first."""
    return sorted((float(file.name[5:]), file) for file in store.glob("list-*")) if store.exists() else []


def contents(passphrase: str, file: Path) -> list[dict[str, object]]:
    with file.open("rb") as handle:
        found: list[dict[str, object]] = json.loads(b"".join(unseal(handle, Keys.of(passphrase).content, "a list of objects")))
    return found


def expire(passphrase: str, before: float, store: Path = OBJECT_BACKUPS) -> None:
    """Removes lists that are older than `before`, but the newest of them, and files that no list names any more."""
    known = lists(store)
    old = [file for at, file in known if at < before][:-1]
    for file in old:
        file.unlink()
    kept = {str(entry["name"]) for _, file in lists(store) for entry in contents(passphrase, file)}
    for file in (store / "files").glob("*"):
        if file.name not in kept:
            file.unlink()


def verify(passphrase: str, store: Path = OBJECT_BACKUPS) -> str:
    """Opens every file of the newest backup and compares it with its name; what was found, in words.

    Raises `BackupError` for a file that is missing or damaged.
    """
    known = lists(store)
    if not known:
        return "none"
    at, newest = known[-1]
    keys, entries = Keys.of(passphrase), contents(passphrase, newest)
    for name, path in sorted({str(entry["name"]): str(entry["path"]) for entry in entries}.items()):
        digest = hmac.new(keys.names, digestmod=hashlib.sha256)
        for piece in _opened(store, keys, name, path):
            digest.update(piece)
        if digest.hexdigest() != name:
            raise BackupError(f"The backup of the object {path} is damaged.")
    return f"{len(entries)} files of {points.stamp(at)}, all whole"


def archive(passphrase: str, until: float, sink: BinaryIO, store: Path = OBJECT_BACKUPS) -> int:
    """Writes the objects of the newest backup not after `until` into a tar; returns their number."""
    known = [file for at, file in lists(store) if at <= until]
    if not known:
        raise BackupError(f"There is no backup of objects from before {points.stamp(until)}.")
    keys, entries = Keys.of(passphrase), contents(passphrase, known[-1])
    with tarfile.open(fileobj=sink, mode="w|") as tar:
        for entry in entries:
            path = str(entry["path"])
            member = tarfile.TarInfo(path)
            member.size, member.mtime, member.mode = int(str(entry["size"])), int(float(str(entry["time"]))), 0o644
            tar.addfile(member, _Stream(_opened(store, keys, str(entry["name"]), path)))
    return len(entries)


class _Stream(io.RawIOBase):
    """Pieces as a file to read from, so that no object is held in memory."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__()
        self._pieces, self._rest = pieces, b""

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self._rest) < size:
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._rest += piece
        end = len(self._rest) if size < 0 else size
        given, self._rest = self._rest[:end], self._rest[end:]
        return given


class Source(Protocol):
    """What pieces can be read from."""

    def read(self, size: int, /) -> bytes: ...


def seal(source: Source, key: bytes) -> Iterator[bytes]:
    """Pieces, each with its length in front."""
    cipher, number = AESGCM(key), 0
    piece = source.read(PIECE)
    while True:
        following = source.read(PIECE)
        nonce = secrets.token_bytes(_NONCE)
        sealed = nonce + cipher.encrypt(nonce, piece, struct.pack(">Q?", number, not following))
        yield struct.pack(">I", len(sealed)) + sealed
        if not following:
            return
        piece, number = following, number + 1


def unseal(source: BinaryIO, key: bytes, what: str) -> Iterator[bytes]:
    """The pieces of what `seal` gave.

    Raises `BackupError` naming `what` when anything was changed or is missing.
    """
    cipher, number, last = AESGCM(key), 0, False
    while not last:
        head = source.read(4)
        sealed = source.read(struct.unpack(">I", head)[0]) if len(head) == 4 else b""
        for end in (False, True):
            try:
                yield cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], struct.pack(">Q?", number, end))
            except (InvalidTag, ValueError):
                continue
            last = end
            break
        else:
            raise BackupError(f"The backup of {what} is damaged.")
        number += 1


def _opened(store: Path, keys: Keys, name: str, path: str) -> Iterator[bytes]:
    try:
        with (store / "files" / name).open("rb") as handle:
            yield from unseal(handle, keys.content, f"the object {path}")
    except FileNotFoundError:
        raise BackupError(f"The backup of the object {path} is missing.") from None


class _Named:
    """A file to read from, with the name and the size of what was read of it so far."""

    def __init__(self, keys: Keys, source: BinaryIO) -> None:
        self._source, self._digest = source, hmac.new(keys.names, digestmod=hashlib.sha256)
        self.size = 0

    def read(self, size: int) -> bytes:
        piece = self._source.read(size)
        self._digest.update(piece)
        self.size += len(piece)
        return piece

    @property
    def name(self) -> str:
        return self._digest.hexdigest()


def _kept(folder: Path, keys: Keys, handle: BinaryIO) -> tuple[str, int]:
    """Name and size of a file's content, which is in the store then.

    It may be written to meanwhile, so what is stored gets the name of what was copied.
    """
    seen = _Named(keys, handle)
    while seen.read(PIECE):
        pass
    if (folder / seen.name).exists():
        return seen.name, seen.size
    handle.seek(0)
    copied = _Named(keys, handle)
    aside = _aside(folder / seen.name)
    _write(aside, seal(copied, keys.content))
    aside.replace(folder / copied.name)
    return copied.name, copied.size


def _store(file: Path, pieces: Iterator[bytes]) -> None:
    _write(_aside(file), pieces)
    _aside(file).replace(file)


def _aside(file: Path) -> Path:
    return file.with_name(f".{file.name}.{os.getpid()}")


def _write(file: Path, pieces: Iterator[bytes]) -> None:
    with file.open("wb") as handle:
        for piece in pieces:
            handle.write(piece)
        handle.flush()
        os.fsync(handle.fileno())
