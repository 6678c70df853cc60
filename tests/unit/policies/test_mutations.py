"""The property that a rule guards, taken away from the kit's own resources for real use, is caught by exactly that rule.

`python -m pytest tests/unit/policies/test_mutations.py -s -k table` prints the table.
"""

from __future__ import annotations

from collections import Counter

import pytest

from policies.judging import Verdict, judge_all
from policies.model import Resource, Rule, StackRule
from policies.readers import TARGETS
from policies.rules import ALL
from policies.rules.make import READS
from scripts.simulation.values import UNKNOWN
from tests.unit.policies.changes import GONE, Mutation, changed
from tests.unit.policies.mutations_aws import AWS
from tests.unit.policies.mutations_docker import DOCKER
from tests.unit.policies.production import stack

MUTATIONS = [*AWS, *DOCKER]
ONE = [rule for rule in ALL if isinstance(rule, Rule)]
WHOLE = [rule for rule in ALL if isinstance(rule, StackRule)]


def said(resources: list[Resource], touched: list[Resource]) -> list[Verdict]:
    """What all rules say; what was not touched breaks no rule of one resource, which another test holds."""
    return [*judge_all(ONE, touched), *judge_all(WHOLE, resources)]


def caught(mutation: Mutation) -> set[tuple[str, str]]:
    found = said(*changed(mutation, stack(f"{mutation.target}-production"), mutation.wrong))
    return {(verdict.rule.name, verdict.kind) for verdict in found}


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.id)
def test_what_is_taken_away_is_caught_by_exactly_its_rule(mutation: Mutation) -> None:
    assert caught(mutation) == {(mutation.rule.name, "violation")}


@pytest.mark.parametrize(
    "mutation", [one for one in MUTATIONS if one.unknown and one.wrong is not GONE], ids=lambda mutation: mutation.id
)
def test_a_value_that_is_not_known_is_undecided_and_no_violation(mutation: Mutation) -> None:
    found = said(*changed(mutation, stack(f"{mutation.target}-production"), UNKNOWN))
    assert {verdict.kind for verdict in found} == {"undecided"}
    assert mutation.rule.name in {verdict.rule.name for verdict in found}


def test_every_rule_is_read_on_every_target_or_the_reason_why_not_stands_there() -> None:
    for rule in ALL:
        name = READS[rule.name]
        for target, how in TARGETS.items():
            reads = name in how.readers or name in how.stack
            assert reads != (name in how.absent), f"{rule.name} on {target}: {'both' if reads else 'neither'}"
            if not reads:
                assert len(how.absent[name]) > 20


def test_the_table_every_rule_on_every_target_that_it_reads_has_a_mutation_that_it_catches() -> None:
    made, hit = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for mutation in MUTATIONS:
        place = (mutation.rule.name, mutation.target)
        made[place] += 1
        hit[place] += caught(mutation) == {(mutation.rule.name, "violation")}
    places = [
        (rule.name, target)
        for rule in ALL
        for target, how in TARGETS.items()
        if READS[rule.name] in how.readers or READS[rule.name] in how.stack
    ]
    print()
    for rule in ALL:
        cells = [
            f"{hit[rule.name, target]}/{made[rule.name, target]}" if (rule.name, target) in places else "-"
            for target in TARGETS
        ]
        print(f"{rule.name:40}", *(f"{cell:>8}" for cell in cells))
    print(f"{sum(hit.values())} of {sum(made.values())} caught by exactly their rule; {len(places)} rules on targets")
    assert [place for place in places if not made[place]] == []
    assert hit == made
