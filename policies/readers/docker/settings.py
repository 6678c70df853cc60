"""What the configurations of PostgreSQL, PgBouncer, RabbitMQ, HAProxy, Alertmanager and pgBackRest say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from policies.model import Resource
from policies.properties import Property
from policies.readers.docker.texts import (
    ACCESS,
    ALERTMANAGER,
    CONFIG,
    DATA,
    DEFINITIONS,
    HAPROXY,
    PGBACKREST,
    PGBOUNCER,
    POSTGRESQL,
    RABBITMQ,
    SECRET,
    in_file,
    line,
    text_of,
)
from policies.readers.model import Readers, Reading, several
from policies.readers.processes import HOLDS, holds_secret
from scripts.simulation.values import UNKNOWN

_TLS: Final = "refuse clients without TLS"
_OLD: Final = "refuse what is older than TLS 1.2"
_ENTRY: Final = re.compile(r"^(?:local|host|hostssl|hostnossl|hostgssenc)\s.*$", re.MULTILINE)


def _hostssl_only(text: str) -> bool:
    return all(entry.startswith(("local", "hostssl")) for entry in _ENTRY.findall(text))


def _has_certificate(text: str) -> bool:
    """TLS is on by the file that comes with the certificate; before, who must use it (`_hostssl_only`) does not come in."""
    return bool(re.search(r"^include_if_exists = '/run/certificate/", text, re.MULTILINE)) and not re.search(
        r"^ssl\s*=?\s*'?(off|false|no|0)\b", text, re.MULTILINE | re.IGNORECASE
    )


def _passwords_checked(text: str) -> bool:
    """Every entry asks for SCRAM, the local one for the user of the system."""
    return all(re.search(r"\b(scram-sha-256|cert|peer)\b", entry) for entry in _ENTRY.findall(text))


def _public_tls(text: str) -> bool:
    """The front end that serves routes listens with TLS."""
    return any(" ssl " in f"{one} " for one in re.findall(r"^\s*bind .*$", text, re.MULTILINE))


def _never_configures(text: str) -> bool:
    return all(one.get("configure") == "^$" for one in json.loads(text).get("permissions", []))


def _no_versions_below(text: str) -> bool:
    found = re.findall(r"^ssl_options\.versions\.\d+\s*=\s*(\S+)", text, re.MULTILINE)
    return bool(found) and all(one in ("tlsv1.2", "tlsv1.3") for one in found)


def _harmless(resource: Resource) -> Iterator[Reading]:
    """A configuration can be read by everybody who may ask the engine."""
    text = text_of(resource)
    yield Reading(DATA, UNKNOWN if text is UNKNOWN else not holds_secret(text), HOLDS)


_DURABLE: Final = "leave it on; a write that was acknowledged is lost with the host"
_QUIET: Final = "log no statements with their values; they hold mail and personal data"
_LOGGED: Final = "write a log of requests"

SETTINGS: Final[Readers] = {
    Property.ENCRYPTED_AT_REST: {
        SECRET: in_file(
            PGBACKREST, "repo1-cipher-type", line("repo1-cipher-type", "aes-256-cbc"), "use aes-256-cbc; backups are encrypted"
        )
    },
    Property.TLS_REQUIRED: {
        CONFIG: several(
            in_file(POSTGRESQL, "ssl", _has_certificate, "include the file that names the certificate, and never turn it off"),
            in_file(ACCESS, "hostssl", _hostssl_only, "use hostssl in every entry; TLS is not optional"),
            in_file(RABBITMQ, "listeners.tcp", line("listeners.tcp", "none"), _TLS),
            in_file(PGBOUNCER, "client_tls_sslmode", line("client_tls_sslmode", "require", "verify-ca", "verify-full"), _TLS),
            in_file(HAPROXY, "bind", _public_tls, "listen with TLS"),
            in_file(ALERTMANAGER, "smtp_require_tls", lambda text: "smtp_require_tls: false" not in text, "send mail over TLS"),
        )
    },
    Property.TLS_VERSION: {
        CONFIG: several(
            in_file(POSTGRESQL, "ssl_min_protocol_version", line("ssl_min_protocol_version", "TLSv1.2", "TLSv1.3"), _OLD),
            in_file(RABBITMQ, "ssl_options.versions", _no_versions_below, _OLD),
            in_file(PGBOUNCER, "client_tls_protocols", line("client_tls_protocols", "secure", "tlsv1.2", "tlsv1.3"), _OLD),
            in_file(HAPROXY, "ssl-min-ver", lambda text: bool(re.search(r"\bssl-min-ver TLSv1\.[23]\b", text)), _OLD),
        )
    },
    Property.SERVER_VERIFIED: {
        CONFIG: in_file(
            PGBOUNCER, "server_tls_sslmode", line("server_tls_sslmode", "verify-full"), "use verify-full; check the database"
        )
    },
    Property.LEAST_PRIVILEGE: {
        SECRET: in_file(DEFINITIONS, "permissions.configure", _never_configures, "use ^$; no client makes or deletes a queue")
    },
    Property.LOGIN_PROVED: {
        CONFIG: several(
            in_file(ACCESS, "method", _passwords_checked, "use scram-sha-256; trust and md5 prove nothing"),
            in_file(RABBITMQ, "anonymous_login_user", line("anonymous_login_user", "none"), "use none; nobody logs in unnamed"),
            in_file(PGBOUNCER, "auth_type", line("auth_type", "scram-sha-256", "cert"), "use scram-sha-256"),
        )
    },
    Property.VARIABLE_HARMLESS: {CONFIG: _harmless},
    Property.WRITES_DURABLE: {
        CONFIG: several(
            *(
                in_file(POSTGRESQL, name, line(name, "on", "remote_write", "remote_apply", absent=True), _DURABLE)
                for name in ("fsync", "full_page_writes", "synchronous_commit")
            ),
            in_file(
                POSTGRESQL,
                "archive_mode",
                line("archive_mode", "on", "always"),
                "turn it on; without it a point in time is lost",
            ),
        )
    },
    Property.LOG_PRIVATE: {
        CONFIG: several(
            in_file(POSTGRESQL, "log_statement", line("log_statement", "none", absent=True), _QUIET),
            in_file(POSTGRESQL, "log_parameter_max_length", line("log_parameter_max_length", "0"), _QUIET),
            in_file(POSTGRESQL, "log_min_error_statement", line("log_min_error_statement", "panic"), _QUIET),
        )
    },
    Property.LOGGED: {
        CONFIG: in_file(HAPROXY, "log", lambda text: bool(re.search(r"^\s*log (stdout|global)", text, re.MULTILINE)), _LOGGED)
    },
}
