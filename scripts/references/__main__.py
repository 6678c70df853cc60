"""scripts/reference: writes the tables of the documentation that are made from the code."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from components import targets
from components.spec import TargetName
from components.target import Unsupported
from scripts.operations import stack as stacks
from scripts.references import gather, tables
from scripts.toolchain import paths
from scripts.toolchain.process import Failure
from scripts.toolchain.progress import Progress

README, PERMISSIONS = "README.md", "docs/aws-permissions.md"
app = typer.Typer(add_completion=False)


@app.command()
def reference(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail when a table is not as the code makes it.")
    ] = False,
) -> None:
    """Write the table of capabilities in README.md and the permissions in docs/aws-permissions.md, from all shipped stacks."""
    stale = []
    for name, text in texts().items():
        file = paths.ROOT / name
        if file.read_text(encoding="utf-8") != text:
            stale.append(name)
            if not check:
                file.write_text(text, encoding="utf-8")
    if check and stale:
        raise Failure(f"{' and '.join(stale)}: not as the code makes it; run scripts/reference.")
    typer.echo(f"Written: {', '.join(stale)}." if stale else "Everything is as the code makes it.", err=True)


def texts(root: Path = paths.ROOT) -> Mapping[str, str]:
    """File -> its whole text with the tables that the code makes now."""
    progress = Progress()
    progress.begin("shipped stacks in the simulated clouds")
    made = gather.made(stacks.names(), progress.tick)
    progress.end("done")
    refused = {name: _refused(TargetName(name)) for name in tables.TARGETS}
    blocks = {
        README: {"capabilities": tables.capabilities(made, refused)},
        PERMISSIONS: {"permissions": tables.permissions(made)},
    }
    return {name: _with(root / name, found) for name, found in blocks.items()}


def _refused(name: TargetName) -> Mapping[str, str]:
    target = targets.choose(name)
    gaps = {kind: getattr(target, kind.lower()) for kind in tables.CAPABILITIES}
    return {kind: f"**refused**: {gap.reason}" for kind, gap in gaps.items() if isinstance(gap, Unsupported)}


def _with(file: Path, blocks: Mapping[str, str]) -> str:
    """The text of a file with what stands between the marks of each block replaced.

    Raises `Failure` when the marks of a block are not there.
    """
    text = file.read_text(encoding="utf-8")
    for name, block in blocks.items():
        begin, end = f"<!-- made by scripts/reference: {name} -->", "<!-- end -->"
        pattern = re.compile(f"{re.escape(begin)}\n.*?{re.escape(end)}", re.DOTALL)
        if not pattern.search(text):
            raise Failure(f"{file.name}: the mark {begin} is not there; put it, and {end}, where the table belongs.")
        text = pattern.sub(lambda _, begin=begin, block=block, end=end: f"{begin}\n{block}\n{end}", text)  # type: ignore[misc]
    return text


if __name__ == "__main__":
    try:
        app(prog_name="scripts/reference")
    except Failure as failure:
        sys.stderr.write(f"reference: {failure}\n")
        sys.exit(1)
