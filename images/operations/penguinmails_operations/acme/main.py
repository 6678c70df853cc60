"""Runs it: a thread that asks the authority, and a server that answers it. The variables are those of `settings`, and PORT."""

from __future__ import annotations

import threading

from penguinmails_operations.acme import settings
from penguinmails_operations.acme.app import application
from penguinmails_operations.acme.authority import Authority
from penguinmails_operations.acme.challenges import Answers, through
from penguinmails_operations.acme.loop import Loop
from penguinmails_operations.acme.store import Store
from penguinmails_operations.serving import log_as, serve

ROUND_SECONDS = 5.0


def main() -> int:
    log_as("acme")
    given = settings.read()
    store = Store(given.account_folder, given.certificate_folder, given.domain, given.directory_url)
    authority = Authority(given.directory_url, store.account_key, given.authority_file)
    answers = Answers()
    loop = Loop(given, store, authority, answers, through(given.edge_url, given.domain, answers))
    stop = threading.Event()
    threading.Thread(target=loop.run, args=(stop, ROUND_SECONDS), daemon=True).start()
    try:
        return serve(application(loop, answers))
    finally:
        stop.set()
