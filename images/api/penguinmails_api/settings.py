"""What the platform tells the workload, read once at the start.

The same variables exist on every target. A value that is a secret may come as ``<NAME>_FILE``, the path of a file that
holds it (``/run/secrets/...``); the file wins over the plain variable, because a plain variable is visible to anyone who
can inspect the container. A setting that is missing or wrong is one sentence that names the variable and never its value.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from penguinmails_api.addresses import (
    SqsAddress,
    check_broker_url,
    check_database_url,
    check_http_url,
    check_queue_urls,
    check_region,
    check_smtp_url,
    parse_broker_url,
)

SettingsT = TypeVar("SettingsT", bound="CommonSettings")

FILE_SUFFIX = "_FILE"
API_KEY_MINIMUM_CHARACTERS = 16


class SettingsError(Exception):
    """Settings that the process cannot start with; ``sentences`` may be shown to anyone."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


class SecretFileSource(PydanticBaseSettingsSource):
    """Reads ``<NAME>_FILE`` for every field that holds a secret."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """The file's content without the newline that editors and ``echo`` leave at its end."""
        variable = field_name.upper() + FILE_SUFFIX
        path = os.environ.get(variable, "")
        if not path or SecretStr not in _types(field):
            return None, field_name, False
        try:
            value = Path(path).read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            reason = type(error).__name__ if isinstance(error, UnicodeDecodeError) else error.strerror
            raise SettingsError(f"{variable}: the file it names cannot be read ({reason}).") from None
        if not value:
            raise SettingsError(f"{variable}: the file it names is empty.")
        return value, field_name, False

    def __call__(self) -> dict[str, Any]:
        """Every field that has a file."""
        found = {}
        for name, field in self.settings_cls.model_fields.items():
            value, key, _ = self.get_field_value(field, name)
            if value is not None:
                found[key] = value
        return found


def _types(field: FieldInfo) -> tuple[Any, ...]:
    annotation = field.annotation
    return (annotation, *getattr(annotation, "__args__", ()))


class CommonSettings(BaseSettings):
    """What every role reads."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True, hide_input_in_errors=True)

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    database_ca_file: Path | None = None
    """PEM file of the authority that signed the database's certificate; the system's authorities when unset."""
    database_iam_region: str | None = None
    """Region of AWS whose IAM lets roles into the database. The application's role then has a token for a password at each
    connection, and its URL has none; the owner has a token where its password is refused."""

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("database_iam_region")
    @classmethod
    def _region(cls, value: str | None) -> str | None:
        return check_region(value) if value else None

    @field_validator("database_ca_file", "broker_ca_file", "smtp_ca_file", check_fields=False)
    @classmethod
    def _readable(cls, value: Path | None) -> Path | None:
        if value is not None and not os.access(value, os.R_OK):
            raise ValueError("the file it names cannot be read")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Files before the environment, and no ``.env``: a stray file must never change production."""
        return init_settings, SecretFileSource(settings_cls), env_settings


class ServingSettings(CommonSettings):
    """What API and worker share: the application's database role, the broker, and how to stop."""

    database_url: SecretStr
    database_pool_size: int = Field(default=10, ge=1, le=100)
    """Connections that a process keeps."""
    database_pool_overflow: int = Field(default=0, ge=0, le=100)
    """Connections more under load; closed again afterwards, so each costs a burst more than it brings."""
    database_pool_wait_seconds: float = Field(default=2.0, gt=0, le=30)
    """How long a request waits for a connection before it is told to come again (503)."""
    broker_url: SecretStr
    broker_ca_file: Path | None = None
    queues: Annotated[dict[str, str], NoDecode]
    """Neutral queue name to the physical name on this target, on SQS to the queue's URL."""
    drain_seconds: float = Field(default=5.0, ge=0, le=300)

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        check_database_url(value.get_secret_value(), iam=bool(info.data.get("database_iam_region")))
        return value

    @field_validator("broker_url")
    @classmethod
    def _broker(cls, value: SecretStr) -> SecretStr:
        check_broker_url(value.get_secret_value())
        return value

    @field_validator("queues", mode="before")
    @classmethod
    def _json(cls, value: object) -> object:
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                raise ValueError("it must be a JSON object of neutral queue name to physical name") from None
        if not isinstance(value, dict) or not value.get("outbound"):
            raise ValueError('it must be a JSON object with at least "outbound"')
        return value

    @field_validator("queues")
    @classmethod
    def _addressed(cls, value: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        broker: SecretStr | None = info.data.get("broker_url")
        address = parse_broker_url(broker.get_secret_value()) if broker is not None else None
        if isinstance(address, SqsAddress):
            check_queue_urls(value, address)
        return value


class ApiSettings(ServingSettings):
    """The API process, which also relays the outbox."""

    port: int = Field(default=8000, ge=1, le=65535)
    api_key: SecretStr
    """The key; while it is replaced, the new one and the one before, one a line."""
    public_url: str | None = None
    """Where clients reach the API; prefixes ``Location``."""
    object_store_url: SecretStr | None = None
    """Checked only: nothing stores attachments yet."""
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = ()
    """Whose ``X-Forwarded-For`` is believed: addresses, ranges or host names of the edge, separated by commas."""
    request_maximum_bytes: int = Field(default=1_048_576, ge=1024)
    shutdown_seconds: int = Field(default=10, ge=1, le=300)
    """After draining, how long requests in flight may still take."""
    relay_poll_seconds: float = Field(default=0.5, gt=0, le=60)
    relay_batch_size: int = Field(default=50, ge=1, le=1000)

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        return tuple(entry.strip() for entry in value.split(",") if entry.strip()) if isinstance(value, str) else value

    @field_validator("api_key")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        for key in value.get_secret_value().split("\n"):
            if len(key) < API_KEY_MINIMUM_CHARACTERS or not key.isascii() or not key.isprintable() or " " in key:
                raise ValueError(f"it must be at least {API_KEY_MINIMUM_CHARACTERS} printable ASCII characters, no space")
        return value

    @property
    def api_keys(self) -> list[str]:
        """Every key that is accepted."""
        return self.api_key.get_secret_value().split("\n")

    @field_validator("public_url")
    @classmethod
    def _public(cls, value: str | None) -> str | None:
        return check_http_url(value).rstrip("/") if value else None

    @field_validator("object_store_url")
    @classmethod
    def _object_store(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and "://" not in value.get_secret_value():
            raise ValueError("it must be a URL such as s3://bucket or https://host/bucket")
        return value


class WorkerSettings(ServingSettings):
    """The worker process."""

    health_port: int = Field(default=8000, ge=1, le=65535)
    smtp_url: SecretStr | None = None
    """Where mail is handed over; unset, deliveries are only recorded."""
    smtp_ca_file: Path | None = None
    worker_prefetch_count: int = Field(default=20, ge=1, le=1000)
    worker_stuck_seconds: float = Field(default=60.0, ge=5)
    """Silence of the consuming loop after which liveness fails and the platform restarts the process."""
    worker_retry_maximum_seconds: float = Field(default=30.0, gt=0, le=600)

    @field_validator("smtp_url")
    @classmethod
    def _smtp(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            check_smtp_url(value.get_secret_value())
        return value


class MigrateSettings(CommonSettings):
    """The migration, which alone has the owner's role."""

    database_direct_url: SecretStr
    database_app_role: str | None = Field(default=None, min_length=1, max_length=63)
    """Role of the API and the worker; it is granted data rights and nothing else."""
    database_app_iam: bool = False
    """On RDS: the role is made where it is missing, and let in by IAM. A password is then not looked at."""
    database_app_password: SecretStr | None = Field(default=None, min_length=1)
    """The role is made where it is missing, and gets this password. Without both the role must be there."""
    migration_wait_seconds: float = Field(default=120.0, ge=0, le=3600)

    @field_validator("database_direct_url")
    @classmethod
    def _database(cls, value: SecretStr) -> SecretStr:
        check_database_url(value.get_secret_value())
        return value


def load(settings: type[SettingsT]) -> SettingsT:
    """Read the environment; every wrong or missing variable becomes a sentence of one ``SettingsError``."""
    try:
        return settings()
    except ValidationError as error:
        sentences = []
        for detail in error.errors(include_url=False, include_input=False, include_context=False):
            name = str(detail["loc"][0]).upper() if detail["loc"] else "settings"
            if detail["type"] == "missing":
                field = settings.model_fields[name.lower()]
                or_file = f" (or {name}{FILE_SUFFIX})" if SecretStr in _types(field) else ""
                sentences.append(f"{name}{or_file} is missing.")
            else:
                sentences.append(f"{name}: {detail['msg'].removeprefix('Value error, ')}.")
        raise SettingsError(*sentences) from None
