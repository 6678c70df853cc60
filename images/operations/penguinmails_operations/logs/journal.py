"""What is counted: groups of errors, events that matter to security, releases. Bounded in number, and kept in `state.py`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from penguinmails_operations.logs.entry import Entry
from penguinmails_operations.logs.fingerprint import Fault
from penguinmails_operations.logs.security import KINDS, Sighting
from penguinmails_operations.logs.state import Event, Group, Release, State

MAXIMUM_GROUPS = 200
OTHER = "other"
"""The group of the errors for which there is no room; each service has one."""
FORGET_GROUP_DAYS = 14
"""A group that was not seen for so long makes room."""
EXAMPLE_CHARACTERS = 4000
RELEASES = 5
MERGE_SECONDS = 60
"""Events that are the same and follow each other within so long are one with a count."""
EVENTS_OF_DAY, EVENT_DAYS = 100, 30
"""Of one kind, and for how long: so nobody makes others forgotten, or those of the days before, by many of his own."""
FURTHER = "further ones of this day, which are not kept one by one"


class Journal:
    """The memory of what was seen. Changed by one thread; readers take copies under the collector's lock."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.reload()

    def reload(self) -> None:
        """Back to what was committed."""
        state = self._state
        self.groups = state.groups()
        self._events: dict[tuple[str, str], list[Event]] = defaultdict(list)
        for event in state.events():
            self._events[event.kind, event.first[:10]].append(event)
        self.totals = {**dict.fromkeys(KINDS, 0), **state.totals()}
        self.releases = state.releases()
        self._changed: dict[str, Group] = {}

    @property
    def events(self) -> list[Event]:
        """Oldest first."""
        return sorted((event for own in self._events.values() for event in own), key=lambda event: event.id or 0)

    def fault(self, fault: Fault, entry: Entry) -> None:
        """Counts an error."""
        group = self.groups.get(fault.group)
        if group is None:
            group = self._new_group(fault, entry)
        group.count += 1
        group.last_seen = max(group.last_seen, entry.time)
        group.example = entry.text[:EXAMPLE_CHARACTERS]
        if entry.release and entry.release not in group.releases:
            group.releases = [*group.releases, entry.release][-RELEASES:]
        self._changed[group.id] = group

    def sighting(self, sighting: Sighting, service: str, time: str) -> None:
        """Counts an event; the same within a minute of the last is counted with it, and so is what a day has no room for."""
        self.totals[sighting.kind] = self.totals.get(sighting.kind, 0) + 1
        self._state.save_total(sighting.kind, self.totals[sighting.kind])
        own = self._events[sighting.kind, time[:10]]
        for event in reversed(own[-20:]):
            same = (event.kind, event.service, event.detail) == (sighting.kind, service, sighting.detail)
            if same and abs(seconds(time) - seconds(event.last)) <= MERGE_SECONDS:
                event.count, event.last = event.count + 1, max(event.last, time)
                self._state.save_event(event)
                return
        if len(own) > EVENTS_OF_DAY:
            event = own[-1]
            event.count, event.last = event.count + 1, max(event.last, time)
        else:
            named = (service, sighting.detail) if len(own) < EVENTS_OF_DAY else ("", FURTHER)
            event = Event(sighting.kind, *named, time, time)
            own.append(event)
        self._state.save_event(event)

    def release(self, service: str, release: str, time: str) -> str | None:
        """Notes what a service runs; gives the release before when it is another."""
        known = self.releases.get(service)
        if not release or (known is not None and (known.release == release or known.since > time)):
            return None
        self.releases[service] = Release(service, release, time)
        self._state.save_release(self.releases[service])
        return known.release if known is not None else None

    def save(self) -> None:
        """Writes the groups that changed in this batch."""
        for group in self._changed.values():
            self._state.save_group(group)
        self._changed.clear()

    def expire(self, now: datetime) -> None:
        oldest = (now - timedelta(days=FORGET_GROUP_DAYS)).isoformat()
        for name in [group.id for group in self.groups.values() if group.last_seen < oldest]:
            del self.groups[name]
            self._changed.pop(name, None)
            self._state.forget_group(name)
        first = (now - timedelta(days=EVENT_DAYS)).isoformat()[:10]
        for kind, day in [key for key in self._events if key[1] < first]:
            self._state.forget_events(self._events.pop((kind, day)))

    def _new_group(self, fault: Fault, entry: Entry) -> Group:
        identifier, kind, title = fault.group, fault.kind, fault.title
        if len(self.groups) >= MAXIMUM_GROUPS:
            identifier, kind, title = f"{OTHER}-{entry.service}", OTHER, "errors beyond the groups that are kept"
        return self.groups.setdefault(
            identifier, Group(identifier, entry.service, kind, title, first_seen=entry.time, last_seen=entry.time)
        )


def seconds(time: str) -> float:
    """Unix time of RFC 3339 in UTC, in whole seconds; 0 for what is none."""
    try:
        return datetime.fromisoformat(f"{time[:19]}+00:00").timestamp()
    except ValueError:
        return 0.0


def now_text(clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> str:
    """The time in the form of the engine's lines."""
    return clock().isoformat(timespec="microseconds").replace("+00:00", "Z")
