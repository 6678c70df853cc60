"""scripts/up: one command from a checkout to a platform that answers."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from components import images
from components.spec import TargetName
from scripts.imagebuild import build as builder
from scripts.operations import credentials, engine, own_state, preflight, reach, recovery, release, unread, upgrade_journal
from scripts.operations.stack import DEFAULT, Stack, read
from scripts.toolchain import base_image, docker, docker_plugin, paths, pulumi_cli, registry
from scripts.toolchain import engine as docker_engine
from scripts.toolchain.process import Failure
from scripts.toolchain.progress import Progress

WAIT_SECONDS = 60
"""For the first answer after the engine is done; every part is healthy by then, so it comes at once."""

app = typer.Typer(add_completion=False)


@app.command()
def up(
    name: Annotated[str, typer.Argument(metavar="STACK", help="A file stacks/Pulumi.STACK.yaml.")] = DEFAULT,
    recover: Annotated[
        bool,
        typer.Option(
            "--recover", help="First mend what a killed run of pulumi left half done; one of scripts/up is noticed without it."
        ),
    ] = False,
    less_protection: Annotated[
        bool, typer.Option("--less-protection", help="Let a platform that keeps data become one for development.")
    ] = False,
    watch: Annotated[
        bool | None,
        typer.Option(
            "--watch/--no-watch", help="Roll a release back whose requests are slow or fail. [default: outside development]"
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="At the end, print the result as one line of JSON.")] = False,
) -> None:
    """Bring a platform up, or up to date with its stack file and the images; running it again changes nothing."""
    began = time.monotonic()
    stack = read(name)
    _set_up(stack)
    preflight.check(stack)
    if stack.spec.target is TargetName.DOCKER:
        _images(stack)
    values, made = credentials.provide(stack)
    if made:
        typer.echo(
            f"Made {', '.join(made)}; encrypted in stacks/{stack.file.name}, which belongs into your repository.", err=True
        )
    if not less_protection:
        preflight.keeps_its_protection(stack, engine.outputs(stack.name).get("environment"))
    watched = not stack.spec.is_development if watch is None else watch
    with recovery.run(stack, mend=recover):
        released = release.deploy(stack, lambda: _deploy(stack), watch=watched)
    outputs = engine.outputs(stack.name)
    key, authority = credentials.write_files(stack, values["apiKey"], outputs["ca_certificate"])
    _wait(stack, credentials.edge_trust(stack, outputs["ca_certificate"], values))
    _say_whose_certificate(stack, outputs["ca_certificate"])
    if stack.is_here:
        upgrade_journal.write_deployed(stack.folder, upgrade_journal.deployed(stack))
    _keep_own_state(stack, values)
    if as_json:
        facts = {"stack": stack.name, "url": outputs["api_url"], "api_key_file": str(key), "ca_file": str(authority)}
        typer.echo(json.dumps({**facts, "seconds": round(time.monotonic() - began, 1), "release": released.facts()}))
    else:
        _report(stack, outputs["api_url"], key, authority, time.monotonic() - began)


def _deploy(stack: Stack) -> None:
    """On Docker refreshed: what somebody changed by hand goes back to what the description says."""
    if stack.spec.target is TargetName.DOCKER:
        unread.put_back(stack)
        engine.shown("up", "--yes", "--skip-preview", "--refresh", stack=stack.name, once_more=engine.SLOW_END)
    else:
        engine.shown("up", "--yes", "--diff", stack=stack.name)


def _set_up(stack: Stack) -> None:
    """Runs scripts/setup when something that this stack needs is missing."""
    if stack.spec.target is not TargetName.DOCKER:
        return
    parts = (pulumi_cli.missing, docker_plugin.missing, docker_engine.missing, registry.missing, base_image.missing)
    if any(missing() is not None for missing in parts):
        typer.echo("Setting up this machine first (scripts/setup).", err=True)
        if subprocess.run([str(paths.ROOT / "scripts" / "setup")], check=False).returncode != 0:
            raise Failure("This machine could not be set up; the reason stands above.")


def _images(stack: Stack) -> None:
    progress = Progress()
    for image in builder.selection(preflight.images_needed(stack)):
        if docker.registry_has(images.reference(image)):
            continue
        progress.begin(image)
        builder.build(image, progress)
        builder.push(image, progress)
        progress.end("built")


def _wait(stack: Stack, trust: reach.Trust) -> None:
    domain, port = stack.spec.domain, stack.spec.edge.https_port
    if not stack.is_here:
        return
    if not reach.wait(lambda: reach.answers(domain, port, trust), WAIT_SECONDS):
        raise Failure(
            f"Everything is deployed, but {domain}:{port} does not answer after {WAIT_SECONDS} s: "
            f"look at `docker service ls` and `docker service logs penguinmails-{stack.name}-edge`."
        )


def _say_whose_certificate(stack: Stack, ca_certificate: str) -> None:
    """An authority is not waited for, so that clients may be served before they trust what they are served."""
    domain, port = stack.spec.domain, stack.spec.edge.https_port
    if not stack.is_here or stack.spec.edge.certificate != "acme":
        return
    if not reach.answers(domain, port, reach.Trust(ca_certificate)):
        typer.echo(
            "The authority has not given a certificate yet, and clients do not trust the one that is served until then: "
            f"`docker service logs penguinmails-{stack.name}-acme` says how far it is.",
            err=True,
        )


def _keep_own_state(stack: Stack, values: Mapping[str, str]) -> None:
    """For the day on which this machine is lost; the platform is up without it, so a failure is only said."""
    if stack.spec.target is not TargetName.DOCKER or stack.spec.backup is None:
        return
    try:
        own_state.write_changed(stack, values["backupPassphrase"])
    except (Failure, OSError) as failure:
        typer.echo(f"The stack's own state was not backed up: {failure}", err=True)


def _report(stack: Stack, url: str, key: Path, authority: Path, seconds: float) -> None:
    done = "answers" if stack.is_here else "is deployed"
    verified = f"--cacert {authority} " if authority.stat().st_size else ""
    typer.echo(
        f"""
The platform {stack.name} {done} after {seconds:.0f} s.

  URL          {url}
  API key      {key}
  Authority    {authority}

Try it:

  curl {verified}{url}/v1/messages \\
    -H "Authorization: Bearer $(cat {key})" -H "Content-Type: application/json" \\
    -d '{{"from": "me@example.com", "to": ["you@example.com"], "subject": "Hello", "text": "It works."}}'

Next: change stacks/{stack.file.name} and run scripts/up {stack.name} again."""
    )


if __name__ == "__main__":
    try:
        app(prog_name="scripts/up")
    except Failure as failure:
        sys.stderr.write(f"up: {failure}\n")
        sys.exit(1)
