"""Logs: JSON, and no secret in any of the ways in which one gets there."""

from __future__ import annotations

import json
import logging
import sys

import pytest
from penguinmails_api import logs as api_logs
from penguinmails_logs import JsonFormatter, Redactor
from penguinmails_operations import serving

URL = "amqps://user:p%2Fw0rd@broker:5671/v"


@pytest.fixture
def formatter() -> JsonFormatter:
    redact = Redactor()
    redact.hide(URL)
    redact.hide('quo"ted-key')
    return JsonFormatter("test", redact)


def record(message: str, *, error: bool = False, **extra: object) -> logging.LogRecord:
    info = sys.exc_info() if error else None
    made = logging.LogRecord("some.logger", logging.WARNING, __file__, 1, message, None, info)
    vars(made).update(extra)
    return made


def test_a_line_is_json_with_the_extra_fields(formatter: JsonFormatter) -> None:
    entry = json.loads(formatter.format(record("hello", queue="outbound")))
    assert (entry["message"], entry["level"], entry["role"], entry["queue"]) == ("hello", "WARNING", "test", "outbound")


@pytest.mark.parametrize("leak", [URL, "p%2Fw0rd", "p/w0rd", 'quo"ted-key', "postgresql://other:unknown@host/db"])
def test_secrets_are_hidden_wherever_they_are(leak: str, formatter: JsonFormatter) -> None:
    try:
        raise OSError(f"cannot connect to {leak}")
    except OSError:
        line = formatter.format(record(f"trying {leak}", error=True, url=leak))
    entry = json.loads(line)
    assert leak not in entry["message"] + entry["url"] + entry["exception"]["text"]
    assert "unknown" not in line
    assert entry["exception"]["type"] == "OSError"


def test_an_error_says_its_level_where_a_filter_of_logs_looks(formatter: JsonFormatter) -> None:
    """CloudWatch counts lines by `{ $.level = "ERROR" }`; the same for a call of `log.error` and of `log.exception`."""
    made = record("failed")
    made.levelno, made.levelname = logging.ERROR, logging.getLevelName(logging.ERROR)
    line = formatter.format(made)
    assert "\n" not in line
    assert json.loads(line)["level"] == "ERROR"
    # An extra field of that name would take the filter's place.
    assert json.loads(formatter.format(record("hello", level="ERROR")))["level"] == "WARNING"


def test_a_token_of_iam_is_hidden(formatter: JsonFormatter) -> None:
    token = "db:5432/?Action=connect&DBUser=app&X-Amz-Credential=AKID%2Feu&X-Amz-Security-Token=S3cret&X-Amz-Signature=abcdef01"
    line = formatter.format(record(f"cannot connect with {token}"))
    assert not {"AKID%2Feu", "S3cret", "abcdef01"} & set(line.replace("=", " ").replace("&", " ").split())
    assert json.loads(line)["message"].endswith("X-Amz-Signature=***")


def test_an_exception_shows_places_but_no_source_lines(formatter: JsonFormatter) -> None:
    try:
        raise ValueError("first\nsecond")
    except ValueError:
        entry = json.loads(formatter.format(record("failed", error=True)))
    assert entry["exception"]["text"] == "first"
    assert all("raise" not in frame for frame in entry["exception"]["frames"])


def test_the_kits_programs_write_lines_of_one_form(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    level = root.level
    try:
        for configure in (lambda: api_logs.configure("one", "INFO", ()), lambda: serving.log_as("one")):
            configure()
            logging.getLogger("some.logger").info("said", extra={"count": 1})
    finally:
        root.setLevel(level)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [{**line, "time": ""} for line in lines] == 2 * [
        {"time": "", "level": "INFO", "role": "one", "logger": "some.logger", "message": "said", "count": 1}
    ]
