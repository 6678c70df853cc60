"""Which platform it is."""

from __future__ import annotations

from dataclasses import dataclass

from components.spec import Environment


@dataclass(frozen=True)
class Identity:
    """Which platform this is; every physical name, label and tag is made from it (`naming.py`).

    `node`: on-premise, the host that keeps the data; None on one host and in the cloud.
    """

    project: str
    stack: str
    environment: Environment
    node: str | None = None

    @property
    def keeps_data(self) -> bool:
        """Whether deletion protection and long retention are on: everywhere but in development."""
        return self.environment is not Environment.DEVELOPMENT
