"""Lines that matter to security: failed logins at the status page, database, broker and gate, and wrong API keys. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from penguinmails_operations.logs.entry import Entry

KINDS = (
    "login_failed",
    "key_misuse",
    "stack_changed",
    "container_started",
    "database_login_failed",
    "broker_login_failed",
    "gate_login_failed",
)
_DATABASE = re.compile(
    r"password authentication failed for user|no pg_hba\.conf entry for|SASL authentication failed"
    r"|(?:FATAL|ERROR|WARNING):?\s+(?:[Pp]assword authentication failed|role \"[^\"]*\" does not exist|no such user)"
    r"|login failed|certificate authentication failed"
)
_BROKER = re.compile(
    r"login refused|invalid credentials|ACCESS_REFUSED|access to vhost .* refused|authentication_failure|error_on_login",
    re.IGNORECASE,
)
_USER = re.compile(
    r"(?:for user|role|user:?) [\"'](?P<name>[^\"']{1,63})[\"']|db=\S+ user=(?P<pool>\S{1,63})|/(?P<slash>\w{1,63})@"
)
_CLIENT = re.compile(r"(?P<ip>\b\d{1,3}(?:\.\d{1,3}){3}\b)")


@dataclass(frozen=True)
class Sighting:
    """Something that a line told. `detail`: who and from where, in words that many lines share."""

    kind: str
    detail: str


def sighting(entry: Entry) -> Sighting | None:
    """What `entry` tells of security; None for nothing."""
    if entry.service == "database":
        return _login("database_login_failed", entry) if _DATABASE.search(entry.text) else None
    if entry.service == "pooler":
        return _login("database_login_failed", entry) if _DATABASE.search(entry.text) else None
    if entry.service == "broker":
        return _login("broker_login_failed", entry) if _BROKER.search(entry.text) else None
    client = str(entry.fields.get("client_address", "unknown"))
    message = entry.fields.get("message")
    if entry.service == "gate":
        # Nobody but the autoscaler has a reason to ask, so that a missing token is as telling as a wrong one.
        found = Sighting("gate_login_failed", f"the gate to the engine refused a change from {client}")
        return found if message == "authentication failed" else None
    if message == "authentication failed" and entry.fields.get("reason") == "wrong":
        return Sighting("key_misuse", f"a wrong API key from {client}")
    if message == "login failed":
        return Sighting("login_failed", f"a failed login at the status page from {client}")
    return None


def _login(kind: str, entry: Entry) -> Sighting:
    user, client = _USER.search(entry.text), _CLIENT.search(entry.text)
    name = next((group for group in user.groups() if group), "") if user else ""
    return Sighting(kind, f"{entry.service} refused {name or 'a login'}" + (f" from {client['ip']}" if client else ""))
