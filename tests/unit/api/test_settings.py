"""Settings: one sentence for each fault, files before variables, secrets never shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from penguinmails_api import runtime
from penguinmails_api.addresses import BrokerAddress, SqsAddress, parse_broker_url, parse_smtp_url
from penguinmails_api.cli import main
from penguinmails_api.db import SYSTEM_AUTHORITIES, database_address
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
        ("DATABASE_URL", "oracle://app:s3cretpw@h/db", "postgresql://"),
        ("DATABASE_URL", "mysql://app:s3cretpw@h/db?ssl-mode=REQUIRED", "VERIFY_IDENTITY"),
        ("DATABASE_URL", "mysql://app:s3cretpw@h/db?ssl_disabled=true", "ssl-mode only"),
        ("DATABASE_URL", "mysql://app:s3cretpw@h", "no database"),
        ("DATABASE_IAM_REGION", "s3cretpw", "eu-central-1"),
        ("BROKER_URL", "sqs://s3cretpw.example", "sqs.<region>.amazonaws.com"),
        ("BROKER_URL", "sqs://key:s3cretpw@sqs.eu-central-1.amazonaws.com", "sqs.<region>.amazonaws.com"),
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
    assert isinstance(address, BrokerAddress)
    assert address.hosts == (("rabbit-1", 5671), ("rabbit-2", 5673))
    assert (address.user, address.password, address.virtual_host, address.tls) == ("us@er", "p/w", "pm/x", True)
    assert "p/w" not in repr(address)


def test_an_smtp_url_says_how_tls_begins() -> None:
    assert parse_smtp_url("smtp://postfix").port == 587
    assert parse_smtp_url("smtps://u:p@relay").implicit_tls
    with pytest.raises(ValueError, match="both"):
        parse_smtp_url("smtp://user@relay")


def test_the_database_is_verified_by_default(tmp_path: Path) -> None:
    url = database_address("postgresql://app:pw@pooler:6432/pm", tmp_path / "ca.pem").url
    assert url.drivername == "postgresql+psycopg"
    assert dict(url.query) == {"sslmode": "verify-full", "sslrootcert": str(tmp_path / "ca.pem")}
    assert database_address("postgresql://app:pw@pooler/pm", None).url.query["sslrootcert"] == SYSTEM_AUTHORITIES


@pytest.mark.parametrize(
    ("query", "tls"),
    [
        ("", {"ssl_ca": SYSTEM_AUTHORITIES, "ssl_verify_cert": True, "ssl_verify_identity": True}),
        ("?ssl-mode=VERIFY_IDENTITY", {"ssl_ca": SYSTEM_AUTHORITIES, "ssl_verify_cert": True, "ssl_verify_identity": True}),
        ("?ssl-mode=VERIFY_CA", {"ssl_ca": SYSTEM_AUTHORITIES, "ssl_verify_cert": True, "ssl_verify_identity": False}),
        ("?ssl-mode=DISABLED", {}),
    ],
)
def test_mysql_is_verified_by_default(query: str, tls: dict[str, object]) -> None:
    address = database_address(f"mysql://app:pw@db:3306/pm{query}", None)
    assert (address.url.drivername, dict(address.url.query)) == ("mysql+pymysql", {"charset": "utf8mb4"})
    assert address.arguments == {"connect_timeout": 2, **tls}


AWS = {
    "DATABASE_URL": "postgresql://penguinmails_app@proxy.example:5432/penguinmails?sslmode=verify-full",
    "DATABASE_IAM_REGION": "eu-central-1",
    "BROKER_URL": "sqs://sqs.eu-central-1.amazonaws.com",
    "QUEUES": '{"outbound": "https://sqs.eu-central-1.amazonaws.com/123456789012/pm-outbound"}',
    "OBJECT_STORE_URL": "s3://pm-attachments",
}


@pytest.mark.usefixtures("_good")
def test_what_aws_gives_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in AWS.items():
        monkeypatch.setenv(name, value)
    settings = load(ApiSettings)
    assert parse_broker_url(settings.broker_url.get_secret_value()) == SqsAddress("eu-central-1")
    assert settings.database_iam_region == "eu-central-1"
    monkeypatch.setenv("DATABASE_URL", "mysql://pm_app@proxy.example:3306/penguinmails?ssl-mode=VERIFY_IDENTITY")
    load(WorkerSettings)


@pytest.mark.parametrize("url", [GOOD["DATABASE_URL"], "postgresql://proxy.example/penguinmails"])
@pytest.mark.usefixtures("_good")
def test_a_token_needs_a_user_and_stands_beside_no_password(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("DATABASE_IAM_REGION", "eu-central-1")
    with pytest.raises(SettingsError, match=r"^DATABASE_URL: it must name a user and no password"):
        load(ApiSettings)


@pytest.mark.parametrize(
    "url", ["pm-outbound", "https://sqs.us-east-1.amazonaws.com/1/q", "http://sqs.eu-central-1.amazonaws.com/1/q"]
)
@pytest.mark.usefixtures("_good")
def test_a_queue_of_sqs_is_its_url_in_the_region(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROKER_URL", AWS["BROKER_URL"])
    monkeypatch.setenv("QUEUES", json.dumps({"outbound": url}))
    with pytest.raises(SettingsError, match=r'^QUEUES: "outbound" must be the URL'):
        load(ApiSettings)


def test_the_role_s_password_may_come_as_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "app-password"
    secret.write_text("s3cretpw\n", encoding="utf-8")
    monkeypatch.setenv("DATABASE_DIRECT_URL", "mysql://pm_owner:pw@db/penguinmails")
    monkeypatch.setenv("DATABASE_APP_PASSWORD_FILE", str(secret))
    monkeypatch.setenv("DATABASE_APP_IAM", "true")
    settings = load(MigrateSettings)
    assert settings.database_app_password is not None
    assert settings.database_app_password.get_secret_value() == "s3cretpw"
    assert settings.database_app_iam
    assert "s3cretpw" in runtime.secrets_of(settings)


def test_the_owner_has_a_password_beside_the_region_of_its_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_DIRECT_URL", "postgresql://penguinmails_owner:pw@db/penguinmails")
    assert load(MigrateSettings).database_iam_region is None
    monkeypatch.setenv("DATABASE_IAM_REGION", "eu-central-1")
    assert load(MigrateSettings).database_iam_region == "eu-central-1"
    monkeypatch.setenv("DATABASE_IAM_REGION", "Europe")
    with pytest.raises(SettingsError, match=r"^DATABASE_IAM_REGION: "):
        load(MigrateSettings)


def test_help_and_unknown_roles(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["mailer"])
    assert caught.value.code == 2
    assert "api" in capsys.readouterr().err
