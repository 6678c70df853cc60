"""What the page shows, made from the facts. Pure: every word and number of the page comes from here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from penguinmails_operations.status import queries
from penguinmails_operations.status.history import Backups, Scaling, backups, scaling
from penguinmails_operations.status.sources import Answer, Facts
from penguinmails_operations.status.words import Moment, curve, moment, number

GOOD, WARN, BAD, UNKNOWN = "good", "warn", "bad", "unknown"
SHOWN, SHOWN_OF_KIND = 50, 15
_SEVERE = frozenset({"page", "critical"})


@dataclass(frozen=True)
class Part:
    """One role. `state` is one of the four, `words` says it."""

    role: str
    state: str
    words: str
    copies: str
    release: str
    since: Moment | None


@dataclass(frozen=True)
class Alert:
    name: str
    severity: str
    summary: str
    since: Moment


@dataclass(frozen=True)
class Objective:
    """`left`: share of the error budget that is left, in percent; None without figures. `width`: 0 to 100."""

    promised: str
    measured: str
    left: float | None
    width: float
    state: str
    p95_promised: str
    p95_measured: str
    p95_state: str
    burns: Sequence[tuple[str, str, str]]
    requests: str
    p95: str
    requests_curve: str
    p95_curve: str
    problem: str = ""


@dataclass(frozen=True)
class View:
    platform: str
    now: Moment
    state: str
    headline: str
    parts: Sequence[Part]
    objective: Objective
    alerts: Sequence[Alert]
    alerts_problem: str
    scaling: Scaling
    backups: Backups
    errors: Sequence[Mapping[str, Any]]
    errors_problem: str
    events: Sequence[Mapping[str, Any]]
    totals: Mapping[str, int]
    security_problem: str
    queues: Sequence[tuple[str, str]]
    problems: Sequence[tuple[str, str]] = field(default_factory=tuple)


def view(facts: Facts, objectives: queries.Objectives, platform: str, now: datetime) -> View:
    found = parts(facts, now)
    alerts = _alerts(facts.alerts, now)
    problems = _problems(facts)
    objective = _objective(facts, objectives)
    state, headline = _headline(found, alerts, problems, objective)
    events = facts.security.value or {}
    return View(
        platform=platform,
        now=moment(now.isoformat(), now),
        state=state,
        headline=headline,
        parts=found,
        objective=objective,
        alerts=alerts,
        alerts_problem=facts.alerts.problem,
        scaling=scaling(facts.services, facts.decisions, now),
        backups=backups(facts.backups, facts.drills, now),
        errors=[_error(group, now) for group in (facts.errors.value or [])[:SHOWN]],
        errors_problem=facts.errors.problem,
        events=_events(events.get("events", []), now),
        totals=events.get("totals", {}),
        security_problem=facts.security.problem,
        queues=[(labels.get("queue", ""), number(value)) for labels, value in _figures(facts, "queues")],
        problems=problems,
    )


def parts(facts: Facts, now: datetime) -> list[Part]:
    """Every role that anybody knows of, the troubled ones first."""
    services = {str(entry.get("service")): entry for entry in facts.services.value or []}
    up = {labels.get("job", ""): value for labels, value in _figures(facts, "up")}
    releases = {str(entry.get("service")): entry for entry in facts.releases.value or []}
    roles = set(services) or set(up) | set(releases)
    found = []
    for role in sorted(roles):
        state, words = _health(services.get(role), up.get(role))
        entry, release = services.get(role, {}), releases.get(role, {})
        copies = f"{entry['running']} of {entry['replicas']}" if entry else "–"
        since = moment(str(release["since"]), now) if release.get("since") else None
        found.append(Part(role, state, words, copies, str(release.get("release", "")), since))
    order = (BAD, WARN, UNKNOWN, GOOD)
    return sorted(found, key=lambda part: (order.index(part.state), part.role))


def _health(service: Mapping[str, Any] | None, up: float | None) -> tuple[str, str]:
    if service is None:
        if up is None:
            return UNKNOWN, "not known"
        return (GOOD, "answers") if up == 1 else (BAD, "does not answer")
    running, wanted = int(service.get("running") or 0), int(service.get("replicas") or 0)
    if wanted and not running:
        return BAD, "no copy runs"
    if service.get("releasing"):
        return WARN, "a release is under way"
    if running < wanted:
        return WARN, f"{wanted - running} missing"
    if up == 0:
        return WARN, "runs, gives no figures"
    return GOOD, "runs"


def _headline(
    found: Sequence[Part], alerts: Sequence[Alert], problems: Sequence[tuple[str, str]], objective: Objective
) -> tuple[str, str]:
    down = [part.role for part in found if part.state == BAD]
    severe = [alert for alert in alerts if alert.severity in _SEVERE]
    if down or severe:
        words = [f"{', '.join(down)} {'is' if len(down) == 1 else 'are'} down"] if down else []
        words += [f"{len(severe)} urgent alert{'s' if len(severe) > 1 else ''}"] if severe else []
        return BAD, " and ".join(words).capitalize()
    troubled = [part.role for part in found if part.state == WARN]
    spent = objective.state == BAD
    if alerts or troubled or spent:
        words = [f"{len(alerts)} alert{'s' if len(alerts) > 1 else ''}"] if alerts else []
        words += [f"look at {', '.join(troubled)}"] if troubled else []
        words += ["the error budget is used up"] if spent else []
        return WARN, ", ".join(words).capitalize()
    if problems or not found:
        return UNKNOWN, "Nothing is wrong that can be seen, but not everything can be seen"
    return GOOD, "All parts are well"


def _problems(facts: Facts) -> list[tuple[str, str]]:
    """Who does not answer, each once."""
    named = {
        "Prometheus": facts.figures.get("up", Answer()),
        "Alertmanager": facts.alerts,
        "The gate to the engine": facts.services,
        "The collector of logs": facts.errors,
        "The backups": facts.backups,
        "The autoscaler": facts.decisions,
    }
    return [(name, answer.problem) for name, answer in named.items() if answer.problem and "has none" not in answer.problem]


def _objective(facts: Facts, objectives: queries.Objectives) -> Objective:
    failed, p95_30d, p95 = (_one(facts, name) for name in ("errors_30d", "p95_30d", "p95"))
    budget = (100 - objectives.availability) / 100
    left = None if failed is None else 100 * (1 - failed / budget)
    burns = []
    for window in queries.BURN_WINDOWS:
        burn = _one(facts, f"burn_{window}")
        burns.append((window, "–" if burn is None else f"{burn:.1f}", _burn_state(burn)))
    curves = {name: _figures(facts, name) for name in ("requests_curve", "p95_curve")}
    requests = _one(facts, "requests")
    return Objective(
        promised=f"{objectives.availability:g} %",
        measured="–" if failed is None else f"{100 * (1 - failed):.3f} %",
        left=left,
        width=min(100.0, max(0.0, left or 0.0)),
        state=UNKNOWN if left is None else GOOD if left > 25 else WARN if left > 0 else BAD,
        p95_promised=f"{objectives.p95 * 1000:.0f} ms",
        p95_measured="–" if p95_30d is None else f"{p95_30d * 1000:.0f} ms",
        p95_state=UNKNOWN if p95_30d is None else GOOD if p95_30d <= objectives.p95 else BAD,
        burns=burns,
        requests="–" if requests is None else f"{number(requests)} a second",
        p95="–" if p95 is None else f"{p95 * 1000:.0f} ms",
        requests_curve=curve(curves["requests_curve"]),
        p95_curve=curve(curves["p95_curve"]),
        problem=facts.figures.get("errors_30d", Answer()).problem,
    )


def _burn_state(burn: float | None) -> str:
    """At 1 the budget lasts exactly the 30 days."""
    if burn is None:
        return UNKNOWN
    return GOOD if burn <= 1 else WARN if burn < 6 else BAD


def _alerts(answer: Answer, now: datetime) -> list[Alert]:
    found = []
    for alert in answer.value or []:
        labels, notes = alert.get("labels", {}), alert.get("annotations", {})
        summary = str(notes.get("summary") or notes.get("description") or "")
        since = moment(str(alert.get("startsAt", "")), now)
        found.append(Alert(str(labels.get("alertname", "?")), str(labels.get("severity", "")), summary, since))
    return sorted(found, key=lambda alert: (alert.severity not in _SEVERE, alert.name))[:SHOWN]


def _error(group: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    return {
        **group,
        "first": moment(str(group.get("first_seen", "")), now),
        "last": moment(str(group.get("last_seen", "")), now),
    }


def _events(found: Sequence[Mapping[str, Any]], now: datetime) -> list[Mapping[str, Any]]:
    """The newest of each kind: many of one hide none of another."""
    shown: Counter[str] = Counter()
    events: list[Mapping[str, Any]] = []
    for event in found:
        shown[str(event.get("kind"))] += 1
        if shown[str(event.get("kind"))] <= SHOWN_OF_KIND:
            events.append({**event, "at": moment(str(event.get("last", "")), now)})
    return events


def _figures(facts: Facts, name: str) -> Sequence[Any]:
    return facts.figures.get(name, Answer()).value or []


def _one(facts: Facts, name: str) -> float | None:
    """The value of a query that gives one; None without it, and for what is no number."""
    found = _figures(facts, name)
    value = float(found[0][1]) if found else None
    return value if value is not None and value == value and abs(value) != float("inf") else None
