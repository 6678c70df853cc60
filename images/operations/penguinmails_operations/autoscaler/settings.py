"""What the autoscaler is told: SCALING, the measures of each service, and how quickly copies come and go."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from penguinmails_operations.autoscaler.policy import Target, Tuning
from penguinmails_operations.serving import setting


class Followed(BaseModel):
    """The measures of one service; None: not followed. `queues`: those it reads."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    cpu_percent: float | None = Field(default=None, gt=0)
    requests_per_minute: float | None = Field(default=None, gt=0)
    messages: float | None = Field(default=None, gt=0)
    p95_seconds: float | None = Field(default=None, gt=0)
    queues: tuple[str, ...] = ()

    @property
    def target(self) -> Target:
        return Target(
            cpu_percent=self.cpu_percent,
            requests_per_minute=self.requests_per_minute,
            messages=self.messages,
            p95_seconds=self.p95_seconds,
        )


def followed() -> dict[str, Followed]:
    """The services that scale, by their role. Raises `ValueError` for what is not right."""
    return TypeAdapter(dict[str, Followed]).validate_json(setting("SCALING"))


def tuning() -> Tuning:
    """The windows, from variables where they are set. Raises `ValueError` when they do not fit each other."""
    safe = Tuning()
    found = Tuning(
        out_window=float(setting("OUT_WINDOW_SECONDS", str(safe.out_window))),
        in_window=float(setting("IN_WINDOW_SECONDS", str(safe.in_window))),
        settle=float(setting("SETTLE_SECONDS", str(safe.settle))),
        pause=float(setting("IN_PAUSE_SECONDS", str(safe.pause))),
    )
    if not 0 < found.out_window <= found.in_window or found.settle < 0 or found.pause < 0:
        raise ValueError("IN_WINDOW_SECONDS: must not be shorter than OUT_WINDOW_SECONDS, and no time may be below 0")
    return found
