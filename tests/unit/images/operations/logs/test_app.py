"""What the collector tells over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from penguinmails_operations.logs import discover
from penguinmails_operations.logs.app import application
from penguinmails_operations.logs.collector import Collector, Limits

from tests.unit.images.operations.asgi import Client
from tests.unit.images.operations.logs.engine import Engine


@pytest.fixture
def client(tmp_path: Path) -> Client:
    engine = Engine(tmp_path / "containers")
    engine.tell("ERROR", "it broke")
    engine.tell("WARNING", "authentication failed", reason="wrong", client_address="10.0.0.1")
    engine.write("old", at=datetime.now(UTC) - timedelta(days=1, hours=1))
    collector = Collector(engine.root, tmp_path / "volume", discover.from_folder(engine.root), Limits("test", 30, 10**9))
    collector.run_pass()
    return Client(application(collector))


def test_errors_security_and_releases(client: Client) -> None:
    [group] = client.get("/errors").json()
    assert (group["service"], group["count"], group["releases"], group["title"]) == ("api", 1, ["r1"], "it broke")
    found = client.get("/security").json()
    assert found["totals"]["key_misuse"] == 1
    assert found["events"][0]["detail"] == "a wrong API key from 10.0.0.1"
    assert client.get("/releases").json()[0]["release"] == "r1"


def test_search(client: Client) -> None:
    lines = client.get("/search", params={"text": "broke", "since": "2h"}).json()
    assert lines["complete"] is True
    assert len(lines["lines"]) == 1
    assert client.get("/search", params={"text": "old", "since": "2h"}).json()["lines"] == []
    assert len(client.get("/search", params={"text": "old", "since": "2d"}).json()["lines"]) == 1
    assert client.get("/search", params={"service": "worker", "since": "2d"}).json()["lines"] == []
    assert client.get("/search", params={"limit": 1, "since": "2d"}).json()["complete"] is False


@pytest.mark.parametrize("query", [{"since": "soon"}, {"limit": "0"}, {"limit": "x"}, {"service": "a b"}])
def test_a_wrong_question_is_one_sentence(client: Client, query: dict[str, str]) -> None:
    answer = client.get("/search", params=query)
    assert answer.status_code == 400
    assert answer.json()["title"].startswith(next(iter(query)))


def test_health_and_metrics(client: Client) -> None:
    assert client.get("/healthz").status_code == 200
    assert "penguinmails_errors_total" in client.get("/metrics").text
