"""The same error is one group, whatever the numbers in it; another error is another."""

from __future__ import annotations

import json
from typing import Any

import pytest
from penguinmails_operations.logs.entry import Entry, Raw, entry
from penguinmails_operations.logs.fingerprint import fault, normalised


def made(text: str, service: str = "api") -> Entry:
    return entry(
        Raw("2026-01-01T00:00:00Z", "stdout", text, partial=False, labels={"penguinmails.component": service}), text, "c"
    )


def raised(text: str, line: int = 7, kind: str = "ValueError", name: str = "send", **more: Any) -> Entry:
    frames = [f"/opt/penguinmails/a.py:{line} {name}"]
    exception = {"type": kind, "text": text, "frames": frames}
    return made(json.dumps({"level": "ERROR", "message": "failed", "exception": exception, **more}))


def group(found: Entry) -> str:
    told = fault(found)
    assert told is not None
    return told.group


def test_an_exception_is_known_by_its_type_and_places_not_by_its_text_or_lines() -> None:
    assert group(raised("message 17 is bad")) == group(raised("something else", line=99))
    assert group(raised("x")) != group(raised("x", kind="KeyError"))
    assert group(raised("x")) != group(raised("x", name="other"))


def test_a_message_is_known_without_what_changes() -> None:
    lines = [
        '2026-11-24 20:35:39.662 UTC [52] app@mail ERROR:  relation 17 "a" is missing',
        '2026-11-25 01:00:00.001 UTC [99] app@mail ERROR:  relation 4 "b" is missing',
    ]
    assert len({group(made(line, "database")) for line in lines}) == 1
    assert group(made(lines[0], "database")) != group(made(lines[0], "pooler"))


def test_a_printed_traceback_is_an_error() -> None:
    text = 'Traceback (most recent call last):\n  File "/x/a.py", line 3, in run\n    go()\nmail.errors.Refused: no 12'
    found = fault(made(text))
    assert found is not None
    assert (found.kind, found.title) == ("Refused", "no <n>")
    assert group(made(text)) == group(made(text.replace("line 3", "line 9").replace("12", "13")))


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ('{"level": "WARNING", "message": "x"}', "warning"),
        ('{"status": 503, "method": "GET"}', "error"),
        ('{"status": 404, "method": "GET"}', "info"),
        ("2026-11-24 20:35:39 UTC [1] app@mail FATAL:  gone", "critical"),
        ("2026-11-24 20:35:39 UTC [1] LOG:  listening", "info"),
        ("2026-11-24 20:35:45.944 UTC [1] WARNING C-0x5: db/app@1.2.3.4:5 pooler error: x", "warning"),
        ("2026-11-24 20:35:46.056834+00:00 [error] <0.531.0> failed", "error"),
        ('time=2026-11-24T20:35:46Z level=ERROR source=main.go:1 msg="x"', "error"),
        ('ts=2026-11-24 caller=main.go level=warn msg="error"', "warning"),
        ("an error, says nobody", "info"),
    ],
)
def test_the_level_is_what_the_line_says(text: str, level: str) -> None:
    assert made(text).level == level


def test_a_line_of_pairs_is_known_by_its_message() -> None:
    line = 'time=2026-11-24T21:24:38Z level=ERROR source=a.go:86 msg="Probe 17 \\"failed\\"" target=x err="no such host"'
    found = fault(made(line, "blackbox"))
    assert found is not None
    assert found.title.startswith("Probe <n>")
    assert found.title.endswith("no such host")
    assert group(made(line, "blackbox")) == group(made(line.replace("21:24:38", "22:00:00"), "blackbox"))


def test_a_request_that_failed_is_an_error_of_its_route() -> None:
    first = made('{"method": "GET", "path": "/a/1", "status": 503, "termination": "SC--", "route": "api-0"}', "edge")
    second = made('{"method": "GET", "path": "/b/2", "status": 503, "termination": "SC--", "route": "api-0"}', "edge")
    assert group(first) == group(second)


def test_nothing_is_an_error_below_the_level() -> None:
    assert fault(made('{"level": "WARNING", "message": "x", "exception": {"type": "ValueError"}}')) is None


def test_ids_numbers_and_addresses_go() -> None:
    text = normalised("mail 5 to me@example.com from 10.0.0.1:44 id 0123456789abcdef and 6f1d2a3b-0000-1111-2222-333344445555")
    assert text == "mail <n> to <address> from <host> id <id> and <id>"
