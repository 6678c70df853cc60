"""The secrets of a stack: made once, encrypted in the stack file by the engine, and given to the operator as files."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from components import targets
from components.docker import pki, supplied
from components.spec import TargetName
from components.target import SecretKey
from scripts.operations import engine
from scripts.operations.reach import Trust
from scripts.operations.stack import Stack
from scripts.toolchain.process import Failure


def provide(stack: Stack) -> tuple[dict[str, str], list[str]]:
    """Makes every secret that the stack's target needs and its file lacks; one that is blank is lacking.

    Returns the stack's whole configuration, decrypted, and the names of what was made.
    """
    values = engine.config(stack.name)
    made = []
    keys = targets.choose(stack.spec.target).secret_keys(stack.spec)
    lacking = [key for key in keys if not values.get(key.name, "").strip()]
    wanted = [key for key in lacking if key.kind == "supplied"]
    if wanted:
        lines = [f"{key.name} ({key.purpose}): pulumi config set --secret {key.name} --stack {stack.name}" for key in wanted]
        raise Failure("Secrets are missing that only you know; give each, then run again:\n  " + "\n  ".join(lines))
    _check_supplied(stack, values)
    for key in lacking:
        values[key.name] = _new(key, stack)
        engine.set_secret(stack.name, key.name, values[key.name])
        made.append(key.name)
    return values, made


def _check_supplied(stack: Stack, values: Mapping[str, str]) -> None:
    """Raises `Failure` for a certificate that clients would refuse."""
    if stack.spec.target is not TargetName.DOCKER or stack.spec.edge.certificate != "supplied":
        return
    try:
        supplied.check(values["edgeCertificate"], values["edgeKey"], stack.spec.domain, datetime.now(UTC).date())
    except ValueError as error:
        raise Failure(f"{error}: pulumi config set --secret NAME --stack {stack.name} < FILE") from None


def edge_trust(stack: Stack, ca_certificate: str, values: Mapping[str, str] | None = None) -> Trust:
    """What a certificate of the edge may be signed by.

    `ca_certificate`: the stack's output. `values`: its configuration, decrypted, where it was read already. A supplied chain
    may end below its authority. With acme the platform's own certificate is served first, and another authority's later.
    """
    mode = stack.spec.edge.certificate
    if stack.spec.target is not TargetName.DOCKER or mode == "internal" or (mode == "supplied" and ca_certificate):
        return Trust(ca_certificate)
    known = values if values is not None else engine.config(stack.name)
    if mode == "supplied":
        return Trust(known.get("edgeCertificate", ""))
    return Trust(pki.trusted_pem(known["certificateAuthority"]) + ca_certificate, public=not ca_certificate)


def write_files(stack: Stack, api_key: str, authority_pem: str) -> tuple[Path, Path]:
    """Writes the API key (mode 0600) and the authority's certificate; returns their paths.

    Of several keys, one a line, the first is the one to use: the others are on their way out (`rotate.py`).
    """
    stack.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key, authority = stack.folder / "api-key", stack.folder / "ca.pem"
    write_whole(key, api_key.split("\n", 1)[0] + "\n", 0o600)
    write_whole(authority, authority_pem, 0o644)
    return key, authority


def _new(key: SecretKey, stack: Stack) -> str:
    if key.kind == "authority":
        return pki.authority_bundle(pki.new_authority(f"PenguinMails {stack.name}"[:64], datetime.now(UTC)))
    # 40 characters: RDS takes 41 at most for MySQL.
    return secrets.token_urlsafe(30)


def write_whole(file: Path, text: str, mode: int) -> None:
    """Whole or not at all, and never readable by others for a moment."""
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.write(text)
    aside.replace(file)
