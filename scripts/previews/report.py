"""What a preview found, for a person and for a program.

`--format json` prints one object, stable within its `version`, and nothing else on standard output:

    version   1
    ok        whether nothing is wrong; the exit code is 0 then, else 1
    seconds   time from start to answer
    stacks    one object each, in the order in which they were named:
      stack, target, environment   strings; the latter two are null when the description cannot be read
      against   null, or {revision, commit, is_new}; is_new: the revision has no such stack
      state     null, or the file with the state that the preview began with
      ok        as above
      counts    {create, update, replace, delete, same}: numbers of resources; components are not counted
      changes   [{urn, type, name, action, paths, replacing, lost}], without what stays the same and without components.
                paths: inputs that differ; replacing: those that force a new resource; lost: what is lost with it, or ""
      errors    [{phase, urn, path, message}]; phase: description, base, preview, up, second preview, or data
      policies, waivers   as `scripts.policy.formats.json` has them
      warnings  [string]
      unknown_replacement   {type: number of changes}: of these types it is not known which change makes a new resource
      seconds   {phase: time it took}

Values of secrets and of inputs never occur; texts of providers and of the program do, without what looks like a secret.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from scripts.policy.formats import json as findings
from scripts.policy.formats import text
from scripts.policy.reports import Finding, JudgedWaiver, Mishap, PolicyReport, RuleFacts
from scripts.previews.events import Action, Change, Trouble

VERSION: Final = 1
_SIGNS: Final[Mapping[Action, str]] = {"create": "+", "update": "~", "replace": "±", "delete": "-", "same": " "}
_DONE: Final[Mapping[Action, str]] = {
    "create": "to create",
    "update": "to change",
    "replace": "to replace",
    "delete": "to delete",
    "same": "unchanged",
}


@dataclass(frozen=True)
class Against:
    revision: str
    commit: str
    is_new: bool


@dataclass
class StackReport:
    """All that was found about one stack; filled while it goes through its phases."""

    stack: str
    target: str | None = None
    environment: str | None = None
    against: Against | None = None
    state: str | None = None
    changes: Sequence[Change] = ()
    errors: list[Trouble] = field(default_factory=list)
    packs: Sequence[str] = ()
    rules: Sequence[RuleFacts] = ()
    policies: Sequence[Finding] = ()
    waivers: Sequence[JudgedWaiver] = ()
    warnings: list[str] = field(default_factory=list)
    unknown_replacement: Mapping[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return self.policy_report().ok

    @property
    def file(self) -> str:
        """The stack file, relative to the checkout."""
        return f"stacks/Pulumi.{self.stack}.yaml"

    @property
    def counts(self) -> dict[Action, int]:
        counted = Counter(change.action for change in self.changes if change.counted)
        return {action: counted[action] for action in _SIGNS}

    def policy_report(self) -> PolicyReport:
        """What reports of policies need of it."""
        return PolicyReport(
            self.stack,
            self.file,
            self.packs,
            self.rules,
            self.policies,
            self.waivers,
            [Mishap(each.phase, _where(each.urn, each.path).removesuffix(": "), each.message) for each in self.errors],
            sum(self.seconds.values()),
        )


def as_json(reports: Sequence[StackReport], seconds: float) -> str:
    """The object that the module's docstring describes, on one line."""
    found = {"version": VERSION, "ok": all(report.ok for report in reports), "seconds": round(seconds, 2)}
    return json.dumps({**found, "stacks": [_stack(report) for report in reports]}, ensure_ascii=False)


def _stack(report: StackReport) -> dict[str, Any]:
    return {
        "stack": report.stack,
        "target": report.target,
        "environment": report.environment,
        "against": asdict(report.against) if report.against is not None else None,
        "state": report.state,
        "ok": report.ok,
        "counts": report.counts,
        "changes": [_change(change) for change in report.changes if change.counted and change.action != "same"],
        "errors": [asdict(trouble) for trouble in report.errors],
        "policies": [findings.finding(found) for found in report.policies],
        "waivers": [findings.waiver(found) for found in report.waivers],
        "warnings": report.warnings,
        "unknown_replacement": dict(report.unknown_replacement),
        "seconds": {phase: round(value, 2) for phase, value in report.seconds.items()},
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "urn": change.urn,
        "type": change.token,
        "name": change.name,
        "action": change.action,
        "paths": list(change.paths),
        "replacing": list(change.replacing),
        "lost": change.lost,
    }


def as_text(report: StackReport, *, verbose: bool) -> str:
    """The report of one stack for a terminal or a log."""
    return "\n".join([*_title(report), *_tree(report.changes, verbose=verbose), *_wrong(report), *_summary(report), ""])


def _title(report: StackReport) -> Iterator[str]:
    where = f" ({report.target}, {report.environment})" if report.target is not None else ""
    yield f"{report.stack}{where}"
    if report.against is not None:
        new = "; it has no such stack, so all of it is new" if report.against.is_new else ""
        yield f"  against {report.against.revision} ({report.against.commit[:12]}){new}"
    if report.state is not None:
        yield f"  from the state in {report.state}"


def _tree(changes: Sequence[Change], *, verbose: bool) -> Iterator[str]:
    """Components below their parents, each with what becomes of its own resources."""
    children: dict[str, list[Change]] = {}
    for change in changes:
        children.setdefault(change.parent, []).append(change)

    def lines(parent: str, depth: int) -> Iterator[str]:
        for change in children.get(parent, ()):
            indent = "  " * depth
            if change.counted:
                shown = change.action in {"replace", "delete"} or change.lost or (verbose and change.action != "same")
                if shown:
                    yield f"{indent}{_SIGNS[change.action]} {_resource(change)}"
                yield from lines(change.urn, depth + 1)
            elif change.token.startswith("pulumi:"):
                if change.lost:
                    yield f"{indent}{_SIGNS[change.action]} {_resource(change)}"
                yield from lines(change.urn, depth)
            else:
                yield f"{indent}{_kind(change.token)} {change.name}: {_amounts(children.get(change.urn, ()))}"
                yield from lines(change.urn, depth + 1)

    roots = sorted({change.parent for change in changes} - {change.urn for change in changes})
    for root in roots:
        yield from lines(root, 1)


def _resource(change: Change) -> str:
    because = ", ".join(change.replacing or change.paths)
    lost = f"; this loses {change.lost}" if change.lost and change.action != "create" else ""
    return f"{change.token} {change.name}{f' ({because})' if because and change.action != 'create' else ''}{lost}"


def _kind(token: str) -> str:
    return token.rsplit(":", 1)[-1]


def _amounts(changes: Sequence[Change]) -> str:
    counted = Counter(change.action for change in changes if change.counted)
    parts = [f"{counted[action]} {_DONE[action]}" for action in _SIGNS if counted[action]]
    return ", ".join(parts) or "no resources of its own"


def _wrong(report: StackReport) -> Iterator[str]:
    for trouble in report.errors:
        yield f"  ✗ {_where(trouble.urn, trouble.path)}{trouble.message} [{trouble.phase}]"
    yield from text.said(report.policy_report())
    for warning in report.warnings:
        yield f"  ! {warning}"
    if report.unknown_replacement:
        of = ", ".join(f"{token} ({number})" for token, number in sorted(report.unknown_replacement.items()))
        yield f"  ! It is not known which changes replace these types; they are shown as changed in place: {of}"


def _where(urn: str, path: str) -> str:
    parts = urn.split("::")
    resource = f"{parts[2].rsplit('$', 1)[-1]} {parts[3]}" if len(parts) == 4 else ""
    place = " ".join(part for part in (resource, path) if part)
    return f"{place}: " if place else ""


def _summary(report: StackReport) -> Iterator[str]:
    counts = ", ".join(f"{number} {_DONE[action]}" for action, number in report.counts.items() if number) or "no resources"
    mandatory = sum(found.fails for found in report.policies)
    expired = sum(waiver.fails for waiver in report.waivers)
    wrong = [_number(len(report.errors), "error")] if report.errors else []
    wrong += [_number(mandatory, "broken mandatory rule")] if mandatory else []
    wrong += [_number(expired, "expired waiver")] if expired else []
    times = ", ".join(f"{phase} {seconds:.1f} s" for phase, seconds in report.seconds.items())
    yield f"  {counts}; {' and '.join(wrong) or 'nothing is wrong'}{f' ({times})' if times else ''}"


def _number(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
