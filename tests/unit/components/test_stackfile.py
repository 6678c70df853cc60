"""Mistakes in a stack file: all reported together, each in one sentence with its path."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import stackfile

GOOD: dict[str, Any] = {
    "target": "docker",
    "environment": "development",
    "domain": "localhost",
    "services": {"api": {"image": "api", "public_path": "/", "consumes": ["outbound"]}},
    "edge": {"certificate": "internal"},
}


def problems(change: dict[str, Any]) -> list[str]:
    """What is said of the good description with some paths (`a.b.c`) set to other values; None removes."""
    description = copy.deepcopy(GOOD)
    for path, value in change.items():
        *parents, last = path.split(".")
        place = description
        for key in parents:
            place = place.setdefault(key, {})
        if value is None:
            del place[last]
        else:
            place[last] = value
    with pytest.raises(stackfile.StackFileError) as error:
        stackfile.parse(json.dumps(description))
    return error.value.problems


def test_the_good_description_is_accepted() -> None:
    assert stackfile.parse(json.dumps(GOOD)).services["api"].consumes == ("outbound",)


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("database.storage_gib", 5, "platform.database.storage_gib: 5 is below the minimum of 20"),
        ("database.storage_gib", "20", 'platform.database.storage_gib: should be a whole number, not "20"'),
        ("database.sze", "small", "platform.database.sze: is not a known key"),
        ("database.size", "tiny", 'platform.database.size: "tiny" is not one of small, medium or large'),
        ("database.high_availability", "yes", 'platform.database.high_availability: should be true or false, not "yes"'),
        ("services.api.port", 70000, "platform.services.api.port: 70000 is above the maximum of 65535"),
        ("services.api.command", "api", 'platform.services.api.command: should be a list, not "api"'),
        ("services.api.consumes", ["mail"], "platform.services.api.consumes[0]: mail is not one of platform.queues"),
        ("services.api.image", "nothing", "platform.services.api.image: there is no images/nothing/Dockerfile"),
        ("services.api.environment", {"PORT": "1"}, "platform.services.api.environment.PORT: is set by the platform"),
        ("services", None, "platform.services: is missing"),
        ("target", "vmware", 'platform.target: "vmware" is not one of'),
        ("domain", "no_domain", 'platform.domain: "no_domain" is not valid: use a host name'),
        ("edge.http_port", 443, "platform.edge.http_port: 443 is platform.edge.https_port too"),
        ("services.api.public_path", None, "platform.services: none has a public_path"),
    ],
)
def test_one_mistake_gives_one_sentence(path: str, value: Any, sentence: str) -> None:
    found = problems({path: value})
    assert len(found) == 1
    assert found[0].startswith(sentence)


def s3(endpoint: str) -> dict[str, str]:
    return {"kind": "s3", "endpoint": endpoint, "region": "eu", "bucket": "penguinmails-backups"}


@pytest.mark.parametrize("port", ["0", "65536", "70000", "99999", "100000", "080"])
def test_a_port_within_an_address_is_one_that_there_is(port: str) -> None:
    [found] = problems({"docker": {"scrape_targets": {"gateway": f"gateway.example.com:{port}/metrics"}}})
    assert found.startswith("platform.docker.scrape_targets.gateway: ")
    assert "65535 at most" in found
    [found] = problems({"docker": {"second_repository": s3(f"s3.example.com:{port}")}, "backup": {}})
    assert found.startswith("platform.docker.second_repository.s3.endpoint: ")
    assert "65535 at most" in found


@pytest.mark.parametrize("port", ["1", "443", "9154", "9999", "10000", "59999", "60000", "64999", "65499", "65529", "65535"])
def test_every_port_that_there_is_may_stand_in_an_address(port: str) -> None:
    section = {"scrape_targets": {"gateway": f"gateway:{port}/"}, "second_repository": s3(f"s3.example.com:{port}")}
    assert stackfile.parse(json.dumps({**GOOD, "docker": section, "backup": {}})).docker is not None


def test_two_mistakes_are_reported_together() -> None:
    found = problems({"database.storage_gib": 5, "services.api.cpu": 99})
    assert found == [
        "platform.database.storage_gib: 5 is below the minimum of 20",
        "platform.services.api.cpu: 99 is above the maximum of 16",
    ]


def test_a_bare_date_asks_for_quotes() -> None:
    found = problems({"services.api.environment": {"RELEASED": "2026-12-31T00:00:00Z"}})
    assert found == ['platform.services.api.environment.RELEASED: a date needs quotes in YAML; write "2026-12-31"']


def test_a_section_of_another_target_is_refused() -> None:
    found = problems({"target": "aws", "docker.node": "host-1"})
    assert found == ["platform.docker: belongs to the target docker, and this stack's target is aws"]


@pytest.mark.parametrize("text", ["[]", '"text"', "{", "null"])
def test_what_is_no_mapping_is_refused(text: str) -> None:
    with pytest.raises(stackfile.StackFileError):
        stackfile.parse(text)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.dictionaries(st.text(), inner)))
def test_any_json_is_parsed_or_refused_with_sentences(value: Any) -> None:
    problems = []
    try:
        stackfile.parse(json.dumps({**GOOD, "database": value}))
    except stackfile.StackFileError as error:
        problems = error.problems
        if not problems:
            raise
    assert all(line.startswith("platform.") and "\n" not in line for line in problems)
