"""One process of a load: sends its share of the requests at the times that were fixed before, whatever the answers do.

Started by `load.py` with a plan as JSON on standard input; ends when all is sent, or at SIGTERM, and leaves a line for each
request in a file. Nobody waits for an answer before the next request is sent: a platform that stands still is asked on, and the
time for which a request had to wait for its turn counts (no coordinated omission). The process stands for clients that have
processors of their own, so where the kernel lets it (as root) it comes before all else on this machine.
"""

from __future__ import annotations

import asyncio
import csv
import json
import os
import signal
import ssl
import sys
import time
import uuid
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import aiohttp

from scripts.bench.figures import Sample

MESSAGE = {"from": "bench@example.com", "to": ["you@example.com"], "subject": "Bench"}
ANSWERS = {"GET": {200}, "POST": {202}}
"""Everything else has failed for the client: one that is refused for its rate or its key has no message."""
CONNECTIONS = 400
"""At most open at once; a request that finds none waits, and that counts as its latency."""


class Generator:
    """Sends what is due. Failures have the kinds `status 429` and the like, `timeout`, `refused`, `closed` and `tls`."""

    def __init__(self, plan: dict[str, Any], key: str) -> None:
        self._plan, self._key, self._random = plan, key, Random(f"{plan['seed']}-{plan['index']}")
        self._run = uuid.uuid4().hex[:12]
        self._samples: list[Sample] = []
        self._last = ""
        self._stopped = asyncio.Event()

    async def run(self) -> list[Sample]:
        plan = self._plan
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self._stopped.set)
        context = ssl.create_default_context(cafile=plan["authority"]) if plan["authority"] else ssl.create_default_context()
        connector = aiohttp.TCPConnector(limit=CONNECTIONS, ssl=context, keepalive_timeout=10)
        headers = {"Authorization": f"Bearer {self._key}", "Host": plan["host"]}
        timeout = aiohttp.ClientTimeout(total=plan["timeout_seconds"])
        async with aiohttp.ClientSession(plan["url"], connector=connector, headers=headers, timeout=timeout) as client:
            under_way: set[asyncio.Task[None]] = set()
            for number in range(plan["index"], plan["count"], plan["processes"]):
                due = number / plan["rate"]
                if await self._stops_before(plan["start"] + due):
                    break
                task = asyncio.create_task(self._request(client, number, due))
                under_way.add(task)
                task.add_done_callback(under_way.discard)
            if under_way:
                await asyncio.gather(*under_way)
        return self._samples

    async def _stops_before(self, moment: float) -> bool:
        wait = moment - time.monotonic()
        if wait <= 0:
            await asyncio.sleep(0)
            return self._stopped.is_set()
        try:
            await asyncio.wait_for(self._stopped.wait(), wait)
        except TimeoutError:
            return False
        return True

    async def _request(self, client: aiohttp.ClientSession, number: int, due: float) -> None:
        started = time.monotonic()
        posts = self._random.random() < self._plan["posts"]
        method, path = "GET", f"/v1/messages/{self._last}" if self._last else "/v1/messages?limit=1"
        options: dict[str, Any] = {"server_hostname": self._plan["sni"]} if self._plan["sni"] else {}
        if posts:
            method, path = "POST", "/v1/messages"
            options["headers"] = {"Idempotency-Key": f"bench-{self._run}-{number}"}
            options["json"] = {**MESSAGE, "text": f"Number {number}"}
        status, failure, message = 0, "", ""
        try:
            async with client.request(method, path, allow_redirects=False, **options) as answer:
                status, body = answer.status, await answer.read()
            if status not in ANSWERS[method]:
                failure = f"status {status}"
            elif posts:
                message = self._last = str(json.loads(body)["id"])
        except (aiohttp.ClientError, TimeoutError) as error:
            failure = kind(error)
        ended = time.monotonic()
        planned = self._plan["start"] + due
        sample = Sample(due, 1000 * (ended - planned), 1000 * max(0.0, started - planned), method, status, failure, message)
        self._samples.append(sample)


def kind(error: Exception) -> str:
    """In a word, what went wrong on the way."""
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, aiohttp.ClientSSLError):
        return "tls"
    return "refused" if isinstance(error, aiohttp.ClientConnectorError) else "closed"


def _first() -> None:
    """A request is sent when it is due, whatever runs on the processors then. Costs the others no more than before."""
    with suppress(OSError, AttributeError):
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))


def main() -> None:
    _first()
    plan = json.loads(sys.stdin.readline())
    key = Path(plan["key_file"]).read_text(encoding="utf-8").strip()
    samples = asyncio.run(Generator(plan, key).run())
    with Path(plan["file"]).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            (s.due, round(s.milliseconds, 2), round(s.lag_ms, 2), s.method, s.status, s.failure, s.message) for s in samples
        )


if __name__ == "__main__":
    main()
