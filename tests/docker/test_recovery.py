"""scripts/up, killed with all of its processes, is mended by the next one: nothing lost, nothing left over."""

from __future__ import annotations

import pytest

from tests.docker.conftest import STACK, Running
from tests.docker.measured import bench

pytestmark = [pytest.mark.docker, pytest.mark.timeout(600)]


def test_a_killed_up_is_mended_by_the_next(running: Running) -> None:
    """More rounds, and ups from nothing: `python -m scripts.bench.kill_up`."""
    *rounds, total = bench(running.checkout, "kill_up", STACK, "--count", "2", "--kinds", "change,remove", "--within", "8")
    assert total["good"] == total["kills"] == 2
    assert {facts["lost"] for facts in rounds} == {0}
    assert min(facts["messages"] for facts in rounds) > 0
