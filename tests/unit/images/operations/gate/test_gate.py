"""The gate before an engine of its own: what it lets through, what it refuses, and what it counts."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from penguinmails_operations.gate import rules

from tests.unit.images.operations.gate.stand import AUTHORIZED, TOKEN, Stand, raw, stamp


def test_only_the_number_of_copies_changes() -> None:
    stand = Stand(raw("api"))
    before = copy.deepcopy(stand.engine.services["id-one-api"]["Spec"])
    assert stand.put("api", 3).json() == {"service": "api", "replicas": 3, "before": 2}
    [(identifier, sent)] = stand.engine.sent
    before["Mode"]["Replicated"]["Replicas"] = 3
    assert (identifier, sent) == ("id-one-api", before)


def test_the_number_that_is_there_sends_nothing() -> None:
    stand = Stand(raw("api"))
    assert stand.put("api", 2).status_code == 200
    assert stand.engine.sent == []


GLOBAL = raw("everywhere")
GLOBAL["Spec"]["Mode"] = {"Global": {}}


@pytest.mark.parametrize(
    ("service", "role", "replicas", "status"),
    [
        (raw("database"), "database", 2, 403),
        (raw("api", stack="two"), "api", 3, 404),
        (raw("api", project="another"), "api", 3, 404),
        (raw("api"), "worker", 3, 404),
        (raw("api"), "api", 5, 422),
        (raw("api"), "api", 0, 422),
        (raw("api"), "api", -1, 422),
        (raw("api"), "api", "3", 422),
        (raw("api"), "api", 2.5, 422),
        (raw("api"), "api", True, 422),
        (raw("api"), "api", None, 422),
        (GLOBAL, "everywhere", 3, 403),
    ],
)
def test_what_is_refused(service: dict[str, Any], role: str, replicas: object, status: int) -> None:
    stand = Stand(service)
    answer = stand.put(role, replicas)
    assert answer.status_code == status
    assert answer.json()["detail"]
    assert stand.engine.sent == []


@pytest.mark.parametrize(
    "body",
    [
        b'{"replicas": 3, "image": "other"}',
        b'{"replicas": 3, "replicas": 3, "Labels": {}}',
        b"[]",
        b"3",
        b"",
        b"{",
        b" " * 1000 + b'{"replicas": 3}',
    ],
)
def test_nothing_but_a_number_is_taken(body: bytes) -> None:
    stand = Stand(raw("api"))
    answer = stand.client.request("PUT", "/services/api/replicas", content=body, headers=AUTHORIZED)
    assert answer.status_code in {413, 422}
    assert stand.engine.sent == []


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}, {"Authorization": ""}, {"Authorization": "Bearer"}],
)
def test_without_the_token_nothing_is_changed(headers: dict[str, str], caplog: pytest.LogCaptureFixture) -> None:
    stand = Stand(raw("api"))
    assert stand.put("api", headers=headers).status_code == 401
    assert stand.engine.sent == []
    [told] = [vars(record) for record in caplog.records if record.getMessage() == "authentication failed"]
    assert told["reason"] == ("wrong" if headers.get("Authorization") else "missing")
    assert told["client_address"]
    assert TOKEN not in caplog.text


@pytest.mark.parametrize("method", ["POST", "DELETE", "PATCH", "GET"])
@pytest.mark.parametrize("path", ["/services/api", "/services/api/update", "/services/id-one-api/update", "/containers/json"])
def test_there_is_no_other_way(method: str, path: str) -> None:
    stand = Stand(raw("api"))
    assert stand.client.request(method, path, headers=AUTHORIZED).status_code in {404, 405}


RELEASES = [
    ({"State": "updating", "StartedAt": stamp(5)}, 409),
    ({"State": "rollback_started", "StartedAt": stamp(5)}, 409),
    ({"State": "paused", "StartedAt": stamp(500)}, 409),
    ({"State": "rollback_paused", "StartedAt": stamp(500)}, 409),
    ({"State": "completed", "StartedAt": stamp(50), "CompletedAt": stamp(30)}, 409),
    ({"State": "completed", "StartedAt": stamp(500), "CompletedAt": stamp(61)}, 200),
    ({"State": "rollback_completed", "StartedAt": stamp(50), "CompletedAt": stamp(30)}, 200),
]


@pytest.mark.parametrize(("update", "status"), RELEASES)
def test_during_a_release_the_number_stays(update: dict[str, str], status: int) -> None:
    service = {**raw("api"), "UpdateStatus": update}
    stand = Stand(service)
    assert stand.put("api").status_code == status
    assert len(stand.engine.sent) == (status == 200)
    assert stand.client.get("/services").json()[0]["updating"] is (status == 409)


@pytest.mark.parametrize(
    ("update", "status"),
    [
        ({"State": "updating", "StartedAt": stamp(5)}, 409),
        ({"State": "updating", "StartedAt": stamp(3599)}, 409),
        ({"State": "updating", "StartedAt": stamp(3601)}, 200),
        ({"State": "rollback_started", "StartedAt": stamp(5)}, 409),
        ({"State": "paused", "StartedAt": stamp(5)}, 200),
        ({"State": "rollback_paused", "StartedAt": stamp(5)}, 200),
        ({"State": "completed", "StartedAt": stamp(50), "CompletedAt": stamp(30)}, 409),
        ({"State": "completed", "StartedAt": stamp(500), "CompletedAt": stamp(61)}, 200),
        ({"State": "rollback_completed", "StartedAt": stamp(50), "CompletedAt": stamp(30)}, 200),
    ],
)
def test_during_a_release_of_another_service_the_number_stays(update: dict[str, str], status: int) -> None:
    """The run that releases it has read the number already, and sends that later; one that is stuck is left alone."""
    stand = Stand(raw("api"), {**raw("migration"), "UpdateStatus": update})
    answer = stand.put("api")
    assert answer.status_code == status
    assert len(stand.engine.sent) == (status == 200)
    [api, _] = stand.client.get("/services").json()
    assert (api["releasing"], api["updating"]) == (False, status == 409)
    assert status == 200 or "a release of migration is under way" in answer.json()["detail"]


def test_a_release_of_another_platform_holds_nothing() -> None:
    other = {**raw("migration", stack="two"), "UpdateStatus": {"State": "updating", "StartedAt": stamp(5)}}
    assert Stand(raw("api"), other).put("api").status_code == 200


def test_what_somebody_stopped_stays_so() -> None:
    service = raw("api")
    service["Spec"]["Mode"]["Replicated"]["Replicas"] = 0
    stand = Stand(service)
    assert stand.put("api").status_code == 409
    assert stand.engine.sent == []


def test_a_change_of_a_moment_ago_is_waited_for() -> None:
    stand = Stand({**raw("api"), "UpdatedAt": stamp(1)})
    assert stand.put("api").status_code == 409


def test_a_conflict_is_read_and_judged_anew() -> None:
    stand = Stand(raw("api"))
    stand.engine.conflicts = 2
    assert stand.put("api").status_code == 200
    stand = Stand(raw("api"))
    stand.engine.conflicts = 9
    assert stand.put("api").status_code == 409
    assert stand.engine.sent == []


def test_without_the_engine_it_says_so_and_is_not_well() -> None:
    stand = Stand(raw("api"))
    stand.watch.look()
    assert stand.client.get("/healthz").status_code == 200
    stand.engine.away = True
    assert stand.put("api").status_code == 503
    stand.seconds = 31
    assert stand.client.get("/healthz").status_code == 503
    assert stand.metric('penguinmails_service_updating{service="api"}') is None


def task(number: int, state: str, wanted: str = "running") -> dict[str, Any]:
    return {"ID": f"task-{number}", "ServiceID": "id-one-api", "Status": {"State": state}, "DesiredState": wanted}


def test_all_services_are_told_of() -> None:
    stand = Stand(raw("worker"), raw("api"), raw("api", stack="two"))
    stand.engine.tasks = [task(1, "running"), task(2, "running", "shutdown"), task(3, "starting")]
    assert stand.client.get("/services").json() == [
        {
            "service": "api",
            "replicas": 2,
            "running": 1,
            "minimum": 1,
            "maximum": 4,
            "releasing": False,
            "updating": False,
            "cpus": 0.5,
            "memory_mib": 256.0,
        },
        {
            "service": "worker",
            "replicas": 2,
            "running": 0,
            "minimum": None,
            "maximum": None,
            "releasing": False,
            "updating": False,
            "cpus": 0.5,
            "memory_mib": 256.0,
        },
    ]


def test_containers_of_this_platform_are_told_of_and_no_others() -> None:
    stand = Stand(raw("api"), raw("api", stack="two"))
    state = {"State": "running", "ContainerStatus": {"ContainerID": "c1"}}
    stand.engine.tasks = [
        {"ID": "t1", "ServiceID": "id-one-api", "DesiredState": "running", "Status": state},
        {"ID": "t2", "ServiceID": "id-one-api", "DesiredState": "running", "Status": {"State": "pending"}},
        {"ID": "t3", "ServiceID": "id-two-api", "DesiredState": "running", "Status": state},
    ]
    assert stand.client.get("/containers").json() == [{"id": "c1", "service": "api"}]


def test_failures_and_rollbacks_are_counted_once_and_not_those_from_before() -> None:
    stand = Stand(raw("api"))
    failures = 'penguinmails_service_failures_total{service="api"}'
    rollbacks = 'penguinmails_service_rollbacks_total{service="api"}'
    stand.engine.tasks = [task(1, "failed", "shutdown")]
    stand.watch.look()
    assert (stand.metric(failures), stand.metric(rollbacks)) == (0, 0)
    stand.engine.tasks += [task(2, "rejected", "shutdown"), task(3, "shutdown", "shutdown"), task(4, "complete", "shutdown")]
    stand.engine.services["id-one-api"]["UpdateStatus"] = {"State": "rollback_started", "StartedAt": "a"}
    stand.watch.look()
    stand.watch.look()
    assert (stand.metric(failures), stand.metric(rollbacks)) == (1, 1)
    assert stand.metric('penguinmails_service_updating{service="api"}') == 1
    stand.engine.services["id-one-api"]["UpdateStatus"] = {"State": "rollback_completed", "StartedAt": "a"}
    stand.engine.tasks = [task(5, "failed", "shutdown")]
    stand.watch.look()
    assert (stand.metric(failures), stand.metric(rollbacks)) == (2, 1)
    assert stand.metric('penguinmails_service_tasks{service="api",state="desired"}') == 2


values = st.recursive(
    st.none() | st.integers() | st.text(max_size=5), lambda inner: st.dictionaries(st.text(max_size=5), inner)
)


@given(st.dictionaries(st.text(max_size=8), values), st.integers(1, 100), st.integers(1, 100))
def test_a_description_is_sent_back_as_it_was_read(more: dict[str, Any], before: int, after: int) -> None:
    spec = {**more, "Mode": {"Replicated": {"Replicas": before}}}
    read = copy.deepcopy(spec)
    assert rules.with_replicas(spec, after) == {**more, "Mode": {"Replicated": {"Replicas": after}}}
    assert spec == read


@pytest.mark.parametrize("text", ["", "[]", '{"api": 3}', '{"api": [1]}', '{"api": ["x", 2]}', '{"api": [1, 2, 3]}'])
def test_limits_are_read_strictly(text: str) -> None:
    with pytest.raises(ValueError, match="LIMITS"):
        rules.limits(text)


@pytest.mark.parametrize(("least", "most"), [(0, 2), (4, 2), (1, 101), (-1, 3)])
def test_limits_that_no_service_can_have_are_refused(least: int, most: int) -> None:
    with pytest.raises(ValueError, match="LIMITS: api"):
        rules.limits(json.dumps({"api": [least, most]}))
