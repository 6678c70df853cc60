"""The small pure parts of running a container on Swarm."""

from __future__ import annotations

import pytest

from components.docker.swarm import duration


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0s"), (5, "5s"), (60, "1m"), (90, "1m30s"), (120, "2m"), (3600, "1h"), (3661, "1h1m1s")]
)
def test_a_duration_is_written_as_the_provider_reads_it_back(seconds: int, text: str) -> None:
    assert duration(seconds) == text
