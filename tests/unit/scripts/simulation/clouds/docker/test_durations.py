from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.simulation.clouds.docker.durations import nanoseconds, read_back


# As the provider gave them back from an engine.
@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("60s", "1m"),
        ("90s", "1m30s"),
        ("0s", "0s"),
        ("0", "0s"),
        ("3600s", "1h"),
        ("3601s", "1h0m1s"),
        ("1500ms", "1.5s"),
        ("500ms", "500ms"),
        ("1h30m", "1h30m"),
        ("2500us", "2.5ms"),
        ("-60s", "-1m"),
        ("abc", "abc"),
    ],
)
def test_a_time_comes_back_in_one_form(written: str, read: str) -> None:
    assert read_back(written) == read


@pytest.mark.parametrize("text", ["", "1", "s", "1 s", "1d", "1m 2s"])
def test_no_times(text: str) -> None:
    assert nanoseconds(text) is None


@given(st.integers(0, 10**15))
def test_what_comes_back_is_the_same_time_and_stays(length: int) -> None:
    read = read_back(f"{length}ns")
    assert nanoseconds(read) == length
    assert read_back(read) == read
