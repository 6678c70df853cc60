"""The only choice by a target's name. A target's package, and with it the cloud's SDK, is imported when it is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.spec import TargetName
from components.stackfile import StackFileError

if TYPE_CHECKING:
    from components.target import Target


def choose(name: TargetName) -> Target:
    """The target of that name.

    Raises `StackFileError` for one that this version does not have.
    """
    match name:
        case TargetName.DOCKER:
            from components.docker import TARGET

            return TARGET
        case TargetName.AWS:
            from components.aws import TARGET as AWS

            return AWS
        case TargetName.AZURE | TargetName.GCP:
            raise StackFileError([f"platform.target: {name} is not available in this version; use docker"])
