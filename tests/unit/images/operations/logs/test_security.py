"""Lines of the real programs that tell of a failed login or a wrong key."""

from __future__ import annotations

import pytest
from penguinmails_operations.logs.entry import Raw, entry
from penguinmails_operations.logs.security import sighting

DATABASE = "2026-11-24 20:35:39.662 UTC [52] app@penguinmails [unknown] 10.0.1.4 "
POOLER = "2026-11-24 20:35:45.944 UTC [1] "
WRONG_KEY = '{"level": "WARNING", "message": "authentication failed", "reason": "wrong", "client_address": "10.1.2.3"}'
WRONG_LOGIN = '{"level": "WARNING", "message": "login failed", "client_address": "10.1.2.3"}'
GATE = '{"level": "WARNING", "message": "authentication failed", "reason": "missing", "client_address": "10.1.2.3"}'
LOST_DATABASE, LOST_BROKER = "database_login_failed", "broker_login_failed"
LINES = [
    ("database", DATABASE + 'FATAL:  password authentication failed for user "app"', LOST_DATABASE, "app"),
    ("database", DATABASE + 'FATAL:  no pg_hba.conf entry for host "10.0.1.4", user "app"', LOST_DATABASE, "10.0.1.4"),
    ("pooler", POOLER + "LOG C-0x1: penguinmails/app@10.0.1.4:5 login failed: db=x user=app", LOST_DATABASE, "app"),
    ("pooler", POOLER + "WARNING C-0x1: (nodb)/eve@10.0.1.4:5 pooler error: SASL authentication failed", LOST_DATABASE, "eve"),
    ("broker", "2026-11-24 20:35:46+00:00 [error] <0.9.0> PLAIN login refused: user 'api' - invalid", LOST_BROKER, "api"),
    ("api", WRONG_KEY, "key_misuse", "10.1.2.3"),
    ("status", WRONG_LOGIN, "login_failed", "10.1.2.3"),
    ("gate", WRONG_KEY, "gate_login_failed", "10.1.2.3"),
    ("gate", GATE, "gate_login_failed", "10.1.2.3"),
]
NOTHING = [
    ("api", '{"level": "WARNING", "message": "authentication failed", "reason": "missing", "client_address": "10.1.2.3"}'),
    ("api", '{"level": "INFO", "message": "request", "route": "/login failed"}'),
    ("gate", '{"level": "WARNING", "message": "a change was refused", "service": "api"}'),
    ("database", DATABASE + "LOG:  checkpoint starting: time"),
    ("broker", "2026-11-24 20:35:46.05+00:00 [info] <0.9.0> Time to start RabbitMQ: 8678 ms"),
]


@pytest.mark.parametrize(("service", "text", "kind", "word"), LINES)
def test_it_is_seen(service: str, text: str, kind: str, word: str) -> None:
    seen = sighting(entry(Raw("", "stdout", text, partial=False, labels={"penguinmails.component": service}), text, "c"))
    assert seen is not None
    assert seen.kind == kind
    assert word in seen.detail


@pytest.mark.parametrize(("service", "text"), NOTHING)
def test_nothing_is_seen_in_other_lines(service: str, text: str) -> None:
    assert (
        sighting(entry(Raw("", "stdout", text, partial=False, labels={"penguinmails.component": service}), text, "c")) is None
    )
