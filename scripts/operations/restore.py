"""scripts/restore: brings a platform back to an exact moment.

Who writes is stopped first, then what is committed is shipped to the archive, then the server is stopped. The restored data
takes the old one's place only after every row was read. How many copies ran is written down before anything stops, so that a
run that was cut off can be run again.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from scripts.operations import credentials, keeper, reach
from scripts.operations.stack import DEFAULT, Stack
from scripts.toolchain import docker
from scripts.toolchain.process import Failure

STOP_SECONDS, START_SECONDS = 120, 180
STOP_MARGIN_SECONDS = 60
"""After the longest grace period, until the engine has removed the last container."""

FIRST = ("autoscaler", "edge")
"""Stopped before all others: what would start copies again, and what lets clients in."""

DATABASE = ("database", "database-access")
"""The server, and what lets anybody in: they stop and start together."""

LAST = ("pooler", "database-exporter", "pooler-exporter", *DATABASE)

app = typer.Typer(add_completion=False)


@app.command()
def restore(
    name: Annotated[str, typer.Argument(metavar="STACK", help="A file stacks/Pulumi.STACK.yaml.")] = DEFAULT,
    to: Annotated[str, typer.Option("--to", metavar="TIME", help="2026-01-31T14:05:09Z, or latest.")] = "",
    confirm: Annotated[str, typer.Option("--confirm", metavar="STACK", help="The stack's name, instead of being asked.")] = "",
    repository: Annotated[int | None, typer.Option("--repository", help="1 or 2; else the nearest that leads there.")] = None,
    with_objects: Annotated[
        bool, typer.Option("--with-objects", help="Bring back files of the object storage too; newer ones stay.")
    ] = False,
    keep_old: Annotated[bool, typer.Option("--keep-old", help="Keep the data of before beside the restored.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as one line of JSON.")] = False,
) -> None:
    """Bring the database back to an exact moment, in place. What was written after it is gone from the platform."""
    began = time.monotonic()
    stack = keeper.stack_with_backups(name)
    if not to:
        raise Failure("--to: say which moment, such as 2026-01-31T14:05:09Z, or latest.")
    where = [] if repository is None else ["--repository", str(repository)]
    before = keeper.ask(stack, "prepare", "--to", to, *where)
    _say_trouble(before)
    _agreed(stack, before["target"], confirm)
    counts = Counts(stack)
    found = _down_and_up(stack, counts, to, where)
    _answers(stack)
    if with_objects:
        _objects(stack, found["target"])
    if not keep_old:
        keeper.ask(stack, "discard")
    seconds = round(time.monotonic() - began, 1)
    _report({**found, "seconds_in_all": seconds, "kept_old": keep_old}, as_json=as_json)


def _down_and_up(stack: Stack, counts: Counts, to: str, where: Sequence[str]) -> dict[str, Any]:
    """Everything between the first service that stops and the last that runs again, which all do whatever fails between."""
    found: dict[str, Any] = {}
    problems: list[Failure] = []
    try:
        found = _restored(stack, counts, to, where)
    except Failure as failure:
        problems.append(failure)
    finally:
        problems += _start(stack, counts)
    if problems:
        raise Failure(" ".join(map(str, problems)))
    return found


def _restored(stack: Stack, counts: Counts, to: str, where: Sequence[str]) -> dict[str, Any]:
    """Stops what writes, has all that is committed shipped, stops the database and restores."""
    keeper.say("Stopping what writes.")
    writers = [role for role in counts.roles if role not in LAST]
    _scale(stack, dict.fromkeys(writers, 0))
    _scale(stack, {role: 0 for role in counts.roles if role in LAST and role not in DATABASE})
    _say_trouble(keeper.ask(stack, "prepare", "--to", to, *where))
    _scale(stack, {role: 0 for role in counts.roles if role in DATABASE})
    keeper.say(f"Restoring to {to}; the old data stays beside until the new is verified.")
    found: dict[str, Any] = keeper.ask(stack, "restore", "--to", to, *where)
    return found


def _say_trouble(prepared: Mapping[str, Any]) -> None:
    if prepared["trouble"]:
        keeper.say(f"What was not shipped yet cannot be: {prepared['trouble']}")


def _start(stack: Stack, counts: Counts) -> list[Failure]:
    """The database first, then what stands between, then the rest, whatever of it comes up; what did not."""
    keeper.say("Starting the platform again.")
    problems = []
    for roles in (DATABASE, ("migration", *LAST), tuple(counts.roles)):
        try:
            _scale(stack, {role: counts.roles[role] for role in roles if role in counts.roles})
        except Failure as failure:
            problems.append(failure)
    if not problems:
        counts.forget()
    return problems


class Counts:
    """How many copies of each service ran before; kept in a file until the restore is done.

    What a file of an earlier run says is believed of services that are stopped only: the others have been started since.
    """

    def __init__(self, stack: Stack) -> None:
        self._file = stack.folder / "restore.json"
        running, left = self._running(stack), self._left()
        self.roles: Mapping[str, int] = {role: count or left.get(role, 0) for role, count in running.items()}
        if self.roles != running:
            keeper.say("An earlier restore was cut off: going on with it.")
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file.write_text(json.dumps(self.roles), encoding="utf-8")

    def forget(self) -> None:
        self._file.unlink(missing_ok=True)

    def _left(self) -> dict[str, int]:
        try:
            found: dict[str, int] = json.loads(self._file.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):  # cut off while it was written: nothing had been stopped yet
            return {}
        return found

    @staticmethod
    def _running(stack: Stack) -> dict[str, int]:
        wanted = [*FIRST, *stack.spec.services, "migration", *LAST]
        found = {}
        for role in wanted:
            count = docker.output("service", "inspect", "--format", _REPLICAS, keeper.service(stack, role))
            if count is not None and count.isdigit():
                found[role] = int(count)
        if "database" not in found:
            raise Failure(f"The platform has no database service: bring it up with scripts/up {stack.name} first.")
        return found


_REPLICAS = "{{if .Spec.Mode.Replicated}}{{.Spec.Mode.Replicated.Replicas}}{{end}}"


def _agreed(stack: Stack, target: str, confirm: str) -> None:
    """Raises `Failure` unless the stack's name was typed."""
    if confirm:
        typed = confirm
    elif not sys.stdin.isatty():
        raise Failure(f"--confirm: what was written after {target} would be lost; give --confirm {stack.name}.")
    else:
        typer.echo(f"This brings {stack.name} back to {target}. What was written after it is gone from the platform.")
        typed = str(typer.prompt("Type the stack's name to go on"))
    if typed != stack.name:
        raise Failure(f"--confirm: {typed} is not the stack's name; nothing was changed.")


def _scale(stack: Stack, counts: Mapping[str, int]) -> None:
    """Sets numbers of copies and waits until they are so."""
    if not counts:
        return
    wanted = [f"{keeper.service(stack, role)}={count}" for role, count in counts.items()]
    docker.must("service", "scale", "--detach", *wanted, explain="The services cannot be scaled")
    seconds = START_SECONDS if any(counts.values()) else _stop_seconds(stack)
    if not reach.wait(lambda: all(_copies(stack, role) == count for role, count in counts.items()), seconds):
        raise Failure(f"{', '.join(counts)}: not as asked after {seconds} s; look at `docker service ps`, then run this again.")


def _stop_seconds(stack: Stack) -> int:
    """A service may take its whole grace period; a longer one than the kit's own services have is in the description."""
    longest = max((service.grace_period_seconds for service in stack.spec.services.values()), default=0)
    return max(STOP_SECONDS, longest + STOP_MARGIN_SECONDS)


def _copies(stack: Stack, role: str) -> int:
    """Running copies; one that has a health check counts once it is healthy."""
    labels = ("--filter", f"label=penguinmails.stack={stack.name}", "--filter", f"label=penguinmails.component={role}")
    lines = (docker.output("ps", "--format", "{{.Status}}", *labels) or "").splitlines()
    starting = [line for line in lines if "(health: starting)" in line or "(unhealthy)" in line]
    return -1 if starting else len(lines)


def _answers(stack: Stack) -> None:
    """Raises `Failure` when the platform does not answer; the old data is kept then."""
    authority = stack.folder / "ca.pem"
    if not stack.is_here or not authority.is_file():
        return
    trust = credentials.edge_trust(stack, authority.read_text(encoding="utf-8"))
    domain, port = stack.spec.domain, stack.spec.edge.https_port
    if not reach.wait(lambda: reach.answers(domain, port, trust), 60):
        raise Failure(
            f"The database is restored, but {domain}:{port} does not answer; the data of before is kept in its volume."
        )


def _objects(stack: Stack, target: str) -> None:
    """Writes the objects of the last backup before the target, as the services' user; what is newer stays."""
    keeper_container = keeper.container(stack, "backup")
    assert keeper_container is not None
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()) if target == "latest" else target
    image = docker.must("inspect", "--format", "{{.Image}}", keeper_container, explain="The keeper cannot be looked at")
    folder = "/var/lib/penguinmails/objects"
    volume = keeper.service(stack, "objects")
    read = ["docker", "exec", keeper_container, *keeper.PROGRAM, "objects", "--to", moment]
    write = ["docker", "run", "--rm", "--interactive", "--network", "none", "--cap-drop", "ALL", "--user", "10001:10001"]
    write += ["--volume", f"{volume}:{folder}", "--entrypoint", "tar", image.strip(), "-x", "-C", folder, "-f", "-"]
    with subprocess.Popen(read, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as source:
        done = subprocess.run(write, stdin=source.stdout, capture_output=True, text=True, check=False)
        errors = source.stderr.read().decode() if source.stderr is not None else ""
    if source.returncode != 0:
        raise Failure(keeper.sentence(errors))
    if done.returncode != 0:
        raise Failure(f"The objects cannot be written: {done.stderr.strip()[-300:]}")


def _report(found: Mapping[str, Any], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(found))
        return
    old = f"\n  Old data     {found['old_data']} beside it" if found["kept_old"] and found["old_data"] else ""
    typer.echo(
        f"The database is as it was at {found['target']}: {found['rows']} rows in {found['tables']} tables, verified.\n\n"
        f"  Backup       {found['backup']}\n  Last commit  {found['last_commit'] or 'before the backup'}\n"
        f"  Restored in  {found['seconds']:.0f} s, {found['seconds_in_all']:.0f} s in all{old}\n\n"
        "A full backup follows by itself, because a new timeline begins here."
    )


if __name__ == "__main__":
    try:
        app(prog_name="scripts/restore")
    except Failure as failure:
        sys.stderr.write(f"restore: {failure}\n")
        sys.exit(1)
