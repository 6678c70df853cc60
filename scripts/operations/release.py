"""A release that goes back by itself: what cannot start is rolled back by Swarm, what does not become healthy or answers badly
by this watch.

A copy that starts again may take its time on a busy host, so its health check is patient; a new release may not, since the
former copies answer meanwhile. While the engine works and for a while after, the requests that new copies answer are compared
with the objective and with the old copies (`release_judge.py`). Whatever was rolled back, all of the application goes back
together, and the engine's state is brought in line, so that the next run starts from what runs.

Left out: services that no request of the edge reaches. A worker that does not become healthy goes back by Swarm alone, after
its health check has lost patience; one that is slow shows in its queue, which alerts watch.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from components.spec.operations import Objectives
from scripts.operations import engine, reach, remains
from scripts.operations import release_source as source
from scripts.operations.release_judge import Request, Verdict, judge
from scripts.operations.release_source import Answered, Copy, Update
from scripts.operations.stack import Stack
from scripts.toolchain.process import Failure

WINDOW_SECONDS = 45
"""For which the youngest copy is watched. With the time that a rollback takes it stays below 90 s."""
BASELINE_SECONDS = 60
HEALTHY_SECONDS = 12
"""For a new copy from its start until it is healthy, on a host that is not overloaded."""
HEALTHY_SECONDS_MAX = 60
REFUSALS = 3
"""Health checks in a row that a new copy answers, and not well: it has started, and waiting longer helps nobody."""
WARM_UP_SECONDS = 3
"""After its first request a copy still opens its connections."""
ROLLBACK_SECONDS = 120
UNSEEN_SECONDS = 60
"""For which nothing may be seen of a release before it ends unwatched: Docker may be slow to answer on a busy host."""
_LOOK_SECONDS = 1.0
_PAUSE_SECONDS = 0.2


@dataclass(frozen=True)
class Outcome:
    """`verdicts`: public service -> what its new copies did; empty when nothing was released or watched."""

    verdicts: Mapping[str, Verdict]

    def facts(self) -> dict[str, Any]:
        """For a line of JSON."""
        return {role: vars(verdict.new) for role, verdict in self.verdicts.items()}


def deploy(stack: Stack, run: Callable[[], None], *, watch: bool) -> Outcome:
    """Runs the engine by `run`.

    Raises `Failure` that says what was rolled back and why; other failures of `run` go through.
    """
    if not stack.is_here:
        run()
        return Outcome({})
    began = datetime.now(UTC)
    failed: Failure | None = None
    with Watcher(stack, began, requests=watch) as watcher:
        try:
            run()
            if watch:
                watcher.finish()
        except Failure as failure:
            failed = failure
    if watcher.stuck is not None:
        raise watcher.stuck
    undone = _undone(stack, began, watcher.reasons)
    if undone:
        _settle(stack, began, undone)
        raise Failure(_sentence(undone))
    if failed is not None:
        if not isinstance(failed, engine.CutOff):
            remains.forget(stack.name)
        raise failed
    if watcher.unseen:
        sys.stderr.write(f"The release was not watched to its end: {watcher.unseen}\n")
    remains.remove(stack.name)
    return Outcome(watcher.verdicts)


class Watcher:
    """Looks at new copies, and where `requests` are asked for at what they answer, until it is left; rolls back once.

    Its own thread alone looks: two that look at once would both roll back, and a second rollback brings the bad release again.
    `unseen`: why the last look failed; empty when it did not.
    """

    def __init__(self, stack: Stack, began: datetime, *, requests: bool) -> None:
        self._stack, self._began = stack, began
        self._judged = source.public_roles(stack.spec) if requests else []
        self._objective = (stack.spec.alerts.objectives if stack.spec.alerts else Objectives()).response_p95_milliseconds
        self._answered: list[Answered] = []
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
        self._opened = ExitStack()
        self._youngest: datetime | None = None
        self._seen: datetime | None = None
        self.unseen = ""
        self.reasons: dict[str, str] = {}
        self.verdicts: dict[str, Verdict] = {}
        self.stuck: Failure | None = None

    def __enter__(self) -> Self:
        if self._judged:
            since = self._began - timedelta(seconds=BASELINE_SECONDS)
            self._opened.enter_context(source.edge_log(self._stack, since, self._answered))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join(30)
        self._opened.close()

    def finish(self) -> None:
        """Goes on watching until the youngest copy is `WINDOW_SECONDS` old, or something was rolled back.

        Raises `Failure` when nothing can be seen any more: what nobody watched may not count as good.
        """
        began = datetime.now(UTC)
        while not self.reasons and not self._all_seen(began):
            if datetime.now(UTC) - max(began, self._seen or began) > timedelta(seconds=UNSEEN_SECONDS):
                why = self.unseen or "Docker takes too long to answer."
                raise Failure(f"The release is deployed and could not be watched, so look how it does: {why}")
            time.sleep(_PAUSE_SECONDS)

    def _all_seen(self, since: datetime) -> bool:
        """Whether a look that began after `since` worked, and one after the youngest copy's window."""
        if self._seen is None or self._seen < since:
            return False
        return self._youngest is None or self._seen >= self._youngest + timedelta(seconds=WINDOW_SECONDS)

    def _run(self) -> None:
        while not self._done.wait(_LOOK_SECONDS):
            if not self.reasons:
                self._look_again()

    def _look_again(self) -> None:
        """What fails once may work at the next look; a thread that ends by it would watch nothing, and tell nobody."""
        began = datetime.now(UTC)
        try:
            self._look()
        except Exception as error:  # noqa: BLE001
            self.unseen = str(error) if isinstance(error, Failure) else f"{type(error).__name__}: {error}"
        else:
            self._seen, self.unseen = began, ""

    def _look(self) -> None:
        roles = list(self._stack.spec.services)
        found = source.updates(self._stack, roles)
        if roles and not found and not source.engine_answers():
            raise Failure("Docker does not answer.")
        for update in found:
            if update.state in {"updating", "completed"} and update.since(self._began):
                reason = self._reason(update)
                if reason is not None and update.role not in self.reasons:
                    self._go_back(update.role, reason)

    def _reason(self, update: Update) -> str | None:
        """Why this service has to go back; None while nothing shows it."""
        known = source.copies(self._stack, update.role)
        fresh = [copy for copy in known if copy.created >= (update.began or self._began)]
        patience = healthy_seconds(os.getloadavg()[0], os.cpu_count() or 1)
        unwell = _unwell(known, fresh, datetime.now(UTC), patience)
        if unwell is not None and update.role in source.public_roles(self._stack.spec):
            return unwell
        if update.role not in self._judged:
            return None
        known_youngest = [self._youngest] if self._youngest is not None else []
        self._youngest = max([*known_youngest, *(copy.created for copy in fresh)], default=None)
        self.verdicts[update.role] = judge(*self._split(known, fresh), self._objective)
        return self.verdicts[update.role].reason

    def _go_back(self, role: str, reason: str) -> None:
        self.reasons[role] = reason
        try:
            source.roll_back(self._stack, role)
        except Failure as failure:
            self.stuck = failure

    def _split(self, known: Sequence[Copy], fresh: Sequence[Copy]) -> tuple[list[Request], list[Request]]:
        """The requests of new and of old copies. An address may have been another copy's before: the later one has it."""
        new: list[Request] = []
        old: list[Request] = []
        first: dict[str, datetime] = {}
        for one in list(self._answered):
            owner = max(
                (copy for copy in known if one.address in copy.addresses and copy.created <= one.at),
                key=lambda copy: copy.created,
                default=None,
            )
            if owner is None:
                continue
            if owner not in fresh:
                old.append(one.request)
            elif one.at >= first.setdefault(one.address, one.at) + timedelta(seconds=WARM_UP_SECONDS):
                new.append(one.request)
        return new, old


def healthy_seconds(load: float, processors: int) -> int:
    """How long a new copy may take: longer where more than two programs wait for each processor of this host."""
    return min(HEALTHY_SECONDS_MAX, max(HEALTHY_SECONDS, round(HEALTHY_SECONDS * load / processors / 2)))


def _unwell(known: Sequence[Copy], fresh: Sequence[Copy], now: datetime, patience: int) -> str | None:
    """What is wrong with a new copy while a former one answers; without one, going back would help nobody."""
    if not any(copy.state == "running" and copy not in fresh for copy in known):
        return None
    starting = [copy for copy in fresh if copy.state == "starting"]
    if any(copy.refusals >= REFUSALS for copy in starting):
        return f"it answered {REFUSALS} health checks, and none well"
    late = any(now - copy.since >= timedelta(seconds=patience) for copy in starting)
    return f"not healthy {patience} s after its start" if late else None


def _undone(stack: Stack, began: datetime, reasons: Mapping[str, str]) -> dict[str, str]:
    """Role -> why, of every service that was rolled back since `began`."""
    roles = [*stack.spec.services, "edge", "edge-files", "pooler", "migration"]
    found = [one for one in source.updates(stack, roles) if one.state in source.ROLLED_BACK and one.since(began)]
    return {one.role: _error(stack, one, began) for one in found if one.role not in reasons} | dict(reasons)


def _error(stack: Stack, update: Update, began: datetime) -> str:
    """What the first copy that ended with an error said."""
    errors = sorted((copy.created, copy.error) for copy in source.copies(stack, update.role) if copy.error)
    said = next((error for created, error in errors if created >= began), "")
    return said or update.message or "its new copies did not come up"


def _settle(stack: Stack, began: datetime, undone: Mapping[str, str]) -> None:
    """The rest of the application goes back too; then the engine reads what runs."""
    for update in source.updates(stack, list(stack.spec.services)):
        if update.role not in undone and update.since(began) and update.state not in source.ROLLED_BACK:
            source.roll_back(stack, update.role)

    def settled() -> bool:
        found = source.updates(stack, [*stack.spec.services, "edge", "pooler"])
        return all(one.state not in {"rollback_started", "updating"} for one in found)

    reach.wait(settled, ROLLBACK_SECONDS)
    remains.forget(stack.name)
    engine.quiet("refresh", "--yes", "--skip-preview", stack=stack.name)


def _sentence(undone: Mapping[str, str]) -> str:
    listed = "; ".join(f"{role} ({reason.rstrip('.')})" for role, reason in undone.items())
    return f"Rolled back: {listed}. The former copies answer; mend the release and run this again."
