"""The worker's little HTTP server for probes and metrics.

The standard library's, because a web framework would double the worker's memory for three pages.
"""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from penguinmails_api.health import Pulse, Readiness
from penguinmails_api.metrics import CONTENT_TYPE, Metrics

PROBE_TIMEOUT_SECONDS = 5


class HealthServer(ThreadingHTTPServer):
    """Serves /healthz, /readyz and /metrics on a thread."""

    daemon_threads = True

    def __init__(self, port: int, readiness: Readiness, metrics: Metrics, pulse: Pulse, host: str = "0.0.0.0") -> None:
        super().__init__((host, port), _Handler)
        self.readiness = readiness
        self.metrics = metrics
        self.pulse = pulse

    def start(self) -> None:
        """Begin to answer."""
        threading.Thread(target=self.serve_forever, name="health", daemon=True).start()

    def page(self, path: str) -> tuple[int, str, bytes]:
        """Status, content type and body of a page."""
        if path == "/metrics":
            return 200, CONTENT_TYPE, self.metrics.render()
        if path == "/readyz":
            ready, report = self.readiness.report()
            return (200 if ready else 503), "application/json", json.dumps(report).encode()
        if path == "/healthz":
            status = "stuck" if self.pulse.stuck else "ok"
            return (503 if self.pulse.stuck else 200), "application/json", json.dumps({"status": status}).encode()
        return 404, "application/json", b'{"status": "not found"}'


class _Handler(BaseHTTPRequestHandler):
    server: HealthServer
    timeout = PROBE_TIMEOUT_SECONDS

    def do_GET(self) -> None:
        status, content_type, body = self.server.page(self.path.partition("?")[0])
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Probes are not worth a line."""
