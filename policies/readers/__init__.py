"""How each target answers what rules ask. A new target is a folder here and an entry in `TARGETS`; no rule changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from policies.properties import Property, StackProperty
from policies.readers.aws import AWS
from policies.readers.docker import DOCKER
from policies.readers.model import Reader, StackReader, Target

TARGETS: Final[Mapping[str, Target]] = {"aws": AWS, "docker": DOCKER}


def of(name: Property) -> Mapping[str, Reader]:
    """Type of resource -> reader, of all targets."""
    return {token: reader for target in TARGETS.values() for token, reader in target.readers.get(name, {}).items()}


def of_stack(name: StackProperty) -> tuple[StackReader, ...]:
    """The readers of all targets; each gives nothing for a stack of another target."""
    return tuple(target.stack[name] for target in TARGETS.values() if name in target.stack)
