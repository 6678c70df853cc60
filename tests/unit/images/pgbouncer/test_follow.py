"""The pool ends when the database has another address: the entrypoint's function, run by a shell whose names move."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ENTRYPOINT = Path(__file__).resolve().parents[4] / "images" / "pgbouncer" / "entrypoint"
SURROUNDINGS = """
set -eu
sleep() { read -r answer <&3; }
getent() { [ "$answer" = - ] || printf '%s STREAM %s\\n%s DGRAM\\n' "$answer" "$2" "$answer"; }
kill() { printf 'kill %s\\n' "$*"; }
"""
"""Each second is a line of what Docker's DNS says: an address, or - for none."""


def followed(tmp_path: Path, *answers: str) -> list[str]:
    """The signals that are sent while the name has these addresses, one a second."""
    function = re.search(r"^follow\(\) \{\n.*?^\}\n", ENTRYPOINT.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert function is not None
    told = tmp_path / "answers"
    told.write_text("".join(f"{answer}\n" for answer in answers))
    script = f"{SURROUNDINGS}{function.group()}exec 3< {told}\nfollow database || true\n"
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True, timeout=30)
    return done.stdout.splitlines()


def test_a_database_that_moved_ends_the_pool_at_once(tmp_path: Path) -> None:
    """SIGTERM would wait for the clients, whose connections stay open for hours."""
    assert followed(tmp_path, "10.0.0.3", "10.0.0.4", "10.0.0.4") == ["kill -QUIT 1"]


def test_a_name_without_an_answer_is_no_move(tmp_path: Path) -> None:
    assert followed(tmp_path, "-", "10.0.0.3", "-", "10.0.0.3") == []
