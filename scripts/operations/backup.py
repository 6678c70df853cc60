"""scripts/backup: backs a platform up now, and what this machine knows of it."""

from __future__ import annotations

import json
import sys
import time
from typing import Annotated

import typer

from scripts.operations import engine, keeper, own_state
from scripts.operations.stack import DEFAULT
from scripts.toolchain.process import Failure

app = typer.Typer(add_completion=False)


@app.command()
def backup(
    name: Annotated[str, typer.Argument(metavar="STACK", help="A file stacks/Pulumi.STACK.yaml.")] = DEFAULT,
    full: Annotated[bool, typer.Option("--full", help="A full backup; else full once a week, differential between.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as one line of JSON.")] = False,
) -> None:
    """Back up the database and the objects into every repository, and the stack's own state into an encrypted archive here."""
    began = time.monotonic()
    stack = keeper.stack_with_backups(name)
    archive = own_state.write(stack, engine.config(name).get("backupPassphrase", ""))
    keeper.say("Backing up the database and the objects.")
    found = keeper.ask(stack, "backup", *(["--full"] if full else []))
    seconds = round(time.monotonic() - began, 1)
    if as_json:
        typer.echo(json.dumps({**found, "archive": str(archive), "seconds": seconds}))
        return
    typer.echo(
        f"The {found['kind']} backup {found['label']} is made after {seconds:.0f} s.\n\n"
        f"  Stack's own state  {archive}, on this machine only: copy it to another\n\n"
        f"Open it with the passphrase, which you keep elsewhere (pulumi config get backupPassphrase --stack {name}):\n\n"
        f"  {own_state.opening(archive)}"
    )


if __name__ == "__main__":
    try:
        app(prog_name="scripts/backup")
    except Failure as failure:
        sys.stderr.write(f"backup: {failure}\n")
        sys.exit(1)
