"""scripts/images: the images of the on-premise target."""

import json
import sys
from collections.abc import Callable, Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from components import images
from scripts.toolchain import docker, engine
from scripts.toolchain.process import Failure
from scripts.toolchain.progress import Progress

from . import build as builder

app = typer.Typer(help="Build, list and push the images of the on-premise target.", no_args_is_help=True, add_completion=False)
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
def push_images(names: Names = None) -> None:
    """Put images that are built into the registry at localhost:5000."""
    _require_engine()

    def one(name: str, progress: Progress) -> str:
        if not docker.has_image(images.reference(name)):
            raise Failure(f"The image {name} is not built yet: run `scripts/images build {name}`.")
        return "pushed" if builder.push(name, progress) else "there"

    _each(builder.selection(names or []), one)


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
