"""Reads all containers again and again: each pass is one batch, kept and counted as a whole or not at all."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from penguinmails_operations.logs import tail
from penguinmails_operations.logs.archive import Archive, oldest_day
from penguinmails_operations.logs.assemble import Assembler
from penguinmails_operations.logs.discover import Discover, Unavailable
from penguinmails_operations.logs.entry import STACK, Entry, Raw, entry, raw
from penguinmails_operations.logs.fingerprint import fault
from penguinmails_operations.logs.journal import Journal, now_text
from penguinmails_operations.logs.measures import Measures
from penguinmails_operations.logs.security import Sighting, sighting
from penguinmails_operations.logs.state import Source, State

log = logging.getLogger(__name__)

PASS_SECONDS = 1.0
DISCOVER_SECONDS = 3.0
EXPIRE_SECONDS = 600.0
SILENT_SECONDS = 60.0
"""A new container is told of by its first line, which names its release; one that writes none, after so long."""
CONTAINER_BYTES = 1024 * 1024
"""Read of one container in a pass."""
PASS_BYTES = 8 * 1024 * 1024
"""Read of all containers in a pass: what the memory has to hold."""


@dataclass(frozen=True)
class Alarm:
    """An alarm of the user's own: lines of `service` (None: of all) that hold `pattern`."""

    name: str
    service: str | None
    pattern: str


@dataclass(frozen=True)
class Limits:
    stack: str
    retention_days: int
    maximum_bytes: int
    alarms: Sequence[Alarm] = ()


class Collector:
    """`lock` guards the journal for readers in other threads."""

    def __init__(self, root: Path, folder: Path, discover: Discover, limits: Limits) -> None:
        self._root, self._discover, self._limits = root, discover, limits
        self.archive = Archive(folder / "days")
        self._state = State(folder / "state.db")
        self.sizes = self._state.days()
        self.archive.restore(self.sizes)
        self._sources = self._state.sources()
        self._assemblers = {name: Assembler(source.pending) for name, source in self._sources.items()}
        self._ends: dict[str, tuple[int, int]] = {}
        self._is_first = not self._sources
        self._fresh: dict[str, float] = {}
        self._next_discovery = self._next_expiry = 0.0
        self.journal = Journal(self._state)
        self.measures = Measures(self.journal, [alarm.name for alarm in limits.alarms])
        self.lock = threading.Lock()
        self.last_pass = time.monotonic()

    def run(self, stop: threading.Event) -> None:
        """Passes until `stop`; a pass that fails is taken back and tried again."""
        while not stop.is_set():
            busy = False
            try:
                busy = self.run_pass()
            except Exception:
                log.exception("a pass over the logs failed and is repeated")
                self.measures.failed_passes.inc()
                self._reload()
                stop.wait(5)
            stop.wait(0.05 if busy else PASS_SECONDS)
        self._state.close()

    def run_pass(self) -> bool:
        """Reads what is new; whether there is more to read at once."""
        found = self._discover_when_due()
        with self.lock:
            self._state.begin()
            if found is not None:
                self._take(found)
            entries, changed, busy = self._read_all()
            self._keep(entries)
            for source in changed:
                self._state.save_source(source)
            self.journal.save()
            self._expire_when_due()
            self._state.commit()
        self.last_pass = time.monotonic()
        return busy

    def _reload(self) -> None:
        """After a failure: back to what was committed."""
        with self.lock:
            with contextlib.suppress(Exception):
                self._state.rollback()
            self.sizes = self._state.days()
            self.archive.restore(self.sizes)
            self._sources = self._state.sources()
            self._assemblers = {name: Assembler(source.pending) for name, source in self._sources.items()}
            self._ends.clear()
            self.journal.reload()

    def _discover_when_due(self) -> Mapping[str, str] | None:
        if time.monotonic() < self._next_discovery:
            return None
        self._next_discovery = time.monotonic() + DISCOVER_SECONDS
        try:
            found = self._discover()
        except Unavailable as problem:
            if self.measures.discovery_is_well:
                log.warning("%s; new containers are read later", problem)
            self.measures.discovered(well=False)
            return None
        self.measures.discovered(well=True)
        return found

    def _take(self, found: Mapping[str, str]) -> None:
        """New containers are read from their first line; of those that are gone nothing is left to read."""
        for container, service in found.items():
            if container not in self._sources:
                self._sources[container] = Source(container, service)
                self._assemblers[container] = Assembler()
                self._state.save_source(self._sources[container])
                if service and not self._is_first:
                    self._fresh[container] = time.monotonic()
        for container in [name for name in self._sources if name not in found]:
            if not tail.log_file(self._root, container).exists():
                del self._sources[container], self._assemblers[container]
                self._ends.pop(container, None)
                self._state.forget_source(container)
        for container in [name for name, since in self._fresh.items() if time.monotonic() - since >= SILENT_SECONDS]:
            del self._fresh[container]
            if container in self._sources:
                service = self._sources[container].service
                detail = f"a new container of {service}, which has written nothing"
                self.journal.sighting(Sighting("container_started", detail), service, now_text())
        self._is_first = False
        self.measures.sources.set(len(self._sources))

    def _read_all(self) -> tuple[list[Entry], list[Source], bool]:
        """What is new of all containers, each in its turn when there is more than fits into one pass."""
        entries: list[Entry] = []
        changed: list[Source] = []
        left, busy = PASS_BYTES, False
        for name in list(self._sources):
            if left < CONTAINER_BYTES:
                return entries, changed, True
            source = self._sources[name]
            try:
                chunk = self._chunk(source)
            except OSError as error:
                self.measures.unreadable.inc()
                log.warning("a log cannot be read", extra={"container": name[:12], "reason": error.strerror})
                continue
            if chunk is None and not source.pending:
                continue
            before = source.pending
            entries += self._entries(source, chunk)
            if chunk is not None or source.pending != before:
                changed.append(source)
            if chunk is not None:
                left -= sum(map(len, chunk.lines))
                busy = busy or chunk.more
                self._sources[name] = self._sources.pop(name)
        return entries, changed, busy

    def _entries(self, source: Source, chunk: tail.Chunk | None) -> Iterator[Entry]:
        """The entries of a chunk; without one those that waited for more lines."""
        assembler, is_new = self._assemblers[source.container], source.position is None
        if chunk is None:
            pairs = list(assembler.rest())
        else:
            pairs = [pair for line in chunk.lines if (found := raw(line)) for pair in assembler.feed(found)]
            source.position = chunk.position
            self.measures.gaps.inc(chunk.gap)
        source.pending = assembler.state()
        for first, text in pairs:
            made = self._entry(source, first, text)
            if made is not None:
                if is_new:
                    self._introduce(made, is_fresh=self._fresh.pop(source.container, None) is not None)
                is_new = False
                yield made

    def _introduce(self, made: Entry, *, is_fresh: bool) -> None:
        """The first line of a container tells what its service runs from now on: a release, or one container more of the same,
        after a crash or by scaling. `is_fresh`: it was found while others were known already."""
        is_known = made.service in self.journal.releases
        before = self.journal.release(made.service, made.release, made.time)
        if before is not None:
            found = Sighting("stack_changed", f"{made.service} runs {made.release} instead of {before}")
        elif not is_fresh:
            return
        elif not is_known:
            found = Sighting("stack_changed", f"{made.service} runs {made.release or 'a container'} for the first time")
        else:
            found = Sighting("container_started", f"a new container of {made.service} with the release that it had")
        self.journal.sighting(found, made.service, made.time)

    def _chunk(self, source: Source) -> tail.Chunk | None:
        """What is new of a container; None when its file is as it was at the end of the last reading."""
        try:
            facts = tail.log_file(self._root, source.container).stat()
        except FileNotFoundError:
            return None
        end = (facts.st_ino, facts.st_size)
        if self._ends.get(source.container) == end:
            return None
        chunk = tail.read(self._root, source.container, source.position, CONTAINER_BYTES)
        if not chunk.more:
            self._ends[source.container] = end
        return chunk

    def _entry(self, source: Source, first: Raw, text: str) -> Entry | None:
        """None for a container of another platform, which the lines tell where the gate did not."""
        if not source.service and first.labels.get(STACK) != self._limits.stack:
            return None
        made = entry(first, text, source.container)
        if made.service == "unknown" and source.service:
            made = Entry(**{**vars(made), "service": source.service})
        return made

    def _keep(self, entries: Sequence[Entry]) -> None:
        oldest = oldest_day(datetime.now(UTC).date(), self._limits.retention_days)
        days: dict[str, list[str]] = defaultdict(list)
        for made in entries:
            self._count(made)
            if made.time[:10] >= oldest:
                days[made.time[:10]].append(made.kept())
        for day, lines in days.items():
            self.sizes[day] = self.archive.append(day, lines)
            self._state.save_day(day, self.sizes[day])
        self.measures.stored.set(sum(self.sizes.values()))

    def _count(self, made: Entry) -> None:
        self.measures.lines.labels(made.service, made.level).inc()
        if (found := fault(made)) is not None:
            self.journal.fault(found, made)
        if (seen := sighting(made)) is not None:
            self.journal.sighting(seen, made.service, made.time)
        for alarm in self._limits.alarms:
            if alarm.service in {None, made.service} and alarm.pattern in made.text:
                self.measures.matches.labels(alarm.name).inc()

    def _expire_when_due(self) -> None:
        if time.monotonic() < self._next_expiry:
            return
        self._next_expiry = time.monotonic() + EXPIRE_SECONDS
        now = datetime.now(UTC)
        old, early = self.archive.expire(now.date(), self._limits.retention_days, self._limits.maximum_bytes)
        if early:
            log.error("the oldest logs were removed before their time: there is no more room", extra={"days": early})
            self.measures.early.inc(len(early))
        self._state.forget_days([*old, *early])
        for day in (*old, *early):
            self.sizes.pop(day, None)
        self.journal.expire(now)
