"""What is read from the edge's log and from Docker, in their own words."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from scripts.operations import release_source as source
from scripts.operations.release_judge import Request
from scripts.operations.stack import read
from scripts.toolchain import docker
from scripts.toolchain.process import Failure

LINE = {"time": "2026-01-02T03:04:05Z", "status": 200, "task": "10.0.7.3", "queue_ms": 1, "connect_ms": 2, "response_ms": 3}


def test_a_request_of_the_edge() -> None:
    found = source.answered(json.dumps(LINE))
    assert found == source.Answered("10.0.7.3", Request(200, 6), datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))


def test_a_time_that_never_came_counts_nothing() -> None:
    found = source.answered(json.dumps({**LINE, "status": 502, "response_ms": -1}))
    assert found is not None
    assert found.request == Request(502, 3)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "[NOTICE] starting",
        "[1]",
        json.dumps({**LINE, "task": "-"}),
        json.dumps({**LINE, "task": None}),
        json.dumps({key: value for key, value in LINE.items() if key != "status"}),
    ],
)
def test_what_reached_no_copy_is_left_out(line: str) -> None:
    assert source.answered(line) is None


def test_dockers_times_have_nine_digits_or_none() -> None:
    assert source.moment("2026-01-02T03:04:05.123456789Z") == datetime(2026, 1, 2, 3, 4, 5, 123456, tzinfo=UTC)
    assert source.moment("2026-01-02T03:04:05Z") == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_what_is_gone_of_a_former_release_is_taken_from_the_present(monkeypatch: pytest.MonkeyPatch) -> None:
    def secret(name: str, identifier: str) -> dict[str, object]:
        return {"File": {"Name": name}, "SecretID": identifier, "SecretName": identifier}

    monkeypatch.setattr(docker, "output", lambda *arguments: "" if arguments[-1] in {"a1", "b2"} else None)
    former = {"Secrets": [secret("A", "a1"), secret("B", "b1")], "Configs": None}
    assert source._complete(former, {"Secrets": [secret("A", "a2"), secret("B", "b2")]}) is False
    assert former["Secrets"] == [secret("A", "a1"), secret("B", "b2")]
    assert source._complete({"Secrets": [secret("A", "a1")]}, {}) is True


def service(state: str, former: bool = True) -> dict[str, object]:
    spec = {"Name": "s", "TaskTemplate": {"ContainerSpec": {}}}
    found = {"ID": "i", "Version": {"Index": 7}, "Spec": spec, "UpdateStatus": {"State": state}}
    return {**found, "PreviousSpec": spec} if former else found


class Shown:
    """Docker, which shows a service as it is at each look; the last for ever. `done`: rollbacks that it was asked for."""

    def __init__(self, *looks: dict[str, object], works: bool = True) -> None:
        self.looks, self.works, self.done = list(looks), works, 0

    def __call__(self, *arguments: str, timeout: float = 0) -> str | None:
        if arguments[0] == "inspect":
            return json.dumps([self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]]) if self.looks else None
        assert arguments[:2] == ("service", "rollback")
        self.done += 1
        return "" if self.works else None


@pytest.mark.parametrize(
    ("shown", "rollbacks"),
    [
        (Shown(service("updating")), 1),
        (Shown(service("rollback_completed", former=False)), 0),
        (Shown(service("updating"), service("rollback_started", former=False)), 0),
        (Shown(service("updating"), service("updating"), service("rollback_started", former=False), works=False), 1),
    ],
    ids=["nobody else", "Swarm did", "Swarm does so meanwhile", "Swarm was quicker by a moment"],
)
def test_what_swarm_takes_back_is_not_taken_back_again(monkeypatch: pytest.MonkeyPatch, shown: Shown, rollbacks: int) -> None:
    """A rollback of a rollback would bring the bad release again."""
    monkeypatch.setattr(docker, "output", shown)
    source.roll_back(read("docker-local"), "api")
    assert shown.done == rollbacks


@pytest.mark.parametrize(
    ("shown", "why"),
    [
        (Shown(service("completed", former=False)), "there is no release before this one"),
        (Shown(service("updating"), works=False), "`docker service rollback` failed"),
        (Shown(), "Docker does not show it"),
    ],
)
def test_what_cannot_go_back_is_said(monkeypatch: pytest.MonkeyPatch, shown: Shown, why: str) -> None:
    monkeypatch.setattr(docker, "output", shown)
    with pytest.raises(Failure, match=rf"^api cannot be rolled back: {why}\.$"):
        source.roll_back(read("docker-local"), "api")


def check(code: int, output: str) -> dict[str, object]:
    return {"ExitCode": code, "Output": output}


@pytest.mark.parametrize(
    ("log", "refusals"),
    [
        ([], 0),
        ([check(1, ""), check(1, "answered HTTP/1.1 503\n"), check(1, "answered HTTP/1.1 500\n")], 2),
        ([check(1, "answered HTTP/1.1 503\n"), check(0, "")], 0),
        ([check(1, "answered HTTP/1.1 503\n"), check(1, "")], 0),
    ],
    ids=["not asked yet", "twice in a row", "well now", "no answer now"],
)
def test_answers_to_health_checks_that_are_not_well(
    monkeypatch: pytest.MonkeyPatch, log: list[dict[str, object]], refusals: int
) -> None:
    found = json.dumps([{"State": {"Health": {"Log": log}}}])
    monkeypatch.setattr(docker, "output", lambda *_: found)
    assert source._refusals({"ContainerStatus": {"ContainerID": "abc"}}) == refusals
    assert source._refusals({}) == 0
