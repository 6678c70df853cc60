"""When the authority is asked and when not, with an authority that is made up."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from penguinmails_operations.acme.app import application
from penguinmails_operations.acme.authority import Issued, NotIssued, Suggestion, Tokens
from penguinmails_operations.acme.chain import Chain
from penguinmails_operations.acme.challenges import Answers
from penguinmails_operations.acme.loop import Loop
from penguinmails_operations.acme.settings import Settings
from penguinmails_operations.acme.store import Store
from prometheus_client import generate_latest

from tests.unit.images.operations.acme.made import DOMAIN, NOW, pair
from tests.unit.images.operations.asgi import Client

DIRECTORY = "https://acme.example.net/directory"


@dataclass
class Told:
    """The authority, the edge and the clock, as the test says."""

    now: datetime = NOW
    asked: list[datetime] = field(default_factory=list)
    suggested: int = 0
    failure: NotIssued | None = None
    renew: datetime | None = None
    edge: bool = True
    broken: bool = False

    def obtain(self, domain: str, email: str, former_email: str, tokens: Tokens) -> Issued:
        self.asked.append(self.now)
        if self.failure is not None:
            raise self.failure
        chain, key = pair(self.now, domain=domain, number=len(self.asked))
        return Issued(chain, pair(number=99)[1] if self.broken else key)

    def suggestion(self, chain: Chain) -> Suggestion:
        self.suggested += 1
        return Suggestion(self.renew, self.now + timedelta(hours=6))


@dataclass
class Part:
    folder: Path
    told: Told = field(default_factory=Told)
    answers: Answers = field(default_factory=Answers)

    def start(self, *, directory: str = DIRECTORY, domain: str = DOMAIN) -> Loop:
        for name in ("account", "certificate"):
            (self.folder / name).mkdir(exist_ok=True)
        settings = Settings(
            domain=domain,
            directory_url=directory,
            email="a@example.com",
            edge_url="http://edge",
            account_folder=self.folder / "account",
            certificate_folder=self.folder / "certificate",
        )
        self.store = Store(settings.account_folder, settings.certificate_folder, domain, directory)
        self.loop = Loop(settings, self.store, self.told, self.answers, lambda: self.told.edge, lambda: self.told.now)
        return self.loop

    def days(self, number: float, step_hours: float = 6) -> None:
        end = self.told.now + timedelta(days=number)
        while self.told.now < end:
            self.told.now += timedelta(hours=step_hours)
            self.loop.tick()

    def figure(self, name: str) -> float:
        lines = generate_latest(self.loop.registry).decode().splitlines()
        return next(float(line.split()[-1]) for line in lines if line.startswith(f"penguinmails_acme_{name} "))


@pytest.fixture
def part(tmp_path: Path) -> Part:
    made = Part(tmp_path)
    made.start()
    return made


def test_a_year_costs_a_certificate_every_sixty_days(part: Part) -> None:
    part.days(365)
    between = [(after - before).days for before, after in pairwise(part.told.asked)]
    assert between == [60] * 6
    assert part.told.suggested <= 365 * 4 + 7


def test_restarts_ask_nobody(part: Part) -> None:
    part.loop.tick()
    for _ in range(20):
        part.start().tick()
    assert len(part.told.asked) == 1


def test_the_authoritys_wish_is_followed(part: Part) -> None:
    part.loop.tick()
    part.told.renew = NOW + timedelta(days=3)
    part.days(2.5)
    assert len(part.told.asked) == 1
    part.days(0.5)
    assert len(part.told.asked) == 2


def test_a_wish_in_the_past_is_followed_once_an_hour_at_most(part: Part) -> None:
    part.told.renew = NOW - timedelta(days=3)
    part.days(0.5, step_hours=0.1)
    assert 2 <= len(part.told.asked) <= 12
    assert min(after - before for before, after in pairwise(part.told.asked)) >= timedelta(hours=1)


@pytest.mark.parametrize("change", [{"directory": "https://other.example.net/"}, {"domain": "other.example.com"}])
def test_another_authority_and_another_domain_mean_another_certificate(part: Part, change: dict[str, str]) -> None:
    part.loop.tick()
    part.start(**change).tick()
    assert len(part.told.asked) == 2


def test_a_file_that_somebody_changed_is_replaced(part: Part) -> None:
    part.loop.tick()
    chain, key = pair(number=50)
    part.store.hand_over(chain, key)
    part.loop.tick()
    assert len(part.told.asked) == 2


def test_failures_are_asked_again_ever_more_seldom_while_the_old_one_serves(part: Part) -> None:
    part.loop.tick()
    served = part.store.served()
    part.told.failure = NotIssued("the authority refused: unauthorized: no")
    part.told.now = NOW + timedelta(days=61)
    begin = part.told.now
    while part.told.now < begin + timedelta(hours=1):
        part.told.now += timedelta(seconds=5)
        part.loop.tick()
    minutes = [round((moment - begin).total_seconds() / 60) for moment in part.told.asked[1:]]
    assert minutes == [0, 5, 15, 35]
    assert part.store.served() == served
    assert part.figure("failures_in_a_row") == 4
    assert part.figure("last_success_timestamp_seconds") == NOW.timestamp()
    part.told.failure = None
    part.days(1, step_hours=0.1)
    assert part.figure("failures_in_a_row") == 0
    assert part.store.served() != served


def test_too_many_attempts_are_an_hours_silence(part: Part) -> None:
    part.told.failure = NotIssued("the authority refused: rateLimited: too many", limited=True)
    part.days(59 / 60 / 24, step_hours=1 / 60)
    assert len(part.told.asked) == 1
    part.days(3 / 60 / 24, step_hours=1 / 60)
    assert len(part.told.asked) == 2


def test_a_program_that_ends_at_every_attempt_asks_every_five_minutes_only(part: Part) -> None:
    part.told.failure = NotIssued("no")
    for _ in range(60):
        part.start().tick()
        part.told.now += timedelta(seconds=10)
    assert len(part.told.asked) == 2


def test_a_pair_that_does_not_belong_together_is_a_failure(part: Part, caplog: pytest.LogCaptureFixture) -> None:
    part.told.broken = True
    part.loop.tick()
    assert part.store.served() is None
    assert vars(caplog.records[-1])["reason"] == "the key does not belong to the certificate"
    assert part.figure("certificate_expiry_timestamp_seconds") == 0


def test_without_the_edge_nobody_is_asked_and_that_is_no_failure(part: Part) -> None:
    part.told.edge = False
    part.days(1)
    assert part.told.asked == []
    assert part.figure("failures_in_a_row") == 0
    part.told.edge = True
    part.loop.tick()
    assert len(part.told.asked) == 1


def test_only_challenges_that_are_open_are_answered(part: Part) -> None:
    client = Client(application(part.loop, part.answers))
    part.answers.put("token", "token.thumbprint")
    found = client.get("/.well-known/acme-challenge/token")
    assert (found.status_code, found.text) == (200, "token.thumbprint")
    assert client.get("/.well-known/acme-challenge/other").status_code == 404
    part.answers.clear()
    assert client.get("/.well-known/acme-challenge/token").status_code == 404
    assert client.get("/healthz").status_code == 200
    assert "penguinmails_acme_attempts_total" in client.get("/metrics").text


def test_what_was_told_is_kept(part: Part) -> None:
    part.loop.tick()
    memory = part.store.memory()
    assert (memory.contact, memory.directory) == ("a@example.com", DIRECTORY)
    assert replace(memory, issued="").succeeded == NOW.timestamp()
