"""For a terminal or a log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from scripts.policy.reports import SEVERITIES, Finding, PolicyReport


def write(reports: Sequence[PolicyReport]) -> str:
    return "\n".join(line for report in reports for line in _stack(report)).rstrip("\n")


def _stack(report: PolicyReport) -> Iterator[str]:
    yield report.stack
    for error in report.errors:
        yield f"  ✗ {f'{error.where}: ' if error.where else ''}{error.message} [{error.phase}]"
    yield from said(report)
    yield f"  {summary(report)}"
    yield ""


def said(report: PolicyReport) -> Iterator[str]:
    """What rules say, and every exception."""
    for found in report.findings:
        yield from _finding(found)
    for waiver in report.waivers:
        sign = {"expired": "✗", "unused": "!"}.get(waiver.state, "·")
        yield f"  {sign} {waiver} ({waiver.place})"


def _finding(found: Finding) -> Iterator[str]:
    sign = "·" if found.waiver is not None else "✗" if found.fails else "!"
    where = f"{found.resource}: " if found.resource else ""
    rule = found.rule
    named = f"{found.level}: {rule.name} of {', '.join(rule.packs)}; {rule.severity}" if rule is not None else found.level
    yield f"  {sign} {where}{found.text} [{named}]"
    yield f"      at {found.place}{f' ({found.place.path})' if found.place.path else ''}"
    if found.waiver is not None:
        waiver = found.waiver.waiver
        yield f"      waived until {waiver.expires} (owner: {waiver.owner}; reason: {waiver.reason})"
    elif rule is not None:
        yield f"      to do: {rule.remediation}"
        yield f"      controls: {', '.join(rule.controls)}"


def summary(report: PolicyReport) -> str:
    """Numbers, the worst first."""
    failing = Counter(found.severity for found in report.findings if found.fails)
    parts = [f"{failing[severity]} {severity}" for severity in SEVERITIES if failing[severity]]
    advised = sum(not found.fails and found.waiver is None for found in report.findings)
    waived = sum(found.waiver is not None for found in report.findings)
    expired = sum(waiver.fails for waiver in report.waivers)
    parts += [f"{number} {what}" for number, what in ((advised, "advisory"), (waived, "waived")) if number]
    parts += [f"{expired} expired {'waiver' if expired == 1 else 'waivers'}"] if expired else []
    asked = f"{len(report.rules)} rules of {', '.join(report.packs) or 'no pack'}"
    return f"{asked}: {', '.join(parts) or 'nothing found'}"
