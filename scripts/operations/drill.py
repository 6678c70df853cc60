"""scripts/drill: restores the newest backup beside the live platform, compares everything, and keeps the signed result."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from scripts.operations import evidence, keeper
from scripts.operations.stack import DEFAULT, read
from scripts.toolchain.process import Failure

app = typer.Typer(add_completion=False)


@app.command()
def drill(
    name: Annotated[str, typer.Argument(metavar="STACK", help="A file stacks/Pulumi.STACK.yaml.")] = DEFAULT,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as one line of JSON.")] = False,
    collect: Annotated[bool, typer.Option("--collect", help="Start no drill; copy what earlier ones wrote.")] = False,
    verify: Annotated[
        Path | None, typer.Option("--verify", metavar="FILE", help="Start no drill; check the signature of its file.")
    ] = None,
    public_key: Annotated[
        Path | None, typer.Option("--public-key", help="For --verify: the key, if it is not the one kept with the stack.")
    ] = None,
) -> None:
    """Restore the newest backup beside the live platform to one exact moment, compare every row, and write it down, signed."""
    if verify is not None:
        key = public_key or read(name).folder / "drills" / "public-key.pem"
        evidence.verify(verify, key)
        typer.echo(f"{verify.name} is what the platform wrote, unchanged.")
        return
    stack = keeper.stack_with_backups(name)
    folder = stack.folder / "drills"
    if collect:
        typer.echo(f"{len(keeper.collect(stack)) - 1} new files in {folder}.")
        return
    keeper.say(f"Drilling {name}: this takes a minute or more, and the platform goes on.")
    found = keeper.ask(stack, "drill")
    keeper.collect(stack)
    files = {"json": str(folder / f"{found['name']}.json"), "html": str(folder / f"{found['name']}.html")}
    if as_json:
        typer.echo(json.dumps({**found, "files": files}))
    if not found["passed"]:
        raise Failure(f"The drill failed: {found['reason']}. The record is in {files['html']}.")
    if not as_json:
        typer.echo(
            f"The drill passed: {found['backup']['label']} restores to {found['target']}, {found['rows']} rows in "
            f"{len(found['tables'])} tables are equal.\n\n  Backup    of repository {found['backup']['repository']}\n"
            f"  RPO       {found['rpo_seconds']:.1f} s\n  RTO       {found['rto_seconds']:.1f} s\n  Evidence  {files['html']}"
        )


if __name__ == "__main__":
    try:
        app(prog_name="scripts/drill")
    except Failure as failure:
        sys.stderr.write(f"drill: {failure}\n")
        sys.exit(1)
