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
import struct
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

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
    """Stores what is new in `source` and a list of all; returns the number of files."""
    keys = Keys.of(passphrase)
    (store / "files").mkdir(mode=0o700, parents=True, exist_ok=True)
    listed = []
    for file in sorted(path for path in source.rglob("*") if path.is_file() and not path.is_symlink()):
        try:
            with file.open("rb") as handle:
                facts = os.fstat(handle.fileno())
                name = _name(keys, handle)
                if not (store / "files" / name).exists():
                    handle.seek(0)
                    _store(store / "files" / name, seal(handle, keys.content))
        except FileNotFoundError:
            continue  # removed since the folder was read
        except PermissionError:
            raise BackupError(f"The object {file.relative_to(source)} cannot be read: let others read it.") from None
        listed.append({"path": str(file.relative_to(source)), "name": name, "size": facts.st_size, "time": facts.st_mtime})
    _store(store / f"list-{int(now):012d}", seal(io.BytesIO(json.dumps(listed).encode()), keys.content))
    return len(listed)


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


def seal(source: BinaryIO, key: bytes) -> Iterator[bytes]:
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


def _name(keys: Keys, handle: BinaryIO) -> str:
    digest = hmac.new(keys.names, digestmod=hashlib.sha256)
    while piece := handle.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()


def _store(file: Path, pieces: Iterator[bytes]) -> None:
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    with aside.open("wb") as handle:
        for piece in pieces:
            handle.write(piece)
        handle.flush()
        os.fsync(handle.fileno())
    aside.replace(file)
