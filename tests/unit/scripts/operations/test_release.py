"""When a release goes back, from what Swarm says of its copies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from scripts.operations import release
from scripts.operations.release_source import Copy

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def copy(state: str, seconds: float) -> Copy:
    since = NOW - timedelta(seconds=seconds)
    return Copy("api", frozenset(), since, "", state, since)


@pytest.mark.parametrize(
    ("former", "new", "late"),
    [
        ("running", copy("starting", 11), False),
        ("running", copy("starting", 12), True),
        ("running", copy("running", 60), False),
        ("running", copy("preparing", 60), False),
        ("failed", copy("starting", 60), False),
    ],
    ids=["in time", "late", "healthy", "its image is being fetched", "nobody else answers"],
)
def test_a_copy_is_late_while_a_former_one_answers(former: str, new: Copy, late: bool) -> None:
    assert release._late([copy(former, 1000), new], [new], NOW, 12) is late


def test_what_went_back_is_told_in_one_sentence() -> None:
    assert release._sentence({"api": "not healthy 12 s after its start", "worker": "task: non-zero exit (2)"}) == (
        "Rolled back: api (not healthy 12 s after its start); worker (task: non-zero exit (2)). "
        "The former copies answer; mend the release and run this again."
    )


@pytest.mark.parametrize(("load", "seconds"), [(0.1, 12), (8, 12), (16, 24), (500, 60)])
def test_a_busy_host_gets_more_time(load: float, seconds: int) -> None:
    assert release.healthy_seconds(load, 4) == seconds
