"""What the page says of the parts, also when some of them, or all, are away."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from penguinmails_operations.status import PATH, queries, words
from penguinmails_operations.status.queries import Objectives
from penguinmails_operations.status.sources import Sources
from penguinmails_operations.status.view import View, view

from components import stackfile
from tests.unit.images.operations.status.parts import ADDRESSES, SERVICES, Parts

NOW = datetime(2026, 2, 3, 12, tzinfo=UTC)
EVERYBODY = {"prometheus", "alertmanager", "gate", "autoscaler", "backup", "logs"}


def seen(parts: Parts, objectives: Objectives | None = None) -> View:
    objectives = objectives or Objectives()
    sources = Sources(ADDRESSES, objectives, parts.client())
    return view(asyncio.run(sources.facts()), objectives, "penguinmails test", NOW)


def services(role: str, **change: Any) -> list[dict[str, Any]]:
    return [{**service, **change} if service["service"] == role else service for service in SERVICES]


def test_a_platform_that_is_well_says_so() -> None:
    parts = Parts()
    parts.changed["alertmanager", "/api/v2/alerts"] = []
    found = seen(parts)
    assert (found.state, found.headline, found.problems) == ("good", "All parts are well", [])
    api = next(part for part in found.parts if part.role == "api")
    assert (api.state, api.copies, api.release) == ("good", "3 of 3", "9f1b0c55aa01d2e3")
    assert api.since is not None
    assert api.since.ago == "1 day ago"


@pytest.mark.parametrize(
    ("change", "state", "word"),
    [
        ({"running": 0}, "bad", "is down"),
        ({"running": 1}, "warn", "Look at worker"),
        ({"releasing": True}, "warn", "Look at worker"),
    ],
)
def test_trouble_is_the_headline(change: dict[str, Any], state: str, word: str) -> None:
    parts = Parts()
    parts.changed["gate", "/services"] = services("worker", **change)
    parts.changed["alertmanager", "/api/v2/alerts"] = []
    found = seen(parts)
    assert found.state == state
    assert word in found.headline
    assert found.parts[0].role == "worker"


def test_an_urgent_alert_is_worse_than_a_warning() -> None:
    parts = Parts()
    assert seen(parts).state == "warn"
    parts.changed["alertmanager", "/api/v2/alerts"] = [{"labels": {"alertname": "x", "severity": "page"}}]
    assert seen(parts).state == "bad"


@pytest.mark.parametrize("away", sorted(EVERYBODY))
def test_one_that_is_away_is_named_and_the_rest_is_shown(away: str) -> None:
    parts = Parts()
    parts.away = {away}
    found = seen(parts)
    assert [problem for _, problem in found.problems] == ["it does not answer"]
    assert found.parts
    assert found.state != "good"


def test_with_everybody_away_the_page_says_that_nothing_can_be_seen() -> None:
    parts = Parts()
    parts.away = set(EVERYBODY)
    found = seen(parts)
    assert found.state == "unknown"
    assert len(found.problems) == 6
    assert not found.parts


@pytest.mark.parametrize(
    "answer", [httpx.Response(500), httpx.Response(200, content=b"<html>"), httpx.Response(200, json={"status": "error"})]
)
def test_a_prometheus_that_answers_nonsense_is_no_figure(answer: httpx.Response) -> None:
    parts = Parts()
    parts.broken = {"prometheus": answer}
    found = seen(parts)
    assert found.objective.left is None
    assert found.objective.measured == "–"
    assert found.objective.problem


def test_without_alertmanager_prometheus_tells_what_fires() -> None:
    parts = Parts()
    parts.away = {"alertmanager"}
    assert [alert.name for alert in seen(parts).alerts] == ["FromPrometheus"]


@pytest.mark.parametrize(
    ("failed", "left", "state"), [("0", 100, "good"), ("0.0002", 80, "good"), ("0.0009", 10, "warn"), ("0.002", -100, "bad")]
)
def test_the_error_budget(failed: str, left: float, state: str) -> None:
    parts = Parts()
    parts.failed_ratio = failed
    found = seen(parts).objective
    assert found.left == pytest.approx(left)
    assert found.state == state
    assert 0 <= found.width <= 100


def test_a_budget_that_is_used_up_is_no_good_news() -> None:
    parts = Parts()
    parts.changed["alertmanager", "/api/v2/alerts"] = []
    parts.failed_ratio = "0.002"
    found = seen(parts)
    assert (found.state, found.headline) == ("warn", "The error budget is used up")


def test_no_figure_is_not_a_good_figure() -> None:
    parts = Parts()
    parts.failed_ratio = "NaN"
    assert seen(parts).objective.state == "unknown"


def test_scaling_backups_and_drills() -> None:
    found = seen(Parts())
    assert [(one.service, one.replicas, one.minimum, one.maximum) for one in found.scaling.services] == [
        ("api", 3, 2, 6),
        ("worker", 2, 1, 4),
    ]
    assert found.scaling.decisions[0].step == "2 → 3"
    assert found.backups.backups[0].details == [("database", "9.0 GiB"), ("stored", "2.0 GiB"), ("in repository", "1")]
    assert found.backups.drills[0].details == [("data lost at most", "12.4 s"), ("back after", "1 min")]
    assert found.backups.drills[0].is_good
    assert found.backups.drills[1].details == [("because", "no room")]


def test_the_parts_are_asked_once_however_many_look() -> None:
    parts = Parts()

    async def look() -> None:
        sources = Sources(ADDRESSES, Objectives(), parts.client())
        await asyncio.gather(*(sources.facts() for _ in range(5)))

    asyncio.run(look())
    assert parts.asked.count("gate/services") == 1
    assert parts.asked.count("prometheus/api/v1/query") == len(queries.instant(Objectives())) + len(queries.slow())


def test_many_events_of_one_kind_hide_none_of_another() -> None:
    parts = Parts()
    many = [{"kind": "key_misuse", "detail": f"{number}", "last": "2026-02-03T11:59:00Z"} for number in range(100)]
    other = {"kind": "login_failed", "detail": "seldom", "last": "2026-02-03T11:00:00Z"}
    parts.changed["logs", "/security"] = {"totals": {}, "events": [*many, other]}
    assert "seldom" in [event["detail"] for event in seen(parts).events]
    assert len(seen(parts).events) < 50


def test_the_path_is_that_of_the_edge() -> None:
    assert PATH == stackfile.DASHBOARD_PATH


@settings(deadline=None)
@given(st.one_of(st.none(), st.text(), st.floats(-1e9, 4e9)))
def test_any_time_is_read_or_left_out(time: Any) -> None:
    words.moment(time, NOW)


@settings(deadline=None)
@given(st.floats(allow_nan=True, allow_infinity=True))
def test_any_number_has_words(value: float) -> None:
    assert words.number(value)


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (3, "3"), (1.234, "1.2"), (12345, "12.3 k"), (2500000, "2.5 M"), (999, "999"), (0.5, "0.5")]
)
def test_numbers_are_short(value: float, text: str) -> None:
    assert words.number(value) == text


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1e9), st.one_of(st.floats(0, 1e9), st.just(float("nan"))))))
def test_a_curve_stays_in_its_frame(points: list[tuple[float, float]]) -> None:
    for pair in words.curve(sorted(points)).split():
        across, down = map(float, pair.split(","))
        assert -0.1 <= across <= words.CURVE_WIDTH + 0.1
        assert 0 <= down <= words.CURVE_HEIGHT
