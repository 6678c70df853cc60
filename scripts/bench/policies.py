"""What policy packs cost on top of a preview: the same preview without and with them, by turns, in one run.

    .venv/bin/python -m scripts.bench.policies aws-production --rounds 5

Runs on an otherwise idle machine; where it is not, the seconds of processors tell more. Both previews have the same program,
the same empty stack and the same simulated clouds; which goes first changes from round to round, and a first pair that warms
the caches up is not counted. The last line has the medians of the differences within the rounds.
"""

from __future__ import annotations

import json
import os
import statistics
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from components import targets
from policies import packs as available
from scripts.operations import stack as stacks
from scripts.operations.stack import Stack
from scripts.policy.compose import chosen_packs, packs_config
from scripts.policy.events import unasked
from scripts.previews import description
from scripts.previews.judge import PACKAGES
from scripts.previews.placeholders import Placeholders
from scripts.previews.policy import Policies
from scripts.previews.run import Command, Ended, together
from scripts.previews.workspace import Backend, Project, variables
from scripts.simulation.passphrase import Passphrase
from scripts.simulation.server.serve import Simulation
from scripts.simulation.values import walk
from scripts.toolchain import paths
from scripts.toolchain.environment import environment

LIMIT_SECONDS: Final = 300


@dataclass(frozen=True)
class Cost:
    """Of one preview. `cpu`: seconds of processors that the engine and all that it started used."""

    seconds: float
    cpu: float


@dataclass(frozen=True)
class Round:
    """The two previews of a round."""

    without: Cost
    with_packs: Cost

    @property
    def seconds(self) -> float:
        return self.with_packs.seconds - self.without.seconds

    @property
    def cpu(self) -> float:
        return self.with_packs.cpu - self.without.cpu


def main(
    name: Annotated[str, typer.Argument(metavar="STACK")] = "aws-production",
    packs: Annotated[str, typer.Option("--packs", metavar="A,B", help="All that there are, unless named.")] = "",
    given: Annotated[Path | None, typer.Option("--packs-config", metavar="FILE")] = None,
    rounds: Annotated[int, typer.Option("--rounds", min=1)] = 5,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Measure what policy packs add to a preview of a stack."""
    asked = chosen_packs(packs) or list(available.names())
    found = list(_rounds(stacks.read(name), Policies(asked, packs_config(given)), rounds, quiet=as_json))
    facts = {
        "stack": name,
        "packs": asked,
        "rules": len(available.merged(asked)),
        "without_seconds": round(statistics.median(each.without.seconds for each in found), 2),
        "with_seconds": round(statistics.median(each.with_packs.seconds for each in found), 2),
        "cost_seconds": round(statistics.median(each.seconds for each in found), 2),
        "costs_seconds": [round(each.seconds, 2) for each in found],
        "cost_cpu_seconds": round(statistics.median(each.cpu for each in found), 2),
    }
    if as_json:
        typer.echo(json.dumps(facts))
    else:
        typer.echo(
            f"{facts['rules']} rules of {', '.join(asked)} over {name}: {facts['without_seconds']} s without, "
            f"{facts['with_seconds']} s with, {facts['cost_seconds']} s and {facts['cost_cpu_seconds']} s of processors more "
            f"(medians of {rounds} rounds)"
        )


def _rounds(stack: Stack, policies: Policies, rounds: int, *, quiet: bool) -> Iterator[Round]:
    """Round after round; the first pair, which is not counted, also shows that every rule is asked."""
    with tempfile.TemporaryDirectory(prefix="bench-policies-") as place:
        folder = Path(place)
        (folder / "home").mkdir()
        preview = _Preview(stack, policies, folder)
        for number in range(rounds + 1):
            order = (False, True) if number % 2 else (True, False)
            costs = {with_packs: preview(with_packs) for with_packs in order}
            if number:
                found = Round(costs[False], costs[True])
                if not quiet:
                    typer.echo(f"round {number}: {found.seconds:+.2f} s, {found.cpu:+.2f} s of processors", err=True)
                yield found


class _Preview:
    """One preview after the other, each with clouds of its own."""

    def __init__(self, stack: Stack, policies: Policies, folder: Path) -> None:
        text = stack.file.read_text(encoding="utf-8")
        self._stack, self._folder, self._passphrase = stack, folder, Passphrase.new()
        keys = targets.choose(stack.spec.target).secret_keys(stack.spec)
        copied = description.copy(text, keys, Placeholders(), self._passphrase)
        self._project = Project.lay_out(folder / "project", paths.ROOT, stack.name, copied)
        self._backend = Backend(folder / "state", stack.name)
        self._backend.fill()
        chosen = policies.of(f"stacks/{stack.file.name}", text)
        self._packs, self._rules = chosen.write(folder / "policies"), chosen.rules
        self._assumed = _strings(stack.spec.model_dump(mode="json"))

    def __call__(self, with_packs: bool) -> Cost:
        arguments = ["preview", *(self._packs if with_packs else []), "--stack", self._stack.name]
        with Simulation(assume=self._assumed, packages=[PACKAGES[self._stack.spec.target]]) as simulation:
            surroundings = {
                **variables(self._folder / "home", self._backend, self._passphrase, simulation.environment()),
                "PATH": environment()["PATH"],
            }
            command = Command("preview", arguments, self._project.folder, surroundings, self._folder)
            before = _cpu()
            [done] = together([command], LIMIT_SECONDS, lambda: None)
            used = _cpu() - before
        self._check(done, with_packs=with_packs)
        return Cost(done.seconds, used)

    def _check(self, done: Ended, *, with_packs: bool) -> None:
        """A preview that failed, or in which a rule was not asked, is not to be measured."""
        assert done.code == 0, done.text[-2000:]
        missing = unasked(done.events, [(rule.name, rule.level) for rule in self._rules])
        assert len(missing) == (0 if with_packs else len(self._rules)), missing


def _cpu() -> float:
    """Of all children that have ended, with theirs."""
    spent = os.times()
    return spent.children_user + spent.children_system


def _strings(content: Mapping[str, Any]) -> Sequence[str]:
    return [value for _, value in walk(content) if isinstance(value, str)]


if __name__ == "__main__":
    typer.run(main)
