"""Private authorities that are trusted beside the public ones at addresses outside: of alerts, and of the second repository.

The certificates are public, so they are a file that everybody may read.
"""

from __future__ import annotations

from typing import Final

from cryptography import x509
from pulumi import ResourceOptions

from components.binding import FileReference
from components.contract import Identity
from components.docker import swarm
from components.spec import DockerSection

FILE: Final = f"{swarm.CONFIG_FOLDER}/authorities.pem"
PUBLIC_FOLDER: Final = "/etc/ssl/certs"
"""Of every image: the public ones, by the names that OpenSSL looks for."""


def given(section: DockerSection | None) -> bool:
    return section is not None and section.authorities_pem is not None


def files(
    name: str, identity: Identity, component: str, section: DockerSection | None, opts: ResourceOptions
) -> dict[str, FileReference]:
    """Path -> file for a workload; nothing where no private authority is named."""
    if section is None or section.authorities_pem is None:
        return {}
    return {FILE: swarm.file(f"{name}-authorities", identity, component, section.authorities_pem, opts)}


def holds_certificates(pem: str) -> bool:
    """Whether it is certificates and nothing secret: a private key among them would stand where everybody may read it."""
    try:
        x509.load_pem_x509_certificates(pem.encode())
    except ValueError:
        return False
    return "PRIVATE KEY" not in pem
