"""What the shipped stacks become, in the simulated clouds: the ground of all tables."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from components import targets
from scripts.operations import stack as stacks
from scripts.previews import description, events
from scripts.previews.judge import PACKAGES
from scripts.previews.placeholders import Placeholders
from scripts.previews.run import Command, together
from scripts.previews.workspace import Backend, Project, variables
from scripts.simulation.passphrase import Passphrase
from scripts.simulation.server.serve import Simulation
from scripts.simulation.values import Value, walk
from scripts.toolchain import paths
from scripts.toolchain.process import Failure, Tick

LIMIT_SECONDS = 120


@dataclass(frozen=True)
class Made:
    """A resource of a cloud. `capability`: class of the component that made it (`Database`)."""

    stack: str
    target: str
    capability: str
    token: str
    name: str
    inputs: Mapping[str, Value]

    @property
    def kind(self) -> str:
        """Module and class as a program names them: `rds.Instance`."""
        module, _, name = self.token.partition(":")[2].rpartition(":")
        module = module.split("/", maxsplit=1)[0]
        return name if module in {"", "index"} else f"{module}.{name}"


def made(names: Sequence[str], tick: Tick) -> list[Made]:
    """All resources of the named stacks, sorted.

    Raises `Failure` when one cannot be deployed into the simulated clouds.
    """
    return sorted((found for name in names for found in _of(name, tick)), key=lambda one: (one.stack, one.token, one.name))


def _of(name: str, tick: Tick) -> Iterator[Made]:
    stack, passphrase = stacks.read(name), Passphrase.new()
    target = stack.spec.target
    text = stack.file.read_text(encoding="utf-8")
    copied = description.copy(text, targets.choose(target).secret_keys(stack.spec), Placeholders(), passphrase)
    assumed = [value for _, value in walk(yaml.safe_load(text)) if isinstance(value, str)]
    with tempfile.TemporaryDirectory(prefix="penguinmails-reference-") as folder:
        scratch = Path(folder)
        (scratch / "home").mkdir()
        project = Project.lay_out(scratch / "project", paths.ROOT, name, copied)
        backend = Backend(scratch / "state", name)
        backend.fill()
        with Simulation(assume=assumed, packages=[PACKAGES[target]]) as simulation:
            found = variables(scratch / "home", backend, passphrase, simulation.environment())
            command = Command("up", ["up", "--yes", "--skip-preview", "--stack", name], project.folder, found, scratch)
            [done] = together([command], LIMIT_SECONDS, tick)
            if done.code != 0:
                wrong = "; ".join(trouble.message for trouble in events.troubles(done.events, "up"))
                raise Failure(f"{name} cannot be deployed, so nothing can be told of it: {wrong}")
            for thing in simulation.world:
                if "::" in thing.urn:
                    chain, logical = thing.urn.split("::")[2:4]
                    owner = [kind for kind in chain.split("$") if kind.startswith("penguinmails:")][-1]
                    yield Made(name, target.value, owner.rsplit(":", 1)[-1], thing.token, logical, thing.inputs)
