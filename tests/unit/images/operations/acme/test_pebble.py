"""Against a real ACME server: first certificate, renewal, failures. Validation comes in by HTTP as through the edge."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import uvicorn
from penguinmails_operations.acme.app import application
from penguinmails_operations.acme.authority import Authority, NotIssued
from penguinmails_operations.acme.chain import Chain
from penguinmails_operations.acme.challenges import Answers, through
from penguinmails_operations.acme.loop import Loop
from penguinmails_operations.acme.settings import Settings
from penguinmails_operations.acme.store import Store
from prometheus_client import generate_latest

from tests.harness import pebble

DOMAIN = "mail.example.com"


@dataclass
class Part:
    """The program with the server that challenges come to; `now` is its clock's present."""

    authority: pebble.Pebble
    folder: Path
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    server: uvicorn.Server | None = None

    def __post_init__(self) -> None:
        for name in ("account", "certificate"):
            (self.folder / name).mkdir(exist_ok=True)
        self.answers = Answers()
        self.loop = self.started()

    def settings(self, *, domain: str = DOMAIN, email: str = "hostmaster@example.org") -> Settings:
        return Settings(
            domain=domain,
            directory_url=self.authority.directory_url,
            email=email,
            edge_url=f"http://127.0.0.1:{self.authority.http}",
            account_folder=self.folder / "account",
            certificate_folder=self.folder / "certificate",
            authority_file=self.authority.authority,
        )

    def started(self, **change: str) -> Loop:
        """The program as after a restart, with the files that are there."""
        given = self.settings(**change)
        self.store = Store(given.account_folder, given.certificate_folder, given.domain, given.directory_url)
        asked = Authority(given.directory_url, self.store.account_key, given.authority_file)
        edge = through(given.edge_url, given.domain, self.answers)
        self.loop = Loop(given, self.store, asked, self.answers, edge, lambda: self.now)
        return self.loop

    def serve(self) -> None:
        config = uvicorn.Config(
            application(self.loop, self.answers), host="127.0.0.1", port=self.authority.http, log_config=None, lifespan="off"
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        while self.thread.is_alive() and not self.server.started:
            self.thread.join(0.02)

    def close(self) -> None:
        if self.server is not None:
            self.server.should_exit = True
            self.thread.join(10)

    def served(self) -> Chain:
        found = self.store.served()
        assert found is not None
        return found

    def figure(self, name: str) -> float:
        lines = generate_latest(self.loop.registry).decode().splitlines()
        return next(float(line.split()[-1]) for line in lines if line.startswith(f"penguinmails_acme_{name} "))


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pebble.Pebble]:
    with pebble.running(tmp_path_factory.mktemp("pebble")) as found:
        yield found


@pytest.fixture
def part(authority: pebble.Pebble, tmp_path: Path) -> Iterator[Part]:
    made = Part(authority, tmp_path)
    made.serve()
    yield made
    made.close()


def test_the_first_certificate_is_handed_over_and_nothing_is_asked_again(part: Part) -> None:
    assert part.store.served() is None
    part.loop.tick()
    first = part.served()
    assert first.ends - first.begins > timedelta(days=89)
    part.loop.tick()
    part.started().tick()
    assert part.served() == first
    files = sorted(file.relative_to(part.folder).as_posix() for file in part.folder.rglob("*") if file.is_file())
    assert [name.split("/")[0] for name in files] == ["account", "account", "certificate"]
    assert files[-1] == f"certificate/{DOMAIN}.pem"
    assert {oct(file.stat().st_mode & 0o777) for file in part.folder.rglob("*") if file.is_file()} == {"0o600"}
    assert part.figure("certificate_expiry_timestamp_seconds") == pytest.approx(first.ends.timestamp())
    assert part.figure("last_success_timestamp_seconds") == pytest.approx(part.now.timestamp())


def test_it_is_renewed_when_the_time_has_come_with_the_same_account_and_another_key(part: Part) -> None:
    part.loop.tick()
    first, key = part.served(), part.store.account_key().private_numbers()
    bundle = part.store.certificate.read_text()
    # Pebble suggests a time of its own, within the lifetime's last third.
    part.now = first.begins + (first.ends - first.begins) * 0.6
    part.loop.tick()
    assert part.served() == first
    part.now = first.begins + (first.ends - first.begins) * 0.76
    part.loop.tick()
    second = part.served()
    assert second.fingerprint != first.fingerprint
    assert part.store.account_key().private_numbers() == key
    assert part.store.certificate.read_text().split("PRIVATE KEY")[1] != bundle.split("PRIVATE KEY")[1]


def test_the_authority_may_want_it_earlier(part: Part) -> None:
    part.loop.tick()
    first = part.served()
    ago = datetime.now(UTC) - timedelta(hours=2)
    part.authority.suggest(first.leaf_pem.decode(), ago, ago + timedelta(hours=1))
    part.now += timedelta(hours=2)
    part.started().tick()
    assert part.served().fingerprint != first.fingerprint


def test_another_contact_is_told_and_another_domain_gets_a_certificate(part: Part) -> None:
    part.loop.tick()
    part.started(email="postmaster@example.org", domain="other.example.com").tick()
    assert part.store.certificate.name == "other.example.com.pem"
    assert part.served().ends > part.now
    assert part.store.memory().contact == "postmaster@example.org"


def test_the_authority_is_not_asked_before_the_edge_brings_challenges_here(
    authority: pebble.Pebble, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    part = Part(authority, tmp_path)
    part.loop.tick()
    part.loop.tick()
    assert part.store.memory().attempted == 0
    assert [record.message for record in caplog.records if "edge" in record.message] == [
        "the edge does not bring challenges here yet; the authority is asked when it does"
    ]


def test_a_failed_validation_is_one_sentence_and_is_waited_after(
    part: Part, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(part.answers, "put", lambda token, answer: None)
    monkeypatch.setattr(part.loop, "_edge_answers", lambda: True)
    part.loop.tick()
    [error] = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert "the authority could not prove the domain by its port 80: unauthorized: " in vars(error)["reason"]
    assert vars(error)["again_in_seconds"] == 300
    part.loop.tick()
    assert part.figure("failures_in_a_row") == 1
    part.now += timedelta(seconds=301)
    part.loop.tick()
    assert part.figure("failures_in_a_row") == 2
    monkeypatch.undo()
    part.now += timedelta(seconds=601)
    part.loop.tick()
    assert part.served().ends > part.now
    assert part.figure("failures_in_a_row") == 0


def test_no_key_and_no_answer_stands_in_a_log(part: Part, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    part.loop.tick()
    said = "\n".join(f"{record.getMessage()} {vars(record)}" for record in caplog.records)
    keys = part.store.certificate.read_text() + next(part.folder.glob("account/account-*.pem")).read_text()
    lines = [line for line in keys.splitlines() if len(line) == 64]
    assert len(lines) > 4
    assert not any(line in said for line in lines)
    assert "PRIVATE KEY" not in said
    assert "handed over" in said


def test_a_directory_that_nobody_vouches_for_is_not_asked(authority: pebble.Pebble, tmp_path: Path) -> None:
    store = Store(tmp_path, tmp_path, DOMAIN, authority.directory_url)
    asked = Authority(authority.directory_url, store.account_key, trusted=None)
    with pytest.raises(NotIssued, match="the authority cannot be reached \\(SSLError"):
        asked.obtain(DOMAIN, "hostmaster@example.org", "", Answers())


def test_an_authority_that_was_made_anew_gets_a_new_account(part: Part, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Its directory has the address of the old one, as after a restart of a Pebble or a restored one's loss of accounts."""
    part.loop.tick()
    key = part.store.account_key()
    with pebble.running(tmp_path_factory.mktemp("another"), http=part.authority.http) as other:
        asked = Authority(other.directory_url, lambda: key, other.authority)
        issued = asked.obtain(DOMAIN, "hostmaster@example.org", "hostmaster@example.org", part.answers)
    assert part.store.hand_over(issued.chain_pem, issued.key_pem).ends > part.now
