"""Logins that follow from passwords: the same in Python and in the shell."""

from __future__ import annotations

import subprocess
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from components.docker.access import listed, login, logins

SCRIPT = Path(__file__).resolve().parents[4] / "images" / "postgres" / "access"
PASSWORD = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=60)


@settings(max_examples=15, deadline=None)
@given(PASSWORD)
def test_the_service_computes_the_same_login(password: str) -> None:
    text = SCRIPT.read_text()
    function = text[text.index("login_of()") : text.index("as_superuser()")]
    done = subprocess.run(
        ["sh", "-c", f'{function}\nlogin_of "$PASSWORD"'],
        env={"APP_ROLE": "app", "PASSWORD": password, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == login("app", password)


def test_two_passwords_are_two_logins_and_the_first_is_used() -> None:
    found = logins("app", "new\nold\n")
    assert list(found.values()) == listed("new\nold") == ["new", "old"]
    assert len(found) == 2
    assert all(name.startswith("app_") and len(name) == 12 for name in found)
