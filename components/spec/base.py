"""What all sections are made of."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=24)]
"""A neutral name of a service, a queue or an identifier: short enough for every cloud after prefixes are added."""
Domain = Annotated[
    str, StringConstraints(pattern=r"^(localhost|([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63})$", max_length=253)
]
VariableName = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{0,127}$")]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)]
WebhookUrl = Annotated[str, StringConstraints(pattern=r"^https://[^\s@/]+(/[^\s]*)?$", max_length=500)]
Cron = Annotated[str, StringConstraints(min_length=9, max_length=100)]
"""Five fields of cron, in UTC; the section that has one checks it."""
PORT_PATTERN = r"([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"
"""1 to 65535, within an address; else it is a `Port`."""
ScrapeTarget = Annotated[
    str, StringConstraints(pattern=rf"^[a-z0-9][a-z0-9.-]*:{PORT_PATTERN}/[A-Za-z0-9/_.-]*$", max_length=300)
]
SubnetId = Annotated[str, StringConstraints(pattern=r"^subnet-[0-9a-f]{8,17}$")]
Port = Annotated[int, Field(ge=1, le=65535)]


class Model(BaseModel):
    """Frozen, strict, closed: the base of every section."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class TargetName(StrEnum):
    AWS = "aws"
    AZURE = "azure"
    GCP = "gcp"
    DOCKER = "docker"


class Environment(StrEnum):
    DEVELOPMENT = "development"
    STAGING = "staging"
    PRODUCTION = "production"


class Size(StrEnum):
    """A neutral size; `sizing.py` of each target maps it to what exists there, never smaller than stated here.

    small: 1 vCPU and 0.5 GiB; medium: 2 vCPU and 4 GiB; large: 4 vCPU and 16 GiB.
    """

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"
