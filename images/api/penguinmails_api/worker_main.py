"""Puts the worker together and runs it until SIGTERM."""

from __future__ import annotations

import logging
import signal
import threading

from penguinmails_api import __version__, logs, runtime
from penguinmails_api.addresses import parse_smtp_url
from penguinmails_api.bounces import BOUNCES
from penguinmails_api.brokers import make_consumer
from penguinmails_api.db import make_sessions
from penguinmails_api.health import Pulse, Readiness, broker_check, database_check
from penguinmails_api.health_server import HealthServer
from penguinmails_api.metrics import Metrics
from penguinmails_api.outbox import OUTBOUND
from penguinmails_api.settings import WorkerSettings, load
from penguinmails_api.transport import RecordingTransport, SmtpTransport, Transport
from penguinmails_api.worker import BounceWorker, Worker

log = logging.getLogger(__name__)


def choose_transport(settings: WorkerSettings) -> Transport:
    """SMTP where the platform offers a relay, otherwise the recording one, which says so."""
    if settings.smtp_url is not None:
        return SmtpTransport(parse_smtp_url(settings.smtp_url.get_secret_value()), settings.smtp_ca_file)
    log.warning("SMTP_URL is not set: messages are recorded as sent and no mail leaves the platform")
    return RecordingTransport()


def run_worker() -> int:
    """The worker role."""
    settings = load(WorkerSettings)
    logs.configure("worker", settings.log_level, runtime.secrets_of(settings))
    # A queue at a time needs one connection; the readiness check has its own.
    engine, check_engine = runtime.engines(settings, size=1, overflow=1)
    metrics = Metrics("worker")
    pulse = Pulse(settings.worker_stuck_seconds)
    sessions, transport = make_sessions(engine), choose_transport(settings)

    def worker_of(kind: type[Worker], queue: str, beat: Pulse) -> Worker:
        return kind(
            sessions,
            make_consumer(settings, queue, settings.worker_prefetch_count),
            transport,
            metrics,
            beat,
            drain_seconds=settings.drain_seconds,
            retry_maximum_seconds=settings.worker_retry_maximum_seconds,
        )

    worker = worker_of(Worker, OUTBOUND, pulse)
    # Beside the main one, with a pulse that nobody looks at: it neither makes the process ready nor restarts it.
    aside = [worker_of(BounceWorker, BOUNCES, Pulse(settings.worker_stuck_seconds))] if BOUNCES in settings.queues else []
    readiness = Readiness((database_check(check_engine), broker_check(worker.ping)))
    try:
        health = HealthServer(settings.health_port, readiness, metrics, pulse)
    except OSError as error:
        log.error("HEALTH_PORT cannot be listened on", extra={"port": settings.health_port, "reason": error.strerror})  # noqa: TRY400
        return 1
    health.start()
    runtime.announce_health_port(settings.health_port)

    def terminate(*_: object) -> None:
        readiness.drain()
        for one in (worker, *aside):
            one.stop()

    signal.signal(signal.SIGTERM, terminate)
    signal.signal(signal.SIGINT, terminate)
    log.info("worker starts", extra={"version": __version__})
    threads = [threading.Thread(target=one.run, name="bounces", daemon=True) for one in aside]
    for thread in threads:
        thread.start()
    worker.run()
    for thread in threads:
        thread.join(settings.drain_seconds)
    health.shutdown()
    engine.dispose()
    check_engine.dispose()
    log.info("worker ended")
    return 0
