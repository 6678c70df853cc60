"""What the keeper tells over HTTP: /healthz, /metrics, /backups and /drills. Nothing can be changed this way."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from penguinmails_backup import facts, pgbackrest, points, schedule
from penguinmails_backup.errors import BackupError
from penguinmails_backup.settings import Settings

KINDS = ("full", "differential")
KEPT_SECONDS = 30


@dataclass(frozen=True, eq=False)
class Figures:
    """The facts as metrics, read anew at every scrape."""

    settings: Settings
    read: Callable[[], facts.Facts] = facts.read

    def collect(self) -> Iterator[Metric]:
        known = self.read()
        made = GaugeMetricFamily("penguinmails_backup_last_success_timestamp_seconds", "", labels=["type"])
        failed = CounterMetricFamily("penguinmails_backup_failures", "", labels=["type"])
        for kind in KINDS:
            if kind in known.successes:
                made.add_metric([kind], known.successes[kind])
        for kind in (*KINDS, schedule.OBJECTS):
            failed.add_metric([kind], known.failures.get(kind, 0))
        yield made
        yield failed
        yield CounterMetricFamily("penguinmails_archive_failures", "", value=known.archive_failures)
        for name, value in self._plain(known).items():
            if value is not None:
                yield GaugeMetricFamily(f"penguinmails_{name}", "", value=value)

    def _plain(self, known: facts.Facts) -> dict[str, float | None]:
        last = known.drills[-1] if known.drills else None
        passed = next((drill.at for drill in reversed(known.drills) if drill.passed), None)
        return {
            "archive_last_success_timestamp_seconds": known.archived or None,
            "drill_last_success_timestamp_seconds": passed,
            "drill_passed": None if last is None else float(last.passed),
            "drill_rpo_seconds": last.rpo_seconds if last else None,
            "drill_rto_seconds": last.rto_seconds if last else None,
            "drill_interval_seconds": self.settings.drill_every_days * schedule.DAY,
            "backup_interval_seconds": schedule.interval(self.settings.schedule, time.time()),
        }


class Pages:
    """Path -> (content type, text)."""

    def __init__(self, settings: Settings, healthy: Callable[[], bool]) -> None:
        self._healthy = healthy
        self._registry = CollectorRegistry()
        self._registry.register(Figures(settings))
        self._backups: tuple[float, str] = (0.0, "[]")

    def answer(self, path: str) -> tuple[int, str, bytes]:
        match path:
            case "/healthz":
                return (200, "text/plain", b"ok\n") if self._healthy() else (503, "text/plain", b"the schedule stands still\n")
            case "/metrics":
                return 200, "text/plain; version=0.0.4; charset=utf-8", generate_latest(self._registry)
            case "/backups":
                return 200, "application/json", self._held().encode()
            case "/drills":
                drills = [{**asdict(drill), "at": points.stamp(int(drill.at))} for drill in reversed(facts.read().drills)]
                return 200, "application/json", json.dumps(drills).encode()
            case _:
                return 404, "text/plain", b"there is no such page\n"

    def _held(self) -> str:
        """Asked of the repositories at most twice a minute."""
        if time.monotonic() - self._backups[0] > KEPT_SECONDS:
            self._backups = (time.monotonic(), json.dumps(listed()))
        return self._backups[1]


def listed() -> list[dict[str, Any]]:
    """The backups, newest first."""
    return [
        {
            "label": held.label,
            "type": held.kind,
            "repository": held.repository,
            "started": points.stamp(held.start),
            "finished": points.stamp(held.stop),
            "database_bytes": held.database_bytes,
            "stored_bytes": held.stored_bytes,
            "damaged": held.damaged,
        }
        for held in reversed(pgbackrest.holdings())
    ]


def server(settings: Settings, healthy: Callable[[], bool]) -> ThreadingHTTPServer:
    pages = Pages(settings, healthy)

    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            try:
                status, kind, body = pages.answer(self.path.split("?", 1)[0])
            except BackupError as error:
                status, kind, body = 503, "text/plain", f"{error}\n".encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Health checks come every two seconds."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *args: object) -> None:
            """Who asks may go before the answer is sent; a health check always does."""

    return Server(("", settings.port), Handler)
