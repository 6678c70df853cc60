"""Runs in a container beside the platform, with the API image's own packages: clients of the pooler and of the database.

Prints a line of JSON for each measurement. Reads the application's URL from the secret; nothing of it is printed.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

QUERY = "SELECT count(*) FROM pg_class WHERE relkind = 'r'"
AUTHORITY = "/etc/bench/ca.pem"


def address(place: str, host: str) -> str:
    """The application's URL, to another server."""
    url = urlsplit(Path("/run/secrets/url").read_text(encoding="utf-8").strip())
    account = url.netloc.rpartition("@")[0]
    return urlunsplit(url._replace(netloc=f"{account}@{host}:{place}")) + f"&sslrootcert={AUTHORITY}"


async def connected(url: str, count: int, at_once: int) -> tuple[list[psycopg.AsyncConnection[Any]], list[str]]:
    """Clients, and what those said that were refused."""
    gate, refused = asyncio.Semaphore(at_once), []

    async def one() -> psycopg.AsyncConnection[Any] | None:
        async with gate:
            try:
                return await psycopg.AsyncConnection.connect(url, autocommit=True, prepare_threshold=None, connect_timeout=30)
            except psycopg.Error as error:
                refused.append(f"{type(error).__name__}: {str(error)[:120]}")
                return None

    made = await asyncio.gather(*(one() for _ in range(count)))
    return [connection for connection in made if connection is not None], refused


async def asked(clients: list[psycopg.AsyncConnection[Any]], seconds: float) -> dict[str, Any]:
    """All clients ask again and again for some seconds."""
    times: list[float] = []
    failed: list[str] = []
    end = time.monotonic() + seconds

    async def one(client: psycopg.AsyncConnection[Any]) -> None:
        while time.monotonic() < end:
            began = time.monotonic()
            try:
                await client.execute(QUERY)
            except psycopg.Error as error:
                failed.append(f"{type(error).__name__}: {str(error)[:120]}")
                return
            times.append(1000 * (time.monotonic() - began))

    began = time.monotonic()
    await asyncio.gather(*(one(client) for client in clients))
    took = time.monotonic() - began
    times.sort()
    rank = {name: round(times[min(len(times) - 1, int(len(times) * part))], 2) for name, part in (("p50", 0.5), ("p95", 0.95))}
    return {
        "queries_a_second": round(len(times) / took, 1),
        **{f"{name}_ms": value for name, value in rank.items()},
        "failed": len(failed),
        "failures": sorted(set(failed))[:3],
    }


async def paced(clients: list[psycopg.AsyncConnection[Any]], rate: float, seconds: float) -> dict[str, Any]:
    """Queries at a constant rate, each counted from the time at which it was due."""
    free: asyncio.Queue[psycopg.AsyncConnection[Any]] = asyncio.Queue()
    for client in clients:
        free.put_nowait(client)
    times: list[float] = []

    async def one(due: float) -> None:
        client = await free.get()
        try:
            await client.execute(QUERY)
        finally:
            free.put_nowait(client)
        times.append(1000 * (time.monotonic() - due))

    start = time.monotonic() + 0.1
    tasks = []
    for number in range(int(rate * seconds)):
        due = start + number / rate
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        tasks.append(asyncio.create_task(one(due)))
    await asyncio.gather(*tasks)
    times.sort()
    return {f"p{part}_ms": round(times[int(len(times) * part / 100)], 2) for part in (50, 95, 99)}


async def measure() -> None:
    clients, seconds, rate = (float(os.environ[name]) for name in ("CLIENTS", "SECONDS", "RATE"))
    # The server's own names: by them the certificates are verified.
    servers = {"direct": address("5432", "database"), "pooler": address("6432", "pooler")}
    for turn in range(2):
        for name, url in servers.items():
            open_clients, refused = await connected(url, 20, 5)
            facts = await asked(open_clients, seconds)
            say(name, 20, refused, {**facts, "turn": turn})
            pace = await paced(open_clients, rate, seconds)
            say(name, 20, refused, {"rate": rate, **pace, "turn": turn})
            for client in open_clients:
                await client.close()
    began = time.monotonic()
    many, refused = await connected(servers["pooler"], int(clients), 50)
    took = time.monotonic() - began
    say("pooler", int(clients), refused, {"connected": len(many), "connect_s": round(took, 1), **await asked(many, seconds)})


def say(server: str, clients: int, refused: list[str], facts: dict[str, Any]) -> None:
    line = {"server": server, "clients": clients, "refused": len(refused), "why": sorted(set(refused))[:3], **facts}
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(measure())
