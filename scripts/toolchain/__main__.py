"""scripts/setup: puts on this machine what the kit needs. Safe to run again: what is there is left alone."""

import argparse
import sys
import time
from collections.abc import Sequence

from . import cache, paths
from .process import Failure
from .progress import Progress
from .steps import STEPS, Step


def main(arguments: Sequence[str]) -> int:
    """The exit code: 0 if everything is there now, 1 if something is missing or cannot be had."""
    options = _parser().parse_args(arguments)
    steps = [step for step in STEPS if options.docker or not step.needs_docker]
    if options.only:
        steps = [step for step in STEPS if step.name in options.only]
    progress = Progress(quiet=options.quiet)
    began = time.monotonic()
    try:
        done = _check(steps, progress) if options.check else _provide(steps, progress)
    except Failure as failure:
        progress.end("failed", mark="✗")
        sys.stderr.write(f"setup: {failure}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nsetup: interrupted; run it again, it goes on from here.\n")
        return 130
    if done and not options.quiet:
        sys.stderr.write(f"Everything is there ({time.monotonic() - began:.0f} s).\n")
    return 0 if done else 1


def _check(steps: Sequence[Step], progress: Progress) -> bool:
    complete = True
    for step in steps:
        progress.begin(step.title)
        problem = step.missing()
        complete = complete and problem is None
        progress.end(problem or "there", mark="✗" if problem else "✓")
    return complete


def _provide(steps: Sequence[Step], progress: Progress) -> bool:
    lock = paths.state_dir() / "setup.lock"
    with cache.locked(lock, tick=progress.tick, waiting=lambda: print("Another setup runs, waiting.", file=sys.stderr)):
        for step in steps:
            progress.begin(step.title)
            progress.end(step.provide(progress) if step.missing() else "there")
    return True


def _parser() -> argparse.ArgumentParser:
    names = ", ".join(step.name for step in STEPS)
    parser = argparse.ArgumentParser(
        prog="scripts/setup",
        description=(__doc__ or "").removeprefix("scripts/setup: "),
        epilog="Environment: PENGUINMAILS_CACHE and PENGUINMAILS_STATE move the cache and the state directory; "
        "PENGUINMAILS_OFFLINE=1 skips downloads of official releases.",
    )
    parser.add_argument("--check", action="store_true", help="only report what is missing; exit code 1 if anything is")
    parser.add_argument("--no-docker", dest="docker", action="store_false", help="only Python and Pulumi")
    parser.add_argument("--quiet", action="store_true", help="say nothing unless something fails")
    parser.add_argument(
        "--only", action="append", choices=[s.name for s in STEPS], metavar="STEP", help=f"only this step: {names}"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
