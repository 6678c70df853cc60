"""rules.yml: everything that somebody is told of on Docker, as plain values, and the file that Prometheus reads. Pure.

An alert that wakes somebody (`page`) says that clients notice, or soon will; everything else is a `ticket` for the next working
day. Each has its chapter in docs/docker-monitoring.md, which a test holds it to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import yaml

RUNBOOK: Final = "docs/docker-monitoring.md"
Severity = Literal["page", "ticket", "none"]


@dataclass(frozen=True, kw_only=True)
class Alert:
    """`minutes`: for how long the expression must hold. `says`: what is wrong, in one line; `do`: what it means and what helps.

    `topic`: while a page of a topic fires, its tickets are not told. `after`: the failures (`database`, `broker`) of which
    this one is but a consequence, and is not told then. `runbook`: the chapter that says more, where it is not its own.
    """

    name: str
    expression: str
    minutes: int
    severity: Severity
    says: str
    do: str
    runbook: str = ""
    topic: str = ""
    after: Sequence[str] = ()


@dataclass(frozen=True)
class Record:
    """A series of its own, computed anew at every evaluation of its group."""

    name: str
    expression: str


@dataclass(frozen=True)
class Group:
    """Rules that are evaluated together, one after the other, every `seconds`."""

    name: str
    rules: Sequence[Alert | Record]
    seconds: int = 15


def rules_yml(groups: Sequence[Group]) -> str:
    """The whole file."""
    content = [
        {"name": group.name, "interval": f"{group.seconds}s", "rules": [rule(entry) for entry in group.rules]}
        for group in groups
    ]
    return yaml.safe_dump({"groups": content}, sort_keys=False, width=1000)


def rule(entry: Alert | Record) -> Mapping[str, Any]:
    """One rule as Prometheus writes it."""
    if isinstance(entry, Record):
        return {"record": entry.name, "expr": entry.expression}
    labels: dict[str, str] = {"severity": entry.severity}
    labels |= {"topic": entry.topic} if entry.topic else {}
    labels |= {"after": " ".join(sorted(entry.after))} if entry.after else {}
    found: dict[str, Any] = {"alert": entry.name, "expr": entry.expression}
    if entry.minutes:
        found["for"] = f"{entry.minutes}m"
    found["labels"] = labels
    found["annotations"] = {
        "summary": entry.says,
        "description": entry.do,
        "runbook": f"{RUNBOOK}#{entry.runbook or entry.name.lower()}",
    }
    return found


@dataclass(frozen=True)
class Shown:
    """Ways to put values into the texts of an alert, in the language of Prometheus' templates."""

    share: str = "{{ $value | humanizePercentage }}"
    number: str = '{{ $value | printf "%.0f" }}'
    duration: str = "{{ $value | humanizeDuration }}"

    def label(self, name: str) -> str:
        return f"{{{{ $labels.{name} }}}}"


SHOWN: Final = Shown()
