"""scripts/down: takes a platform away and leaves nothing of it in the Docker engine."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from components.spec import TargetName
from scripts.operations import engine, reach, recovery, remains
from scripts.operations.stack import DEFAULT, PROJECT, Stack, read
from scripts.toolchain import docker
from scripts.toolchain.process import Failure

WAIT_SECONDS = 60
"""For Swarm to remove the containers of services that are gone; the longest grace period outlasts none of ours."""

app = typer.Typer(add_completion=False)


@app.command()
def down(
    name: Annotated[str, typer.Argument(metavar="STACK", help="A file stacks/Pulumi.STACK.yaml.")] = DEFAULT,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    keep_data: Annotated[bool, typer.Option("--keep-data", help="Keep the volumes; scripts/up finds them again.")] = False,
    remove_data: Annotated[
        bool, typer.Option("--remove-data", help="With --yes: remove data outside development too.")
    ] = False,
) -> None:
    """Take a platform down with its data. The stack file and its encrypted secrets stay."""
    stack = read(name)
    if stack.spec.target is not TargetName.DOCKER:
        raise Failure(
            f"{name} is not on Docker: read docs/aws.md on what keeps its data, then use pulumi destroy --stack {name} --diff."
        )
    if docker.output("info", "--format", "{{.ID}}") is None:
        raise Failure("The Docker engine does not answer: start it with scripts/setup, then run this again.")
    with_data = not keep_data and _agreed(stack, yes=yes, remove_data=remove_data)
    engine.config(stack.name)
    with recovery.run(stack):
        engine.shown(
            "destroy",
            "--yes",
            "--skip-preview",
            "--refresh",
            "--continue-on-error",
            stack=stack.name,
            once_more=engine.SLOW_END,
        )
    if with_data:
        _remove_volumes(stack)
    remains.remove(stack.name)
    left = leftovers(stack.name, volumes=with_data)
    if left:
        raise Failure(f"Still there: {', '.join(left)}; run scripts/down {stack.name} again.")
    kept = "" if with_data else " Its data is kept; scripts/up finds it again."
    typer.echo(f"The platform {stack.name} is gone.{kept} stacks/{stack.file.name} is kept.")


def leftovers(stack: str, *, volumes: bool = True) -> list[str]:
    """What the engine still has of a stack, by its labels, once Swarm has had time to end containers."""
    kinds = ["service", "network", "secret", "config", *(["volume"] if volumes else [])]

    def found() -> list[str]:
        return [f"{kind} {name}" for kind in kinds for name in _labelled(kind, stack)] + _containers(stack)

    reach.wait(lambda: not found(), WAIT_SECONDS)
    return found()


def _agreed(stack: Stack, *, yes: bool, remove_data: bool) -> bool:
    """Whether data may go. Without a person's word it stays outside development."""
    if yes:
        if not stack.spec.is_development and not remove_data:
            typer.echo(f"{stack.name} is not for development: its data is kept without --remove-data.", err=True)
            return False
        return True
    typer.echo(
        f"This ends the platform {stack.name} and removes its data: {', '.join(_labelled('volume', stack.name)) or 'none'}."
    )
    answer = str(typer.prompt("Type the stack's name to go on, or keep-data to keep the volumes"))
    if answer == "keep-data":
        return False
    if answer != stack.name:
        raise Failure("Nothing was changed.")
    return True


def _remove_volumes(stack: Stack) -> None:
    reach.wait(lambda: not _containers(stack.name), WAIT_SECONDS)
    for volume in _labelled("volume", stack.name):
        docker.must("volume", "rm", volume, explain=f"The volume {volume} cannot be removed")


def _labelled(kind: str, stack: str) -> list[str]:
    everything = ["--all", "--format", "{{.Names}}"] if kind == "container" else ["--format", "{{.Name}}"]
    filters = [f"label=penguinmails.stack={stack}", f"label=penguinmails.project={PROJECT}"]
    arguments = [part for condition in filters for part in ("--filter", condition)]
    return (docker.output(kind, "ls", *everything, *arguments) or "").split()


def _containers(stack: str) -> list[str]:
    """By their labels and not by their names: one stack's name may begin like another's."""
    return [f"container {name}" for name in _labelled("container", stack)]


if __name__ == "__main__":
    try:
        app(prog_name="scripts/down")
    except Failure as failure:
        sys.stderr.write(f"down: {failure}\n")
        sys.exit(1)
