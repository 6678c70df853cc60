"""For code scanning: SARIF 2.1.0 (OASIS, errata 01). One run; its results point to lines of stack files.

A waived finding is a suppressed result, an expired waiver a result of its own. What went wrong beside the rules is a
notification of the tool and a result, because services that show SARIF leave notifications out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sarif_pydantic import Sarif
from sarif_pydantic.sarif import (
    ArtifactLocation,
    Invocation,
    Level,
    Location,
    LogicalLocation,
    Message,
    PhysicalLocation,
    Region,
    ReportingConfiguration,
    ReportingDescriptor,
    Result,
    Run,
    Suppression,
    Tool,
    ToolDriver,
)

from policies.model import Severity
from scripts.policy.places import Place
from scripts.policy.reports import Finding, JudgedWaiver, Mishap, PolicyReport, RuleFacts

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_SCORES: Final[Mapping[Severity, str]] = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.0"}
"""In the middle of the bands that GitHub's code scanning gives those words to (over 9, 7, 4 and 0)."""
_OWN: Final[Mapping[str, str]] = {
    "policy-packs": "The policy packs run.",
    "run": "The stack can be previewed or read, so that every rule is asked.",
    "waiver-expired": "No exception from a rule has expired.",
    "waiver-unused": "Every exception from a rule is needed.",
}
"""What is reported beside the rules -> what is wanted."""


def write(reports: Sequence[PolicyReport]) -> str:
    rules = {rule.name: rule for report in reports for rule in report.rules}
    driver = ToolDriver(
        name="penguinmails policies",
        rules=[*(_rule(rule) for rule in rules.values()), *(_own(name, text) for name, text in _OWN.items())],
    )
    mishaps = [
        {"level": "error", "message": {"text": f"{report.stack}: {_mishap(error)}"}}
        for report in reports
        for error in report.errors
    ]
    # `sarif-pydantic` has no such field, and keeps what it does not know as it is named.
    invocation = Invocation(execution_successful=not mishaps, toolExecutionNotifications=mishaps)
    results = [result for report in reports for result in _results(report)]
    run = Run(tool=Tool(driver=driver), invocations=[invocation], results=results)
    document = Sarif(schema_uri=SCHEMA, runs=[run])
    return str(document.model_dump_json(by_alias=True, exclude_none=True))


def _rule(rule: RuleFacts) -> ReportingDescriptor:
    return ReportingDescriptor(
        id=rule.name,
        name=rule.name,
        short_description=Message(text=rule.description),
        help=Message(text=f"{rule.remediation}\n\nControls: {', '.join(rule.controls)}."),
        default_configuration=ReportingConfiguration(level=_level(fails=rule.level == "mandatory").value),
        properties={
            "tags": ["security", *rule.controls],
            "security-severity": _SCORES[rule.severity],
            "severity": rule.severity,
            "packs": list(rule.packs),
            "remediation": rule.remediation,
        },
    )


def _own(name: str, text: str) -> ReportingDescriptor:
    return ReportingDescriptor(id=name, name=name, short_description=Message(text=text))


def _results(report: PolicyReport) -> Iterator[Result]:
    for error in report.errors:
        yield _result(report, "run", Level.ERROR, _mishap(error), Place(report.file, 1))
    for found in report.findings:
        level = _level(fails=found.level == "mandatory")
        suppressed = [_suppression(found.waiver)] if found.waiver is not None else None
        message = f"{found.resource}: {found.text}" if found.resource else found.text
        result = _result(report, found.name, level, message, found.place, found)
        if suppressed is not None:
            result = result.model_copy(update={"suppressions": suppressed})
        yield result
    for waiver in report.waivers:
        if waiver.state in {"expired", "unused"}:
            name = f"waiver-{waiver.state}"
            yield _result(report, name, _level(fails=waiver.fails), str(waiver), waiver.place)


def _result(report: PolicyReport, rule: str, level: Level, message: str, place: Place, found: Finding | None = None) -> Result:
    logical = [LogicalLocation(name=found.resource, fully_qualified_name=found.urn, kind="resource")] if found else []
    physical = PhysicalLocation(artifact_location=ArtifactLocation(uri=place.file), region=Region(start_line=place.line))
    properties: dict[str, Any] = {"stack": report.stack}
    if found is not None:
        properties |= {"severity": found.severity, "kind": found.kind}
    return Result(
        rule_id=rule,
        level=level,
        message=Message(text=message),
        locations=[Location(physical_location=physical, logical_locations=logical or None)],
        partial_fingerprints={"policy/v1": _fingerprint(report.stack, rule, found.urn if found else "", message)},
        properties=properties,
    )


def _suppression(waiver: JudgedWaiver) -> Suppression:
    found = waiver.waiver
    location = PhysicalLocation(
        artifact_location=ArtifactLocation(uri=waiver.place.file), region=Region(start_line=waiver.place.line)
    )
    return Suppression(
        kind="inSource",
        status="accepted",
        location=Location(physical_location=location),
        justification=found.reason,
        properties={"owner": found.owner, "expires": found.expires},
    )


def _fingerprint(*parts: str) -> str:
    """The same for the same finding in another run, wherever its line has moved to."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def _mishap(error: Mishap) -> str:
    return f"{error.where}: {error.message}" if error.where else error.message


def _level(*, fails: bool) -> Level:
    return Level.ERROR if fails else Level.WARNING
