"""What is refused, where, in which words; what providers coerce; and that no value is ever told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.simulation.schema.check import problems
from scripts.simulation.schema.model import Property, ResourceSchema, Shape
from scripts.simulation.values import UNKNOWN, Value

ASSET = {"4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", "path": "a"}
TEXT, WHOLE, NUMBER, TRUTH = Shape("string"), Shape("integer"), Shape("number"), Shape("boolean")
TIER = Shape("string", values=("Basic", "Standard", "Premium"))
TYPES = {
    "Disk": {"sizeGb": Property(WHOLE, required=True), "tier": Property(TIER), "labels": Property(Shape("map", element=TEXT))},
    "Box": {
        "disks": Property(Shape("list", element=Shape("object", type="Disk"))),
        "inner": Property(Shape("object", type="Box")),
    },
    "Daily": {"hour": Property(WHOLE, required=True)},
    "Weekly": {"day": Property(TEXT, required=True), "hour": Property(WHOLE, required=True)},
}
WHEN = Shape("union", options=(Shape("object", type="Daily"), Shape("object", type="Weekly")))
INPUTS = {
    "name": Property(TEXT, required=True),
    "count": Property(WHOLE),
    "share": Property(NUMBER),
    "enabled": Property(TRUTH),
    "code": Property(Shape("asset")),
    "box": Property(Shape("object", type="Box")),
    "when": Property(WHEN),
    "policy": Property(Shape("union", options=(TEXT, Shape("list", element=TEXT)))),
    "extra": Property(Shape("any")),
    "backupRetentionDays": Property(WHOLE),
}
STRICT = ResourceSchema("azure-native:toy:Toy", INPUTS, {}, TYPES)
BRIDGED = ResourceSchema("aws:toy/toy:Toy", INPUTS, {}, TYPES)


def said(schema: ResourceSchema, **inputs: Value) -> list[str]:
    return [str(problem) for problem in problems(schema, {"name": "a", **inputs})]


@pytest.mark.parametrize("schema", [STRICT, BRIDGED], ids=["strict", "bridged"])
@pytest.mark.parametrize(
    ("inputs", "wanted"),
    [
        ({"name": None}, "name: is required and missing"),
        ({"nane": "b"}, "nane: is not a known property; did you mean name?"),
        ({"backup_retention_days": 7}, "backup_retention_days: is not a known property; did you mean backupRetentionDays?"),
        ({"NA_M_E": "b"}, "NA_M_E: is not a known property; did you mean name?"),
        ({"zzz": "b"}, "zzz: is not a known property"),
        ({"count": "many"}, "count: should be a whole number, not a string"),
        ({"count": 1.5}, "count: should be a whole number, not a number with a fraction"),
        ({"count": True}, "count: should be a whole number, not a boolean"),
        ({"share": "half"}, "share: should be a number, not a string"),
        ({"enabled": "yes"}, "enabled: should be a boolean, not a string"),
        ({"enabled": 1}, "enabled: should be a boolean, not a number"),
        ({"name": ["a"]}, "name: should be a string, not a list"),
        ({"name": {"a": 1}}, "name: should be a string, not an object"),
        ({"name": ASSET}, "name: should be a string, not an asset or archive"),
        ({"code": "a"}, "code: should be an asset or archive, not a string"),
        ({"code": {"path": "a"}}, "code: should be an asset or archive, not an object"),
        ({"box": []}, "box: should be an object, not a list"),
        ({"box": ASSET}, "box: should be an object, not an asset or archive"),
        ({"box": {"disks": {}}}, "box.disks: should be a list, not an object"),
        ({"box": {"disks": [{}]}}, "box.disks[0].sizeGb: is required and missing"),
        ({"box": {"disks": [{"sizeGb": 1}, {"sizeGb": 1, "siz": 2}]}}, "box.disks[1].siz: is not a known property"),
        (
            {"box": {"inner": {"inner": {"disks": [{"sizeGb": []}]}}}},
            "box.inner.inner.disks[0].sizeGb: should be a whole number",
        ),
        ({"box": {"disks": [{"sizeGb": 1, "labels": {"a": []}}]}}, "box.disks[0].labels.a: should be a string, not a list"),
        (
            {"box": {"disks": [{"sizeGb": 1, "tier": "premium"}]}},
            "box.disks[0].tier: is not one of Basic, Standard, Premium; did you mean Premium?",
        ),
        ({"when": {"hour": 1, "day": []}}, "when.day: should be a string, not a list"),
        ({"when": "daily"}, "when: should be an object, not a string"),
        ({"policy": {}}, "policy: should be a string or a list, not an object"),
        ({"policy": ["a", []]}, "policy[1]: should be a string, not a list"),
    ],
)
def test_refused(schema: ResourceSchema, inputs: Mapping[str, Value], wanted: str) -> None:
    (found,) = said(schema, **inputs)
    assert found.startswith(wanted)


@pytest.mark.parametrize("schema", [STRICT, BRIDGED], ids=["strict", "bridged"])
@pytest.mark.parametrize(
    "inputs",
    [
        {},
        {"count": 0, "share": 0.5, "enabled": False, "code": ASSET, "extra": {"any": [ASSET, None]}},
        {"share": 1},
        {"count": 3.0},
        {"count": None, "zzz": None, "box": None},
        {"__defaults": [], "box": {"__defaults": ["disks"], "disks": [{"__defaults": [], "sizeGb": 1, "labels": {"__x": []}}]}},
        {"when": {"hour": 1}},
        {"when": {"hour": 1, "day": "mon"}},
        {"policy": "a"},
        {"policy": ["a"]},
        {"box": {"disks": [{"sizeGb": 1, "tier": "Basic", "labels": {}}], "inner": {"inner": {}}}},
        dict.fromkeys(INPUTS, UNKNOWN),
        {"box": {"disks": UNKNOWN}},
        {"box": {"disks": [UNKNOWN, {"sizeGb": UNKNOWN, "tier": UNKNOWN, "labels": UNKNOWN}]}},
        {"box": {"disks": [{"sizeGb": 1, "labels": {"a": UNKNOWN}}]}},
        {"when": {"hour": UNKNOWN, "day": UNKNOWN}},
    ],
)
def test_accepted(schema: ResourceSchema, inputs: Mapping[str, Value]) -> None:
    assert said(schema, **inputs) == []


@pytest.mark.parametrize(
    "inputs",
    [
        {"count": "5"},
        {"count": "-5"},
        {"share": "0.5"},
        {"share": "1e3"},
        {"enabled": "true"},
        {"enabled": "false"},
        {"name": 5},
        {"name": 5.5},
        {"name": True},
        {"box": {"disks": [{"sizeGb": "1", "labels": {"a": True}}]}},
    ],
)
def test_the_bridge_coerces_and_azure_does_not(inputs: Mapping[str, Value]) -> None:
    assert said(BRIDGED, **inputs) == []
    assert len(said(STRICT, **inputs)) >= 1


@pytest.mark.parametrize("value", ["5.0", "0x5", "1_000", " 5", "5 ", "", "٥", "inf", "nan"])
def test_text_that_go_does_not_read_as_a_whole_number(value: str) -> None:
    assert len(said(BRIDGED, count=value)) == 1


@pytest.mark.parametrize("value", ["inf", "nan", "1_0", " 5", "", ".", "True", "e3"])
def test_text_that_reads_as_no_number_or_boolean(value: str) -> None:
    assert len(said(BRIDGED, share=value)) == 1
    assert len(said(BRIDGED, enabled=value)) == 1


def test_a_providers_configuration_is_as_strict_as_its_resources() -> None:
    inputs = {"retries": Property(WHOLE)}
    assert problems(ResourceSchema("pulumi:providers:aws", inputs, {}), {"retries": "5"}) == []
    assert len(problems(ResourceSchema("pulumi:providers:azure-native", inputs, {}), {"retries": "5"})) == 1


def test_a_long_enumeration_is_cut() -> None:
    long = Shape("string", values=tuple(f"member{number}" for number in range(40)))
    (found,) = problems(ResourceSchema("aws:a:A", {"kind": Property(long)}, {}), {"kind": "membr39"})
    assert "member11 and 28 more; did you mean member39?" in found.reason


def test_every_problem_is_found_at_once() -> None:
    found = problems(STRICT, {"count": "a", "nope": 1, "box": {"disks": [{}, 5]}})
    assert [problem.path for problem in found] == ["count", "nope", "box.disks[0].sizeGb", "box.disks[1]", "name"]


def test_unions_inside_unions_cost_no_more_than_what_is_given() -> None:
    """Forty options that hold each other, six levels deep: entering all of them would be 40 ** 6 visits."""
    options = tuple(Shape("object", type=f"T{number}") for number in range(40))
    union = Shape("union", options=options)
    types = {f"T{number}": {f"only{number}": Property(TEXT, required=True), "next": Property(union)} for number in range(40)}
    value: dict[str, Any] = {"only7": []}
    for _ in range(6):
        value = {"only3": "a", "next": value}
    (found,) = problems(ResourceSchema("azure-native:a:A", {"first": Property(union)}, {}, types), {"first": value})
    assert found.path == "first" + ".next" * 6 + ".only7"


def fitting(shape: Shape, depth: int = 3) -> st.SearchStrategy[Value]:
    """Values of a type, some of them or of their parts unknown."""
    match shape.kind:
        case "string":
            known: st.SearchStrategy[Value] = st.sampled_from(shape.values) if shape.values else st.text(max_size=5)
        case "integer":
            known = st.integers()
        case "number":
            known = st.integers() | st.floats(allow_nan=False)
        case "boolean":
            known = st.booleans()
        case "asset":
            known = st.just(ASSET)
        case "list":
            assert shape.element is not None
            known = st.lists(fitting(shape.element, depth - 1), max_size=2)
        case "map":
            assert shape.element is not None
            known = st.dictionaries(st.text(max_size=5), fitting(shape.element, depth - 1), max_size=2)
        case "object":
            known = objects(TYPES[shape.type], depth)
        case "union":
            known = st.one_of([fitting(option, depth) for option in shape.options])
        case _:
            known = st.none() | st.integers() | st.lists(st.booleans(), max_size=2)
    return known | st.just(UNKNOWN)


def objects(properties: Mapping[str, Property], depth: int) -> st.SearchStrategy[Value]:
    strategies = {name: fitting(found.shape, depth - 1) for name, found in properties.items() if found.required or depth > 0}
    required = {name: strategies.pop(name) for name, found in properties.items() if found.required}
    return st.fixed_dictionaries(required, optional=strategies)


@pytest.mark.parametrize("schema", [STRICT, BRIDGED], ids=["strict", "bridged"])
@given(inputs=objects(INPUTS, 4))
def test_whatever_fits_is_accepted(schema: ResourceSchema, inputs: Mapping[str, Value]) -> None:
    assert problems(schema, inputs) == []


def spoiled(value: Value) -> st.SearchStrategy[Value]:
    """The value with any of its parts replaced by something that holds a secret."""
    secret = st.sampled_from(["hunter2", ["hunter2"], {"x": "hunter2"}, {"hunter": ["hunter2"]}])
    if isinstance(value, dict):
        return st.fixed_dictionaries({key: spoiled(item) for key, item in value.items()}) | secret
    if isinstance(value, list):
        return st.tuples(*map(spoiled, value)).map(list) | secret
    return st.just(value) | secret


@pytest.mark.parametrize("schema", [STRICT, BRIDGED], ids=["strict", "bridged"])
@given(inputs=objects(INPUTS, 4).flatmap(spoiled).filter(lambda value: isinstance(value, dict)))
def test_no_value_is_ever_told(schema: ResourceSchema, inputs: Mapping[str, Value]) -> None:
    assert "hunter2" not in " ".join(map(str, problems(schema, inputs)))
