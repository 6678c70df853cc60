"""Autoscaling on the real platform: the gate refuses, a load brings copies, a release keeps them.

That copies go again takes longer than a test may (five minutes of calm): `scripts/bench/autoscaling.py` measures it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from scripts.bench.load import Load
from tests.docker.conftest import STACK, Running, container, docker, until
from tests.docker.measured import load_plan

pytestmark = [pytest.mark.docker, pytest.mark.timeout(600)]
API = f"penguinmails-{STACK}-api"
SCALING = "{ min_replicas: 1, max_replicas: 3, requests_per_minute_per_replica: 600 }"
ASK = """
import json, os, sys, urllib.error, urllib.request
method, path, body, token = json.loads(sys.argv[1])
headers = {"Authorization": "Bearer " + open("/run/secrets/GATE_TOKEN").read().strip()} if token else {}
data = None if body is None else json.dumps(body).encode()
request = urllib.request.Request("http://gate:9301" + path, data, headers, method=method)
try:
    answer = urllib.request.urlopen(request, timeout=10)
except urllib.error.HTTPError as error:
    answer = error
print(json.dumps([answer.status, answer.read().decode()]))
"""


def ask(method: str, path: str, body: Any = None, *, token: bool = True) -> tuple[int, str]:
    """What the gate answers to the autoscaler's container, which alone has the token."""
    order = json.dumps([method, path, body, token])
    status, text = json.loads(docker("exec", container("autoscaler"), "/opt/venv/bin/python", "-c", ASK, order))
    return status, text


def replicas() -> int:
    return int(docker("service", "inspect", "--format", "{{.Spec.Mode.Replicated.Replicas}}", API))


def copies() -> set[str]:
    found = docker("ps", "--quiet", "--filter", f"label=com.docker.swarm.service.name={API}", "--filter", "health=healthy")
    return set(found.split())


def _api() -> dict[str, Any]:
    """The API as the gate tells of it."""
    _, text = ask("GET", "/services")
    found: dict[str, Any] = next(told for told in json.loads(text) if told["service"] == "api")
    return found


@pytest.fixture(scope="module")
def scaling(running: Running) -> Iterator[Running]:
    """The platform with an API that scales; as it was before at the end."""
    before = running.checkout.stack_file.read_text()
    running.checkout.stack_file.write_text(before.replace("command: [api]", f"command: [api]\n        scaling: {SCALING}"))
    running.checkout.run("up", STACK)
    # The mark is a release of the service, after which its number is held for a minute.
    until(lambda: not _api()["updating"], 90, "the release is over")
    yield running
    running.checkout.stack_file.write_text(before)
    running.checkout.run("up", STACK)
    assert replicas() == 1


@pytest.mark.parametrize(
    ("role", "body", "token", "status"),
    [
        ("database", {"replicas": 2}, True, 403),
        ("worker", {"replicas": 2}, True, 403),
        ("registry", {"replicas": 2}, True, 404),
        ("api", {"replicas": 4}, True, 422),
        ("api", {"replicas": 0}, True, 422),
        ("api", {"replicas": 2, "image": "other"}, True, 422),
        ("api", {"replicas": 2}, False, 401),
    ],
)
def test_the_gate_refuses(scaling: Running, role: str, body: Any, token: bool, status: int) -> None:
    version = docker("service", "inspect", "--format", "{{.Version.Index}}", API)
    answered, sentence = ask("PUT", f"/services/{role}/replicas", body, token=token)
    assert (answered, bool(json.loads(sentence)["detail"])) == (status, True)
    assert docker("service", "inspect", "--format", "{{.Version.Index}}", API) == version


def test_the_first_number_is_the_smallest(scaling: Running) -> None:
    assert replicas() == 1


def test_a_load_brings_copies_and_nothing_is_lost(scaling: Running) -> None:
    load = Load(load_plan(scaling, rate=25, seconds=60, posts=0.05))
    with load:
        until(lambda: replicas() >= 2, 60, "a load of 1500 requests a minute brings a second copy")
        seconds = load.elapsed()
        until(lambda: len(copies()) >= 2, 60, "the second copy is healthy")
    print(f"first step after {seconds:.1f} s; {load.result.sentence()}")
    assert load.result.failed == 0
    ask_decisions = "import urllib.request as r; print(r.urlopen('http://127.0.0.1:9300/decisions').read().decode())"
    told = json.loads(docker("exec", container("autoscaler"), "/opt/venv/bin/python", "-c", ask_decisions))
    step = next(entry for entry in reversed(told) if entry["held"] is None)
    assert (step["service"], step["from"], step["to"]) == ("api", 1, 2)
    assert "requests needs" in step["reason"]


def test_a_number_is_set_by_the_gate_and_the_engine_sees_nothing_to_change(scaling: Running) -> None:
    until(lambda: ask("PUT", "/services/api/replicas", {"replicas": 3})[0] == 200, 30, "the gate sets three copies")
    until(lambda: len(copies()) == 3, 90, "three copies are healthy")
    scaling.checkout.pulumi("preview", "--refresh", "--expect-no-changes")
    assert replicas() == 3


@pytest.mark.long
def test_a_release_keeps_the_number_and_holds_it_still(scaling: Running) -> None:
    until(lambda: ask("PUT", "/services/api/replicas", {"replicas": 3})[0] == 200, 90, "the gate sets three copies")
    until(lambda: len(copies()) == 3, 90, "three copies are healthy")
    before = copies()
    text = scaling.checkout.stack_file.read_text()
    scaling.checkout.stack_file.write_text(
        text.replace("command: [api]", "command: [api]\n        environment: { LOG_LEVEL: WARNING }")
    )
    scaling.checkout.run("up", STACK)
    status, sentence = ask("PUT", "/services/api/replicas", {"replicas": 1})
    assert (status, "release" in sentence) == (409, True)
    until(lambda: not copies() & before, 90, "the former copies have ended")
    assert replicas() == 3
