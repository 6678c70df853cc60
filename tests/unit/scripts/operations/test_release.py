"""When a release goes back, from what Swarm says of its copies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from scripts.operations import release
from scripts.operations.release_source import Copy

NOW = datetime(2026, 1, 2, tzinfo=UTC)


LATE = "not healthy 12 s after its start"
REFUSED = "it answered 3 health checks, and none well"


def copy(state: str, seconds: float, refusals: int = 0) -> Copy:
    since = NOW - timedelta(seconds=seconds)
    return Copy("api", frozenset(), since, "", state, since, refusals)


@pytest.mark.parametrize(
    ("former", "new", "reason"),
    [
        ("running", copy("starting", 11, 2), None),
        ("running", copy("starting", 12, 2), LATE),
        ("running", copy("starting", 9, 3), REFUSED),
        ("running", copy("running", 60), None),
        ("running", copy("preparing", 60), None),
        ("failed", copy("starting", 60, 9), None),
    ],
    ids=["in time", "late", "says that it is not well", "healthy", "its image is being fetched", "nobody else answers"],
)
def test_a_copy_is_unwell_while_a_former_one_answers(former: str, new: Copy, reason: str | None) -> None:
    assert release._unwell([copy(former, 1000), new], [new], NOW, 12) == reason


def test_what_went_back_is_told_in_one_sentence() -> None:
    assert release._sentence({"api": "not healthy 12 s after its start", "worker": "task: non-zero exit (2)"}) == (
        "Rolled back: api (not healthy 12 s after its start); worker (task: non-zero exit (2)). "
        "The former copies answer; mend the release and run this again."
    )


@pytest.mark.parametrize(("load", "seconds"), [(0.1, 12), (8, 12), (16, 24), (500, 60)])
def test_a_busy_host_gets_more_time(load: float, seconds: int) -> None:
    assert release.healthy_seconds(load, 4) == seconds
