"""pgbackrest.conf of the on-premise database, for the server (which ships its WAL) and for the keeper of backups. Pure.

The file holds the passphrase and the keys of the second repository, so the whole of it is a Swarm secret: pgBackRest takes them
from its file only, never from a command line. Both repositories are encrypted with the one passphrase.

Left out: asynchronous shipping. Its helper would become a child of the server's first process, which takes an unknown child
that fails for the crash of one of its own. The price: a segment goes to every repository before the next does, so one that
cannot be reached holds the other up as well. Left out too: a limit of what waits, because beyond it WAL is thrown away.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from components.docker.authorities import FILE, PUBLIC_FOLDER
from components.spec import S3Repository, SftpRepository

STANZA = "main"
FOLDER = "/var/lib/pgbackrest"
"""Where the volume of backups is mounted: the first repository lies in `database/`, the keeper's own files beside it."""

CONFIG_FILE = "/run/secrets/pgbackrest.conf"
KEY_FILE = "/run/secrets/repository-key"
DATA = "/var/lib/postgresql/17/main"
COMMAND = f"pgbackrest --config={CONFIG_FILE} --stanza={STANZA}"


@dataclass(frozen=True, kw_only=True)
class Repositories:
    """`key` and `key_secret`: of the bucket. A login's private key is a file of its own (`KEY_FILE`).

    `authorities`: private ones are trusted too.
    """

    passphrase: str = field(repr=False)
    retention_days: int
    second: S3Repository | SftpRepository | None = None
    key: str = field(default="", repr=False)
    key_secret: str = field(default="", repr=False)
    authorities: bool = False


def pgbackrest_conf(asked: Repositories) -> str:
    """The whole file.

    Raises `ValueError` for a secret that is empty or has more than one line.
    """
    repositories = {1: {"path": f"{FOLDER}/database"}}
    if asked.second is not None:
        repositories[2] = _second(asked)
    lines = ["# Rendered by the platform kit; a change here is overwritten.", "[global]"]
    for number, own in repositories.items():
        lines += [f"repo{number}-{key}={value}" for key, value in {**own, **_common(asked)}.items()]
    lines += [f"{key}={value}" for key, value in _GENERAL.items()]
    lines += ["", f"[{STANZA}]", f"pg1-path={DATA}", "pg1-socket-path=/run/postgresql"]
    return "\n".join(lines) + "\n"


_GENERAL = {
    "compress-type": "zst",
    "compress-level": "1",  # as quick as lz4, and smaller
    "process-max": "2",
    "start-fast": "y",
    "archive-timeout": "120",
    "lock-path": "/tmp/pgbackrest",
    "spool-path": "/tmp/pgbackrest",
    "log-level-console": "warn",
    "log-level-file": "off",
}


def _common(asked: Repositories) -> dict[str, str]:
    return {
        "cipher-type": "aes-256-cbc",
        "cipher-pass": _line("backupPassphrase", asked.passphrase),
        "retention-full-type": "time",
        "retention-full": str(asked.retention_days),
        "bundle": "y",
        "block": "y",
    }


def _second(asked: Repositories) -> dict[str, str]:
    second = asked.second
    if isinstance(second, S3Repository):
        host, _, port = second.endpoint.partition(":")
        return {
            "type": "s3",
            "path": second.path,
            "s3-endpoint": host,
            "storage-port": port or "443",
            "s3-region": second.region,
            "s3-bucket": second.bucket,
            "s3-uri-style": "path",  # what is no Amazon has no name for each bucket
            "s3-key": _line("backupRepositoryKey", asked.key),
            "s3-key-secret": _line("backupRepositorySecret", asked.key_secret),
            **({"storage-ca-file": FILE, "storage-ca-path": PUBLIC_FOLDER} if asked.authorities else {}),
        }
    assert second is not None
    return {
        "type": "sftp",
        "path": second.path,
        "sftp-host": second.host,
        "sftp-host-port": str(second.port),
        "sftp-host-user": second.user,
        "sftp-private-key-file": KEY_FILE,
        "sftp-host-key-check-type": "fingerprint",
        "sftp-host-key-hash-type": "sha256",
        "sftp-host-fingerprint": second.host_key_sha256,
    }


def _line(name: str, value: str) -> str:
    """A value as pgBackRest reads it back: it takes spaces away and knows no second line."""
    if not value or value != value.strip() or not value.isprintable():
        raise ValueError(f"{name}: should be one line without spaces around it")
    return value
