"""What Prometheus sees.

Messages by status are counters of transitions, not counts of rows: counting a table of millions at every scrape of every
replica would be the heaviest query of the system. The outbox is small by nature, so its depth and age are real.
"""

from __future__ import annotations

import platform
import time

from prometheus_client import (
    GC_COLLECTOR,
    PLATFORM_COLLECTOR,
    PROCESS_COLLECTOR,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

from penguinmails_api import __version__

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
REQUEST_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.3, 0.5, 1.0, 2.5, 5.0)
"""Dense around the promised 0.2 s, so that the share of requests under it is exact and not interpolated."""
DELIVERY_BUCKETS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0)


class Metrics:
    """All series of a process, on a registry of their own so that tests do not share state."""

    def __init__(self, role: str) -> None:
        self.registry = CollectorRegistry()
        for collector in (PROCESS_COLLECTOR, PLATFORM_COLLECTOR, GC_COLLECTOR):
            self.registry.register(collector)
        build = Gauge(
            "penguinmails_build_info",
            "Version and role; always 1.",
            ["version", "role", "python"],
            registry=self.registry,
        )
        build.labels(__version__, role, platform.python_version()).set(1)
        self._define_api()
        self._define_messages()

    def _define_api(self) -> None:
        self.requests = Histogram(
            "penguinmails_http_request_duration_seconds",
            "Time from the first byte of a request to the last of its answer.",
            ["method", "route", "status"],
            buckets=REQUEST_BUCKETS,
            registry=self.registry,
        )
        self.auth_failures = Counter(
            "penguinmails_auth_failures_total",
            "Requests refused for their API key.",
            ["reason"],
            registry=self.registry,
        )
        self.outbox_depth = Gauge("penguinmails_outbox_depth", "Publications owed to the broker.", registry=self.registry)
        self._outbox_oldest_at: float | None = None
        age = Gauge("penguinmails_outbox_oldest_age_seconds", "Age of the oldest publication owed.", registry=self.registry)
        # A function, so that the age keeps growing while the database is away and nobody can measure it anew.
        age.set_function(lambda: max(0.0, time.time() - self._outbox_oldest_at) if self._outbox_oldest_at else 0.0)
        self.published = Counter(
            "penguinmails_outbox_published_total", "Publications sent to the broker.", ["queue"], registry=self.registry
        )
        self.confirmed = Counter(
            "penguinmails_outbox_confirmed_total",
            "Publications that the broker confirmed.",
            ["queue"],
            registry=self.registry,
        )

    def _define_messages(self) -> None:
        self.messages = Counter(
            "penguinmails_messages_total",
            "Messages that reached a status in this process.",
            ["status"],
            registry=self.registry,
        )
        self.deliveries = Counter(
            "penguinmails_deliveries_total",
            "Deliveries from the queue by outcome.",
            ["outcome"],
            registry=self.registry,
        )
        self.time_to_sent = Histogram(
            "penguinmails_message_time_to_sent_seconds",
            "Time from accepting a message to handing it over.",
            buckets=DELIVERY_BUCKETS,
            registry=self.registry,
        )

    def set_outbox(self, depth: int, oldest_at: float | None) -> None:
        """Publish the outbox's state; ``oldest_at`` is a Unix time in seconds."""
        self.outbox_depth.set(depth)
        self._outbox_oldest_at = oldest_at

    def render(self) -> bytes:
        """The exposition text."""
        return generate_latest(self.registry)
