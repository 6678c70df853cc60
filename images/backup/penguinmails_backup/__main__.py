"""`python -m penguinmails_backup [COMMAND]`: keeps the schedule, or does one thing now and prints what came of it as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

import psycopg

from penguinmails_backup import evidence, jobs, objects, points, restore, web
from penguinmails_backup.daemon import Keeper
from penguinmails_backup.errors import BackupError
from penguinmails_backup.settings import DRILLS, Settings, passphrase


def main(arguments: Sequence[str]) -> int:
    asked = _parser().parse_args(arguments)
    settings = Settings()
    if asked.command == "serve":
        return Keeper(settings).run()
    try:
        found = _run(settings, asked)
    except (BackupError, psycopg.Error, OSError) as error:
        sys.stderr.write(f"error: {' '.join(str(error).split())}\n")
        return 1
    if found is not None:
        sys.stdout.write(json.dumps(found) + "\n")
    return 0


def _run(settings: Settings, asked: argparse.Namespace) -> Any:
    match asked.command:
        case "backup":
            return jobs.backup(settings, full=asked.full)
        case "drill":
            return jobs.run_drill(settings)
        case "prepare":
            return jobs.prepare_restore(settings, asked.to, asked.repository)
        case "restore":
            return jobs.run_restore(settings, asked.to, asked.repository)
        case "discard":
            return restore.discard()
        case "list":
            return web.listed()
        case "evidence":
            files = sorted(DRILLS.glob("drill-*")) if DRILLS.exists() else []
            found = {file.name: file.read_text(encoding="utf-8") for file in files if file.name not in set(asked.known)}
            return {"public-key.pem": evidence.public_pem(evidence.key(passphrase())), **found}
        case "objects":
            objects.archive(passphrase(), points.moment(asked.to), sys.stdout.buffer)
            return None
        case _:
            raise BackupError(f"There is no command {asked.command}.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="penguinmails_backup")
    commands = parser.add_subparsers(dest="command")
    parser.set_defaults(command="serve")
    commands.add_parser("serve", help="keep the schedule")
    commands.add_parser("backup", help="make a backup now").add_argument("--full", action="store_true")
    commands.add_parser("drill", help="restore beside the live system and compare")
    for name, text in (("prepare", "check a moment and ship what leads to it"), ("restore", "restore in place")):
        command = commands.add_parser(name, help=text)
        command.add_argument("--to", required=True)
        command.add_argument("--repository", type=int, choices=(1, 2))
    commands.add_parser("discard", help="remove the data from before restores")
    commands.add_parser("list", help="the backups, newest first")
    commands.add_parser("evidence", help="the files of drills").add_argument("known", nargs="*")
    commands.add_parser("objects", help="the objects of a moment as a tar").add_argument("--to", required=True)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
