"""Making a backend, bringing it up to date, and taking it away: what the engine is asked for, in which order.

A preview comes first: it shows what would change and finds missing credentials, a wrong account and a wrong region before
anything is changed. Its engine is watched quietly; the one that changes something shows its own progress, as in scripts/up.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.backends import state as local
from scripts.backends.sentences import sentence
from scripts.backends.state import STACK, Asked, State
from scripts.operations import engine
from scripts.previews import events
from scripts.previews.run import Command, together
from scripts.toolchain.process import Failure
from scripts.toolchain.progress import Progress

_LIMIT_SECONDS = 300
"""For a preview: the plugin may have to be fetched first, which is some hundred MB."""

Variables = Mapping[str, str]


@dataclass(frozen=True)
class Plan:
    """What a run would change. `adopted`: names of what is taken over."""

    changes: Sequence[events.Change]
    adopted: Sequence[str]

    @property
    def said(self) -> str:
        """In one line, as `9 to create, 5 to take over`."""
        counts = {
            "to take over": len(self.adopted),
            "to create": self._count("create") - len(self.adopted),
            "to change": self._count("update"),
            "to replace": self._count("replace"),
            "to delete": self._count("delete"),
        }
        return ", ".join(f"{count} {what}" for what, count in counts.items() if count) or "nothing to change"

    @property
    def lines(self) -> list[str]:
        """One a resource."""
        kinds = {one.name: "take over" if one.name in self.adopted else one.action for one in self.changes}
        tokens = {one.name: one.token.rpartition("/")[2] for one in self.changes}
        return [f"    {kind:9} {name} ({tokens[name]})" for name, kind in kinds.items()]

    def _count(self, action: str) -> int:
        return sum(1 for one in self.changes if one.action == action)


def known(asked: Asked, state: State) -> Asked:
    """The request with the account that the state belongs to.

    Raises `Failure` when another one is asked for: its resources would be looked for in the wrong place.
    """
    recorded = state.outputs.get("account")
    if recorded is None:
        return asked
    if asked.account not in {None, recorded}:
        raise Failure(
            f"--account {asked.account}: the state in {state.folder} is of the account {recorded}; "
            "give another folder with --state for another account."
        )
    return Asked(asked.name, asked.region, str(recorded))


def plan(asked: Asked, state: State, variables: Variables, progress: Progress, *, removing: bool = False) -> Plan:
    """What would change.

    Raises `Failure` with one sentence where AWS or the engine says no.
    """
    state.begin()
    with local.project(asked, adopt=_adopts(state), removing=removing) as folder, tempfile.TemporaryDirectory() as scratch:
        command = Command("preview", ["preview", "--stack", STACK], folder, variables, Path(scratch))
        [done] = together([command], _LIMIT_SECONDS, progress.tick)
    if done.code != 0:
        troubles = events.troubles(done.events, "preview") or [events.Trouble("preview", "", "", done.text.strip()[-600:])]
        raise Failure(sentence(troubles, asked))
    changes = [one for one in events.changes(done.events) if one.counted and one.action != "same"]
    return Plan(changes, _imported(done.events))


def apply(asked: Asked, state: State, variables: Variables, planned: Plan) -> None:
    """Makes what was planned. What was taken over is brought up to date by a second run, since a first one only reads it.

    Raises `Failure`; what was wrong has been shown by then.
    """
    if not planned.changes:
        return
    _up(asked, variables, adopt=_adopts(state))
    if planned.adopted:
        _up(asked, variables)


def held(state: State, variables: Variables) -> list[str]:
    """The stacks whose state is in the bucket, as Pulumi itself lists them.

    Raises `Failure` when the bucket cannot be listed: what is in it is not known then.
    """
    command = ["pulumi", "stack", "ls", "--all", "--json", "--non-interactive"]
    url = str(state.outputs["backend_url"])
    where = {**variables, "PULUMI_BACKEND_URL": url}
    done = subprocess.run(command, env=where, cwd=state.folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        if "NoSuchBucket" in done.stderr:
            return []
        detail = done.stderr.strip().splitlines()[-1].removeprefix("error: ") if done.stderr.strip() else "no reason given"
        raise Failure(f"The stacks in {url} cannot be listed, so nothing is removed: {detail[:300]}")
    return sorted(str(one["name"]) for one in json.loads(done.stdout or "[]"))


def remove(asked: Asked, state: State, variables: Variables) -> None:
    """Takes off what protects the backend, deletes it, and forgets its state."""
    _up(asked, variables, removing=True)
    with local.project(asked, removing=True) as folder:
        engine.shown("destroy", "--yes", "--skip-preview", stack=STACK, folder=folder, variables=variables)
    shutil.rmtree(state.folder / ".pulumi")


def _up(asked: Asked, variables: Variables, *, adopt: bool = False, removing: bool = False) -> None:
    with local.project(asked, adopt=adopt, removing=removing) as folder:
        engine.shown("up", "--yes", "--skip-preview", stack=STACK, folder=folder, variables=variables)


def _adopts(state: State) -> bool:
    """Whether to look for what is there: until one run has come to its end, after which everything is known."""
    return "bucket" not in state.outputs


def _imported(log: Sequence[events.Event]) -> list[str]:
    found = (event["resourcePreEvent"]["metadata"] for event in log if "resourcePreEvent" in event)
    return [str(one["urn"]).rsplit("::", 1)[-1] for one in found if one["op"] == "import"]
