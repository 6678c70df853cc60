"""One line of a container's log: what the engine wrote, and what can be read out of it. Pure."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from penguinmails_operations.logs.scrub import scrub

MAXIMUM_CHARACTERS = 32 * 1024
"""Of a line that is kept; what is longer is cut and says so."""
LEVELS = ("debug", "info", "warning", "error", "critical")
COMPONENT, RELEASE, STACK = "penguinmails.component", "penguinmails.release", "penguinmails.stack"
"""Labels of containers that the engine puts into each line."""
_WORDS = {
    "debug": "debug", "trace": "debug", "info": "info", "notice": "info", "log": "info", "warning": "warning",
    "warn": "warning", "error": "error", "err": "error", "fatal": "critical", "critical": "critical", "panic": "critical",
    "alert": "critical", "emerg": "critical",
}  # fmt: skip
_PAIR = re.compile(r"(?:^|\s)(level|msg|err)=(\"(?:[^\"\\]|\\.)*\"|\S+)")
_LEVEL = re.compile(
    r"\[(?P<broker>debug|info|notice|warning|error|critical)\]"
    r"|\] (?:\S+ )?(?P<pooler>DEBUG\d?|LOG|INFO|NOTICE|WARNING|ERROR|FATAL|PANIC)\b"
    r"|^(?P<plain>DEBUG|INFO|WARNING|ERROR|CRITICAL)\b"
    r"|(?P<database>DEBUG\d?|LOG|INFO|NOTICE|WARNING|ERROR|FATAL|PANIC):  ",
)


@dataclass(frozen=True)
class Entry:
    """`time`: RFC 3339 in UTC, by the engine. `fields`: of a line that is a JSON object. `text`: scrubbed."""

    time: str
    service: str
    release: str
    container: str
    stream: str
    level: str
    text: str
    fields: dict[str, Any] = field(default_factory=dict)

    def kept(self) -> str:
        """The line as it is stored."""
        return json.dumps(
            {
                "time": self.time,
                "service": self.service,
                "release": self.release,
                "container": self.container,
                "stream": self.stream,
                "level": self.level,
                "line": self.text,
            },
            ensure_ascii=False,
        )

    @property
    def message(self) -> str:
        """What a person would read first."""
        found = self.fields.get("message")
        return found if isinstance(found, str) else self.text


@dataclass(frozen=True)
class Raw:
    """A line of the engine's file; `partial` when the engine has cut a longer one."""

    time: str
    stream: str
    text: str
    partial: bool
    labels: dict[str, str]


def raw(line: bytes) -> Raw | None:
    """Reads a line of a json-file log; None for one that is not of that form."""
    try:
        found = json.loads(line)
    except ValueError:
        return None
    if not isinstance(found, dict) or not isinstance(found.get("log"), str):
        return None
    text = found["log"]
    attributes = found.get("attrs")
    labels = {str(key): str(value) for key, value in attributes.items()} if isinstance(attributes, dict) else {}
    return Raw(str(found.get("time", "")), str(found.get("stream", "")), text.rstrip("\n"), not text.endswith("\n"), labels)


def entry(found: Raw, text: str, container: str) -> Entry:
    """The entry of a whole line."""
    if len(text) > MAXIMUM_CHARACTERS:
        text = f"{text[:MAXIMUM_CHARACTERS]} [{len(text) - MAXIMUM_CHARACTERS} more characters were cut]"
    text = scrub(text)
    fields = _fields(text)
    return Entry(
        time=found.time,
        service=found.labels.get(COMPONENT, "unknown"),
        release=found.labels.get(RELEASE, ""),
        container=container[:12],
        stream=found.stream,
        level=level(text, fields),
        text=text,
        fields=fields,
    )


def level(text: str, fields: dict[str, Any]) -> str:
    """One of `LEVELS`: what the line says itself, else by the status of a request, else info."""
    named = fields.get("level")
    if isinstance(named, str):
        return _WORDS.get(named.lower(), "info")
    status = fields.get("status")
    if isinstance(status, int) and not isinstance(status, bool):
        return "error" if status >= 500 else "info"
    if fields:
        return "info"
    match = _LEVEL.search(text[:300])
    if match is None:
        return "error" if text.startswith("Traceback (most recent call last):") else "info"
    word = next(group for group in match.groups() if group).rstrip("0123456789")
    return _WORDS.get(word.lower(), "info")


def _fields(text: str) -> dict[str, Any]:
    if not text.startswith("{"):
        return _pairs(text)
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _pairs(text: str) -> dict[str, Any]:
    """Level and message of a line such as `level=ERROR msg="Probe failed" err="no such host"`, as programs in Go write it."""
    if "level=" not in text or "msg=" not in text:
        return {}
    found = {name: value.strip('"') for name, value in _PAIR.findall(text)}
    if not {"level", "msg"} <= set(found):
        return {}
    return {"level": found["level"], "message": ": ".join(filter(None, (found["msg"], found.get("err", ""))))}
