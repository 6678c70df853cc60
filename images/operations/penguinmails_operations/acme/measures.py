"""What Prometheus is told. Moments in Unix time; 0 where there is none."""

from __future__ import annotations

from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge

from penguinmails_operations.acme.chain import Chain


class Measures:
    def __init__(self, registry: CollectorRegistry) -> None:
        def gauge(name: str, says: str) -> Gauge:
            return Gauge(f"penguinmails_acme_{name}", says, registry=registry)

        self._ends = gauge("certificate_expiry_timestamp_seconds", "When the certificate, or one above it, ends.")
        self._lifetime = gauge("certificate_lifetime_seconds", "From its beginning to its end.")
        self._due = gauge("renewal_due_timestamp_seconds", "When it is renewed.")
        self._succeeded = gauge("last_success_timestamp_seconds", "When a certificate was given the last time.")
        self._failures = gauge("failures_in_a_row", "Attempts that failed since then.")
        self._attempts = Counter("penguinmails_acme_attempts", "Attempts by their result.", ["result"], registry=registry)
        for result in ("issued", "failed"):
            self._attempts.labels(result)

    def look(self, chain: Chain | None, due: datetime) -> None:
        self._ends.set(chain.ends.timestamp() if chain is not None else 0)
        self._lifetime.set((chain.ends - chain.begins).total_seconds() if chain is not None else 0)
        self._due.set(due.timestamp())

    def succeeded(self, at: float) -> None:
        self._succeeded.set(at)

    def issued(self, at: float) -> None:
        self._attempts.labels("issued").inc()
        self._failures.set(0)
        self.succeeded(at)

    def failed(self, in_a_row: int) -> None:
        self._attempts.labels("failed").inc()
        self._failures.set(in_a_row)
