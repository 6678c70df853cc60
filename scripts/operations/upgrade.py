"""scripts/upgrade: brings a platform to the images and the description of this checkout, and back.

Checked first, backed up, then released as scripts/up releases, with the watch over its requests; then it is asked as a client
would ask. Each step is written down before the next, so that a run that was cut off is simply run again, or rolled back.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from functools import partial
from typing import Annotated, Any

import typer
import yaml

from components import images
from components.spec import TargetName
from scripts.operations import credentials, engine, keeper, preflight, reach
from scripts.operations import upgrade_journal as journal
from scripts.operations.stack import DEFAULT, PROJECT, Stack, read
from scripts.operations.upgrade_journal import Upgrade
from scripts.toolchain import docker, paths
from scripts.toolchain.process import Failure

DOCKER_MINIMUM = (20, 10)
WAIT_SECONDS = 60

app = typer.Typer(add_completion=False)


@app.command()
def upgrade(
    name: Annotated[str, typer.Argument(metavar="STACK", help="A file stacks/Pulumi.STACK.yaml.")] = DEFAULT,
    roll_back: Annotated[bool, typer.Option("--roll-back", help="Bring back what ran before the last upgrade.")] = False,
    keep_data: Annotated[bool, typer.Option("--keep-data", help="With --roll-back: the application only.")] = False,
    confirm: Annotated[str, typer.Option("--confirm", metavar="STACK", help="The stack's name, instead of being asked.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Upgrade without asking.")] = False,
    no_backup: Annotated[bool, typer.Option("--no-backup", help="Go on without a backup outside development.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="At the end, print the result as one line of JSON.")] = False,
) -> None:
    """Upgrade a platform to this checkout; a run that was cut off is run again. Another version: check it out first."""
    began = time.monotonic()
    stack = read(name)
    if stack.spec.target is not TargetName.DOCKER or not stack.is_here:
        raise Failure(f"{name}: upgrades are for a platform on this machine's Docker; use scripts/up {name}.")
    if roll_back:
        facts = _roll_back(stack, keep_data=keep_data, confirm=confirm)
    else:
        facts = _upgrade(stack, yes=yes, no_backup=no_backup)
    facts = {"stack": name, **facts, "seconds": round(time.monotonic() - began, 1)}
    typer.echo(json.dumps(facts) if as_json else f"The platform {name} is {facts['state']} after {facts['seconds']:.0f} s.")


def _upgrade(stack: Stack, *, yes: bool, no_backup: bool) -> dict[str, Any]:
    before = journal.read_deployed(stack.folder)
    if before is None:
        raise Failure(f"Nothing is known of what runs: run scripts/up {stack.name} from the version that runs now, once.")
    for sentence in checked(stack):
        typer.echo(sentence, err=True)
    if stack.spec.backup is None and not stack.spec.is_development and not no_backup:
        raise Failure(f"platform.backup: {stack.name} has no backups to go back to; add it, or use --no-backup.")
    if not yes and typer.prompt(f"Upgrade {stack.name}, deployed {before.at}? Type yes to go on") != "yes":
        raise Failure("Nothing was changed.")
    under_way = journal.read(stack.folder)
    if under_way is None or not under_way.goes_on:
        under_way = journal.write(stack.folder, Upgrade(before, journal.now(), "begun"), "begun")
    if under_way.state == "begun" and stack.spec.backup is not None:
        preflight.room_for_a_backup(stack)
        _run("backup", stack.name, explain="The backup failed, and nothing was changed")
        kept = Upgrade(under_way.before, journal.now(), "backed-up", backup=True)
        under_way = journal.write(stack.folder, kept, "backed-up")
    try:
        _run("up", stack.name, "--watch", "--json", explain="The upgrade went back or did not come up")
    except Failure:
        # The former release runs on: the next upgrade is another one, with a backup of its own.
        journal.write(stack.folder, under_way, "failed")
        raise
    under_way = journal.write(stack.folder, under_way, "deployed")
    _verify(stack)
    journal.write(stack.folder, under_way, "verified")
    return {"state": "upgraded", "backup": under_way.backup, "before": under_way.before.version}


def checked(stack: Stack) -> list[str]:
    """What is there, as sentences; raises `Failure` for what an upgrade must not meet."""
    preflight.check(stack)
    text = docker.must("version", "--format", "{{.Server.Version}}", explain="The Docker engine does not answer")
    found = tuple(int(part) for part in re.findall(r"\d+", text)[:2])
    if found < DOCKER_MINIMUM:
        raise Failure(f"Docker {text} is too old: the kit needs {'.'.join(map(str, DOCKER_MINIMUM))} or newer.")
    wanted, running = _postgresql_wanted(), _postgresql_running(stack)
    if running is not None and running != wanted:
        raise Failure(
            f"The data is of PostgreSQL {running} and this version runs {wanted}: dump it, and load it into a new stack."
        )
    return [f"Docker {text}, PostgreSQL {running or wanted}, kit {journal.version()}: fit."]


def _roll_back(stack: Stack, *, keep_data: bool, confirm: str) -> dict[str, Any]:
    last = journal.read(stack.folder)
    if last is None or last.state == "rolled-back":
        raise Failure(f"There is no upgrade of {stack.name} to roll back.")
    with_data = last.backup and not keep_data
    what = f"and its data goes back to {last.moment}; what was written since is lost" if with_data else "its data stays"
    typer.echo(f"{stack.name} goes back to what was deployed {last.before.at}, {what}.", err=True)
    if (confirm or typer.prompt("Type the stack's name to go on")) != stack.name:
        raise Failure("Nothing was changed.")
    content = yaml.safe_load(stack.file.read_text(encoding="utf-8"))
    content["config"][f"{PROJECT}:platform"] = last.before.pinned()
    stack.file.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")
    _run("up", stack.name, "--json", explain="The former application does not come up")
    if with_data:
        _run("restore", stack.name, "--to", last.moment, "--confirm", stack.name, explain="The data was not restored")
    _verify(read(stack.name))
    journal.write(stack.folder, last, "rolled-back")
    return {"state": "rolled back", "data": last.moment if with_data else "kept", "version": last.before.version}


def _verify(stack: Stack) -> None:
    """Asks as a client would: alive, and an answer without a server error on every public path."""
    trust = credentials.edge_trust(stack, engine.outputs(stack.name)["ca_certificate"])
    domain, port = stack.spec.domain, stack.spec.edge.https_port
    if not reach.wait(lambda: reach.answers(domain, port, trust), WAIT_SECONDS):
        raise Failure(f"{domain}:{port} does not answer: scripts/upgrade {stack.name} --roll-back brings back what ran before.")
    for role, service in stack.spec.services.items():
        path = service.public_path
        if path is not None and not reach.wait(partial(reach.works, domain, port, trust, path), WAIT_SECONDS):
            raise Failure(f"{role} answers {path} with server errors: scripts/upgrade {stack.name} --roll-back.")


def _run(command: str, *arguments: str, explain: str) -> None:
    """One of the kit's commands, whose own words go to the terminal."""
    done = subprocess.run(
        [str(paths.ROOT / "scripts" / command), *arguments], stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False
    )
    if done.returncode != 0:
        raise Failure(f"{explain}; the reason stands above.")


def _postgresql_wanted() -> str:
    text = (images.folder("postgres") / "Dockerfile").read_text(encoding="utf-8")
    found = re.search(r"postgresql-(\d+)", text)
    if found is None:
        raise Failure("images/postgres/Dockerfile installs no postgresql-<major>.")
    return found.group(1)


def _postgresql_running(stack: Stack) -> str | None:
    """The major version of the data that is there; None without a database."""
    container = keeper.container(stack, "database")
    if container is None:
        return None
    text = docker.must(
        "exec", container, "sh", "-c", 'cat "$PGDATA/PG_VERSION"', explain="The database's version cannot be read"
    )
    return text.strip()


if __name__ == "__main__":
    try:
        app(prog_name="scripts/upgrade")
    except Failure as failure:
        sys.stderr.write(f"upgrade: {failure}\n")
        sys.exit(1)
