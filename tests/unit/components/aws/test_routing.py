"""Rules of the listener: whole segments, deeper paths first, no two at one place."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from components import stackfile
from components.aws import routing
from components.spec import PlatformSpec
from tests.harness.targets import base

SEGMENTS = st.lists(st.from_regex(r"\A[A-Za-z0-9_.-]{1,4}\Z"), max_size=routing.MAX_DEPTH)
PATHS = SEGMENTS.map(lambda parts: "/" + "/".join(parts))


def described(**paths: str) -> PlatformSpec:
    services: dict[str, Any] = {name: {"image": "api", "public_path": path} for name, path in paths.items()}
    return stackfile.parse(json.dumps(base("aws", services=services)))


@pytest.mark.parametrize(
    ("path", "found"),
    [("/", ["/*"]), ("/api", ["/api", "/api/*"]), ("/api/", ["/api", "/api/*"]), ("/a/b", ["/a/b", "/a/b/*"])],
)
def test_a_path_means_whole_segments(path: str, found: list[str]) -> None:
    assert routing.patterns(path) == found


@given(PATHS)
def test_a_priority_is_one_of_aws(path: str) -> None:
    assert 1 <= routing.priority(path) <= routing.MAX_PRIORITY


@given(PATHS, SEGMENTS.filter(bool))
def test_what_is_below_a_path_comes_before_it(path: str, below: list[str]) -> None:
    deeper = f"{path.rstrip('/')}/{'/'.join(below)}"
    assume(routing.depth(deeper) <= routing.MAX_DEPTH)
    assert routing.priority(deeper) < routing.priority(path)


def test_a_slash_at_the_end_changes_nothing() -> None:
    assert routing.priority("/api/") == routing.priority("/api")


def test_paths_of_their_own_are_not_refused() -> None:
    assert not list(routing.misfits(described(api="/", admin="/admin", mail="/api/mail")))


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ("/api/", "belongs to api"),
        ("/a//b", "has an empty segment"),
        ("/" + "x" * 127, "is longer than a load balancer takes"),
        ("/x" * 25, "is longer than a load balancer takes"),
    ],
)
def test_paths_that_the_listener_cannot_hold_are_refused_by_their_field(other: str, words: str) -> None:
    [gap] = routing.misfits(described(api="/api", other=other))
    assert gap.field == "platform.services.other.public_path"
    assert words in gap.reason


def test_two_paths_at_one_place_are_refused() -> None:
    seen: dict[int, str] = {}
    place, path = 0, ""
    for number in range(5000):
        path = f"/p{number}"
        place = routing.priority(path)
        if place in seen:
            break
        seen[place] = path
    [gap] = routing.misfits(described(first=seen[place], second=path))
    assert f"meets {seen[place]} of first" in gap.reason
