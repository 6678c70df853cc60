"""Whether a file of a drill is what the platform wrote. The keeper of backups signs (images/backup), this verifies."""

from __future__ import annotations

import base64
import binascii
import json
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from scripts.toolchain.process import Failure

MARK = "\n<!-- signature (Ed25519, base64): "
_END = " -->\n"


def verify(file: Path, key_file: Path) -> None:
    """Raises `Failure` when the file was not signed by the key, or was changed since."""
    key = _key(key_file)
    text = _text(file)
    try:
        signed, signature = _page(text) if file.suffix == ".html" else _json(text)
        key.verify(base64.b64decode(signature, validate=True), signed)
    except (InvalidSignature, ValueError, KeyError, TypeError, binascii.Error):
        raise Failure(f"{file.name} is not what the platform wrote: it was changed, or signed by another key.") from None


def _page(text: str) -> tuple[bytes, str]:
    body, mark, rest = text.rpartition(MARK)
    if not mark or not rest.endswith(_END):
        raise ValueError("no signature")
    return body.encode(), rest.removesuffix(_END)


def _json(text: str) -> tuple[bytes, str]:
    found = json.loads(text)
    if set(found) != {"evidence", "signature"}:
        raise ValueError("more than the evidence")
    canonical = json.dumps(found["evidence"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return canonical.encode(), found["signature"]["value"]


def _key(file: Path) -> Ed25519PublicKey:
    try:
        key = serialization.load_pem_public_key(_text(file).encode())
    except ValueError:
        raise Failure(f"{file} is no public key in PEM.") from None
    if not isinstance(key, Ed25519PublicKey):
        raise Failure(f"{file} is no key of Ed25519.")
    return key


def _text(file: Path) -> str:
    """With its line ends as they are: they are part of what is signed."""
    try:
        return file.read_bytes().decode()
    except OSError as error:
        raise Failure(f"{file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise Failure(f"{file} is no text.") from None
