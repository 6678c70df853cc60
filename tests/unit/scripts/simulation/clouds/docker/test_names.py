from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.simulation.clouds.docker import CLOUD, names
from scripts.simulation.clouds.docker.catalogue import CONFIG, CONTAINER, NETWORK, SECRET, SERVICE, TAG, VOLUME
from scripts.simulation.values import UNKNOWN

SEED = "0123456789abcdef" * 2


def test_a_name_left_out_is_the_logical_name_and_seven_digits() -> None:
    assert CLOUD.defaults(SECRET, "key", {}, {}, SEED) == {"name": "key-0123456"}


def test_a_name_made_up_is_kept() -> None:
    assert CLOUD.defaults(SECRET, "key", {}, {"name": "key-7654321"}, SEED) == {"name": "key-7654321"}


def test_a_name_that_was_given_is_not_kept_when_it_is_left_out() -> None:
    assert CLOUD.defaults(SECRET, "key", {}, {"name": "mine"}, SEED) == {"name": "key-0123456"}


def test_a_given_or_unknown_name_stays() -> None:
    assert CLOUD.defaults(SECRET, "key", {"name": "mine"}, {}, SEED) == {}
    assert CLOUD.defaults(SECRET, "key", {"name": UNKNOWN}, {}, SEED) == {}


def test_a_tag_has_no_name() -> None:
    assert CLOUD.defaults(TAG, "tag", {}, {}, SEED) == {}


# Each row was tried on an engine 20.10.
@pytest.mark.parametrize(
    ("token", "name", "driver"),
    [
        (SECRET, "a" * 64, None),
        (SECRET, "A_b.c", None),
        (CONFIG, "a", None),
        (SERVICE, "z" * 63, None),
        (SERVICE, "ZZ", None),
        (SERVICE, "zz_a", None),
        (NETWORK, "zz b6", "bridge"),
        (NETWORK, "z" * 70, None),
        (VOLUME, "zz-", None),
        (CONTAINER, "web.1", None),
    ],
)
def test_names_that_the_engine_takes(token: str, name: str, driver: str | None) -> None:
    assert names.problem(token, {"name": name, "driver": driver}) is None


@pytest.mark.parametrize(
    ("token", "name", "driver", "words"),
    [
        (SECRET, "a" * 65, None, "at most 64"),
        (SECRET, "-a", None, "beginning and ending"),
        (SECRET, "a-", None, "beginning and ending"),
        (SECRET, "a b", None, "letters, digits"),
        (CONFIG, "", None, "an empty text"),
        (SERVICE, "z" * 64, None, "at most 63"),
        (SERVICE, "zz.a", None, "letters, digits, - and _"),
        (SERVICE, "zz-", None, "beginning and ending"),
        (NETWORK, "z" * 70, "overlay", "at most 63"),
        (NETWORK, "-zz", "overlay", "beginning and ending"),
        (VOLUME, "z", None, "at least 2"),
        (VOLUME, "z z", None, "beginning with"),
        (CONTAINER, "-web", None, "beginning with"),
    ],
)
def test_names_that_it_refuses(token: str, name: str, driver: str | None, words: str) -> None:
    found = names.problem(token, {"name": name, "driver": driver})
    assert found is not None
    assert found.path == "name"
    assert words in found.reason


def test_nothing_is_said_of_an_unknown_name() -> None:
    assert names.problem(SERVICE, {"name": UNKNOWN}) is None


@given(st.from_regex(r"[a-z][a-z0-9-]{0,53}", fullmatch=True), st.from_regex(r"[0-9a-f]{32}", fullmatch=True))
def test_a_name_made_up_is_a_right_name(logical: str, seed: str) -> None:
    for token in (SECRET, CONFIG, SERVICE, VOLUME, CONTAINER):
        assert names.problem(token, CLOUD.defaults(token, logical, {}, {}, seed)) is None


@pytest.mark.parametrize(
    "image",
    ["postgres", "postgres:17", "localhost:5000/a/b:1", f"r.example/a@sha256:{'0' * 64}", f"a:1@sha256:{'0' * 64}", "a__b/c-d"],
)
def test_images(image: str) -> None:
    assert names.image_problem("image", image) is None


@pytest.mark.parametrize(
    ("image", "words"),
    [
        ("BAD//x", "lower case"),
        ("UPPER/x", "lower case"),
        ("a b", "write registry"),
        ("", "an empty text"),
        ("a@sha256:12", "write"),
    ],
)
def test_no_images(image: str, words: str) -> None:
    found = names.image_problem("image", image)
    assert found is not None
    assert words in found.reason


def test_an_image_id_where_it_may_stand() -> None:
    assert names.image_problem("image", f"sha256:{'0' * 64}", by_id=True) is None
    assert names.image_problem("image", "0" * 64) is not None
