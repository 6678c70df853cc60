"""pgbackrest.conf: both repositories encrypted, every kind of second one, and no value that could add a line."""

from __future__ import annotations

import configparser

import pytest

from components.docker.pgbackrest_conf import Repositories, pgbackrest_conf
from components.docker.postgresql_conf import DatabaseSize, postgresql_conf
from components.spec import S3Repository, SftpRepository

S3 = S3Repository(kind="s3", endpoint="s3.example.com:9000", region="eu", bucket="backups")
SFTP = SftpRepository(kind="sftp", host="b.example.com", user="backup", path="/srv", host_key_sha256="ab" * 32, port=2222)


def settings(**changes: object) -> dict[str, str]:
    asked = Repositories(**{"passphrase": "secret-phrase", "retention_days": 30, **changes})  # type: ignore[arg-type]
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(pgbackrest_conf(asked))
    assert dict(parser["main"]) == {"pg1-path": "/var/lib/postgresql/17/main", "pg1-socket-path": "/run/postgresql"}
    return dict(parser["global"])


def test_one_repository() -> None:
    found = settings()
    assert found["repo1-cipher-type"] == "aes-256-cbc"
    assert found["repo1-cipher-pass"] == "secret-phrase"
    assert (found["repo1-retention-full-type"], found["repo1-retention-full"]) == ("time", "30")
    assert found["compress-type"] == "zst"
    assert not [key for key in found if key.startswith("repo2")]


def test_a_bucket() -> None:
    found = settings(second=S3, key="key", key_secret="hidden")
    assert (found["repo2-s3-endpoint"], found["repo2-storage-port"]) == ("s3.example.com", "9000")
    assert (found["repo2-s3-key"], found["repo2-s3-key-secret"]) == ("key", "hidden")
    assert found["repo2-cipher-pass"] == "secret-phrase"
    assert found["repo2-retention-full"] == "30"


def test_a_bucket_may_have_a_certificate_of_a_private_authority_or_of_a_public_one() -> None:
    assert not [key for key in settings(second=S3, key="key", key_secret="hidden") if "storage-ca" in key]
    found = settings(second=S3, key="key", key_secret="hidden", authorities=True)
    assert found["repo2-storage-ca-file"] == "/etc/penguinmails/authorities.pem"
    assert found["repo2-storage-ca-path"] == "/etc/ssl/certs"


def test_a_login_of_another_host_is_known_by_its_key() -> None:
    found = settings(second=SFTP)
    assert found["repo2-sftp-host-fingerprint"] == "ab" * 32
    assert found["repo2-sftp-host-key-check-type"] == "fingerprint"
    assert found["repo2-sftp-host-port"] == "2222"
    assert found["repo2-sftp-private-key-file"] == "/run/secrets/repository-key"


def test_nothing_that_waits_is_thrown_away_and_no_helper_of_shipping_outlives_its_parent() -> None:
    """The server's first process would take the end of such a helper for a crash of its own."""
    assert not {"archive-async", "archive-push-queue-max"} & settings(second=SFTP).keys()


@pytest.mark.parametrize("passphrase", ["", " a", "a ", "a\nrepo1-cipher-type=none", "a\x00"])
def test_a_passphrase_that_could_mean_more_is_refused(passphrase: str) -> None:
    with pytest.raises(ValueError, match="backupPassphrase: should be one line"):
        settings(passphrase=passphrase)


@pytest.mark.parametrize("name", ["key", "key_secret"])
def test_a_bucket_needs_both_keys(name: str) -> None:
    with pytest.raises(ValueError, match="backupRepository"):
        settings(second=S3, **{"key": "a", "key_secret": "b", name: ""})


def test_no_secret_shows_in_a_message() -> None:
    assert "secret-phrase" not in repr(Repositories(passphrase="secret-phrase", retention_days=1, key="k3y", key_secret="h"))


def test_the_server_ships_its_wal_only_with_backups() -> None:
    size = DatabaseSize(memory_mib=512, cpus=1, max_connections=100, storage_gib=10)
    assert "archive_mode = off" in postgresql_conf(size)
    text = postgresql_conf(size, archive_command="pgbackrest archive-push %p")
    assert "archive_mode = on\narchive_command = 'pgbackrest archive-push %p'\narchive_timeout = 45s\n" in text
    with pytest.raises(ValueError, match="archive_command"):
        postgresql_conf(size, archive_command="a'\nfsync = off")
