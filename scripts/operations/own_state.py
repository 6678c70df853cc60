"""What this machine knows of a platform (state, stack file, the engine's passphrase), as one encrypted archive on it.

Written by scripts/backup, and by scripts/up after a change. It opens by openssl, where nothing of this kit is left. Left out:
bringing it elsewhere, which whoever keeps the passphrase of the backups has to do as well.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import os
import secrets
import tarfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from scripts.operations import engine
from scripts.operations.credentials import write_whole
from scripts.operations.stack import Stack
from scripts.toolchain import paths
from scripts.toolchain.process import Failure

ITERATIONS = 600_000
KEPT = 30
"""Archives of a stack's own state; each has some ten KiB."""

_MARK = "4dabf18193072939515e22adb298388d"
"""The engine's mark of an encrypted value in a state; it encrypts anew each time, so the same value never looks the same."""


def opening(archive: Path) -> str:
    """The command that opens an archive; it asks for the passphrase."""
    return f"openssl enc -d -aes-256-cbc -md sha256 -pbkdf2 -iter {ITERATIONS} -in {archive} | tar -xzf -"


def write(stack: Stack, passphrase: str) -> Path:
    """Writes state, stack file and passphrase of the engine into one encrypted archive; returns its path."""
    return _written(stack, passphrase, _members(stack))


def write_changed(stack: Stack, passphrase: str) -> Path | None:
    """The same, but nothing when the newest archive already says it all, so that the older ones are not pushed out."""
    members = _members(stack)
    known = _digest_file(stack)
    if known.is_file() and _archives(stack) and known.read_text(encoding="utf-8").strip() == _digest(members, passphrase):
        return None
    return _written(stack, passphrase, members)


def _written(stack: Stack, passphrase: str, members: Mapping[str, bytes]) -> Path:
    if not passphrase:
        raise Failure(f"The secret backupPassphrase is missing: run scripts/up {stack.name} first.")
    _folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    file = _folder() / f"{stack.name}-{datetime.now(UTC).strftime('%Y%m%dT%H%M%SZ')}.tar.gz.enc"
    aside = file.with_suffix(f".{os.getpid()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(encrypted(packed(members), passphrase))
    aside.replace(file)
    write_whole(_digest_file(stack), _digest(members, passphrase) + "\n", 0o600)
    for old in _archives(stack)[:-KEPT]:
        old.unlink()
    return file


def _members(stack: Stack) -> dict[str, bytes]:
    """Name in the archive -> content."""
    phrase = _engine_passphrase(stack)
    return {
        f"stacks/{stack.file.name}": stack.file.read_bytes(),
        "state.json": engine.quiet("stack", "export", stack=stack.name).encode(),
        **({"passphrase": phrase} if phrase is not None else {}),
    }


def _engine_passphrase(stack: Stack) -> bytes | None:
    """As the engine looks for it: the variable first. None for a stack whose secrets another provider encrypts.

    Raises `Failure` when it is needed and cannot be found: an archive without it does not bring the stack back.
    """
    given = os.environ.get("PULUMI_CONFIG_PASSPHRASE")
    if given is not None:
        return given.encode()
    file = os.environ.get("PULUMI_CONFIG_PASSPHRASE_FILE")
    if file and Path(file).is_file():
        return Path(file).read_bytes()
    if b"encryptionsalt:" in stack.file.read_bytes():
        raise Failure("The engine's passphrase cannot be kept: set PULUMI_CONFIG_PASSPHRASE_FILE to the file that holds it.")
    return None


def _folder() -> Path:
    return paths.state_dir() / "backups"


def _archives(stack: Stack) -> list[Path]:
    """Oldest first."""
    return sorted(_folder().glob(f"{stack.name}-????????T??????Z.tar.gz.enc"))


def _digest_file(stack: Stack) -> Path:
    return _folder() / f".{stack.name}.digest"


def _digest(members: Mapping[str, bytes], passphrase: str) -> str:
    """Of what the archive brings back; keyed, so that nothing can be guessed from it. Times of runs do not count."""
    deployment = json.loads(members["state.json"], object_hook=_comparable).get("deployment") or {}
    state = json.dumps(deployment.get("resources"), sort_keys=True).encode()
    digest = hmac.new(passphrase.encode(), digestmod=hashlib.sha256)
    for part in ({**members, "state.json": state}).items():
        digest.update(hashlib.sha256(part[0].encode()).digest() + hashlib.sha256(part[1]).digest())
    return digest.hexdigest()


def _comparable(value: dict[str, Any]) -> dict[str, Any]:
    return {key: part for key, part in value.items() if key != "ciphertext"} if _MARK in value else value


def packed(members: Mapping[str, bytes]) -> bytes:
    """A tar, compressed, of files that only their owner may read."""
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w:gz") as tar:
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            member.size, member.mode, member.mtime = len(data), 0o600, int(time.time())
            tar.addfile(member, io.BytesIO(data))
    return sink.getvalue()


def encrypted(data: bytes, passphrase: str) -> bytes:
    """As `openssl enc -aes-256-cbc -md sha256 -pbkdf2` writes it, so that it opens where nothing of this kit is left."""
    salt = secrets.token_bytes(8)
    derived = PBKDF2HMAC(hashes.SHA256(), 48, salt, ITERATIONS).derive(passphrase.encode())
    padder = padding.PKCS7(128).padder()
    encryptor = Cipher(algorithms.AES(derived[:32]), modes.CBC(derived[32:])).encryptor()
    return b"Salted__" + salt + encryptor.update(padder.update(data) + padder.finalize()) + encryptor.finalize()
