"""Which zones a new network is in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.aws.network import first_zones
from components.stackfile import StackFileError


@given(st.permutations(["x-1a", "x-1b", "x-1c", "x-1d"]), st.integers(1, 4))
def test_zones_do_not_depend_on_the_order_of_the_answer(names: list[str], count: int) -> None:
    assert first_zones("x-1", names, count) == ["x-1a", "x-1b", "x-1c", "x-1d"][:count]


def test_a_region_with_fewer_is_one_sentence() -> None:
    with pytest.raises(StackFileError, match=r"^platform\.aws\.zones: 3 is above the 2 that us-west-1 has; use 2$"):
        first_zones("us-west-1", ["us-west-1a", "us-west-1b"], 3)
