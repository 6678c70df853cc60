"""What the packs say of one stack with all that a report tells: severity, what to do, controls, place, exceptions. Pure.

The engine's events and the judgement of a live state end here, and every format begins here. Nothing in it is a value of a
resource: of a finding there is the path of the property and the rule's own sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from policies import packs as available
from policies.model import AnyRule, Severity
from scripts.policy.events import Kind, Level, PolicyFinding
from scripts.policy.places import Place, Places
from scripts.policy.settings import Waiver

SEVERITIES: Final[Sequence[Severity]] = ("critical", "high", "medium", "low")
"""From the worst on."""
State = Literal["used", "unused", "expired", "not asked"]


@dataclass(frozen=True)
class RuleFacts:
    """A rule as a report tells it. `packs`: those of the chosen ones that ask for it."""

    name: str
    description: str
    level: Level
    severity: Severity
    remediation: str
    controls: tuple[str, ...]
    packs: tuple[str, ...]

    @classmethod
    def of(cls, rule: AnyRule, packs: Sequence[str]) -> RuleFacts:
        return cls(rule.name, rule.description, rule.level, rule.severity, rule.remediation, tuple(rule.controls), tuple(packs))


@dataclass(frozen=True)
class JudgedWaiver:
    """An exception and what became of it.

    `state`: unused where nothing needs it, not asked where no chosen pack has the rule. `covers`: the violations that it fits.
    """

    waiver: Waiver
    place: Place
    state: State
    covers: int

    @property
    def fails(self) -> bool:
        return self.state == "expired"

    def __str__(self) -> str:
        said = {
            "used": f"covers {self.covers} {'finding' if self.covers == 1 else 'findings'}",
            "unused": "matches nothing; take it out",
            "expired": "has expired; mend what it covers and take it out, or give it a new day and a new reason",
            "not asked": "its rule is in no chosen pack",
        }
        found = self.waiver
        return (
            f"waiver of {found.rule} for {found.resource} until {found.expires} (owner: {found.owner}; reason: {found.reason}) "
            f"{said[self.state]}"
        )


@dataclass(frozen=True)
class Finding:
    """What a rule says of a resource. `rule` is None for an error of the packs. `urn`: empty for the stack as a whole."""

    rule: RuleFacts | None
    level: Level
    kind: Kind
    urn: str
    message: str
    place: Place
    waiver: JudgedWaiver | None = None

    @property
    def fails(self) -> bool:
        """A mandatory rule that is broken without an exception or could not be evaluated, and packs that did not run."""
        return self.level == "mandatory" and self.waiver is None

    @property
    def name(self) -> str:
        """The rule's name; of an error of the packs, its kind."""
        return self.rule.name if self.rule is not None else "policy-packs"

    @property
    def severity(self) -> Severity:
        return self.rule.severity if self.rule is not None else "critical"

    @property
    def resource(self) -> str:
        """Type and logical name."""
        parts = self.urn.split("::", 3)
        return f"{parts[2].rsplit('$', 1)[-1]} {parts[3]}" if len(parts) == 4 else ""

    @property
    def text(self) -> str:
        """The sentence, with what kind of finding it is."""
        unsaid = "could not be evaluated: " if self.kind == "could_not_evaluate" else ""
        return f"{unsaid}{self.message}"


@dataclass(frozen=True)
class Mishap:
    """What went wrong beside the rules, so that nothing may be called right. `phase`: when. `where`: resource or path."""

    phase: str
    where: str
    message: str


@dataclass(frozen=True)
class PolicyReport:
    """All of one stack. `packs`: those that were asked; `file`: its description, relative to the checkout."""

    stack: str
    file: str
    packs: Sequence[str] = ()
    rules: Sequence[RuleFacts] = ()
    findings: Sequence[Finding] = ()
    waivers: Sequence[JudgedWaiver] = ()
    errors: Sequence[Mishap] = ()
    seconds: float = 0

    @property
    def ok(self) -> bool:
        return not (self.errors or any(found.fails for found in self.findings) or any(waiver.fails for waiver in self.waivers))


def facts(packs: Sequence[str], rules: Sequence[AnyRule]) -> list[RuleFacts]:
    """The rules of the chosen packs, merged as they were served."""
    asking = available.demanded_by(packs)
    return [RuleFacts.of(rule, asking.get(rule.name, ())) for rule in rules]


def weigh(
    said: Sequence[PolicyFinding], rules: Sequence[RuleFacts], waivers: Sequence[Waiver], places: Places, today: date
) -> tuple[list[Finding], list[JudgedWaiver]]:
    """Findings with all that is known of them, the worst first, and what became of every exception.

    An exception covers violations only: what could not be evaluated is not known to be the risk that somebody took.
    """
    known = {rule.name: rule for rule in rules}
    judged = [_judged(number, waiver, said, known, places, today) for number, waiver in enumerate(waivers)]
    return sorted(_findings(said, known, judged, places), key=_order), judged


def _judged(
    number: int,
    waiver: Waiver,
    said: Sequence[PolicyFinding],
    known: Mapping[str, RuleFacts],
    places: Places,
    today: date,
) -> JudgedWaiver:
    covers = sum(_covered(waiver, found) for found in said)
    state: State = "expired" if today > waiver.until else "used" if covers else "unused"
    if state == "unused" and waiver.rule not in known:
        state = "not asked"
    return JudgedWaiver(waiver, places.at(f"policies.waivers[{number}]"), state, covers)


def _covered(waiver: Waiver, found: PolicyFinding) -> bool:
    return found.kind == "violation" and waiver.covers(found.rule, found.urn.rsplit("::", 1)[-1])


def _findings(
    said: Sequence[PolicyFinding], known: Mapping[str, RuleFacts], judged: Sequence[JudgedWaiver], places: Places
) -> Iterator[Finding]:
    for found in said:
        waiver = next((each for each in judged if each.state == "used" and _covered(each.waiver, found)), None)
        yield Finding(known.get(found.rule), found.level, found.kind, found.urn, found.message, places.of(found.urn), waiver)


def _order(found: Finding) -> tuple[object, ...]:
    return not found.fails, SEVERITIES.index(found.severity), found.urn, found.name, found.message
