"""The files: the account's key, what is remembered, and the certificate that the edge serves. Mode 0600, whole or not at all.

The certificate's file is written and then given the present time: who watches it by its time sees every change of it.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from penguinmails_operations.acme.chain import Chain, NotSound, bundle, read


@dataclass(frozen=True)
class Memory:
    """`attempted`, `succeeded`: Unix time, 0 for never. `contact`: the address that the account was registered with. `issued`,
    `directory`: the fingerprint of the last certificate, and who issued it."""

    attempted: float = 0.0
    succeeded: float = 0.0
    contact: str = ""
    issued: str = ""
    directory: str = ""


class Store:
    """`account`: the folder that nobody else reads. `certificate`: the one that the edge's files are made from."""

    def __init__(self, account: Path, certificate: Path, domain: str, directory_url: str) -> None:
        self._folder, self._domain = account, domain
        name = hashlib.sha256(directory_url.encode()).hexdigest()[:16]
        self._key, self._memory = account / f"account-{name}.pem", account / "memory.json"
        self.certificate = certificate / f"{domain}.pem"

    def account_key(self) -> ec.EllipticCurvePrivateKey:
        """The account's key, one for each authority; made at the first call. It is the account: no other file names it."""
        if not self._key.exists():
            _write(self._key, new_key_pem())
        key = serialization.load_pem_private_key(self._key.read_bytes(), password=None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return key

    def memory(self) -> Memory:
        """What was remembered; a file that cannot be read is as none, for all of it can be found anew."""
        try:
            return Memory(**json.loads(self._memory.read_text()))
        except (OSError, ValueError, TypeError):
            return Memory()

    def remember(self, memory: Memory) -> None:
        _write(self._memory, json.dumps(asdict(memory)))

    def served(self) -> Chain | None:
        """What the edge has been given; None where there is nothing, or nothing for this domain."""
        try:
            return read(self.certificate.read_text(), self._domain)
        except (FileNotFoundError, NotSound):
            return None

    def hand_over(self, chain_pem: str, key_pem: str) -> Chain:
        """Gives the edge a certificate with its key. Raises `NotSound`, and then the former stays."""
        pem = bundle(chain_pem, key_pem)
        chain = read(pem, self._domain)
        _write(self.certificate, pem)
        os.utime(self.certificate)
        return chain


def new_key_pem() -> str:
    """A key on the curve P-256, without a passphrase: whoever reads the volume may use it."""
    made = ec.generate_private_key(ec.SECP256R1())
    return made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def _write(file: Path, text: str) -> None:
    aside = file.with_name(f".{file.name}.new")
    aside.unlink(missing_ok=True)
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    aside.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
