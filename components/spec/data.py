"""Database, queues and object storage."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from components.spec.base import Model, Size


class Pooling(Model):
    """Connection pooling in transaction mode between the services and the database."""

    client_connections: int = Field(default=500, ge=10, le=20000, description="Clients that may be connected at once.")
    database_connections: int = Field(default=20, ge=2, le=1000, description="Connections held open to the database.")

    @model_validator(mode="after")
    def _fewer_behind(self) -> Self:
        if self.client_connections < self.database_connections:
            raise ValueError(
                f"client_connections: {self.client_connections} is below database_connections of {self.database_connections}"
            )
        return self


class Database(Model):
    """The relational database, always encrypted, private and reached over TLS."""

    engine: Literal["postgresql", "mysql"] = "postgresql"
    size: Size = Size.SMALL
    storage_gib: int = Field(default=20, ge=20, le=16384, description="Storage to provide, in GiB.")
    high_availability: bool | None = Field(
        default=None,
        description="A standby that takes over by itself; null: outside development, where the target has it.",
    )
    read_replicas: int = Field(default=0, ge=0, le=5, description="Copies that answer reads only, for reports.")
    pooling: Pooling = Pooling()


class Queue(Model):
    """A durable queue; each has a dead-letter queue of its own."""

    max_deliveries: int = Field(default=5, ge=1, le=100, description="Deliveries before a message is dead-lettered.")
    processing_timeout_seconds: int = Field(
        default=300, ge=60, le=43200, description="A message not acknowledged by then is delivered again."
    )


class Storage(Model):
    """Object storage for attachments and exports."""

    versioned: bool | None = Field(
        default=None,
        description="Keep overwritten and deleted objects for a time; null: outside development, where the target has it.",
    )
