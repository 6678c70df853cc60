"""The autoscaler between a gate and a Prometheus of the test's own."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from penguinmails_operations.autoscaler import settings
from penguinmails_operations.autoscaler.loop import Loop
from penguinmails_operations.autoscaler.main import make_app
from penguinmails_operations.autoscaler.policy import Tuning
from penguinmails_operations.autoscaler.settings import Followed
from penguinmails_operations.autoscaler.sources import Gate, Prometheus, queries

from tests.unit.images.operations.asgi import Client

FOLLOWED = Followed(cpu_percent=60, requests_per_minute=600, messages=100, p95_seconds=0.2, queues=("outbound", "bounces"))


class World:
    """One service; `figures`: measure -> values that Prometheus gives."""

    def __init__(self, followed: Followed) -> None:
        self.told: dict[str, Any] = {
            "service": "api",
            "replicas": 1,
            "running": 1,
            "minimum": 1,
            "maximum": 4,
            "updating": False,
            "cpus": 0.5,
            "memory_mib": 256.0,
        }
        self.figures: dict[str, list[str]] = {"cpu": ["0.1"], "requests": ["60"], "messages": ["0"], "p95": ["NaN"]}
        self.refuses = self.gate_away = self.prometheus_away = False
        self.now = 0.0
        self.asked = {query: name for name, query in queries("api", followed).items()}
        gate = Gate(httpx.Client(transport=httpx.MockTransport(self.gate), base_url="http://gate"), "token")
        prometheus = Prometheus(httpx.Client(transport=httpx.MockTransport(self.prometheus), base_url="http://prometheus"))
        self.loop = Loop({"api": followed}, Tuning(), gate, prometheus, lambda: self.now)
        self.client = Client(make_app(self.loop))

    def gate(self, request: httpx.Request) -> httpx.Response:
        if self.gate_away:
            raise httpx.ConnectError("away")
        if request.method == "GET":
            return httpx.Response(200, json=[self.told])
        assert request.headers["authorization"] == "Bearer token"
        if self.refuses:
            return httpx.Response(409, json={"detail": "a release is under way"})
        self.told["replicas"] = self.told["running"] = json.loads(request.content)["replicas"]
        return httpx.Response(200, json={})

    def prometheus(self, request: httpx.Request) -> httpx.Response:
        if self.prometheus_away:
            return httpx.Response(503)
        values = self.figures[self.asked[request.url.params["query"]]]
        result = [{"metric": {}, "value": [0, value]} for value in values]
        return httpx.Response(200, json={"status": "success", "data": {"resultType": "vector", "result": result}})

    def run(self, seconds: float) -> None:
        end = self.now + seconds
        while self.now < end:
            self.loop.tick()
            self.now += 3

    def metric(self, line: str) -> float:
        found = [text for text in self.client.get("/metrics").text.splitlines() if text.startswith(line + " ")]
        return float(found[0].rsplit(" ", 1)[1])

    @property
    def decisions(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.client.get("/decisions").json()
        return found


@pytest.mark.parametrize(
    ("measure", "value", "why"), [("cpu", "0.45", "cpu"), ("requests", "900", "requests"), ("messages", "180", "messages")]
)
def test_each_measure_brings_copies_and_the_decision_says_why(measure: str, value: str, why: str) -> None:
    world = World(FOLLOWED)
    world.figures[measure] = [value]
    world.run(21)
    assert world.told["replicas"] == 2
    [decision] = world.decisions
    assert (decision["service"], decision["from"], decision["to"], decision["held"]) == ("api", 1, 2, None)
    assert decision["reason"].startswith(f"{why} needs 1.")
    assert decision["figures"]["messages"] == float(world.figures["messages"][0])
    assert world.metric('penguinmails_scaling_desired_replicas{service="api"}') == 2
    assert world.metric('penguinmails_scaling_steps_total{direction="out",service="api"}') == 1


@pytest.mark.parametrize("measure", ["cpu", "requests", "messages"])
@pytest.mark.parametrize("values", [[], ["NaN"], ["+Inf"]])
def test_a_missing_figure_holds_and_is_told_once(measure: str, values: list[str]) -> None:
    world = World(FOLLOWED)
    world.figures = {"cpu": ["0.5"], "requests": ["6000"], "messages": ["900"], "p95": ["1"], measure: values}
    world.run(60)
    assert world.told["replicas"] == 1
    assert [entry["held"] for entry in world.decisions] == ["figures"]
    assert measure in world.decisions[0]["reason"]
    assert world.metric('penguinmails_scaling_held{reason="figures"}') == 1


def test_without_prometheus_it_holds_and_goes_on_afterwards() -> None:
    world = World(FOLLOWED)
    world.figures["cpu"] = ["0.5"]
    world.prometheus_away = True
    world.run(60)
    assert (world.told["replicas"], world.metric('penguinmails_scaling_held{reason="prometheus"}')) == (1, 1)
    world.prometheus_away = False
    world.run(21)
    assert (world.told["replicas"], world.metric('penguinmails_scaling_held{reason="prometheus"}')) == (2, 0)


def test_without_the_gate_it_holds() -> None:
    world = World(FOLLOWED)
    world.gate_away = True
    world.run(30)
    assert world.metric('penguinmails_scaling_held{reason="gate"}') == 1
    assert world.client.get("/healthz").status_code == 200


def test_what_the_gate_refuses_is_asked_for_again() -> None:
    world = World(FOLLOWED)
    world.figures["cpu"] = ["0.5"]
    world.refuses = True
    world.run(30)
    assert world.told["replicas"] == 1
    assert world.decisions[0]["held"] == "refused"
    assert "a release is under way" in world.decisions[0]["reason"]
    world.refuses = False
    world.run(3)
    assert world.told["replicas"] == 2


def test_a_release_holds() -> None:
    world = World(FOLLOWED)
    world.figures["cpu"] = ["0.5"]
    world.told["updating"] = True
    world.run(60)
    assert world.told["replicas"] == 1
    assert world.metric('penguinmails_scaling_held{reason="release"}') == 1
    world.told["updating"] = False
    world.run(12)
    assert world.told["replicas"] == 1
    world.run(9)
    assert world.told["replicas"] == 2


def test_a_service_without_limits_is_left_alone() -> None:
    world = World(FOLLOWED)
    world.told |= {"minimum": None, "maximum": None}
    world.figures["cpu"] = ["0.5"]
    world.run(60)
    assert world.told["replicas"] == 1


def test_a_round_that_stopped_is_told_by_health() -> None:
    world = World(FOLLOWED)
    world.run(3)
    world.now += 61
    assert world.client.get("/healthz").status_code == 503


def test_only_what_is_followed_is_asked_for() -> None:
    assert set(queries("worker", Followed(messages=5, queues=("a", "b")))) == {"cpu", "messages"}
    assert 'queue=~"bounces|outbound"' in queries("api", FOLLOWED)["messages"]
    assert 'proxy=~"api-[0-9]+"' in queries("api", FOLLOWED)["requests"]


def test_settings_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCALING", '{"api": {"cpu_percent": 60, "queues": []}}')
    assert settings.followed()["api"].target.cpu_percent == 60
    assert settings.tuning() == Tuning()
    monkeypatch.setenv("IN_WINDOW_SECONDS", "5")
    with pytest.raises(ValueError, match="IN_WINDOW_SECONDS"):
        settings.tuning()
    monkeypatch.setenv("SCALING", '{"api": {"cpu_percents": 60}}')
    with pytest.raises(ValueError, match="cpu_percents"):
        settings.followed()
