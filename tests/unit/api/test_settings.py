"""Settings: one sentence for each fault, files before variables, secrets never shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from penguinmails_api import runtime
from penguinmails_api.addresses import parse_broker_url, parse_smtp_url
from penguinmails_api.cli import main
from penguinmails_api.db import database_url
from penguinmails_api.settings import ApiSettings, MigrateSettings, SettingsError, WorkerSettings, load

GOOD = {
    "DATABASE_URL": "postgresql://app:s3cretpw@pooler:6432/penguinmails?sslmode=verify-full",
    "BROKER_URL": "amqps://user:s3cretpw@broker:5671/penguinmails",
    "QUEUES": '{"outbound": "pm-outbound"}',
    "API_KEY": "s3cretpw-api-key-0001",
}


@pytest.fixture
def _good(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("_good")
def test_a_full_environment_loads() -> None:
    settings = load(ApiSettings)
    assert settings.queues == {"outbound": "pm-outbound"}
    assert settings.port == 8000
    assert load(WorkerSettings).health_port == 8000
    assert "s3cretpw" not in repr(settings)


@pytest.mark.parametrize("missing", sorted(GOOD))
@pytest.mark.usefixtures("_good")
def test_a_missing_variable_is_named(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(missing)
    with pytest.raises(SettingsError) as caught:
        load(ApiSettings)
    (sentence,) = caught.value.sentences
    assert sentence.startswith(missing)
    assert sentence.endswith("is missing.")


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("DATABASE_URL", "mysql://app:s3cretpw@h/db", "postgresql://"),
        ("DATABASE_URL", "postgresql://app:s3cretpw@pooler/db?sslmode=require", "verify-full"),
        ("DATABASE_URL", "postgresql://app:s3cretpw@pooler:port/db", "port"),
        ("DATABASE_URL", "postgresql://app:s3cretpw@[/db", "URL"),
        ("BROKER_URL", "amqp://user:s3cretpw@broker/v", "amqps://"),
        ("BROKER_URL", "https://user:s3cretpw@broker/v", "amqps://"),
        ("BROKER_URL", "amqps://broker/v", "user and a password"),
        ("BROKER_CA_FILE", "/no/such/s3cretpw", "cannot be read"),
        ("QUEUES", "s3cretpw", "JSON"),
        ("QUEUES", '{"inbound": "s3cretpw"}', "outbound"),
        ("API_KEY", "s3cretpw", "16"),
        ("PORT", "s3cretpw", "integer"),
        ("LOG_LEVEL", "s3cretpw", "DEBUG"),
        ("PUBLIC_URL", "s3cretpw", "https://"),
        ("OBJECT_STORE_URL", "s3cretpw", "s3://"),
        ("DRAIN_SECONDS", "-1", "greater"),
    ],
)
@pytest.mark.usefixtures("_good")
def test_a_wrong_value_is_one_sentence_without_the_value(
    name: str, value: str, why: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(name, value)
    assert main(["api"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith(f"{name}: ")
    assert shown.err.count("\n") == 1
    assert why in shown.err
    assert "s3cretpw" not in shown.err
    assert "Traceback" not in shown.err


@pytest.mark.usefixtures("_good")
def test_a_file_wins_over_the_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "api-key"
    secret.write_text("the-key-from-the-file\n", encoding="utf-8")
    monkeypatch.setenv("API_KEY_FILE", str(secret))
    assert load(ApiSettings).api_key.get_secret_value() == "the-key-from-the-file"


@pytest.mark.parametrize("content", [None, "", b"\xff\xfe"])
@pytest.mark.usefixtures("_good")
def test_a_bad_file_is_named_by_its_variable(
    content: str | bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "broker"
    if content is not None:
        secret.write_bytes(content if isinstance(content, bytes) else content.encode())
    monkeypatch.setenv("BROKER_URL_FILE", str(secret))
    with pytest.raises(SettingsError, match=r"^BROKER_URL_FILE: "):
        load(ApiSettings)


def test_only_the_migration_asks_for_the_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match="DATABASE_DIRECT_URL"):
        load(MigrateSettings)
    monkeypatch.setenv("DATABASE_DIRECT_URL", "postgresql://owner:pw@db/penguinmails")
    assert load(MigrateSettings).migration_wait_seconds == 120


@pytest.mark.usefixtures("_good")
def test_every_secret_is_known_to_the_redaction() -> None:
    assert set(runtime.secrets_of(load(ApiSettings))) == {GOOD["DATABASE_URL"], GOOD["BROKER_URL"], GOOD["API_KEY"]}


def test_a_broker_url_may_name_a_cluster() -> None:
    address = parse_broker_url("amqps://us%40er:p%2Fw@rabbit-1,rabbit-2:5673/pm%2Fx")
    assert address.hosts == (("rabbit-1", 5671), ("rabbit-2", 5673))
    assert (address.user, address.password, address.virtual_host, address.tls) == ("us@er", "p/w", "pm/x", True)
    assert "p/w" not in repr(address)


def test_an_smtp_url_says_how_tls_begins() -> None:
    assert parse_smtp_url("smtp://postfix").port == 587
    assert parse_smtp_url("smtps://u:p@relay").implicit_tls
    with pytest.raises(ValueError, match="both"):
        parse_smtp_url("smtp://user@relay")


def test_the_database_is_verified_by_default(tmp_path: Path) -> None:
    url = database_url("postgresql://app:pw@pooler:6432/pm", tmp_path / "ca.pem")
    assert url.drivername == "postgresql+psycopg"
    assert dict(url.query) == {"sslmode": "verify-full", "sslrootcert": str(tmp_path / "ca.pem")}
    assert database_url("postgresql://app:pw@pooler/pm", None).query["sslrootcert"] == "system"


def test_help_and_unknown_roles(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["mailer"])
    assert caught.value.code == 2
    assert "api" in capsys.readouterr().err
