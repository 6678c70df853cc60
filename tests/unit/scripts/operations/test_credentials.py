"""What a platform's edge may be trusted by, from what the stack says of its certificate."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from components.docker import pki
from components.spec import DockerSection
from scripts.operations import credentials, stack
from scripts.operations.reach import Trust

BUNDLE = pki.authority_bundle(pki.new_authority("test", datetime(2026, 1, 1, tzinfo=UTC)))
VALUES = {"certificateAuthority": BUNDLE, "edgeCertificate": "a chain"}


def described(mode: str) -> stack.Stack:
    found = stack.read("docker-local")
    spec = found.spec.model_copy(update={"edge": found.spec.edge.model_copy(update={"certificate": mode})})
    return stack.Stack(found.name, found.file, spec.model_copy(update={"docker": DockerSection()}))


@pytest.mark.parametrize(
    ("mode", "output", "trust"),
    [
        ("internal", "its authority", Trust("its authority")),
        ("supplied", "its authority", Trust("its authority")),
        ("supplied", "", Trust("a chain")),
        ("acme", "", Trust(pki.trusted_pem(BUNDLE), public=True)),
        ("acme", "a private authority\n", Trust(pki.trusted_pem(BUNDLE) + "a private authority\n")),
    ],
)
def test_who_may_have_signed_the_edges_certificate(mode: str, output: str, trust: Trust) -> None:
    """With acme that is the platform's own authority until the other has given one."""
    found = credentials.edge_trust(described(mode), output, VALUES)
    assert found == trust
    assert "PRIVATE KEY" not in found.pem
