"""scripts/images: the images of the kit, in the local registry and in others."""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from components import images
from scripts.toolchain import docker, engine
from scripts.toolchain.process import Failure
from scripts.toolchain.progress import Progress

from . import build as builder
from . import remote

app = typer.Typer(help="Build, list and push the images of the kit.", no_args_is_help=True, add_completion=False)
Names = Annotated[list[str] | None, typer.Argument(help="Images by the names of their folders; all if none is named.")]


@app.command()
def build(
    names: Names = None,
    push: Annotated[bool, typer.Option(help="Also put them into the registry at localhost:5000.")] = True,
    refresh: Annotated[bool, typer.Option("--refresh", help="Take today's packages: rebuilds every image.")] = False,
) -> None:
    """Build the images whose content has changed, each with what it is built on."""
    if refresh:
        date = builder.refresh()
        typer.echo(f"images/{images.SNAPSHOT_FILE} is now {date}.", err=True)
    _require_engine()
    _each(builder.selection(names or []), lambda name, progress: _build_one(name, progress, push=push))


@app.command("push")
def push_images(
    names: Names = None,
    to: Annotated[
        str | None,
        typer.Option(metavar="REGISTRY[/REPOSITORY]", help="Another registry, such as the account's own on AWS."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="With --to, for programs: a list of objects.")] = False,
) -> None:
    """Put images that are built into the registry at localhost:5000, or with --to one into another, and print its digest."""
    if to is not None:
        _push_to(names or [], to, as_json=as_json)
        return
    _require_engine()

    def one(name: str, progress: Progress) -> str:
        if not docker.has_image(images.reference(name)):
            raise Failure(f"The image {name} is not built yet: run `scripts/images build {name}`.")
        return "pushed" if builder.push(name, progress) else "there"

    _each(builder.selection(names or []), one)


def _push_to(names: Sequence[str], to: str, *, as_json: bool) -> None:
    """What is built on is in an image's layers already, so nothing but the named ones is pushed."""
    unknown = sorted(set(names) - set(images.names()))
    if not names or unknown:
        raise Failure(f"Name the images to push, of {', '.join(images.names())}{_not(unknown)}.")
    targets = {name: remote.Target.of(to, name) for name in names}
    if len(set(targets.values())) < len(names):
        raise Failure(f"--to {to} is one repository and {len(names)} images are named: name one, or give the registry alone.")
    problem = engine.missing()
    if problem is not None:
        raise Failure(f"Images cannot be pushed from here, {problem}: run scripts/setup.")
    done: list[remote.Pushed] = []

    def one(name: str, progress: Progress) -> str:
        done.append(remote.push(name, targets[name], progress.tick))
        return done[-1].said

    _each(names, one)
    typer.echo(json.dumps([asdict(each) for each in done], indent=2) if as_json else "\n".join(each.reference for each in done))


def _not(unknown: Sequence[str]) -> str:
    return f"; there is no {', '.join(unknown)}" if unknown else ""


@app.command("list")
def list_images(
    as_json: Annotated[bool, typer.Option("--json", help="For programs: a list of objects.")] = False,
) -> None:
    """Show every image with its tag, and where it is."""
    rows = [
        {
            "name": name,
            "reference": (reference := images.reference(name)),
            "builds_on": images.builds_on(name),
            "built": docker.has_image(reference),
            "pushed": docker.registry_has(reference),
        }
        for name in images.names()
    ]
    if as_json:
        typer.echo(json.dumps(rows, indent=2))
        return
    table = Table("image", "tag", "built", "in the registry", box=None)
    for row in rows:
        tag = str(row["reference"]).rsplit(":", 1)[1]
        table.add_row(str(row["name"]), tag, _yes(row["built"]), _yes(row["pushed"]))
    Console().print(table)


def _build_one(name: str, progress: Progress, *, push: bool) -> str:
    said = ["built" if builder.build(name, progress) else "there"]
    if push and builder.push(name, progress):
        said.append("pushed")
    return f"{', '.join(said)}, {images.reference(name).rsplit(':', 1)[1]}"


def _each(names: Sequence[str], work: Callable[[str, Progress], str]) -> None:
    progress = Progress()
    for name in names:
        progress.begin(name)
        try:
            progress.end(work(name, progress))
        except Failure:
            progress.end("failed", mark="✗")
            raise


def _require_engine() -> None:
    problem = engine.missing()
    if problem is None and not docker.registry_answers():
        problem = "no registry answers at localhost:5000"
    if problem is not None:
        raise Failure(f"Images cannot be built here, {problem}: run scripts/setup.")


def _yes(value: object) -> str:
    return "yes" if value else "no"


if __name__ == "__main__":
    try:
        app(prog_name="scripts/images")
    except Failure as failure:
        sys.stderr.write(f"images: {failure}\n")
        sys.exit(1)
