"""What is read from the edge's log and from Docker, in their own words."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from scripts.operations import release_source as source
from scripts.operations.release_judge import Request
from scripts.toolchain import docker

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
