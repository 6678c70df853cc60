"""When two specifications of a service are the same, and what is said where they are not."""

from __future__ import annotations

import copy
from typing import Any

from scripts.bench.drift import comparable, different

SPEC: dict[str, Any] = {
    "Name": "broker",
    "TaskTemplate": {
        "ContainerSpec": {
            "Image": "x",
            "Env": ["A=1", "B=2"],
            "Mounts": [{"Target": "/tmp", "Type": "tmpfs"}, {"Target": "/data", "Type": "volume"}],
            "Secrets": [{"SecretID": "1", "SecretName": "a", "File": {"Name": "key"}}],
        }
    },
    "EndpointSpec": {"Ports": [{"TargetPort": 80}, {"TargetPort": 443}]},
}


def test_an_order_that_means_nothing_is_no_difference() -> None:
    other = copy.deepcopy(SPEC)
    container = other["TaskTemplate"]["ContainerSpec"]
    for entries in (container["Mounts"], container["Env"], other["EndpointSpec"]["Ports"]):
        entries.reverse()
    container["Secrets"][0].update(SecretID="2", SecretName="b")
    container["Healthcheck"] = {}
    assert comparable(other) == comparable(SPEC)
    assert list(different(comparable(other), comparable(SPEC))) == []


def test_a_difference_is_said_with_its_path() -> None:
    other = copy.deepcopy(SPEC)
    other["TaskTemplate"]["ContainerSpec"]["Mounts"].pop()
    [said] = different(comparable(other), comparable(SPEC))
    assert said.startswith("TaskTemplate.ContainerSpec.Mounts: ")
