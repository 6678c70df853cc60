"""What Docker and the edge say of a release: which copies are new, what each request met, and what Swarm rolled back.

The edge's log has one JSON object a request, with the address of the copy that answered it, so that every request counts and
none has to be estimated from averages.
"""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from components import naming
from components.contract import Identity
from components.spec import DockerSection, PlatformSpec
from scripts.operations.release_judge import Request
from scripts.operations.stack import PROJECT, Stack
from scripts.toolchain import docker
from scripts.toolchain.process import Failure

ANSWERED = "answered "
"""What the health check prints of a copy that answered it, and not well."""
ROLLED_BACK = ("rollback_started", "rollback_completed", "rollback_paused")


@dataclass(frozen=True)
class Update:
    """A service's newest update. `state` is Swarm's word, empty when there was none; `began` in UTC."""

    role: str
    state: str
    began: datetime | None
    message: str = ""

    def since(self, moment: datetime) -> bool:
        return self.began is not None and self.began >= moment


@dataclass(frozen=True)
class Copy:
    """A container of a service, by the addresses at which the edge may reach it.

    `state`: Swarm's word, such as `starting` (runs, and is not healthy yet) or `running`; `since` when. `refusals`: how often
    in a row, up to now, a starting copy answered its health check with something else than success.
    """

    role: str
    addresses: frozenset[str]
    created: datetime
    error: str
    state: str
    since: datetime
    refusals: int = 0


@dataclass(frozen=True)
class Answered:
    """A request, the address of the copy that answered it and when it came, in UTC."""

    address: str
    request: Request
    at: datetime


def physical(stack: Stack, role: str) -> str:
    """A service's name in Swarm."""
    return naming.physical(Identity(PROJECT, stack.name, stack.spec.environment), role, naming.DOCKER_LIMIT)


def public_roles(spec: PlatformSpec) -> list[str]:
    """Services whose requests the edge sees."""
    return [role for role, service in spec.services.items() if service.public_path is not None]


def updates(stack: Stack, roles: Sequence[str]) -> list[Update]:
    """The newest update of each service that is there."""
    found = _inspect("service", [physical(stack, role) for role in roles])
    names = {physical(stack, role): role for role in roles}
    return [_update(names[service["Spec"]["Name"]], service.get("UpdateStatus") or {}) for service in found]


def copies(stack: Stack, role: str) -> list[Copy]:
    """All copies that Swarm remembers of a service, the ended ones too."""
    listed = docker.output("service", "ps", "--quiet", "--no-trunc", physical(stack, role)) or ""
    return [_copy(role, task) for task in _inspect("task", listed.split())]


def answered(line: str) -> Answered | None:
    """A line of the edge's log; None for what is no request or reached no copy."""
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    if not isinstance(entry, dict) or not _is_number(entry.get("status")) or entry.get("task") in {None, "-", ""}:
        return None
    # -1 stands for a time that never came: the copy did not answer.
    times = [int(entry.get(name) or 0) for name in ("queue_ms", "connect_ms", "response_ms")]
    spent = Request(int(entry["status"]), sum(max(0, part) for part in times))
    return Answered(str(entry["task"]), spent, moment(str(entry["time"])))


def roll_back(stack: Stack, role: str) -> None:
    """Has Swarm put the former description of a service back.

    Does nothing where Swarm does so by itself. The engine removes secrets and files that a finished release no longer needs.
    Where the former description names one that is gone, its place is taken by the one that the service has now: what was
    renewed stays renewed.
    """
    name = physical(stack, role)
    found = _inspect("service", [name])
    if not found:
        raise Failure(f"{role} cannot be rolled back: Docker does not show it.")
    [service] = found
    if _goes_back(service):
        return
    former = service.get("PreviousSpec")
    if former is None:
        raise Failure(f"{role} cannot be rolled back: there is no release before this one.")
    whole = _complete(former["TaskTemplate"]["ContainerSpec"], service["Spec"]["TaskTemplate"]["ContainerSpec"])
    # That took a moment, in which Swarm may have begun by itself: a second rollback would bring the bad release again.
    if any(map(_goes_back, _inspect("service", [name]))):
        return
    if whole:
        done = docker.output("service", "rollback", "--detach", name, timeout=120) is not None
        why = "`docker service rollback` failed"
    else:
        host = stack.spec.docker.host if stack.spec.docker is not None else DockerSection().host
        path = f"/services/{service['ID']}/update?version={service['Version']['Index']}"
        status = _post(host.removeprefix("unix://"), path, former)
        done, why = status == http.client.OK, f"the Docker engine answered with status {status}"
    if not done and not any(map(_goes_back, _inspect("service", [name]))):
        raise Failure(f"{role} cannot be rolled back: {why}.")


def engine_answers() -> bool:
    return docker.output("version", "--format", "{{.Server.Version}}") is not None


def _goes_back(service: dict[str, Any]) -> bool:
    """Whether the newest that became of a service is a rollback."""
    return str((service.get("UpdateStatus") or {}).get("State")) in ROLLED_BACK


def _complete(former: dict[str, Any], current: dict[str, Any]) -> bool:
    """Whether all that `former` names is there; what is gone is replaced in it by what `current` has in its place."""
    whole = True
    for field, kind in (("Secrets", "secret"), ("Configs", "config")):
        now = {one["File"]["Name"]: one for one in current.get(field) or [] if one.get("File")}
        for index, one in enumerate(former.get(field) or []):
            there = docker.output(kind, "inspect", "--format", "{{.ID}}", one[f"{kind.title()}ID"]) is not None
            if not there and one["File"]["Name"] in now:
                former[field][index], whole = now[one["File"]["Name"]], False
    return whole


def _post(path_of_socket: str, path: str, body: dict[str, Any]) -> int:
    """Asks the engine for what its command line cannot; returns the answer's status."""
    connection = http.client.HTTPConnection("localhost", timeout=30)
    connection.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.sock.connect(path_of_socket)
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise Failure(f"The Docker engine does not answer at {path_of_socket} ({error}).") from None
    finally:
        connection.close()


@contextmanager
def edge_log(stack: Stack, since: datetime, into: list[Answered]) -> Iterator[None]:
    """While it lasts, every request that the edge logs is added to `into`, wherever the edge runs."""
    command = ["docker", "service", "logs", "--follow", "--raw", "--since", since.isoformat(), physical(stack, "edge")]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, text=True
    ) as run:
        reader = threading.Thread(target=_read, args=(run, into), daemon=True)
        reader.start()
        try:
            yield
        finally:
            run.terminate()
            reader.join(5)


def _read(run: subprocess.Popen[str], into: list[Answered]) -> None:
    assert run.stdout is not None
    for line in run.stdout:
        found = answered(line)
        if found is not None:
            into.append(found)


def _is_number(value: object) -> bool:
    return isinstance(value, int) or (isinstance(value, str) and value.isdigit())


def _inspect(kind: str, names: Sequence[str]) -> list[dict[str, Any]]:
    """Objects as Docker shows them; one that is gone is left out."""
    if not names:
        return []
    text = docker.output("inspect", "--type", kind, *names)
    if text is None:
        single = (docker.output("inspect", "--type", kind, name) for name in names)
        return [found for one in single if one is not None for found in json.loads(one)]
    found: list[dict[str, Any]] = json.loads(text)
    return found


def _update(role: str, status: dict[str, Any]) -> Update:
    began = status.get("StartedAt")
    return Update(role, str(status.get("State") or ""), moment(began) if began else None, str(status.get("Message") or ""))


def _copy(role: str, task: dict[str, Any]) -> Copy:
    attachments, status = task.get("NetworksAttachments") or [], task.get("Status") or {}
    addresses = frozenset(str(address).split("/")[0] for one in attachments for address in one.get("Addresses") or [])
    return Copy(
        role=role,
        addresses=addresses,
        created=moment(task["CreatedAt"]),
        error=str(status.get("Err") or ""),
        state=str(status.get("State") or ""),
        since=moment(status.get("Timestamp") or task["CreatedAt"]),
        refusals=_refusals(status) if status.get("State") == "starting" else 0,
    )


def _refusals(status: dict[str, Any]) -> int:
    """The newest checks of a container on this host that were answered, and not well (`images/api/healthcheck.py` says so)."""
    container = (status.get("ContainerStatus") or {}).get("ContainerID")
    found = _inspect("container", [container]) if container else []
    log = ((found[0].get("State") or {}).get("Health") or {}).get("Log") or [] if found else []
    refused = [entry.get("ExitCode") != 0 and str(entry.get("Output")).startswith(ANSWERED) for entry in reversed(log)]
    return next((count for count, one in enumerate(refused) if not one), len(refused))


def moment(text: str) -> datetime:
    """Docker's time in UTC, whose fraction may have nine digits."""
    whole, _, fraction = text.removesuffix("Z").partition(".")
    return datetime.fromisoformat(f"{whole}.{(fraction or '0')[:6].ljust(6, '0')}+00:00")
