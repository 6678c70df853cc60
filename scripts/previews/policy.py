"""The policy packs' side of a preview: the folder that the engine is given, and what its events say of the rules.

The rules are served without enforcement, so that a simulated `up` goes on to its end and every resource is judged; a finding
has the level that its rule asks for all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from policies import packs as available
from scripts.policy import reports, settings
from scripts.policy.compose import compose, rule_names, rules
from scripts.policy.events import PolicyFinding, unasked, verdicts
from scripts.policy.places import Places
from scripts.policy.reports import Finding, JudgedWaiver, RuleFacts
from scripts.policy.settings import Settings


@dataclass(frozen=True)
class Policies:
    """What all stacks of a command are held against. `names`: packs. `given`: their settings from a file of its own."""

    names: Sequence[str] = ()
    given: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    today: date = field(default_factory=lambda: datetime.now(UTC).date())

    def of(self, file: str, text: str) -> StackPolicies:
        """The packs as one stack file sets them; what is given beside it wins.

        Raises `StackFileError` with every mistake in the stack file's `policies`.
        """
        asked = settings.read(text, self.today, rule_names(), available.names())
        configuration = {name: found for name in self.names if (found := self.given.get(name, asked.packs.get(name)))}
        facts = reports.facts(self.names, rules(self.names, configuration))
        return StackPolicies(self, asked, configuration, facts, Places(file, text))


@dataclass(frozen=True)
class StackPolicies:
    """The packs for one stack."""

    policies: Policies
    settings: Settings
    configuration: Mapping[str, Mapping[str, Any]]
    rules: Sequence[RuleFacts]
    places: Places

    def write(self, folder: Path) -> list[str]:
        """Writes the packs as one into `folder`; the options by which the engine takes them, none for no pack."""
        if not self.policies.names:
            return []
        compose(self.policies.names, folder, enforce=False, configuration=self.configuration)
        return ["--policy-pack", str(folder)]

    def weigh(self, events: Iterable[Mapping[str, Any]], *, whole: bool) -> tuple[list[Finding], list[JudgedWaiver]]:
        """What the rules say in the events of all runs, one after the other, and what became of the exceptions.

        `whole`: the runs came to their ends, so every rule must have been asked.
        """
        log = list(events)
        said: list[PolicyFinding] = verdicts(log)
        if whole:
            said += unasked(log, [(rule.name, rule.level) for rule in self.rules])
        return reports.weigh(said, self.rules, self.settings.waivers, self.places, self.policies.today)
