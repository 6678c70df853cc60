"""A health check that stays tells the first look at once, stays with what is well, and ends with the first look that is not."""

from __future__ import annotations

import json
import re
import subprocess
import time
from pathlib import Path

import pytest

IMAGES = Path(__file__).parents[4] / "images"
STAY = IMAGES / "base" / "stay"
BUILT_ON = {"base", "python"}
"""Nothing runs in these."""
SELDOM = {"registry"}
"""Looked at every ten seconds, and no part of a platform."""


@pytest.fixture
def stay(tmp_path: Path) -> Path:
    """The program with its mark in a folder of the test's, two seconds for half a minute and pauses of a tenth."""
    text = STAY.read_text().replace("/dev/shm/healthy", str(tmp_path / "healthy"))
    text = text.replace("half_a_minute=30", "half_a_minute=2").replace("sleep 3", "sleep 0.1")
    program = tmp_path / "stay"
    program.write_text(text)
    program.chmod(0o755)
    return program


def run(stay: Path, command: str) -> tuple[int, str, float]:
    began = time.monotonic()
    done = subprocess.run([str(stay), "sh", "-c", command], cwd=stay.parent, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, time.monotonic() - began


def looks(stay: Path) -> int:
    return len((stay.parent / "looks").read_text().splitlines())


def test_the_first_that_is_well_is_told_at_once(stay: Path) -> None:
    code, _, _ = run(stay, "echo >> looks")
    assert (code, looks(stay)) == (0, 1)


def test_what_was_well_before_is_looked_at_again_and_again(stay: Path) -> None:
    run(stay, "true")
    code, _, seconds = run(stay, "echo >> looks")
    assert code == 0
    assert looks(stay) > 2
    assert seconds >= 1


def test_the_first_that_is_not_well_ends_it_and_says_why(stay: Path) -> None:
    run(stay, "true")
    code, said, _ = run(stay, "echo >> looks; [ $(wc -l < looks) -lt 3 ] || { echo answered 503; exit 1; }")
    assert (code, said, looks(stay)) == (1, "answered 503\n", 3)


def test_what_is_well_again_is_told_at_once(stay: Path) -> None:
    run(stay, "true")
    run(stay, "false")
    code, _, _ = run(stay, "echo >> looks")
    assert (code, looks(stay)) == (0, 1)


def test_a_look_that_hangs_is_not_well(stay: Path) -> None:
    stay.write_text(stay.read_text().replace("--kill-after=1 4", "--kill-after=1 0.3"))
    assert run(stay, "sleep 60")[0] == 1


def test_without_a_place_for_the_mark_each_look_is_one_check(stay: Path) -> None:
    stay.write_text(stay.read_text().replace(f"known={stay.parent}/healthy", "known=/proc/healthy"))
    for _ in range(2):
        code, _, _ = run(stay, "echo >> looks")
        assert code == 0
    assert looks(stay) == 2


@pytest.mark.parametrize(
    "image", sorted(file.parent.name for file in IMAGES.glob("*/Dockerfile") if file.parent.name not in BUILT_ON)
)
def test_every_image_that_runs_has_a_health_check_that_may_stay(image: str) -> None:
    """Policies trust the kit's own images to have one."""
    text = (IMAGES / image / "Dockerfile").read_text().replace("\\\n", " ")
    [check] = re.findall(r"^HEALTHCHECK (.*)$", text, re.MULTILINE)
    options = dict(re.findall(r"--([a-z-]+)=(\S+)", check))
    command = json.loads(check[check.index("[") :])
    if image not in SELDOM:
        assert command[0] == "/usr/lib/penguinmails/stay"
        longest = int(re.findall(r"half_a_minute=(\d+)", STAY.read_text())[0]) + 3 + 4 + 1
        assert int(options["timeout"].removesuffix("s")) > longest
