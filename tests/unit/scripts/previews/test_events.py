"""What events of the engine say; the texts were recorded from engine 3.259.0."""

from __future__ import annotations

from typing import Any

import pytest

from scripts.previews.events import Trouble, changes, troubles, warnings

URN = "urn:pulumi:test::penguinmails::penguinmails:index:Platform$docker:index/service:Service::database-server"
SERVICE = "docker:index/service:Service"


def step(op: str, urn: str = URN, **more: Any) -> dict[str, Any]:
    state = {"custom": True, "parent": "urn:pulumi:test::penguinmails::penguinmails:index:Platform::penguinmails"}
    metadata = {"op": op, "urn": urn, "type": SERVICE, "old": {**state, "inputs": {}}, "new": {**state, "inputs": {}}, **more}
    return {"resourcePreEvent": {"metadata": metadata}}


def error(message: str, urn: str = URN, severity: str = "error") -> dict[str, Any]:
    return {"diagnosticEvent": {"urn": urn, "message": message, "severity": severity, "prefix": f"{severity}: "}}


def test_a_replacement_is_one_change_with_what_forces_it() -> None:
    detailed = {"name": {"diffKind": "update-replace"}, "labels[0].value": {"diffKind": "update"}}
    steps = [
        step("delete-replaced"),
        step("replace", detailedDiff=detailed, keys=["name"]),
        step("create-replacement", keys=["name"]),
    ]
    [change] = changes(steps)
    assert (change.action, change.name, change.counted) == ("replace", "database-server", True)
    assert (change.replacing, change.paths) == (("name",), ("labels[0].value", "name"))


@pytest.mark.parametrize(("op", "actions"), [("refresh", []), ("read", []), ("same", ["same"]), ("import", ["create"])])
def test_steps_of_the_engine_become_actions(op: str, actions: list[str]) -> None:
    assert [change.action for change in changes([step(op)])] == actions


def test_changes_are_sorted_whatever_the_order_of_the_engine() -> None:
    assert [change.urn for change in changes([step("create", "b::b"), step("create", "a::a")])] == ["a::a", "b::b"]


def test_a_deleted_volume_that_stays_in_the_cloud_is_not_lost() -> None:
    inputs = {"taskSpec": {"containerSpec": {"mounts": [{"type": "volume", "source": "data"}]}}}
    old = {"custom": True, "inputs": inputs}
    [change] = changes([step("delete", old=old, new=None)])
    assert change.lost == "the volume data"
    [kept] = changes([step("delete", old={**old, "retainOnDelete": True}, new=None)])
    assert kept.lost == ""


def test_components_and_providers_are_not_counted() -> None:
    events = [
        step("create", "a::a", type="penguinmails:docker:Database", new={"custom": False}, old=None),
        step("create", "b::b", type="pulumi:providers:docker"),
    ]
    assert [change.counted for change in changes(events)] == [False, False]


def test_a_refusal_by_check_has_its_path_and_never_the_value() -> None:
    message = (
        f"{SERVICE} resource 'database-server': property updateConfig.order value {{canary}} has a problem: "
        "start-second is not known here; use stop-first or start-first\n"
    )
    expected = Trouble("preview", URN, "updateConfig.order", "start-second is not known here; use stop-first or start-first")
    assert troubles([error(message)], "preview") == [expected]


def test_a_refusal_by_the_cloud_is_a_sentence_a_property() -> None:
    message = "ports[0].publishedPort: 8443/tcp is taken; publish another port; ports[1].publishedPort: 8080/tcp is taken\n"
    found = troubles([error(message)], "up")
    assert [(each.path, each.message) for each in found] == [
        ("ports[0].publishedPort", "8443/tcp is taken; publish another port"),
        ("ports[1].publishedPort", "8080/tcp is taken"),
    ]


def test_consequences_are_left_out_unless_they_are_all_there_is() -> None:
    failed = error("preview failed\n", "")
    ended = error("Program failed with an unhandled exception:\npulumi.runtime.stack.ResourceRegistrationFailed: resource x\n")
    assert [each.message for each in troubles([error("a: b"), ended, failed], "preview")] == ["b"]
    assert [each.message for each in troubles([failed], "preview")] == ["preview failed"]


def test_a_program_that_fails_is_told_by_the_last_line_of_its_own_code() -> None:
    message = (
        "Program failed with an unhandled exception:\nTraceback (most recent call last):\n"
        '  File "/tmp/x/project/components/docker/swarm.py", line 88, in service\n    image = nodef\n'
        '  File "/tmp/x/project/.venv/lib/python3.11/site-packages/pulumi/runtime.py", line 3, in y\n    y()\n'
        "NameError: name 'nodef' is not defined\n"
    )
    [found] = troubles([error(message, "")], "preview")
    assert found.message == "the program fails: NameError: name 'nodef' is not defined (components/docker/swarm.py, line 88)"


def test_each_sentence_of_a_refused_description_is_an_error_of_its_own() -> None:
    message = "penguinmails:apiKey: stands in plain text; run this\npenguinmails:other: is missing (purpose)\n"
    found = troubles([error(message)], "preview")
    assert len(found) == 2
    assert found[0].message.endswith("stands in plain text; run this")


def test_what_a_policy_raised_is_not_told_here() -> None:
    assert troubles([error("failed to run policy: Exception calling application: canary")], "up") == []


def test_the_same_error_is_told_once_and_warnings_apart() -> None:
    events = [error("a: b"), error("a: b"), error("watch out", severity="warning"), error("watch out", severity="warning")]
    assert len(troubles(events, "up")) == 1
    assert warnings(events) == ["watch out"]
