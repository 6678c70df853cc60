"""scripts/preview: what a change would do and what is wrong with it, without an account, credentials or a network."""

from __future__ import annotations

import signal
import sys
import tempfile
import time
from pathlib import Path
from types import FrameType
from typing import Annotated, Final

import typer

from scripts.operations import stack as stacks
from scripts.policy import formats
from scripts.policy.compose import chosen_packs, packs_config
from scripts.policy.formats import Format
from scripts.previews import report, revision
from scripts.previews.judge import Means, Wish, judge
from scripts.previews.policy import Policies
from scripts.previews.report import StackReport
from scripts.toolchain.process import Failure
from scripts.toolchain.progress import Progress

EXAMPLES = """\b
Examples:
  scripts/preview                                   the stack docker-local
  scripts/preview --all --format json               every stack, for CI
  scripts/preview --all --packs baseline,soc2 --format sarif
  scripts/preview docker-production --against main  what this checkout changes
  scripts/preview docker-production --state x.json  the same, from a state that
                                                    `pulumi stack export` wrote

Exit code: 0 when nothing is wrong; 1 for an error, a broken mandatory rule or data that would be lost; 2 for wrong usage.
"""


app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command(epilog=EXAMPLES)
def preview(
    names: Annotated[list[str] | None, typer.Argument(metavar="[STACK]...", help="Files stacks/Pulumi.STACK.yaml.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every stack in stacks/.")] = False,
    packs: Annotated[
        str, typer.Option("--packs", metavar="A,B", help="Policy packs to hold it against; '' for none.")
    ] = "baseline",
    given: Annotated[
        Path | None,
        typer.Option("--packs-config", metavar="FILE", help="Settings of packs, instead of those in the stack files."),
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="What is written to standard output.")] = Format.TEXT,
    also: Annotated[
        list[str] | None, typer.Option("--also", metavar="FORMAT=FILE", help="Write a file too; as often as wanted.")
    ] = None,
    against: Annotated[
        str | None, typer.Option("--against", metavar="REV", help="Compare with a git revision that is brought up first.")
    ] = None,
    allow: Annotated[
        bool, typer.Option("--allow-replacement", help="Do not fail when something that holds data is replaced or deleted.")
    ] = False,
    state: Annotated[
        Path | None, typer.Option("--state", metavar="FILE", help="Begin with what `pulumi stack export` wrote; one stack.")
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Leave out the second preview, which must find nothing to do.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show each resource that changes.")] = False,
    timeout: Annotated[float, typer.Option("--timeout", min=1, help="Seconds that a run of the engine may take.")] = 300,
) -> None:
    """Say what a change would do and what is wrong with it: the real engine, program and policies on simulated clouds.

    Needs no account, credentials, network, Docker or passphrase, and touches none of them.
    """
    began = time.monotonic()
    chosen = _chosen(names or [], every=every)
    if state is not None and (against is not None or len(chosen) != 1):
        raise typer.BadParameter("--state is for one stack, and not together with --against.")
    if state is not None and not state.is_file():
        raise typer.BadParameter(f"--state: there is no file {state}.")
    files = formats.files(also or [])
    policies = Policies(chosen_packs(packs), packs_config(given))
    means = Means(Progress())
    with tempfile.TemporaryDirectory(prefix="penguinmails-preview-") as folder:
        wish = Wish(
            revision=revision.take_out(against, Path(folder) / "revision") if against is not None else None,
            state=state,
            policies=policies,
            allow_replacement=allow,
            thorough=not quick,
            limit_seconds=timeout,
        )
        reports = []
        for name in chosen:
            reports.append(judge(name, wish, means))
            if form is Format.TEXT:
                typer.echo(report.as_text(reports[-1], verbose=verbose))
    seconds = time.monotonic() - began
    for file, wanted in files.items():
        file.write_text(_written(wanted, reports, seconds) + "\n", encoding="utf-8")
    typer.echo(_summary(reports, seconds) if form is Format.TEXT else _written(form, reports, seconds))
    if not all(each.ok for each in reports):
        raise typer.Exit(1)


def _chosen(names: list[str], *, every: bool) -> list[str]:
    known = stacks.names()
    if every and names:
        raise typer.BadParameter("name stacks, or say --all.")
    if every and not known:
        raise typer.BadParameter("--all: there is no stack; write one as stacks/Pulumi.STACK.yaml.")
    for name in names:
        if name not in known:
            raise typer.BadParameter(
                f"there is no stack {name}: choose one of {', '.join(known)}, or write its file in stacks/."
            )
    return known if every else list(dict.fromkeys(names)) or [stacks.DEFAULT]


def _written(form: Format, reports: list[StackReport], seconds: float) -> str:
    """All stacks in one document."""
    if form is Format.JSON:
        return report.as_json(reports, seconds)
    if form is Format.TEXT:
        return "\n".join([*(report.as_text(each, verbose=False) for each in reports), _summary(reports, seconds)])
    return formats.write(form, [each.policy_report() for each in reports])


def _summary(reports: list[StackReport], seconds: float) -> str:
    wrong = [each.stack for each in reports if not each.ok]
    what = f"something is wrong with {', '.join(wrong)}" if wrong else "nothing is wrong"
    return f"{len(reports)} {'stack' if len(reports) == 1 else 'stacks'} in {seconds:.1f} s: {what}."


class _Interrupted(BaseException):
    """A signal to end. Children and folders are removed on its way out."""


_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def _ended(_number: int, _frame: FrameType | None) -> None:
    """The first signal ends the preview; further ones would end what cleans up after it."""
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise _Interrupted


def main() -> int:
    for number in _SIGNALS:
        signal.signal(number, _ended)
    try:
        app(prog_name="scripts/preview", standalone_mode=True)
    except Failure as failure:
        sys.stderr.write(f"preview: {failure}\n")
        return 1
    except _Interrupted:
        sys.stderr.write("preview: interrupted; nothing is left behind.\n")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
