"""Physical names: within limits, never the same for two different things."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import naming
from components.contract import Identity
from components.spec import Environment

words = st.text(st.characters(codec="ascii", min_codepoint=33), min_size=1, max_size=80)


@given(words, words, st.integers(min_value=16, max_value=80))
def test_a_name_fits(stack: str, role: str, limit: int) -> None:
    name = naming.physical(Identity("penguinmails", stack, Environment.DEVELOPMENT), role, limit)
    assert len(name) <= limit
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)


@given(st.tuples(words, words), st.tuples(words, words))
def test_two_roles_never_share_a_name(first: tuple[str, str], second: tuple[str, str]) -> None:
    names = [naming.physical(Identity("p", stack, Environment.STAGING), role, 63) for stack, role in (first, second)]
    same = f"{first[0]}-{first[1]}" == f"{second[0]}-{second[1]}"
    assert (names[0] == names[1]) == same


def test_a_short_name_stays_readable() -> None:
    identity = Identity("penguinmails", "docker-local", Environment.DEVELOPMENT)
    assert naming.physical(identity, "database", 63) == "penguinmails-docker-local-database"


def test_long_roles_that_begin_alike_stay_apart() -> None:
    identity = Identity("penguinmails", "docker-local", Environment.DEVELOPMENT)
    roles = [f"{'a-very-long-role-of-a-part-' * 3}{number}" for number in range(300)]
    assert len({naming.physical(identity, role, 40) for role in roles}) == len(roles)


def test_a_limit_without_room_is_refused() -> None:
    with pytest.raises(ValueError, match="no room"):
        naming.physical(Identity("p", "s", Environment.STAGING), "r", 8)
