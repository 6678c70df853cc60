"""What a platform's edge may be trusted by, from what the stack says of its certificate."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from components.docker import pki
from components.docker.secret_keys import secret_keys
from components.spec import Alerts, DockerSection
from scripts.operations import credentials, stack
from scripts.operations.reach import Trust
from scripts.toolchain.process import Failure

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


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The stack's configuration: everything that one with alerts by webhook and Slack needs."""
    found = {key.name: "given" for key in secret_keys(watched().spec)}
    monkeypatch.setattr(credentials.engine, "config", lambda _: dict(found))
    monkeypatch.setattr(credentials.engine, "set_secret", lambda _, name, value: found.update({name: value}))
    return found


def watched() -> stack.Stack:
    found = stack.read("docker-local")
    alerts = Alerts(webhooks=("https://hooks.example.com/x",), slack=True)
    return stack.Stack(found.name, found.file, found.spec.model_copy(update={"alerts": alerts}))


def test_nothing_is_made_where_nothing_is_missing(kept: dict[str, str]) -> None:
    before = dict(kept)
    assert credentials.provide(watched()) == (before, [])
    assert kept == before


@pytest.mark.parametrize("blank", [None, "", " \n"])
def test_a_password_that_is_missing_or_blank_is_made(kept: dict[str, str], blank: str | None) -> None:
    """Blank, it would sign nothing and let everybody in."""
    kept.pop("alertsWebhookSecret") if blank is None else kept.update(alertsWebhookSecret=blank)
    values, made = credentials.provide(watched())
    assert made == ["alertsWebhookSecret"]
    assert len(values["alertsWebhookSecret"]) == 40
    assert kept["alertsWebhookSecret"] == values["alertsWebhookSecret"]


@pytest.mark.parametrize("blank", [None, "", " \n"])
def test_what_only_a_person_knows_is_asked_for_by_its_name(kept: dict[str, str], blank: str | None) -> None:
    kept.pop("alertsSlackUrl") if blank is None else kept.update(alertsSlackUrl=blank)
    with pytest.raises(Failure, match="alertsSlackUrl \\(the address of an incoming webhook of Slack\\)"):
        credentials.provide(watched())
