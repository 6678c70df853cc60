"""What Prometheus sees. Labels are roles, levels and at most 200 groups of errors: nothing that a client can choose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from penguinmails_operations.logs.journal import Journal


class _Kept(Collector):
    """Counts that outlive a restart: those of the journal."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def collect(self) -> Iterator[Metric]:
        errors = CounterMetricFamily("penguinmails_errors", "Errors in the logs.", labels=["service", "group"])
        for group in list(self._journal.groups.values()):
            errors.add_metric([group.service, group.id], group.count)
        yield errors
        events = CounterMetricFamily("penguinmails_security_events", "What matters to security.", labels=["kind"])
        for kind, count in list(self._journal.totals.items()):
            events.add_metric([kind], count)
        yield events


class Measures:
    """All series of the program."""

    def __init__(self, journal: Journal, alarms: Sequence[str]) -> None:
        registry = self.registry = CollectorRegistry()
        registry.register(_Kept(journal))
        self.lines = Counter("penguinmails_log_lines", "Lines that were kept.", ["service", "level"], registry=registry)
        self.matches = Counter(
            "penguinmails_log_matches", "Lines that an alarm of the user's own looks for.", ["alarm"], registry=registry
        )
        for name in alarms:
            self.matches.labels(name)
        self.gaps = Counter("penguinmails_log_gaps", "Times that lines were gone before they were read.", registry=registry)
        self.unreadable = Counter("penguinmails_log_unreadable", "Readings that the host refused.", registry=registry)
        self.failed_passes = Counter("penguinmails_log_failed_passes", "Passes that were repeated.", registry=registry)
        self.early = Counter("penguinmails_log_days_removed_early", "Days removed for want of room.", registry=registry)
        self.sources = Gauge("penguinmails_log_sources", "Containers that are read.", registry=registry)
        self.stored = Gauge("penguinmails_log_stored_bytes", "Size of all days.", registry=registry)
        self._discovery = Gauge(
            "penguinmails_log_discovery_up", "Whether the list of containers could be had at the last try.", registry=registry
        )
        self.discovery_is_well = True

    def discovered(self, *, well: bool) -> None:
        self.discovery_is_well = well
        self._discovery.set(well)
