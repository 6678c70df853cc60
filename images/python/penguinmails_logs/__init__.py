"""Structured logs on standard output, one JSON object a line, with secrets taken out.

Redaction happens in the formatter, on the finished line, because that is the one place that a driver's exception text
and a library's debug message both pass. It knows the values themselves (``hide``) and, as a second net, the shape of a
URL with credentials and of one that AWS's signature makes a password.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Any
from urllib.parse import quote, unquote, urlsplit

HIDDEN = "***"
MINIMUM_SECRET_CHARACTERS = 4
"""Shorter values are not searched for: hiding every "a" would hide the log."""
_URL_CREDENTIALS = re.compile(r"(?P<scheme>[a-zA-Z][a-zA-Z0-9+.-]*://)[^\s/@\"']*:[^\s/\"']*@")
_SIGNATURE = re.compile(r"(?P<name>X-Amz-(?:Signature|Security-Token|Credential)=)[^&\\s\"']+")
_STANDARD_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message"}
_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Redactor:
    """Replaces known secrets in text."""

    def __init__(self) -> None:
        self._values: set[str] = set()

    def hide(self, secret: str) -> None:
        """Hide ``secret`` from now on; of a URL also its password, in plain and percent-encoded form."""
        candidates = {secret}
        if "://" in secret:
            try:
                password = urlsplit(secret).password
            except ValueError:
                password = None
            if password:
                candidates |= {password, unquote(password), quote(unquote(password), safe="")}
        self._values |= {value for value in candidates if len(value) >= MINIMUM_SECRET_CHARACTERS}

    def __call__(self, text: str) -> str:
        """``text`` without the secrets."""
        for value in sorted(self._values, key=len, reverse=True):
            text = text.replace(value, HIDDEN)
            text = text.replace(json.dumps(value)[1:-1], HIDDEN)
        text = _SIGNATURE.sub(rf"\g<name>{HIDDEN}", text)
        return _URL_CREDENTIALS.sub(rf"\g<scheme>{HIDDEN}@", text)


class JsonFormatter(logging.Formatter):
    """One JSON object a record; ``extra`` becomes fields."""

    def __init__(self, role: str, redact: Redactor) -> None:
        super().__init__()
        self._role = role
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line of JSON."""
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "role": self._role,
            "logger": record.name,
            "message": record.getMessage(),
        }
        # An extra field does not stand for one of ours: alarms look at `level`.
        entry |= {key: value for key, value in vars(record).items() if key not in _STANDARD_FIELDS | entry.keys()}
        if record.exc_info:
            entry["exception"] = _exception(record.exc_info)
        return self._redact(json.dumps(entry, default=str, ensure_ascii=False))


def _exception(exc_info: _ExcInfo) -> dict[str, Any]:
    """Type, first line and places of an exception; never source lines or local variables, which may hold a secret."""
    kind, error, trace = exc_info
    if kind is None:
        return {}
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)[-8:]]
    return {"type": kind.__name__, "text": str(error).splitlines()[0][:500] if str(error) else "", "frames": frames}


def configure(role: str, level: str, secrets: Sequence[str] = (), quiet: Sequence[str] = ()) -> Redactor:
    """Send every logger of the process to standard output as JSON; returns the redactor in use.

    Loggers named in `quiet` say nothing below WARNING, and a server's requests are not logged.
    """
    redact = Redactor()
    for secret in secrets:
        redact.hide(secret)
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter(role, redact))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in quiet:
        logging.getLogger(noisy).setLevel(max(logging.WARNING, root.level))
    logging.getLogger("uvicorn.access").disabled = True
    return redact
