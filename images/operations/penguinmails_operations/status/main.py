"""The status page: PORT, PLATFORM, STATUS_PASSWORD_FILE, OBJECTIVES (JSON: availability in percent, p95 in seconds) and
ADDRESSES (JSON: part -> base address; a part that is not named is one that this platform does not have)."""

from __future__ import annotations

import json

from penguinmails_operations.serving import log_as, secret, serve, setting
from penguinmails_operations.status.app import Page
from penguinmails_operations.status.queries import Objectives
from penguinmails_operations.status.sources import Addresses, Sources


def main() -> int:
    log_as("status")
    objectives = Objectives(**json.loads(setting("OBJECTIVES", "{}")))
    sources = Sources(Addresses(**json.loads(setting("ADDRESSES"))), objectives)
    return serve(Page(sources, objectives, setting("PLATFORM"), secret("STATUS_PASSWORD")).application())
