"""What the tests have outside a platform: a container in its network with receivers of alerts and servers for backups."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from components import images
from components.docker import pki
from tests.docker.conftest import docker, until

HOST = "outside"
IMAGE = "penguinmails-tests/outside"
SMTP_PASSWORD = "the-password-of-the-relay"
SEEN = "/srv/seen/lines"


@dataclass(frozen=True)
class Outside:
    """`key`: the private key that its SFTP server takes. `authority`: whose certificate it presents."""

    name: str
    key: str
    authority: str

    def run(self, *command: str) -> str:
        return docker("exec", self._container(), *command)

    def host_key_sha256(self) -> str:
        """By the recipe of docs/docker-backups.md."""
        text = self.run("cat", "/etc/ssh/ssh_host_ecdsa_key.pub").split()[1]
        return hashlib.sha256(base64.b64decode(text)).hexdigest()

    def seen(self, way: str) -> list[dict[str, Any]]:
        """What came by `way`: webhook, slack or mail; refused or taken."""
        lines = [json.loads(line) for line in self.run("sh", "-c", f"cat {SEEN} || true").splitlines()]
        return [line for line in lines if line["way"] == way]

    def _container(self) -> str:
        return docker("ps", "--quiet", "--filter", f"name=^{self.name}\\.").split()[0]

    def is_ready(self) -> bool:
        filters = ("--filter", f"name=^{self.name}\\.", "--filter", "health=healthy")
        return bool(docker("ps", "--quiet", *filters).split())


@contextmanager
def started(*networks: str) -> Iterator[Outside]:
    """Builds the image, unless the engine has its layers, and runs it in `networks`."""
    docker(
        "build", "--quiet", "--tag", IMAGE, "--build-arg", f"BASE={images.reference(images.BASE)}", str(Path(__file__).parent)
    )
    now = datetime.now(UTC)
    authority = pki.new_authority("outside", now)
    leaf = pki.issue(authority, HOST, [HOST, "localhost"], [], now, now + timedelta(days=2))
    private = ed25519.Ed25519PrivateKey.generate()
    forms = serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
    public = private.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH).decode()
    name = f"outside-{os.getpid()}"
    given = {"tls.pem": leaf.certificate_pem + leaf.key_pem, "authorized-keys": public + "\n", "smtp-password": SMTP_PASSWORD}
    secrets = []
    try:
        for target, text in given.items():
            docker("secret", "create", f"{name}-{target}", "-", given=text)
            secrets += ["--secret", f"source={name}-{target},target={target}"]
        where = [word for network in networks for word in ("--network", f"name={network},alias={HOST}")]
        quietly = ["--quiet", "--detach", "--no-resolve-image", "--endpoint-mode", "dnsrr"]
        docker("service", "create", *quietly, "--name", name, *where, *secrets, IMAGE)
        made = Outside(name, private.private_bytes(*forms).decode(), authority.certificate_pem)
        until(made.is_ready, 90, "what is outside is ready")
        yield made
    finally:
        _remove(name, [f"{name}-{target}" for target in given])


def _remove(name: str, secrets: list[str]) -> None:
    if docker("service", "ls", "--quiet", "--filter", f"name={name}"):
        docker("service", "rm", name)
    until(lambda: not docker("ps", "--all", "--quiet", "--filter", f"name=^{name}\\."), 60, "it is gone")
    for secret in secrets:
        if docker("secret", "ls", "--quiet", "--filter", f"name={secret}"):
            docker("secret", "rm", secret)
