"""What the engine's event log says of policy rules. Pure.

How engine 3.259.0 and pulumi-policy 1.21.0 report. Each was seen with `--event-log FILE`, a flag that exists
only with `PULUMI_DEBUG_COMMANDS=true`. It writes one JSON object a line with `sequence`, `timestamp` and exactly one event:

- The packs are loaded: `policyLoadEvent`, and then `preludeEvent`, the first event of the run itself.
  `summaryEvent.PolicyPacks` has `<name>|local|<folder>` -> version. `cancelEvent` is the last of a log.
- A rule is broken: `policyEvent` with resourceUrn, policyName, policyPackName, enforcementLevel `mandatory` or `advisory`,
  severity where the rule has one, and the message `<description>\\n<what the rule said>\\n`. A mandatory one ends with exit
  code 1: a preview goes on and finds all of them, with the diagnostic `preview failed`; an `up` ends at the first resource,
  with `--continue-on-error` too. An advisory one ends with exit code 0.
- A rule touches an unknown value (in a preview only): `policyEvent` with the enforcementLevel **advisory**, whatever the
  rule's own, and the message `can't run policy '<rule>' from policy pack '<pack>@v<version>' during preview: <type> value at
  .<path> can't be known during preview`. Exit code 0. What the rule said before stays; the rest of it is not run.
- After each resource: `policyAnalyzeSummaryEvent` with resourceUrn and the names of rules in `passed` and `failed`. A rule
  that could not be run is in `failed`, one that looks at other types is in `passed`.
- A rule of a whole stack is asked once, at the end: `policyAnalyzeStackSummaryEvent` with `passed` and `failed` and no
  resource. Its `policyEvent` names the resource that the rule named, else the stack.
- A rule raises: no `policyEvent` and no summary, but a `diagnosticEvent` of severity `error` with the urn and `failed to run
  policy: Exception calling application: <text of the exception>`, without the rule's name. A preview ends there, exit code 1.
  `policies/serving.py` keeps the rules of this kit from getting that far.
- A pack does not start: after `policyLoadEvent` its traceback as `diagnosticEvent`s of severity `info#err`, a line each, and
  `cancelEvent` without a `preludeEvent`; on standard error `policy pack not started: ...`, exit code 1.

Values: what a rule says or raises is logged as it is, secrets too. So only messages of this kit's rules are passed on,
which hold no values; of all others no more than their kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

Kind = Literal["violation", "could_not_evaluate", "error"]
Level = Literal["mandatory", "advisory"]
Event = Mapping[str, Any]

_CANNOT_RUN: Final = re.compile(
    r"^can't run (?:policy|remediation) '[^']*' from policy pack '[^']*' during preview: (?P<text>.*)$", re.DOTALL
)
_OURS: Final = re.compile(r"^\[(?P<level>mandatory|advisory)\] (?P<text>.*)$", re.DOTALL)
_NOT_RUN: Final = re.compile(r"failed to (?:run policy|get analyzer info|run remediation)")
_FAILED: Final = "the rule could not be evaluated: "
_FOREIGN: Final = "breaks this rule; its message is left out, because it may hold values"


@dataclass(frozen=True)
class PolicyFinding:
    """What a rule says of a resource.

    `kind`: a violation; a rule that could not be evaluated in any run, because a value was not known or the rule raised; or
    an error of the packs, without `pack` and `rule`, and without `urn` where none was started. `message`: a sentence without
    values.
    """

    pack: str
    rule: str
    level: Level
    urn: str
    message: str
    kind: Kind

    @property
    def fails(self) -> bool:
        """A broken mandatory rule, one that nobody could evaluate, and a pack that did not run."""
        return self.level == "mandatory"


def verdicts(events: Iterable[Event]) -> list[PolicyFinding]:
    """All findings of one run or of several, one log after the other, each finding once.

    A rule that could not be evaluated in one run (a preview) and was evaluated for the same resource in another (the `up`) is
    left out: the other run has its verdict.
    """
    runs = [_Run(log) for log in _logs(events)]
    found = dict.fromkeys(finding for run in runs for finding in run.findings)
    return [
        finding for finding in found if finding.kind != "could_not_evaluate" or not any(run.decided(finding) for run in runs)
    ]


def unasked(events: Iterable[Event], rules: Iterable[tuple[str, Level]]) -> list[PolicyFinding]:
    """A finding for each rule (with its level) that no summary of the runs names: nobody can say that it holds."""
    asked = {
        rule
        for event in events
        for name in ("policyAnalyzeSummaryEvent", "policyAnalyzeStackSummaryEvent")
        for rule in (*event.get(name, {}).get("passed", ()), *event.get(name, {}).get("failed", ()))
    }
    message = "the engine never asked this rule"
    return [PolicyFinding("", name, level, "", message, "could_not_evaluate") for name, level in rules if name not in asked]


def _logs(events: Iterable[Event]) -> Iterator[list[Event]]:
    """The logs apart: each ends with a `cancelEvent`, and a run that was killed ends where sequences begin anew."""
    log = list[Event]()
    last = -1
    for event in events:
        sequence = event.get("sequence", last + 1)
        if log and (sequence <= last or "cancelEvent" in log[-1]):
            yield log
            log = []
        log.append(event)
        last = sequence
    if log:
        yield log


class _Run:
    """What one log says."""

    def __init__(self, log: Sequence[Event]) -> None:
        self.findings = list(_findings(log))
        self._judged = {
            (summary["policyPackName"], rule, summary["resourceUrn"])
            for summary in _of(log, "policyAnalyzeSummaryEvent")
            for rule in (*summary.get("passed", ()), *summary.get("failed", ()))
        }
        self._of_stack = {
            (summary["policyPackName"], rule)
            for summary in _of(log, "policyAnalyzeStackSummaryEvent")
            for rule in (*summary.get("passed", ()), *summary.get("failed", ()))
        }
        self._unjudged = {_key(finding) for finding in self.findings if finding.kind == "could_not_evaluate"}
        self._unjudged_of_stack = {key[:2] for key in self._unjudged}

    def decided(self, finding: PolicyFinding) -> bool:
        """Whether the rule of a finding has been evaluated here for the resource of the finding, or for the whole stack."""
        key = _key(finding)
        if key[:2] in self._of_stack:
            return key[:2] not in self._unjudged_of_stack
        return key in self._judged and key not in self._unjudged


def _key(finding: PolicyFinding) -> tuple[str, str, str]:
    return finding.pack, finding.rule, finding.urn


def _of(log: Iterable[Event], name: str) -> Iterator[Event]:
    return (event[name] for event in log if name in event)


def _findings(log: Sequence[Event]) -> Iterator[PolicyFinding]:
    for event in _of(log, "policyEvent"):
        yield _finding(event)
    for event in _of(log, "diagnosticEvent"):
        if event.get("severity") == "error" and (what := _NOT_RUN.search(event.get("message", ""))):
            message = f"the engine {what[0]}; what the rule raised is left out, because it may hold values"
            yield PolicyFinding("", "", "mandatory", event.get("urn", ""), message, "error")
    started = next(_of(log, "preludeEvent"), None) is not None
    if not started and next(_of(log, "policyLoadEvent"), None) is not None:
        yield PolicyFinding("", "", "mandatory", "", f"no policy pack was started{_raised(log)}", "error")


def _finding(event: Event) -> PolicyFinding:
    text = event["message"].strip()
    unrun = _CANNOT_RUN.match(text)
    said = unrun["text"] if unrun else text.partition("\n")[2]
    ours = _OURS.match(said)
    level: Level = "advisory" if event["enforcementLevel"] == "advisory" else "mandatory"
    if ours:
        level = "advisory" if ours["level"] == "advisory" else "mandatory"
    elif unrun:
        level = "mandatory"  # the engine does not tell; the stricter one keeps it from being overlooked
    kind: Kind = "violation"
    if unrun or (ours and ours["text"].startswith(_FAILED)):
        kind = "could_not_evaluate"
    # The library's own sentence for an unknown value names its path only.
    message = ours["text"] if ours else said if unrun else _FOREIGN
    return PolicyFinding(event["policyPackName"], event["policyName"], level, event.get("resourceUrn", ""), message, kind)


def _raised(log: Sequence[Event]) -> str:
    """The kind of the exception that a traceback ends with, without its text."""
    lines = [event.get("message", "").strip() for event in _of(log, "diagnosticEvent") if event.get("severity") == "info#err"]
    kinds = [
        found[1] for line in lines if (found := re.match(r"^([A-Za-z_][\w.]*(?:Error|Exception|Pack|Interrupt))(?::|$)", line))
    ]
    return f": {kinds[-1]}" if kinds else ""
