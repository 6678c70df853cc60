"""One stack from its file to its report.

The preview and a simulated `up` run at the same time, each on its own copy of where the stack begins (nothing, a revision that
was brought up, or an imported state): the first meets unknown values as a preview does, the second meets what a cloud refuses.
After that a second preview of what was brought up, with a refresh, must find nothing to do. What changes is told by the `up`,
which knows every value; by the preview where the `up` failed.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from components import targets
from components.spec import TargetName
from components.stackfile import StackFileError
from components.target import SecretKey
from scripts.operations import stack as stacks
from scripts.operations.stack import Stack
from scripts.previews import description, events, imported
from scripts.previews.events import Change, Trouble
from scripts.previews.placeholders import Placeholders, redacted
from scripts.previews.policy import Policies, StackPolicies
from scripts.previews.report import Against, StackReport
from scripts.previews.revision import Revision
from scripts.previews.run import Command, Ended, together
from scripts.previews.workspace import Backend, Project, variables
from scripts.simulation.passphrase import Passphrase
from scripts.simulation.server.serve import Simulation
from scripts.simulation.values import walk
from scripts.toolchain import paths
from scripts.toolchain.process import Failure
from scripts.toolchain.progress import Progress

PACKAGES: Final = {
    TargetName.AWS: "aws",
    TargetName.AZURE: "azure-native",
    TargetName.GCP: "gcp",
    TargetName.DOCKER: "docker",
}


@dataclass(frozen=True)
class Wish:
    """What is asked for. `policies`: the packs to hold it against. `thorough`: with the second preview."""

    revision: Revision | None = None
    state: Path | None = None
    policies: Policies = field(default_factory=Policies)
    allow_replacement: bool = False
    thorough: bool = True
    limit_seconds: float = 300


@dataclass(frozen=True)
class Means:
    """What all stacks of one command share; `passphrase` costs a quarter of a second to make."""

    progress: Progress
    placeholders: Placeholders = field(default_factory=Placeholders)
    passphrase: Passphrase = field(default_factory=Passphrase.new)


def judge(name: str, wish: Wish, means: Means) -> StackReport:
    """Everything that can be told about a stack; what goes wrong on the way is in the report."""
    report = StackReport(name, packs=wish.policies.names, state=str(wish.state) if wish.state is not None else None)
    began = time.monotonic()
    try:
        stack = stacks.read(name)
        policies = wish.policies.of(report.file, stack.file.read_text(encoding="utf-8"))
    except Failure as failure:
        report.errors.extend(_refused(str(failure)))
        return report
    except StackFileError as error:
        report.errors.extend(_placed(problem) for problem in error.problems)
        return report
    report.rules = policies.rules
    report.target, report.environment = str(stack.spec.target), str(stack.spec.environment)
    try:
        with tempfile.TemporaryDirectory(prefix="penguinmails-preview-") as folder:
            _Preview(stack, wish, means, report, policies, Path(folder)).run(began)
    except Failure as failure:
        report.errors.append(Trouble("preview", "", "", redacted(str(failure))))
    return report


def _refused(text: str) -> Iterator[Trouble]:
    """The sentences of a description that cannot be deployed, each with its path."""
    first, *rest = [line.strip() for line in text.splitlines()]
    if not rest:
        yield Trouble("description", "", "", first)
    yield from map(_placed, rest)


def _placed(line: str) -> Trouble:
    path, _, sentence = line.partition(": ")
    return Trouble("description", "", path if sentence else "", sentence or line)


@dataclass
class _Preview:
    """The work on one stack in a temporary folder of its own."""

    stack: Stack
    wish: Wish
    means: Means
    report: StackReport
    policies: StackPolicies
    folder: Path
    _simulations: ExitStack = field(default_factory=ExitStack)

    def run(self, began: float) -> None:
        (self.folder / "home").mkdir()
        with self._simulations:
            text = self.stack.file.read_text(encoding="utf-8")
            keys = targets.choose(self.stack.spec.target).secret_keys(self.stack.spec)
            project = self._project("project", paths.ROOT, text, keys)
            start = Backend(self.folder / "start", self.stack.name)
            world = self._simulation()
            self.report.seconds["start"] = time.monotonic() - began
            if not self._begin(start, world):
                return
            other = self._simulation()
            imported.fill(other.world, list(world.world))
            self._judge(project, start, world, start.copied(self.folder / "other"), other)

    def _project(self, name: str, checkout: Path, text: str, keys: Sequence[SecretKey]) -> Project:
        copied = description.copy(text, keys, self.means.placeholders, self.means.passphrase)
        return Project.lay_out(self.folder / name, checkout, self.stack.name, copied)

    def _simulation(self) -> Simulation:
        """The clouds of the stack's target, now and at the revision, with what the stack files say is there."""
        revision = self.wish.revision
        files = [self.stack.file, revision.stack_file(self.stack.name) if revision is not None else None]
        platforms = [_platform(file) for file in files if file is not None]
        targeted = {str(found.get("target")) for found in platforms} & set(PACKAGES)
        strings = [value for found in platforms for _, value in walk(found) if isinstance(value, str)]
        packages = [PACKAGES[TargetName(name)] for name in sorted(targeted)]
        return self._simulations.enter_context(Simulation(assume=strings, packages=packages))

    def _begin(self, start: Backend, simulation: Simulation) -> bool:
        """Fills the backend and the clouds with where the stack begins; false when that fails."""
        if self.wish.state is not None:
            found = imported.load(self.wish.state, self.stack.name, self.means.passphrase)
            start.fill(found.deployment, found.version)
            imported.fill(simulation.world, found.resources)
            return True
        start.fill()
        revision = self.wish.revision
        if revision is None:
            return True
        file = revision.stack_file(self.stack.name)
        self.report.against = Against(revision.name, revision.commit, is_new=file is None)
        if file is None:
            return True
        text = file.read_text(encoding="utf-8")
        project = self._project("base", revision.folder, text, revision.secret_keys(file))
        with self._step(f"{self.stack.name} at {revision.name}"):
            [done] = self._engine(self._command("base", project, start, simulation, "up", "--yes", "--skip-preview"))
        self._take(done)
        return done.code == 0

    def _judge(self, project: Project, first: Backend, real: Simulation, second: Backend, trial: Simulation) -> None:
        packs = self.policies.write(self.folder / "policies")
        # All refusals at once. Where a replacement is refused, the engine has been seen to wait for ever with this option.
        on = [] if self._began_with_something else ["--continue-on-error"]
        with self._step(f"{self.stack.name}: preview and simulated up"):
            preview, up = self._engine(
                self._command("preview", project, second, trial, "preview", *packs),
                self._command("up", project, first, real, "up", "--yes", "--skip-preview", *on, *packs),
            )
        whole = preview.code == 0 and up.code == 0
        self.report.policies, self.report.waivers = self.policies.weigh([*preview.events, *up.events], whole=whole)
        self._take(preview)
        self._take(up)
        told = up if up.code == 0 else preview
        self.report.changes = events.changes(told.events)
        self.report.unknown_replacement = dict((real if up.code == 0 else trial).unknown_replacement)
        self.report.errors.extend(self._data())
        if self.wish.thorough and preview.code == 0 and up.code == 0:
            with self._step(f"{self.stack.name}: a second preview finds nothing to do"):
                command = self._command("second preview", project, first, real, "preview", "--refresh")
                [again] = self._engine(command)
            self._take(again)
            self.report.errors.extend(_unsettled(events.changes(again.events)))

    @property
    def _began_with_something(self) -> bool:
        return self.wish.state is not None or (self.report.against is not None and not self.report.against.is_new)

    def _data(self) -> Iterator[Trouble]:
        """What a change would lose, where the state is one of something that runs."""
        if not self._began_with_something or self.wish.allow_replacement:
            return
        verbs = {"replace": "is replaced", "delete": "is deleted", "update": "is changed"}
        for change in self.report.changes:
            if change.lost and change.action in verbs:
                because = ", ".join(change.replacing or (change.paths if change.action == "update" else ()))
                message = (
                    f"{verbs[change.action]}{f' because of {because}' if because else ''}, which loses {change.lost}: "
                    "undo the change, move the data first, or say --allow-replacement"
                )
                yield Trouble("data", change.urn, "", message)

    def _command(self, phase: str, project: Project, backend: Backend, simulation: Simulation, *arguments: str) -> Command:
        found = variables(self.folder / "home", backend, self.means.passphrase, simulation.environment())
        return Command(phase, [*arguments, "--stack", self.stack.name], project.folder, found, self.folder)

    def _engine(self, *commands: Command) -> list[Ended]:
        return together(commands, self.wish.limit_seconds, self.means.progress.tick)

    def _take(self, done: Ended) -> None:
        """Puts what a run had to say into the report."""
        self.report.seconds[done.phase] = done.seconds
        known = {(trouble.urn, trouble.path, trouble.message) for trouble in self.report.errors}
        found = events.troubles(done.events, done.phase)
        self.report.errors += [each for each in found if (each.urn, each.path, each.message) not in known]
        if done.code != 0 and not found and not any(verdict.kind == "error" for verdict in self.report.policies):
            self.report.errors.append(Trouble(done.phase, "", "", _last_words(done)))
        self.report.warnings = list(dict.fromkeys([*self.report.warnings, *events.warnings(done.events)]))

    @contextmanager
    def _step(self, title: str) -> Iterator[None]:
        self.means.progress.begin(title)
        try:
            yield
        except BaseException:
            self.means.progress.end("ended", mark="✗")
            raise
        self.means.progress.end("done")


def _platform(file: Path) -> dict[str, Any]:
    """The description in a stack file, as far as it can be read."""
    try:
        content = stacks.load(file.read_text(encoding="utf-8"))
    except yaml.YAMLError:
        return {}
    config = content.get("config") if isinstance(content, dict) else None
    found = config.get(f"{stacks.PROJECT}:platform") if isinstance(config, dict) else None
    return found if isinstance(found, dict) else {}


def _last_words(done: Ended) -> str:
    lines = [line.strip() for line in done.text.splitlines() if line.strip()]
    said = next((line for line in reversed(lines) if line.startswith("error:")), lines[-1] if lines else "it printed nothing")
    return redacted(f"pulumi ended with exit code {done.code}: {said.removeprefix('error:').strip()}")


def _unsettled(found: Sequence[Change]) -> Iterator[Trouble]:
    for change in found:
        if change.action != "same":
            where = f" ({', '.join(change.paths)})" if change.paths else ""
            message = (
                f"a second preview right after up would {change.action} it again{where}: no run would ever be without changes"
            )
            yield Trouble("second preview", change.urn, "", message)
