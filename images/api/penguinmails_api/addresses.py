"""Addresses of the services around the workload: what is accepted, and the parts of a broker's or relay's URL.

Pure, and the only place that takes URLs apart. No message here repeats a part of the URL: any part may hold a password.
TLS is not optional: a connection without it, or without verification, is refused unless it stays on this host (a local
proxy that does TLS itself, or a test).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

POSTGRESQL_SCHEMES = frozenset({"postgresql", "postgresql+psycopg"})
MYSQL_SCHEMES = frozenset({"mysql", "mysql+pymysql"})
VERIFYING_MODES = frozenset({"verify-full", "verify-ca"})
"""PostgreSQL's `sslmode` that check the server's certificate."""
MYSQL_VERIFYING_MODES = frozenset({"VERIFY_IDENTITY", "VERIFY_CA"})
"""MySQL's `ssl-mode` that check the server's certificate."""
_AMQP_PORTS = {"amqp": 5672, "amqps": 5671}
_SMTP_PORTS = {"smtp": 587, "smtps": 465}
_SQS_HOST = re.compile(r"sqs\.([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com(?:\.cn)?")
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")


@dataclass(frozen=True)
class BrokerAddress:
    """Where an AMQP broker answers; several hosts are the members of one cluster."""

    hosts: tuple[tuple[str, int], ...]
    user: str
    password: str = field(repr=False)
    virtual_host: str
    tls: bool


@dataclass(frozen=True)
class SqsAddress:
    """Where SQS answers. Who asks is said by the task's role, so there are no credentials."""

    region: str


@dataclass(frozen=True)
class SmtpAddress:
    """Where mail is handed over. ``implicit_tls`` is ``smtps``; otherwise STARTTLS is demanded off this host."""

    host: str
    port: int
    user: str | None
    password: str | None = field(repr=False)
    implicit_tls: bool


def is_local(host: str) -> bool:
    """Whether a connection to ``host`` stays on this machine (a loopback address or a socket's directory)."""
    return host == "localhost" or host.startswith(("127.", "/")) or host == "::1"


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        raise ValueError("it is not a URL") from None


def _host_and_port(text: str, default_port: int) -> tuple[str, int]:
    try:
        parts = urlsplit(f"//{text}")
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError("its port is not a number between 1 and 65535") from None
    if not host:
        raise ValueError("it has no host")
    return host, port or default_port


def parse_broker_url(url: str) -> BrokerAddress | SqsAddress:
    """Parts of ``amqps://user:password@host[:port][,host[:port]...]/virtual-host`` or ``sqs://sqs.<region>.amazonaws.com``."""
    parts = _split(url)
    if parts.scheme == "sqs":
        return _sqs(parts)
    if parts.scheme not in _AMQP_PORTS:
        raise ValueError("it must begin with amqps:// or sqs://")
    return _amqp(parts)


def _sqs(parts: SplitResult) -> SqsAddress:
    found = _SQS_HOST.fullmatch(parts.netloc)
    if found is None or parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise ValueError("after sqs:// it must be sqs.<region>.amazonaws.com and nothing else")
    return SqsAddress(found[1])


def _amqp(parts: SplitResult) -> BrokerAddress:
    credentials, separator, hosts_text = parts.netloc.rpartition("@")
    user, colon, password = credentials.partition(":")
    if not separator or not colon or not user or not password:
        raise ValueError("it must name a user and a password")
    hosts = tuple(_host_and_port(text, _AMQP_PORTS[parts.scheme]) for text in hosts_text.split(","))
    if parts.scheme == "amqp" and not all(is_local(host) for host, _ in hosts):
        raise ValueError("it must begin with amqps:// (without TLS only this host is reached)")
    virtual_host = unquote(parts.path[1:]) or "/"
    return BrokerAddress(hosts, unquote(user), unquote(password), virtual_host, tls=parts.scheme == "amqps")


def check_broker_url(url: str) -> None:
    """Refuse a broker that the workload cannot or must not speak to."""
    parse_broker_url(url)


def check_database_url(url: str, *, iam: bool = False) -> None:
    """Refuse a database URL of another kind, without a host, or with TLS weakened. With ``iam`` the password is a token that
    is made for each connection, so the URL must name a user and no password."""
    parts = _split(url)
    if parts.scheme not in POSTGRESQL_SCHEMES | MYSQL_SCHEMES:
        raise ValueError("it must begin with postgresql:// or mysql://")
    if iam and (not parts.username or parts.password is not None):
        raise ValueError("it must name a user and no password where DATABASE_IAM_REGION is set")
    if parts.scheme in MYSQL_SCHEMES:
        _check_mysql(parts)
    else:
        _check_postgresql(parts)


def _check_postgresql(parts: SplitResult) -> None:
    query = parse_qs(parts.query)
    host, _ = _host_and_port(parts.netloc.rpartition("@")[2], 5432) if parts.netloc else (query.get("host", [""])[0], 0)
    if not host:
        raise ValueError("it has no host")
    mode = query.get("sslmode", ["verify-full"])[0]
    if mode not in VERIFYING_MODES and not is_local(host):
        raise ValueError("its sslmode must be verify-full (or verify-ca)")


def _check_mysql(parts: SplitResult) -> None:
    host, _ = _host_and_port(parts.netloc.rpartition("@")[2], 3306)
    if len(parts.path) < 2:
        raise ValueError("it names no database")
    query = parse_qs(parts.query)
    if set(query) - {"ssl-mode"}:
        raise ValueError("of a query it may have ssl-mode only")
    if query.get("ssl-mode", ["VERIFY_IDENTITY"])[0] not in MYSQL_VERIFYING_MODES and not is_local(host):
        raise ValueError("its ssl-mode must be VERIFY_IDENTITY (or VERIFY_CA)")


def check_region(region: str) -> str:
    """A region of AWS, as it was given."""
    if not _REGION.fullmatch(region):
        raise ValueError("it must be a region of AWS such as eu-central-1")
    return region


def check_queue_urls(queues: Mapping[str, str], address: SqsAddress) -> None:
    """Refuse a queue of SQS that is not named by its URL in the broker's region."""
    for name, url in queues.items():
        found = _SQS_HOST.fullmatch(urlsplit(url).netloc)
        if not url.startswith("https://") or found is None or found[1] != address.region:
            raise ValueError(f'"{name}" must be the URL of a queue of SQS in the region that BROKER_URL names')


def check_http_url(url: str) -> str:
    """An absolute http(s) URL, as it was given."""
    parts = _split(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("it must be a URL such as https://api.example.com")
    return url


def parse_smtp_url(url: str) -> SmtpAddress:
    """Parts of ``smtp://[user:password@]host[:587]`` (STARTTLS) or ``smtps://...`` (TLS from the start, 465)."""
    parts = _split(url)
    if parts.scheme not in _SMTP_PORTS:
        raise ValueError("it must begin with smtp:// or smtps://")
    host, port = _host_and_port(parts.netloc.rpartition("@")[2], _SMTP_PORTS[parts.scheme])
    user = unquote(parts.username) if parts.username else None
    password = unquote(parts.password) if parts.password else None
    if (user is None) != (password is None):
        raise ValueError("it must name both a user and a password, or neither")
    return SmtpAddress(host, port, user, password, implicit_tls=parts.scheme == "smtps")


def check_smtp_url(url: str) -> None:
    """Refuse what the SMTP transport could not use."""
    parse_smtp_url(url)
