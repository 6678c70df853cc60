"""The small pure parts of running a container on Swarm."""

from __future__ import annotations

import pytest

from components.docker.swarm import duration, release


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0s"), (5, "5s"), (60, "1m"), (90, "1m30s"), (120, "2m"), (3600, "1h"), (3661, "1h1m1s")]
)
def test_a_duration_is_written_as_the_provider_reads_it_back(seconds: int, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("image", "name"),
    [
        ("localhost:5000/penguinmails/api:0123456789abcdef", "0123456789abcdef"),
        ("registry.example/mail@sha256:" + "ab" * 32, "ab" * 8),
    ],
)
def test_a_release_is_named_by_its_tag_or_its_digest(image: str, name: str) -> None:
    assert release(image) == name
