"""The library reads a resource once for all rules, and still reads each resource as it is."""

from __future__ import annotations

from typing import Any

import pytest
from google.protobuf import struct_pb2
from pulumi.runtime import proto
from pulumi_policy import EnforcementLevel, ResourceValidationArgs, ResourceValidationPolicy

from policies import remembering
from policies.remembering import library


def servicer(seen: list[Any]) -> Any:
    def look(args: ResourceValidationArgs, report: Any) -> None:
        seen.append(args.props)

    rules = [ResourceValidationPolicy(f"rule-{index}", "A rule.", look) for index in range(3)]
    return library._PolicyAnalyzerServicer("pack", "0.0.1", rules, EnforcementLevel.ADVISORY)


def request(value: str) -> Any:
    properties = struct_pb2.Struct()
    properties.update({"a": value})
    return proto.AnalyzeRequest(type="t", properties=properties, urn="urn", name="name")


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("json_format", "deserialize_properties", "unknown_checking_proxy"):
        monkeypatch.setattr(library, name, getattr(library, name))
    remembering.install()


@pytest.mark.usefixtures("installed")
def test_all_rules_get_the_same_reading_of_one_resource_and_their_own_of_another() -> None:
    seen: list[Any] = []
    one = servicer(seen)
    one.Analyze(request("x"), None)
    one.Analyze(request("y"), None)
    assert [props["a"] for props in seen] == ["x", "x", "x", "y", "y", "y"]
    assert seen[0] is seen[1] is seen[2]
    assert seen[3] is not seen[0]


def test_an_object_is_asked_about_once_and_another_in_its_place_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembering, "MOST", 2)
    asked: list[list[int]] = []

    def count(value: list[int]) -> int:
        asked.append(list(value))
        return len(value)

    ask = remembering.remembered(count)
    first = [1]
    assert (ask(first), ask(first)) == (1, 1)
    assert [ask([1, 2]), ask([1, 2, 3]), ask(first)] == [2, 3, 1]
    assert asked == [[1], [1, 2], [1, 2, 3], [1]]
