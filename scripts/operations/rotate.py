"""scripts/rotate: renews the secrets of a platform while it answers."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

import typer

from components import targets
from components.spec import TargetName
from scripts.operations import engine, rotation
from scripts.operations.stack import DEFAULT, Stack, read
from scripts.toolchain import paths
from scripts.toolchain.process import Failure

app = typer.Typer(add_completion=False)


@dataclass(frozen=True)
class Done:
    """What became of one secret. `releases`: how many runs of scripts/up it took."""

    name: str
    releases: int
    seconds: float
    note: str


@app.command()
def rotate(
    name: Annotated[str, typer.Argument(metavar="STACK", help="A file stacks/Pulumi.STACK.yaml.")] = DEFAULT,
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME…", help="Secrets, as in stacks/Pulumi.STACK.yaml.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every secret that can be renewed.")] = False,
    finish: Annotated[bool, typer.Option("--finish", help="Clients have the new API key: take the old one away.")] = False,
    interrupt: Annotated[bool, typer.Option("--interrupt", help="Also what makes requests fail for some seconds.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="At the end, print the result as one line of JSON.")] = False,
) -> None:
    """Renew secrets; a run that was interrupted is run again. Without a name, say what can be renewed and what it costs."""
    stack = read(name)
    if stack.spec.target is not TargetName.DOCKER:
        raise Failure(f"{name} is not on Docker: its cloud renews what it holds; read docs/{stack.spec.target.value}.md.")
    known = [key.name for key in targets.choose(stack.spec.target).secret_keys(stack.spec)]
    if not names and not everything:
        _explain(known)
        return
    chosen = _chosen(known, names or [], everything=everything, interrupt=interrupt)
    done = [_rotate(stack, secret, finish=finish) for secret in chosen]
    if as_json:
        typer.echo(json.dumps({"stack": stack.name, "rotated": [vars(one) for one in done]}))
        return
    for one in done:
        typer.echo(f"{one.name}: renewed in {one.seconds:.0f} s, {one.releases} releases{f'; {one.note}' if one.note else ''}")


def _chosen(known: list[str], names: list[str], *, everything: bool, interrupt: bool) -> list[str]:
    """The secrets to renew; raises `Failure` with one sentence for each that cannot be."""
    wrong = [f"There is no secret {name}: name some of {', '.join(known)}." for name in names if name not in known]
    for name in names:
        found = rotation.rotation(name)
        if name in known and found.kind == "refused":
            wrong.append(f"{name} {found.note}.")
        elif name in known and found.cost and not interrupt:
            wrong.append(f"{name}: {found.cost}; if that may be, add --interrupt.")
    if wrong:
        raise Failure("\n".join(wrong))
    if not everything:
        return names
    chosen = []
    for name in known:
        found = rotation.rotation(name)
        if found.kind == "refused" or (found.cost and not interrupt):
            typer.echo(f"{name} is left as it is: {found.note if found.kind == 'refused' else found.cost}.", err=True)
        else:
            chosen.append(name)
    return chosen


def _rotate(stack: Stack, name: str, *, finish: bool) -> Done:
    began = time.monotonic()
    found = rotation.rotation(name)
    value = engine.config(stack.name).get(name)
    if value is None:
        raise Failure(f"{name} is not made yet: run scripts/up {stack.name} first.")
    if finish and found.kind == "clients":
        values = [rotation.finished(value)] if rotation.is_open(value) else []
    else:
        new = rotation.fresh(found.kind, stack.name, datetime.now(UTC), secrets.token_urlsafe(30))
        values = rotation.steps(found.kind, value, new)
        if not values:
            raise Failure(f"{name} is being renewed already; when all clients have the new one, run this with --finish.")
    for number, step in enumerate(values, start=1):
        typer.echo(f"{name}: release {number} of {len(values)}", err=True)
        engine.set_secret(stack.name, name, step)
        _release(stack, name)
    note = "" if finish else found.note.replace("STACK", stack.name)
    return Done(name, len(values), round(time.monotonic() - began, 1), note)


def _release(stack: Stack, name: str) -> None:
    """scripts/up, whose own words go to the terminal."""
    command = [str(paths.ROOT / "scripts" / "up"), stack.name, "--json"]
    if subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False).returncode != 0:
        raise Failure(f"{name} is half renewed, and old and new are accepted: mend what stands above and run this again.")


def _explain(known: list[str]) -> None:
    for name in known:
        found = rotation.rotation(name)
        cost = "cannot be renewed here" if found.kind == "refused" else found.cost or "no request fails"
        typer.echo(f"{name}: {cost}{f'; {found.note}' if found.note else ''}")


if __name__ == "__main__":
    try:
        app(prog_name="scripts/rotate")
    except Failure as failure:
        sys.stderr.write(f"rotate: {failure}\n")
        sys.exit(1)
