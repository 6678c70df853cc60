"""scripts/check: every check that needs no running system, two at a time, with the output of those that fail."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from scripts.toolchain import paths

SHEBANGS = (b"#!/bin/bash", b"#!/usr/bin/env bash", b"#!/bin/sh")
SCRIPT_FOLDERS = ("scripts", "images", ".ci")
FIXERS = (["ruff", "check", "--fix", "--quiet"], ["ruff", "format", "--quiet"])


@dataclass(frozen=True)
class Check:
    """A command whose exit code 0 means that all is well."""

    name: str
    command: Sequence[str]


@dataclass(frozen=True)
class Outcome:
    """What became of a check."""

    check: Check
    passed: bool
    output: str
    seconds: float


def checks(root: Path = paths.ROOT) -> list[Check]:
    """All checks, the longest first."""
    return [
        Check("mypy", ["mypy", "--no-error-summary", *typed(root)]),
        Check("import-linter", ["lint-imports", "--cache-dir", ".import_linter_cache"]),
        Check(
            "shellcheck",
            [
                "shellcheck",
                "--external-sources",
                "--source-path=SCRIPTDIR",
                "--exclude=SC1091",
                "--external-sources",
                *map(str, shell_scripts(root)),
            ],
        ),
        Check("ruff", ["ruff", "check", "."]),
        Check("format", ["ruff", "format", "--check", "."]),
    ]


def typed(root: Path) -> list[str]:
    """What mypy is given: every package of the project and the packages inside images."""
    found = [name for name in ("components", "scripts", "policies", "__main__.py") if (root / name).exists()]
    return found + [str(file.parent.relative_to(root)) for file in sorted((root / "images").glob("*/*/__init__.py"))]


def shell_scripts(root: Path) -> list[Path]:
    """The files that a shell runs, by their first line or their name."""
    return [
        file.relative_to(root)
        for folder in SCRIPT_FOLDERS
        for file in sorted((root / folder).rglob("*"))
        if file.is_file() and "__pycache__" not in file.parts and _is_shell(file)
    ]


def run(check: Check, root: Path = paths.ROOT) -> Outcome:
    """Run one check; a tool that is not installed is a failure like any other."""
    began = time.monotonic()
    try:
        done = subprocess.run(check.command, cwd=root, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        passed, output = done.returncode == 0, done.stdout + done.stderr
    except FileNotFoundError:
        passed, output = False, f"{check.command[0]} is not installed: install it and run scripts/check again."
    return Outcome(check, passed, output.strip(), time.monotonic() - began)


def main(
    names: Annotated[list[str] | None, typer.Argument(help="Only these checks.")] = None,
    fix: Annotated[
        list[Path] | None,
        typer.Option("--fix", metavar="PATH", help="First let ruff mend and format this file or folder; repeatable."),
    ] = None,
) -> None:
    """Check formatting, lint, types, import contracts and shell scripts."""
    console = Console(highlight=False)
    chosen = [check for check in checks() if not names or check.name in names]
    unknown = set(names or ()) - {check.name for check in chosen}
    if unknown:
        known = ", ".join(check.name for check in checks())
        raise typer.BadParameter(f"there is no check {', '.join(sorted(unknown))}; there are {known}")
    # Named paths only: several people may be at work in one checkout, and what they have open is theirs to change.
    for command in FIXERS if fix else ():
        subprocess.run([*command, *map(str, fix or ())], check=False)
    failed = []
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for future in as_completed([pool.submit(run, check) for check in chosen]):
            outcome = future.result()
            mark = "[green]✓[/]" if outcome.passed else "[red]✗[/]"
            console.print(f"  {mark} {outcome.check.name} ({outcome.seconds:.1f} s)")
            if not outcome.passed:
                failed.append(outcome.check.name)
                console.print(outcome.output, markup=False, soft_wrap=True)
    if failed:
        console.print(f"[red]Failed: {', '.join(sorted(failed))}[/]")
        sys.exit(1)


def _is_shell(file: Path) -> bool:
    if file.suffix == ".sh":
        return True
    with file.open("rb") as handle:
        return handle.readline().strip() in SHEBANGS


if __name__ == "__main__":
    typer.run(main)
