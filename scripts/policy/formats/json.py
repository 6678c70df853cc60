"""For a program: one object on one line, stable within its `version`.

version   1
ok        whether nothing is wrong; the exit code is 0 then, else 1
stacks    one object each: {stack, file, packs, ok, policies, waivers, errors, seconds}
  policies  [{pack, rule, level, urn, message, kind, severity, remediation, controls, file, line, path, waived}]
            level: mandatory or advisory; pack: all packs that ask for the rule; kind: violation, could_not_evaluate, or
            error (of the packs); file, line, path: where the resource comes from in the stack file; waived: whether an
            exception covers it
  waivers   [{rule, resource, reason, owner, expires, state, covers, file, line}]; state: used, unused (matches nothing),
            expired (fails), not asked (its rule is in no chosen pack); covers: number of findings
  errors    [{phase, where, message}]
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from scripts.policy.reports import Finding, JudgedWaiver, PolicyReport

VERSION: Final = 1


def write(reports: Sequence[PolicyReport]) -> str:
    found = {"version": VERSION, "ok": all(report.ok for report in reports), "stacks": [_stack(report) for report in reports]}
    return json.dumps(found, ensure_ascii=False)


def _stack(report: PolicyReport) -> dict[str, Any]:
    return {
        "stack": report.stack,
        "file": report.file,
        "packs": list(report.packs),
        "ok": report.ok,
        "policies": [finding(found) for found in report.findings],
        "waivers": [waiver(found) for found in report.waivers],
        "errors": [{"phase": each.phase, "where": each.where, "message": each.message} for each in report.errors],
        "seconds": round(report.seconds, 2),
    }


def finding(found: Finding) -> dict[str, Any]:
    rule = found.rule
    return {
        "pack": ", ".join(rule.packs) if rule is not None else "",
        "rule": rule.name if rule is not None else "",
        "level": found.level,
        "urn": found.urn,
        "message": found.message,
        "kind": found.kind,
        "severity": found.severity,
        "remediation": rule.remediation if rule is not None else "",
        "controls": list(rule.controls) if rule is not None else [],
        "file": found.place.file,
        "line": found.place.line,
        "path": found.place.path,
        "waived": found.waiver is not None,
    }


def waiver(found: JudgedWaiver) -> dict[str, Any]:
    return {
        **found.waiver.model_dump(),
        "state": found.state,
        "covers": found.covers,
        "file": found.place.file,
        "line": found.place.line,
    }
