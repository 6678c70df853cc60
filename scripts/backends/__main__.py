"""scripts/backend: where a team keeps the state of its stacks and its images."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from scripts.backends import operate
from scripts.backends import state as local
from scripts.backends.aws import names
from scripts.backends.state import Asked, State
from scripts.toolchain.process import Failure
from scripts.toolchain.progress import Progress

app = typer.Typer(help="Make the place where a team keeps the state of its stacks and its images.", add_completion=False)


@app.callback()
def _clouds() -> None:
    """One command a cloud."""


@app.command()
def aws(
    region: Annotated[str, typer.Option(help="Where the bucket, the keys and the repositories are, such as eu-central-1.")],
    name: Annotated[
        str, typer.Option(help="What the names of the bucket, the keys and the policy begin with.")
    ] = "penguinmails",
    account: Annotated[str | None, typer.Option(help="The only account that may be changed: twelve digits.")] = None,
    state: Annotated[
        Path | None, typer.Option("--state", metavar="FOLDER", help="Where this backend's own small state is kept.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="At the end, print the result as one line of JSON.")] = False,
    remove: Annotated[bool, typer.Option("--remove", help="Take it away again; needs --yes.")] = False,
) -> None:
    """Make a bucket and keys for state, repositories for images and a policy for deployers; running it again changes nothing.

    Credentials are those of the AWS command line: a profile, single sign-on or a role, never an option of this command.
    """
    began = time.monotonic()
    wrong = list(names.problems(name, region, account))
    if wrong:
        raise Failure("\n".join(wrong))
    kept = State.of(Asked(name, region, account), state)
    asked = operate.known(Asked(name, region, account), kept)
    if remove:
        _remove(asked, kept, yes=yes, as_json=as_json)
        return
    _make(asked, kept, yes=yes)
    _report(kept, time.monotonic() - began, as_json=as_json)


def _make(asked: Asked, kept: State, *, yes: bool) -> None:
    variables, progress = local.variables(kept), Progress()
    progress.begin("Preview")
    try:
        planned = operate.plan(asked, kept, variables, progress)
    except Failure:
        progress.end("failed", mark="✗")
        raise
    progress.end(planned.said)
    if planned.changes and not yes:
        typer.echo("\n".join(planned.lines), err=True)
        where = f"the account {asked.account}" if asked.account else "the account of these credentials"
        if not typer.confirm(f"Make this in {where}?", err=True):
            raise Failure("Nothing was changed.")
    operate.apply(asked, kept, variables, planned)


def _remove(asked: Asked, kept: State, *, yes: bool, as_json: bool) -> None:
    if not kept.resources:
        raise Failure(
            f"Nothing of a backend is known in {kept.folder}: give its folder with --state, or first run "
            f"scripts/backend aws --region {asked.region} --name {asked.name}, which takes over what is there."
        )
    variables, made = local.variables(kept), kept.outputs
    stacks = operate.held(kept, variables)
    if stacks:
        raise Failure(
            f"The bucket {made['bucket']} holds the state of {', '.join(stacks)}: destroy each and run pulumi stack rm, then "
            "run this again."
        )
    typer.echo(
        f"This deletes the bucket {made['bucket']} with every old version of every state; all images in "
        f"{', '.join(made['repositories'].values())}, so that nothing can be started from them again; the policy "
        f"{made['deployer_policy_arn']}; and after 30 days both keys, without which no copy of a state can be read.",
        err=True,
    )
    if not yes:
        raise Failure("Nothing was changed: run it again with --yes to do this.")
    operate.remove(asked, kept, variables)
    typer.echo(json.dumps({"removed": made["bucket"]}) if as_json else f"The backend {asked.name} is gone from {asked.region}.")


def _report(kept: State, seconds: float, *, as_json: bool) -> None:
    made = kept.outputs
    if as_json:
        typer.echo(json.dumps({**made, "state": str(kept.folder), "seconds": round(seconds, 1)}))
        return
    url, provider, repositories = made["backend_url"], made["secrets_provider"], made["repositories"]
    typer.echo(
        f"""
State and images for a team are ready in {made["region"]} of {made["account"]} after {seconds:.0f} s.

  Bucket       {made["bucket"]}
  Policy       {made["deployer_policy_arn"]} (attach it to people and CI)
  Images       {", ".join(repositories.values())}
  Own state    {kept.folder} (no secret in it; keep a copy, though it can be found again)

Next, where the stacks are:

  export PULUMI_BACKEND_URL='{url}'
  pulumi stack init aws-production --secrets-provider='{provider}'

Then the image:

  scripts/images push api --to {repositories["api"]}"""
    )


if __name__ == "__main__":
    try:
        app(prog_name="scripts/backend")
    except Failure as failure:
        sys.stderr.write(f"backend: {failure}\n")
        sys.exit(1)
