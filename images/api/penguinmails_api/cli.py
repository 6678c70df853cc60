"""The entry point: chooses the role and turns a failed start into one sentence.

Roles are imported lazily: a worker must not pay the memory of the web framework, nor the API that of the migrations.
Exit codes: 0 done, 1 the role failed, 2 the settings are wrong.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from penguinmails_api import __version__
from penguinmails_api.settings import SettingsError


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="penguinmails", description="PenguinMails workload: API, worker or migration.")
    parser.add_argument("--version", action="version", version=__version__)
    roles = parser.add_subparsers(dest="role", required=True, metavar="{api,worker,migrate}")
    roles.add_parser("api", help="serve the HTTP API and relay the outbox to the broker")
    roles.add_parser("worker", help="consume the queue and deliver messages")
    migrate = roles.add_parser("migrate", help="bring the database to this image's schema, then exit")
    migrate.add_argument(
        "--linger",
        action="store_true",
        help="write /tmp/migrated and stay, for platforms without one-off jobs (health check: test -f /tmp/migrated)",
    )
    return parser


def _run(role: str, *, linger: bool) -> int:
    if role == "api":
        from penguinmails_api.server import run_api

        return run_api()
    if role == "worker":
        from penguinmails_api.worker_main import run_worker

        return run_worker()
    from penguinmails_api.migrate import run_migrate

    return run_migrate(linger=linger)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a role; returns the process's exit code."""
    arguments = _parser().parse_args(argv)
    try:
        return _run(arguments.role, linger=bool(getattr(arguments, "linger", False)))
    except SettingsError as problem:
        for sentence in problem.sentences:
            print(sentence, file=sys.stderr)
        return 2
