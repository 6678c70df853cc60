"""Runs the gate: PORT, PROJECT, STACK, LIMITS, DOCKER_SOCKET, and GATE_TOKEN_FILE with what the autoscaler shows."""

from __future__ import annotations

import logging
import threading

import httpx

from penguinmails_operations.gate import rules
from penguinmails_operations.gate.app import make_app
from penguinmails_operations.gate.engine import Engine, EngineAway
from penguinmails_operations.gate.watch import Watch
from penguinmails_operations.serving import log_as, secret, serve, setting

LOOK_SECONDS = 5.0
log = logging.getLogger(__name__)


def main() -> int:
    log_as("gate")
    transport = httpx.HTTPTransport(uds=setting("DOCKER_SOCKET", "/var/run/docker.sock"))
    try:
        limits = rules.limits(setting("LIMITS", "{}"))
    except ValueError as error:
        raise SystemExit(str(error)) from None
    engine = Engine(setting("PROJECT"), setting("STACK"), transport, limits)
    watch = Watch(engine)
    try:
        watch.look()
    except EngineAway as error:
        log.critical("the engine cannot be reached", extra={"reason": str(error)})
        return 1
    stop = threading.Event()
    threading.Thread(target=watch.run, args=(stop, LOOK_SECONDS), daemon=True).start()
    try:
        return serve(make_app(engine, watch, secret("GATE_TOKEN")))
    finally:
        stop.set()
