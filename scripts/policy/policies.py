"""scripts/policies: holds a live stack against policy packs, by what its state says."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from components.stackfile import StackFileError
from policies import packs as available
from scripts.operations import stack as stacks
from scripts.policy import formats, live, reports, settings
from scripts.policy.compose import chosen_packs, packs_config, rule_names, rules
from scripts.policy.formats import Format
from scripts.policy.places import Places
from scripts.policy.reports import PolicyReport
from scripts.toolchain.process import Failure

EXAMPLES = """\b
Examples:
  scripts/policies docker-production
  scripts/policies aws-production --packs baseline,soc2 --format html > policies.html

Exit code: 0 when nothing is wrong; 1 for a broken mandatory rule, one that could
not be evaluated, an expired waiver, or a stack whose last run did not come to its
end; 2 for wrong usage.
"""

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command(epilog=EXAMPLES)
def policies(
    name: Annotated[str, typer.Argument(metavar="STACK", help="A file stacks/Pulumi.STACK.yaml.")],
    packs: Annotated[str, typer.Option("--packs", metavar="A,B", help="Policy packs to hold it against.")] = "baseline",
    own: Annotated[
        Path | None,
        typer.Option("--packs-config", metavar="FILE", help="Settings of packs, instead of those in the stack file."),
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="What is written to standard output.")] = Format.TEXT,
    also: Annotated[
        list[str] | None, typer.Option("--also", metavar="FORMAT=FILE", help="Write a file too; as often as wanted.")
    ] = None,
    sealed: Annotated[
        bool, typer.Option("--sealed", help="Decrypt no secret; what depends on one could not be evaluated.")
    ] = False,
) -> None:
    """Say which rules the state of a live stack breaks. Reads the state and nothing else; changes nothing."""
    began = time.monotonic()
    asked = chosen_packs(packs)
    if not asked:
        raise typer.BadParameter("--packs: name one policy pack at least.")
    files = formats.files(also or [])
    given = packs_config(own)
    stack = stacks.read(name)
    text = stack.file.read_text(encoding="utf-8")
    today = datetime.now(UTC).date()
    try:
        found = settings.read(text, today, rule_names(), available.names())
        chosen = rules(asked, {pack: wish for pack in asked if (wish := given.get(pack, found.packs.get(pack)))})
    except StackFileError as error:
        lines = "\n".join(f"  {line}" for line in error.problems)
        raise Failure(f"stacks/{stack.file.name} asks for policies that cannot be:\n{lines}") from None
    there = live.export(stack, sealed=sealed)
    facts = reports.facts(asked, chosen)
    file = f"stacks/{stack.file.name}"
    findings, waivers = reports.weigh(live.judged(chosen, there), facts, found.waivers, Places(file, text), today)
    report = PolicyReport(stack.name, file, asked, facts, findings, waivers, seconds=time.monotonic() - began)
    for place, wanted in files.items():
        place.write_text(formats.write(wanted, [report]) + "\n", encoding="utf-8")
    typer.echo(formats.write(form, [report]))
    typer.echo(f"{len(there)} resources of {stack.name} in {report.seconds:.1f} s.", err=True)
    if not report.ok:
        raise typer.Exit(1)


def main() -> int:
    try:
        app(prog_name="scripts/policies", standalone_mode=True)
    except Failure as failure:
        sys.stderr.write(f"policies: {failure}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
