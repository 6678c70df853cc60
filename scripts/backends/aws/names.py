"""Physical names of a backend, and the two addresses by which Pulumi finds it. Pure.

They hold the account and the region, so they are known without asking and belong to nobody else. The repositories bear the
project's own name whatever the backend is called, since the platform looks its images up there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from components import images

IMAGES = ("api",)
"""The images that run on AWS; the others are parts of the on-premise target, which AWS has as services."""

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_NAME_LIMIT = 24
"""Leaves room in a bucket's 63 characters for `-state-`, an account of 12 digits and a region of up to 19."""
_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-\d")
_ACCOUNT = re.compile(r"\d{12}")


@dataclass(frozen=True)
class Names:
    """`name`: what the backend is called. `account`: twelve digits."""

    name: str
    account: str
    region: str

    @property
    def bucket(self) -> str:
        return f"{self.name}-state-{self.account}-{self.region}"

    @property
    def state_alias(self) -> str:
        """Of the key that encrypts the bucket."""
        return f"alias/{self.name}-state"

    @property
    def secrets_alias(self) -> str:
        """Of the key that encrypts the secrets inside a state and a stack file."""
        return f"alias/{self.name}-secrets"

    @property
    def policy(self) -> str:
        """IAM is one for all regions, so the region is in the name."""
        return f"{self.name}-{self.region}-deployer-state"

    @property
    def repositories(self) -> dict[str, str]:
        """Image -> repository."""
        return {name: images.repository(name) for name in IMAGES}

    @property
    def backend_url(self) -> str:
        """For `PULUMI_BACKEND_URL`. Older Pulumi needs `awssdk=v2`; 3.259 takes and overlooks it."""
        return f"s3://{self.bucket}?region={self.region}&awssdk=v2"

    @property
    def secrets_provider(self) -> str:
        """For `pulumi stack init --secrets-provider`."""
        return f"awskms://{self.secrets_alias}?region={self.region}"


def problems(name: str, region: str, account: str | None) -> Iterator[str]:
    """What is wrong with the options of the command, one sentence each."""
    if not _NAME.fullmatch(name) or not 3 <= len(name) <= _NAME_LIMIT:
        yield (
            f"--name {name}: use 3 to {_NAME_LIMIT} lower-case letters and digits with single hyphens between, "
            "beginning with a letter."
        )
    if not _REGION.fullmatch(region):
        yield f"--region {region}: is no region of AWS; use one such as eu-central-1."
    if account is not None and not _ACCOUNT.fullmatch(account):
        yield f"--account {account}: an account has twelve digits; `aws sts get-caller-identity` shows yours."
