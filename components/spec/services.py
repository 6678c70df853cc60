"""What runs, and how requests reach it."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from components.spec.base import Domain, Model, Name, Port, VariableName

CPU_PERCENT = 60
"""What the processor of a service that scales is held at where nothing else is asked."""


class Scaling(Model):
    """How many copies of a service run."""

    min_replicas: int = Field(default=1, ge=1, le=100)
    max_replicas: int = Field(default=1, ge=1, le=100)
    cpu_percent: int | None = Field(default=None, ge=10, le=90, description="Average of all copies to hold; null is 60.")
    requests_per_minute_per_replica: int | None = Field(
        default=None, ge=1, le=1000000, description="Requests to hold for each copy of a public service; null: not looked at."
    )
    messages_per_replica: int | None = Field(
        default=None, ge=1, le=1000000, description="Waiting messages to hold for each copy of a consumer; null: not looked at."
    )

    @property
    def moves(self) -> bool:
        """Whether the number of copies follows the load."""
        return self.max_replicas > self.min_replicas

    @property
    def held_cpu_percent(self) -> int | None:
        """What the processor is held at: 60 where nothing is named, None where only other measures are."""
        if self.cpu_percent is not None:
            return self.cpu_percent
        others = (self.requests_per_minute_per_replica, self.messages_per_replica)
        return CPU_PERCENT if all(other is None for other in others) else None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.max_replicas < self.min_replicas:
            raise ValueError(f"max_replicas: {self.max_replicas} is below min_replicas of {self.min_replicas}")
        for field in ("cpu_percent", "requests_per_minute_per_replica", "messages_per_replica"):
            if getattr(self, field) is not None and self.max_replicas == self.min_replicas:
                raise ValueError(f"{field}: nothing scales while max_replicas equals min_replicas; raise max_replicas")
        return self


class Service(Model):
    """A container that runs all the time: the API, or a worker that consumes queues."""

    image: str = Field(
        min_length=1,
        max_length=255,
        pattern=r"^([a-z][a-z0-9-]*|[^\s@]+@sha256:[0-9a-f]{64})$",
        description="A folder of `images/`, or a reference of another registry with its digest.",
    )
    command: tuple[str, ...] = ()
    cpu: float = Field(default=0.5, ge=0.1, le=16, description="Limit in vCPU.")
    memory_mib: int = Field(default=256, ge=64, le=122880, description="Limit in MiB.")
    port: Port = 8000
    public_path: str | None = Field(
        default=None,
        pattern=r"^/[A-Za-z0-9/_.-]*$",
        description="The edge sends requests whose path starts so, and the service gets API_KEY; null: neither.",
    )
    health_path: str = Field(default="/healthz", pattern=r"^/[A-Za-z0-9/_.-]*$", description="Alive when it answers 200.")
    ready_path: str = Field(default="/readyz", pattern=r"^/[A-Za-z0-9/_.-]*$", description="Gets requests when it answers 200.")
    grace_period_seconds: int = Field(default=30, ge=5, le=120, description="From the stop signal to the end.")
    scaling: Scaling = Scaling()
    publishes: tuple[Name, ...] = Field(default=(), description="Queues that it may send to.")
    consumes: tuple[Name, ...] = Field(
        default=(), description="Queues that it may read; who reads one gets SMTP_URL where mail is asked for."
    )
    environment: dict[VariableName, str] = Field(default={}, description="Plain values; secrets never stand here.")

    @model_validator(mode="after")
    def _scales_by_what_it_has(self) -> Self:
        if self.scaling.requests_per_minute_per_replica is not None and self.public_path is None:
            raise ValueError("scaling.requests_per_minute_per_replica: the service gets no requests; give it a public_path")
        if self.scaling.messages_per_replica is not None and not self.consumes:
            raise ValueError("scaling.messages_per_replica: the service reads no queue; name one in consumes")
        return self


class Migration(Model):
    """The program that brings the database's schema up to date before the services of a release change."""

    image: str = Field(min_length=1, max_length=255, pattern=r"^([a-z][a-z0-9-]*|[^\s@]+@sha256:[0-9a-f]{64})$")
    command: tuple[str, ...] = ("migrate",)
    timeout_seconds: int = Field(default=300, ge=30, le=3600)


class Edge(Model):
    """Where requests come in, over TLS only."""

    https_port: Port = 443
    http_port: Port | None = Field(default=80, description="Redirects to HTTPS; null opens none.")
    certificate: Literal["internal", "acme", "supplied", "managed"] = Field(
        default="managed", description="internal: the kit's own authority; managed: the cloud's."
    )
    requests_per_minute_per_client: int = Field(default=6000, ge=60, le=1000000, description="More get status 429.")
    max_request_body_kib: int = Field(default=10240, ge=16, le=102400, description="Larger requests get status 413.")


class Dns(Model):
    """The zone that holds the platform's names."""

    zone: Domain | None = Field(default=None, description="The zone, `domain` or a parent of it; null is `domain`.")
    create_zone: bool = Field(default=True, description="false: the zone is there already, and only records are added.")
