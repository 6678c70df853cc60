"""scripts/backup: backs a platform up now, and what this machine knows of it."""

from __future__ import annotations

import io
import json
import os
import secrets
import sys
import tarfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from scripts.operations import engine, keeper
from scripts.operations.stack import DEFAULT, Stack
from scripts.toolchain import paths
from scripts.toolchain.process import Failure

ITERATIONS = 600_000
KEPT = 30
"""Archives of a stack's own state; each has some ten KiB."""

app = typer.Typer(add_completion=False)


@app.command()
def backup(
    name: Annotated[str, typer.Argument(metavar="STACK", help="A file stacks/Pulumi.STACK.yaml.")] = DEFAULT,
    full: Annotated[bool, typer.Option("--full", help="A full backup; else full once a week, differential between.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as one line of JSON.")] = False,
) -> None:
    """Back up the database and the objects into every repository, and the stack's own state into an encrypted archive here."""
    began = time.monotonic()
    stack = keeper.stack_with_backups(name)
    archive = own_state(stack, engine.config(name).get("backupPassphrase", ""))
    keeper.say("Backing up the database and the objects.")
    found = keeper.ask(stack, "backup", *(["--full"] if full else []))
    seconds = round(time.monotonic() - began, 1)
    if as_json:
        typer.echo(json.dumps({**found, "archive": str(archive), "seconds": seconds}))
        return
    typer.echo(
        f"The {found['kind']} backup {found['label']} is made after {seconds:.0f} s.\n\n"
        f"  Stack's own state  {archive}\n\n"
        f"Open it with the passphrase, which you keep elsewhere (pulumi config get backupPassphrase --stack {name}):\n\n"
        f"  {opening(archive)}"
    )


def opening(archive: Path) -> str:
    """The command that opens an archive; it asks for the passphrase."""
    return f"openssl enc -d -aes-256-cbc -md sha256 -pbkdf2 -iter {ITERATIONS} -in {archive} | tar -xzf -"


def own_state(stack: Stack, passphrase: str) -> Path:
    """Writes state, stack file and passphrase of the engine into one encrypted archive; returns its path."""
    if not passphrase:
        raise Failure(f"The secret backupPassphrase is missing: run scripts/up {stack.name} first.")
    folder = paths.state_dir() / "backups"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    members = {
        f"stacks/{stack.file.name}": stack.file.read_bytes(),
        "state.json": engine.quiet("stack", "export", stack=stack.name).encode(),
    }
    phrase = os.environ.get("PULUMI_CONFIG_PASSPHRASE_FILE")
    if phrase and Path(phrase).is_file():
        members["passphrase"] = Path(phrase).read_bytes()
    file = folder / f"{stack.name}-{datetime.now(UTC).strftime('%Y%m%dT%H%M%SZ')}.tar.gz.enc"
    aside = file.with_suffix(f".{os.getpid()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(encrypted(packed(members), passphrase))
    aside.replace(file)
    pattern = f"{stack.name}-????????T??????Z.tar.gz.enc"
    for old in sorted(folder.glob(pattern))[:-KEPT]:
        old.unlink()
    return file


def packed(members: dict[str, bytes]) -> bytes:
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


if __name__ == "__main__":
    try:
        app(prog_name="scripts/backup")
    except Failure as failure:
        sys.stderr.write(f"backup: {failure}\n")
        sys.exit(1)
