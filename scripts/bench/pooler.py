"""PgBouncer with many clients on few connections: is one refused, and what does it cost beside direct connections?

    .venv/bin/python -m scripts.bench.pooler STACK --clients 1000

The clients run in a container beside the platform (`inside/pooler_client.py`, with the API's own image), because the database
is in an internal network. The pooler takes as many clients as the description says: `database.pooling.client_connections`
is raised for the measurement and put back.
"""

from __future__ import annotations

import json
import sys
import uuid
from contextlib import suppress
from typing import Annotated, Any

import typer

from components import images
from scripts.bench.load import machine_load
from scripts.bench.subject import Description, Subject, as_line, docker, until
from scripts.toolchain import paths
from scripts.toolchain.process import Failure

CLIENT = paths.ROOT / "scripts" / "bench" / "inside" / "pooler_client.py"
SPARE_CLIENTS = 50
"""Beyond those measured: the API, the worker and health checks are clients as well."""


class Guest:
    """A container in the platform's networks, with the application's URL, that ends by itself."""

    def __init__(self, subject: Subject, variables: dict[str, str]) -> None:
        self._subject, self._variables = subject, variables
        self._name = f"bench-{uuid.uuid4().hex[:8]}"

    def run(self, seconds: float) -> list[dict[str, Any]]:
        """What it printed."""
        subject, name = self._subject, self._name
        api = json.loads(docker("service", "inspect", "--format", "{{json .Spec.TaskTemplate}}", subject.service("api")))
        secrets = api["ContainerSpec"]["Secrets"]
        url = next(entry["SecretName"] for entry in secrets if entry["File"]["Name"] == "DATABASE_URL")
        docker("config", "create", f"{name}-client", str(CLIENT))
        docker("config", "create", f"{name}-ca", str(subject.stack.folder / "ca.pem"))
        try:
            docker(
                *("service", "create", "--detach", "--quiet", "--name", name, "--restart-condition", "none"),
                *("--no-healthcheck", "--endpoint-mode", "dnsrr", "--limit-memory", "512m", "--user", "10001:10001"),
                *(part for tier in ("data", "app") for part in ("--network", subject.service(tier))),
                *("--secret", f"source={url},target=url,uid=10001"),
                *("--config", f"source={name}-client,target=/opt/client.py"),
                *("--config", f"source={name}-ca,target=/etc/bench/ca.pem"),
                *(part for key, value in self._variables.items() for part in ("--env", f"{key}={value}")),
                *("--entrypoint", "/opt/venv/bin/python", images.reference("api"), "/opt/client.py"),
            )
            until(self._ended, seconds, 1)
            text = docker("service", "logs", "--raw", name)
        finally:
            for kind, end in (("service", ""), ("config", "-client"), ("config", "-ca")):
                with suppress(Failure):
                    docker(kind, "rm", f"{name}{end}")
        lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
        if not lines:
            raise Failure(f"The clients said nothing that can be read: {text[-500:]}")
        return lines

    def _ended(self) -> bool:
        state = docker("service", "ps", "--format", "{{.CurrentState}}", self._name)
        return state.startswith(("Complete", "Failed", "Rejected"))


def _roomy(platform: Description, clients: int) -> None:
    pooling = platform["database"].setdefault("pooling", {})
    pooling.update({"client_connections": clients + SPARE_CLIENTS, "database_connections": 20})


def summary(lines: list[dict[str, Any]]) -> dict[str, Any]:
    """Ratios of the pooler's figures to those of direct connections, and how many of all clients were refused."""
    full = [line for line in lines if "queries_a_second" in line]
    pace = [line for line in lines if "rate" in line]

    def mean(name: str, server: str, rows: list[dict[str, Any]], clients: int = 20) -> float:
        values = [row[name] for row in rows if row["server"] == server and row["clients"] == clients]
        return float(sum(values) / len(values))

    direct, pooled = (mean("queries_a_second", server, full) for server in ("direct", "pooler"))
    many = next(line for line in full if line["clients"] > 20)
    return {
        "clients": many["clients"],
        "refused": many["refused"],
        "failed": many["failed"],
        "throughput_20_clients_to_direct": round(pooled / direct, 2),
        "throughput_all_clients_to_direct": round(many["queries_a_second"] / direct, 2),
        "p95_at_rate_to_direct": round(mean("p95_ms", "pooler", pace) / mean("p95_ms", "direct", pace), 2),
    }


def main(
    name: Annotated[str, typer.Argument(metavar="STACK", help="A stack of development on Docker, on this machine.")],
    clients: Annotated[int, typer.Option(help="Clients of the pooler at once.")] = 1000,
    seconds: Annotated[float, typer.Option(help="For each measurement.")] = 10,
    rate: Annotated[float, typer.Option(help="Queries a second where latency is measured.")] = 100,
) -> None:
    """Measure the pooler: a line of JSON for each measurement, and one with the ratios."""
    subject = Subject(name)
    with subject.kept():
        subject.describe(lambda platform: _roomy(platform, clients))
        subject.must(subject.up())
        guest = Guest(subject, {"CLIENTS": str(clients), "SECONDS": str(seconds), "RATE": str(rate)})
        lines = guest.run(600)
    for line in lines:
        typer.echo(as_line(line))
    typer.echo(as_line({**summary(lines), "machine": machine_load()}))
    subject.must(subject.up())


if __name__ == "__main__":
    try:
        typer.run(main)
    except Failure as failure:
        sys.stderr.write(f"pooler: {failure}\n")
        sys.exit(1)
