"""What a container gets from the capabilities that it uses: variables, secrets, files, volumes and rights.

Part of the contract (`contract.py`): the same on every target, so that one image runs everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi


@dataclass(frozen=True)
class Permission:
    """What an identity may do, where the target has identities: exact actions on exact resources.

    `actions`: in the target's own words (actions on AWS; on Azure and Google Cloud a role is the smallest that can be given).
    `reason`: why, in a few words, which stand in the policy itself and in the documentation.
    """

    actions: Sequence[str]
    resources: Sequence[pulumi.Output[str]]
    reason: str = ""


@dataclass(frozen=True)
class SecretReference:
    """A secret in the target's own store: what a container definition points at. Never the value.

    `permissions`: what reading it takes, for whoever starts the container; the process in it needs none of them.
    """

    id: pulumi.Output[str]
    name: pulumi.Output[str]
    permissions: Sequence[Permission] = ()


@dataclass(frozen=True)
class FileReference:
    """A public file (a certificate) in the target's own store, mounted into containers."""

    id: pulumi.Output[str]
    name: pulumi.Output[str]


@dataclass(frozen=True)
class Binding:
    """What a container gets from a capability.

    `variables`: plain environment. `secrets`: variable name -> secret, given as `<NAME>_FILE` where the target can.
    `files`: path -> public file. `volumes`: path -> name of a shared volume. `permissions`: what its own identity may do.
    `groups`: ids of the security groups that it joins, so that what it uses lets it in.
    """

    variables: Mapping[str, pulumi.Output[str] | str] = field(default_factory=dict)
    secrets: Mapping[str, SecretReference] = field(default_factory=dict)
    files: Mapping[str, FileReference] = field(default_factory=dict)
    volumes: Mapping[str, str] = field(default_factory=dict)
    permissions: Sequence[Permission] = ()
    groups: Sequence[pulumi.Output[str]] = ()

    def __or__(self, other: Binding) -> Binding:
        return Binding(
            {**self.variables, **other.variables},
            {**self.secrets, **other.secrets},
            {**self.files, **other.files},
            {**self.volumes, **other.volumes},
            (*self.permissions, *other.permissions),
            (*self.groups, *other.groups),
        )
