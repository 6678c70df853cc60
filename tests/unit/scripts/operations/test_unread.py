"""What the provider cannot see of a service is found by what is not described, and nothing else is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scripts.operations import engine, unread
from scripts.operations.stack import read
from scripts.toolchain import docker
from scripts.toolchain.process import Failure

PLAIN: dict[str, Any] = {"ContainerSpec": {"Image": "x"}, "Placement": {"Platforms": [{"OS": "linux"}]}}
DESCRIBED: dict[str, Any] = {"containerSpec": {"image": "x"}}


def task(container: dict[str, Any] | None = None, placement: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "ContainerSpec": {**PLAIN["ContainerSpec"], **(container or {})},
        "Placement": {**PLAIN["Placement"], **(placement or {})},
    }


EDITS = [
    (task({"Healthcheck": {"Test": ["CMD-SHELL", "true"]}}), "health check", "--health-cmd="),
    (task({"Healthcheck": {"Test": ["NONE"]}}), "health check", "--health-cmd="),
    (task({"DNSConfig": {"Nameservers": ["192.0.2.1"]}}), "DNS", "--dns-rm=192.0.2.1"),
    (task({"DNSConfig": {"Search": ["a.example"]}}), "DNS", "--dns-search-rm=a.example"),
    (task(placement={"Constraints": ["node.role==manager"]}), "placement", "--constraint-rm=node.role==manager"),
    (
        task(placement={"Preferences": [{"Spread": {"SpreadDescriptor": "node.id"}}]}),
        "placement",
        "--placement-pref-rm=spread=node.id",
    ),
    (task(placement={"MaxReplicas": 3}), "copies a node", "--replicas-max-per-node=0"),
    (task({"Ulimits": [{"Name": "nofile", "Hard": 512, "Soft": 512}]}), "ulimits", "--ulimit-rm=nofile"),
    (task({"TTY": True}), "terminal", "--tty=false"),
]


@pytest.mark.parametrize(("changed", "what", "argument"), EDITS)
def test_what_is_not_described_goes_back_to_the_default(changed: dict[str, Any], what: str, argument: str) -> None:
    [edit] = unread.edits("api", changed, DESCRIBED)
    assert (edit.service, edit.what) == ("api", what)
    assert argument in edit.undo


@pytest.mark.parametrize(
    ("running", "described"),
    [
        (PLAIN, DESCRIBED),
        ({"ContainerSpec": {"Healthcheck": {}, "DNSConfig": {}, "Ulimits": None}}, DESCRIBED),
        (task({"Healthcheck": {"Test": ["CMD", "x"]}}), {"containerSpec": {"healthcheck": {"tests": ["CMD", "x"]}}}),
        (task({"DNSConfig": {"Nameservers": ["192.0.2.1"]}}), {"containerSpec": {"dnsConfig": {"nameservers": ["192.0.2.1"]}}}),
        (task(placement={"Constraints": ["a==b"]}), {**DESCRIBED, "placement": {"constraints": ["a==b"]}}),
        (task(placement={"MaxReplicas": 2}), {**DESCRIBED, "placement": {"maxReplicas": 2}}),
    ],
)
def test_what_is_described_or_as_it_comes_is_left_to_the_engine(running: dict[str, Any], described: dict[str, Any]) -> None:
    assert unread.edits("api", running, described) == []


class Engine:
    """Docker and the state, with one changed service, one of the state only and one of Docker only."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.updates: list[tuple[str, ...]] = []
        self.refuses = False
        monkeypatch.setattr(docker, "output", self.output)
        monkeypatch.setattr(engine, "quiet", lambda *_, stack: json.dumps({"deployment": {"resources": self.resources()}}))

    def resources(self) -> list[dict[str, Any]]:
        rows = [{"name": name, "taskSpec": DESCRIBED} for name in ("api", "gone", "edge")]
        made = [{"type": unread.SERVICE, "inputs": inputs} for inputs in rows]
        old = {"type": unread.SERVICE, "delete": True, "inputs": {"name": "old", "taskSpec": DESCRIBED}}
        return [*made, old, {"type": "docker:index/secret:Secret", "inputs": {}}]

    def output(self, *arguments: str, timeout: float = 60) -> str | None:
        if arguments[:2] == ("service", "update"):
            self.updates.append(arguments)
            return None if self.refuses else ""
        if arguments[:2] == ("service", "ls"):
            return "1 2 3 4"
        shown = {"api": task({"TTY": True, "Ulimits": [{"Name": "core"}]}), "edge": PLAIN, "old": task({"TTY": True})}
        shown["by-hand"] = task({"TTY": True})
        return json.dumps([{"Spec": {"Name": name, "TaskTemplate": template}} for name, template in shown.items()])


def test_each_service_is_said_and_updated_once(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    made = Engine(monkeypatch)
    unread.put_back(read("docker-local"))
    assert made.updates == [("service", "update", "--quiet", "--ulimit-rm=core", "--tty=false", "api")]
    assert "Changed by hand: api (ulimits, terminal)." in capsys.readouterr().err


def test_what_docker_does_not_take_back_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Engine(monkeypatch)
    made.refuses = True
    with pytest.raises(Failure, match="api was changed by hand and does not go back"):
        unread.put_back(read("docker-local"))
