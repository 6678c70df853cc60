"""scripts/test: the tiers of tests, fast ones first, each a run of pytest whose closing line stays visible."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.toolchain import paths

NO_TESTS = 5
DEFAULT = ("unit", "contract", "preview", "docker")
LONG = "long"
TIERS = (*DEFAULT, LONG)
PARALLEL = {"unit", "contract", "preview"}
HELP = """Usage: scripts/test [TIER ...] [PYTEST ARGUMENTS]

Run the tests: the first four tiers, or those named.

  unit      pure code; in parallel
  contract  every target against every capability; in parallel
  preview   the real engine against simulated providers, with policy packs; in parallel
  docker    the real engine against a real Docker engine
  long      the same: what takes minutes each, such as certificates by ACME, backups elsewhere, upgrades

Everything after the tiers goes to pytest: scripts/test unit -k naming
A path instead of a tier runs that: scripts/test tests/unit/components
"""


@dataclass(frozen=True)
class Run:
    """One run of pytest."""

    name: str
    arguments: Sequence[str]


def plan(arguments: Sequence[str], root: Path = paths.ROOT) -> list[Run]:
    """The runs that the command line asks for. Tiers without tests are left out."""
    named = []
    rest = list(arguments)
    while rest and rest[0] in TIERS:
        named.append(rest.pop(0))
    if not named and any(_is_test_path(argument, root) for argument in rest):
        return [Run("chosen", rest)]
    tiers = [tier for tier in TIERS if tier in (named or DEFAULT) and _has_tests(_folder(tier, root))]
    return [Run(tier, [*_workers(tier, rest), *_marked(tier), f"tests/{_folder(tier, root).name}", *rest]) for tier in tiers]


def main(arguments: Sequence[str]) -> int:
    """The exit code of the first tier that failed; 0 if none did, and 5 if no test ran at all."""
    if arguments and arguments[0] in {"-h", "--help"}:
        sys.stdout.write(HELP)
        return 0
    codes = []
    for run in plan(arguments):
        sys.stdout.write(f"== {run.name}\n")
        sys.stdout.flush()
        codes.append(subprocess.run([sys.executable, "-m", "pytest", *run.arguments], cwd=paths.ROOT).returncode)
    return verdict(codes)


def verdict(codes: Sequence[int]) -> int:
    """One exit code for several runs. A tier in which a filter left no test does not matter if another ran some."""
    failures = [code for code in codes if code not in {0, NO_TESTS}]
    if failures:
        return failures[0]
    return 0 if 0 in codes else NO_TESTS


def _folder(tier: str, root: Path) -> Path:
    """Long tests stand beside the others of Docker and share their platform."""
    return root / "tests" / ("docker" if tier == LONG else tier)


def _marked(tier: str) -> list[str]:
    """What tells the two tiers of one folder apart."""
    return {"docker": ["-m", f"not {LONG}"], LONG: ["-m", LONG]}.get(tier, [])


def _workers(tier: str, rest: Sequence[str]) -> list[str]:
    """Workers cost a second to start and hide a debugger, so not where one is asked for."""
    chosen = any(argument.startswith(("-n", "--numprocesses", "--pdb", "-s")) for argument in rest)
    return ["-n", "auto"] if tier in PARALLEL and not chosen else []


def _is_test_path(argument: str, root: Path) -> bool:
    return argument.startswith("tests/") and (root / argument.split("::", 1)[0]).exists()


def _has_tests(folder: Path) -> bool:
    return any(folder.rglob("test_*.py"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
