"""Thresholds of alarms follow from what was asked for."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import spec
from components.aws import alarms, custom_alarms, dashboard, sizing
from components.aws.alarms import Alarm, Metric
from components.contract import Identity
from components.spec import Environment

IDENTITY = Identity("penguinmails", "test", Environment.PRODUCTION)


def one(found: list[Alarm], role: str) -> Alarm:
    [alarm] = [alarm for alarm in found if alarm.role == role]
    return alarm


def database(size: spec.Size, storage: int = 20) -> list[Alarm]:
    return alarms.of_database(spec.Database(size=size, storage_gib=storage), sizing.database(size, IDENTITY), 400, "db")


def test_a_database_is_watched_by_its_own_size() -> None:
    small, large = database(spec.Size.SMALL), database(spec.Size.LARGE, 1000)
    assert one(small, "database-storage").threshold == 2 * 2**30
    assert one(large, "database-storage").threshold == 100 * 2**30
    assert one(small, "database-memory").threshold == round(4 * 2**30 * 0.05)
    assert one(small, "database-connections").threshold == 360
    assert one(small, "database-credits").metrics["value"].name == "CPUCreditBalance"
    assert not [alarm for alarm in large if alarm.role == "database-credits"]


def test_a_queue_is_late_when_processing_could_not_be_the_cause() -> None:
    quick = alarms.of_queue("outbound", spec.Queue(), 1000, "q")
    slow = alarms.of_queue("outbound", spec.Queue(processing_timeout_seconds=43200), 1000, "q")
    assert one(quick, "outbound-oldest").threshold == 900
    assert one(slow, "outbound-oldest").threshold == 86400


def test_messages_wait_too_many_when_nothing_scales_further() -> None:
    scaling = spec.Scaling(min_replicas=1, max_replicas=4, messages_per_replica=50)
    worker = spec.Service(image="api", consumes=("outbound",), scaling=scaling)
    assert alarms.most_waiting("outbound", {"worker": worker}) == 200
    assert alarms.most_waiting("other", {"worker": worker}) == alarms.WAITING_MESSAGES


def test_silence_is_failure_where_something_must_speak() -> None:
    service = alarms.of_service(
        "api", spec.Service(image="api", scaling=spec.Scaling(min_replicas=2, max_replicas=3)), "c", "s"
    )
    running = one(service, "api-running")
    assert (running.threshold, running.comparison, running.silence) == (2, alarms.BELOW, "breaching")
    assert one(service, "api-cpu").silence == "notBreaching"
    assert alarms.of_replica(1, "r", "postgresql")[0].silence == "breaching"
    assert {alarm.silence for alarm in alarms.of_mail()} == {"ignore"}
    assert [alarm.threshold for alarm in alarms.of_mail()] == [0.05, 0.001]


def test_a_replica_of_mysql_that_stopped_is_told_although_it_shows_no_lag() -> None:
    stopped = one(alarms.of_replica(2, "r", "mysql"), "replica-2-stopped")
    assert (stopped.comparison, stopped.threshold, stopped.periods, stopped.period_seconds) == (alarms.BELOW, 0, 10, 60)
    assert stopped.metrics["value"].name == "ReplicaLag"
    assert [alarm.role for alarm in alarms.of_replica(2, "r", "postgresql")] == ["replica-2-lag"]


def test_connections_of_the_pooler_are_those_of_all_its_nodes() -> None:
    clients = one(alarms.of_pooler(spec.Pooling(client_connections=2000), "p"), "pooler-clients")
    assert (clients.metrics["value"].statistic, clients.period_seconds, clients.threshold) == ("Sum", 60, 1800)
    shown = json.loads(dashboard.body(watched(pooler="p", database="db")))["widgets"]
    graphs = {graph["properties"]["title"]: graph["properties"] for graph in shown}
    lines = graphs["Connections of the pooler"]
    assert ({line[-1]["stat"] for line in lines["metrics"]}, lines["period"]) == ({"Sum"}, 60)
    assert [line[-1]["stat"] for line in graphs["Connections of the database"]["metrics"]] == ["Maximum"]


NAMED = custom_alarms.Named(
    "cluster",
    "app/x/1",
    "db",
    {"api": "api-service"},
    {"outbound": "q"},
    {"mine": Metric("penguinmails-test-logs", "matches-mine", {}, "Sum")},
)


@pytest.mark.parametrize(
    ("measure", "of", "metric"),
    [
        ("cpu_percent", "api", "CPUUtilization"),
        ("memory_percent", "api", "MemoryUtilization"),
        ("log_matches_per_minute", "api", "matches-mine"),
        ("waiting_messages", "outbound", "ApproximateNumberOfMessagesVisible"),
        ("oldest_message_seconds", "outbound", "ApproximateAgeOfOldestMessage"),
        ("database_cpu_percent", None, "CPUUtilization"),
        ("database_connections", None, "DatabaseConnections"),
        ("database_free_storage_gib", None, "FreeStorageSpace"),
        ("requests_per_minute", None, "RequestCount"),
    ],
)
@pytest.mark.parametrize("side", ["above", "below"])
def test_every_measure_has_its_alarm(measure: str, of: str | None, metric: str, side: str) -> None:
    pattern = "x" if measure == "log_matches_per_minute" else None
    asked = spec.CustomAlarm.model_validate({"measure": measure, "of": of, "pattern": pattern, side: 3.5, "minutes": 7})
    found = custom_alarms.custom("mine", asked, NAMED)
    assert found.metrics["value"].name == metric
    assert (found.periods, found.period_seconds) == (7, 60)
    assert found.threshold == (3.5 * 2**30 if measure == "database_free_storage_gib" else 3.5)
    assert found.comparison == (alarms.ABOVE if side == "above" else alarms.BELOW)
    assert found.silence == ("notBreaching" if side == "above" else "breaching")


@given(st.text(min_size=1, max_size=200))
def test_a_quoted_pattern_is_the_text_and_no_syntax(text: str) -> None:
    quoted = custom_alarms.quoted(text)
    assert quoted[0] == quoted[-1] == '"'
    assert re.fullmatch(r'(?s)(?:[^"\\]|\\["\\])*', quoted[1:-1])
    assert re.sub(r'(?s)\\(["\\])', r"\1", quoted[1:-1]) == text


def watched(**given: object) -> dashboard.Watched:
    whole = {
        "region": "eu-central-1",
        "availability_percent": 99.9,
        "response_p95_milliseconds": 200,
        "cluster": None,
        "entry": None,
        "database": None,
        "pooler": None,
        "has_mail": False,
        "replicas": [],
        "services": {},
        "targets": {},
        "queues": {},
        "dead": {},
        "errors": {},
        "errors_namespace": "logs",
    }
    return dashboard.Watched(**{**whole, **given})  # type: ignore[arg-type]


def test_a_dashboard_shows_what_is_there_within_the_grid() -> None:
    assert json.loads(dashboard.body(watched())) == {"widgets": []}
    found = json.loads(
        dashboard.body(
            watched(
                entry="app/x/1", cluster="c", services={"b": "2", "a": "1"}, queues={"q": "q"}, has_mail=True, replicas=["r"]
            )
        )
    )["widgets"]
    places = [(one["x"], one["y"]) for one in found]
    assert len(set(places)) == len(places)
    assert all(one["x"] + one["width"] <= 24 for one in found)
    [cpu] = [one["properties"] for one in found if one["properties"]["title"] == "CPU of services, %"]
    assert [line[-1]["label"] for line in cpu["metrics"]] == ["a", "b"]


def test_the_dashboards_address_is_in_the_partitions_console() -> None:
    assert dashboard.url("eu-central-1", "d").startswith("https://eu-central-1.console.aws.amazon.com/cloudwatch/home?")
    assert dashboard.url("us-gov-west-1", "d").startswith("https://console.amazonaws-us-gov.com/cloudwatch/home?")
