"""What makes two errors the same: the exception and where it came from, else the message without what changes. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from penguinmails_operations.logs.entry import Entry

ERRORS = frozenset({"error", "critical"})
TITLE_CHARACTERS = 200
_FRAME = re.compile(r'^\s+File "(?P<file>[^"]+)", line \d+, in (?P<name>.+)$')
_JSON_FRAME = re.compile(r"^(?P<file>.+):\d+ (?P<name>.+)$")
_RAISED = re.compile(r"^(?P<type>[A-Za-z_][\w.]*)(?:: (?P<text>.*))?$")
_HEADS = (
    re.compile(r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S*( UTC)?\s+"),
    re.compile(r"^\[\d+\] "),
    re.compile(r"^\S*@\S* .{0,150}?(?=(?:ERROR|FATAL|PANIC):\s)"),
    re.compile(r"^\[(debug|info|notice|warning|error|critical)\] (<[\d.]+> )?"),
)
_CHANGING = (
    (re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"), "<id>"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?"), "<time>"),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "<address>"),
    (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b"), "<host>"),
    (re.compile(r"<\d+\.\d+\.\d+>"), "<process>"),
    (re.compile(r"\b0x[0-9a-fA-F]+\b|\b(?=[0-9a-fA-F]*\d)[0-9a-fA-F]{8,}\b"), "<id>"),
    (re.compile(r"'[^'\n]{1,200}'"), "'<value>'"),
    (re.compile(r'"[^"\n]{1,200}"'), '"<value>"'),
    (re.compile(r"\d+(?:\.\d+)?"), "<n>"),
)


@dataclass(frozen=True)
class Fault:
    """An error that was read: its kind (an exception's type or a level), its title without what changes, its fingerprint."""

    group: str
    kind: str
    title: str


def fault(entry: Entry) -> Fault | None:
    """The error that an entry tells of; None for an entry of no error."""
    if entry.level not in ERRORS:
        return None
    exception = entry.fields.get("exception")
    if isinstance(exception, dict) and exception.get("type"):
        frames = [str(frame) for frame in exception.get("frames") or ()]
        places = [place for frame in frames if (place := _place(_JSON_FRAME.match(frame)))]
        return _made(entry.service, str(exception["type"]), str(exception.get("text", "")) or entry.message, places)
    if entry.text.startswith("Traceback (most recent call last):"):
        return _traceback(entry)
    status = entry.fields.get("status")
    if isinstance(status, int) and "message" not in entry.fields:
        title = f"{entry.fields.get('method', '')} answered {status} ({entry.fields.get('route', '')})".strip()
        ended = str(entry.fields.get("termination", ""))
        return Fault(_hash(entry.service, "http", title, ended), f"HTTP {status}", title)
    place = str(entry.fields.get("logger", ""))
    return _made(entry.service, entry.level, entry.message, [place] if place else [])


def normalised(text: str) -> str:
    """`text` without time, numbers, ids, addresses and quoted values."""
    for head in _HEADS:
        text = head.sub("", text)
    for pattern, name in _CHANGING:
        text = pattern.sub(name, text)
    return " ".join(text.split())[:TITLE_CHARACTERS]


def _traceback(entry: Entry) -> Fault:
    lines = entry.text.splitlines()
    places = [place for line in lines if (place := _place(_FRAME.match(line)))]
    last = next((line for line in reversed(lines) if _RAISED.match(line)), lines[-1])
    match = _RAISED.match(last)
    kind, text = (match["type"].rpartition(".")[2], match["text"] or "") if match else ("Traceback", "")
    return _made(entry.service, kind, text, places)


def _made(service: str, kind: str, text: str, places: Sequence[str]) -> Fault:
    """An exception with places is known by them: its text may hold anything. Without places the text has to do."""
    title = normalised(text) or kind
    is_exception = kind not in ERRORS
    basis = places if is_exception and places else (*places, title)
    return Fault(_hash(service, kind, *basis), kind, title)


def _place(match: re.Match[str] | None) -> str:
    """File and function, without the line: a line moves with every release."""
    return f"{match['file'].rpartition('/')[2]} {match['name']}" if match else ""


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]
