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
    finish: Annotated[
        bool, typer.Option("--finish", help="Clients have the new API key, or authority: take the old one away.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="At the end, print the result as one line of JSON.")] = False,
) -> None:
    """Renew secrets; a run that was interrupted is run again. Without a name, say what can be renewed."""
    stack = read(name)
    if stack.spec.target is not TargetName.DOCKER:
        raise Failure(f"{name} is not on Docker: its cloud renews what it holds; read docs/{stack.spec.target.value}.md.")
    known = [key.name for key in targets.choose(stack.spec.target).secret_keys(stack.spec)]
    if not names and not everything:
        _explain(known)
        return
    refused = _refused(stack, known, names or [], finish=finish)
    if refused:
        raise Failure("\n".join(refused))
    chosen = _all(stack, known, finish=finish) if everything else names or []
    done = [_rotate(stack, secret, finish=finish) for secret in chosen]
    if as_json:
        typer.echo(json.dumps({"stack": stack.name, "rotated": [vars(one) for one in done]}))
        return
    for one in done:
        done_in = f"{one.releases} releases in {one.seconds:.0f} s" if one.releases else "nothing to do"
        typer.echo(f"{one.name}: {done_in}{f'; {one.note}' if one.note else ''}")


def _refused(stack: Stack, known: list[str], names: list[str], *, finish: bool) -> list[str]:
    """One sentence for each secret that cannot be renewed so."""
    wrong = [f"There is no secret {name}: name some of {', '.join(known)}." for name in names if name not in known]
    for name in (name for name in names if name in known):
        found = rotation.rotation(name)
        if found.kind == "refused":
            wrong.append(f"{name} {found.note}.")
        elif finish and not found.waits(stack.spec.edge.certificate):
            wrong.append(f"{name} waits for no client: it is renewed without --finish.")
    return wrong


def _all(stack: Stack, known: list[str], *, finish: bool) -> list[str]:
    """Every secret that can be renewed; to finish, those that wait for clients and no others."""
    chosen = []
    for name in known:
        found = rotation.rotation(name)
        if finish and not found.waits(stack.spec.edge.certificate):
            continue
        if found.kind == "refused":
            typer.echo(f"{name} is left as it is: {found.note}.", err=True)
        else:
            chosen.append(name)
    return chosen


def _rotate(stack: Stack, name: str, *, finish: bool) -> Done:
    began = time.monotonic()
    found = rotation.rotation(name)
    value = engine.config(stack.name).get(name)
    if value is None:
        raise Failure(f"{name} is not made yet: run scripts/up {stack.name} first.")
    if finish and not rotation.is_open(found.kind, value):
        return Done(name, 0, 0.0, "it is not being renewed")
    new = rotation.fresh(found.kind, stack.name, datetime.now(UTC), secrets.token_urlsafe(30))
    values = rotation.steps(found.kind, value, new)
    if found.waits(stack.spec.edge.certificate) and not finish:
        values = values[:1]
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
        both = "" if rotation.rotation(name).kind == "swap" else ", and old and new are accepted"
        raise Failure(f"{name} is half renewed{both}: mend what stands above and run this again.")


def _explain(known: list[str]) -> None:
    for name in known:
        found = rotation.rotation(name)
        fate = "cannot be renewed here" if found.kind == "refused" else "no request fails"
        typer.echo(f"{name}: {fate}{f'; {found.note}' if found.note else ''}")


if __name__ == "__main__":
    try:
        app(prog_name="scripts/rotate")
    except Failure as failure:
        sys.stderr.write(f"rotate: {failure}\n")
        sys.exit(1)
