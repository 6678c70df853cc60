"""For what shows test results: JUnit's XML as Apache Ant's schema has it, which knows no skipped test and no line of a file.

One suite a stack, one case a finding, and one that passes for each rule that found nothing. What fails the run is a failure,
what could not be told an error. What is advised or waived passes, with its text in the suite's output; every exception is among
the suite's properties.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from junitparser import Error, Failure, JUnitXml, TestCase, TestSuite
from junitparser.junitparser import SystemErr, SystemOut

from scripts.policy.formats.text import said
from scripts.policy.reports import Finding, PolicyReport


def write(reports: Sequence[PolicyReport]) -> str:
    whole = JUnitXml()
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    for number, report in enumerate(reports):
        whole.append(_suite(number, report, now))
    for total in ("tests", "failures", "errors", "skipped", "time"):
        whole._elem.attrib.pop(total, None)  # noqa: SLF001 Ant's schema has them at the suites only
    text = io.BytesIO()
    whole.write(text)
    return text.getvalue().decode()


def _suite(number: int, report: PolicyReport, now: str) -> TestSuite:
    suite = TestSuite(report.stack)
    suite.hostname, suite.timestamp = "localhost", now
    suite.add_property("file", report.file)
    suite.add_property("packs", ", ".join(report.packs))
    for index, waiver in enumerate(report.waivers):
        suite.add_property(f"waiver-{index}", str(waiver))
    suite.add_testcases(list(_cases(report)))
    suite.update_statistics()
    suite.time = report.seconds
    suite._elem.attrib.pop("skipped", None)  # noqa: SLF001
    suite._elem.attrib["package"] = "policies"  # noqa: SLF001 the library has no such attributes
    suite._elem.attrib["id"] = str(number)  # noqa: SLF001
    suite.append(SystemOut("\n".join(said(report))))
    suite.append(SystemErr(""))
    return suite


def _cases(report: PolicyReport) -> Iterator[TestCase]:
    for error in report.errors:
        case = TestCase(error.phase, f"{report.stack}.run", 0)
        case.result = [Error(f"{error.where}: {error.message}" if error.where else error.message, "error")]
        yield case
    seen = Counter[str]()
    for found in report.findings:
        case = _case(report, found)
        seen[case.name] += 1
        if seen[case.name] > 1:
            case.name = f"{case.name} ({seen[case.name]})"
        yield case
    broken = {found.name for found in report.findings}
    for rule in report.rules:
        if rule.name not in broken:
            yield TestCase(rule.name, f"{report.stack}.{rule.name}", 0)
    for waiver in report.waivers:
        if waiver.fails:
            case = TestCase(waiver.waiver.rule, f"{report.stack}.waivers", 0)
            case.result = [Failure(str(waiver), "expired")]
            yield case


def _case(report: PolicyReport, found: Finding) -> TestCase:
    case = TestCase(f"{found.name} {found.resource}".strip(), f"{report.stack}.{found.name}", 0)
    if found.fails:
        kind = Failure if found.kind == "violation" else Error
        result = kind(found.text, found.severity)
        rule = found.rule
        told = [str(found.place), f"to do: {rule.remediation}", f"controls: {', '.join(rule.controls)}"] if rule else []
        result.text = "\n".join(told)
        case.result = [result]
    return case
