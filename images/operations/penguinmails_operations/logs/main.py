"""The collector of logs: a thread that reads, and a server that tells."""

from __future__ import annotations

import json
import threading
from pathlib import Path

from penguinmails_operations.logs import discover
from penguinmails_operations.logs.app import application
from penguinmails_operations.logs.collector import Alarm, Collector, Limits
from penguinmails_operations.serving import log_as, serve, setting

_MIB = 1024 * 1024


def main() -> int:
    """Settings: LOG_ROOT (the engine's folder of containers), LOG_FOLDER (the volume), STACK, CONTAINERS_URL (empty: the folder
    is listed), RETENTION_DAYS, MAXIMUM_MIB and ALARMS (JSON: name, service, pattern)."""
    log_as("logs")
    root, url = Path(setting("LOG_ROOT")), setting("CONTAINERS_URL", "")
    limits = Limits(
        stack=setting("STACK"),
        retention_days=int(setting("RETENTION_DAYS", "30")),
        maximum_bytes=int(setting("MAXIMUM_MIB", "4096")) * _MIB,
        alarms=[Alarm(**alarm) for alarm in json.loads(setting("ALARMS", "[]"))],
    )
    found = discover.from_gate(url) if url else discover.from_folder(root)
    collector = Collector(root, Path(setting("LOG_FOLDER")), found, limits)
    stop = threading.Event()
    thread = threading.Thread(target=collector.run, args=(stop,), name="collector")
    thread.start()
    try:
        return serve(application(collector))
    finally:
        stop.set()
        thread.join(timeout=8)
