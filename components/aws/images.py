"""Images in the account's own registry (ECR), by digest: a tag that moves changes nothing that runs.

Repositories are made by `scripts/backend aws` and filled by `scripts/images push`, before the first deployment: a platform
cannot start from a registry that it makes itself. An image of another registry is taken as it is, with its digest; one that
wants a login is not given.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import InvokeOptions, Output

from components import images
from components.aws.account import account

_ECR = re.compile(r"(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com/([^:@]+)")

_MISSING = ("ImageNotFound", "RepositoryNotFound", "empty result", "couldn't find", "no matching")
"""Words of ECR and of the provider, which has no other sign of an image that is not there."""


@dataclass(frozen=True)
class Image:
    """`reference`: with its digest. `repository`: ARN of the repository in ECR, None in another registry."""

    reference: Output[str]
    repository: Output[str] | None


def image(named: str, parent: pulumi.Resource) -> Image:
    """What a service names as its image.

    Raises `RunError` with what to do when a folder of `images/` was not pushed with the tag of its content.
    """
    here = account(parent)
    if "@" in named:
        found = _ECR.match(named)
        if found is None:
            return Image(Output.from_input(named), None)
        owner, region, name = found.groups()
        return Image(
            Output.from_input(named), Output.concat("arn:", here.partition, f":ecr:{region}:{owner}:repository/{name}")
        )
    name = images.repository(named)
    digest = _digest(named, name, parent)
    return Image(
        reference=Output.concat(here.id, ".dkr.ecr.", here.region, f".amazonaws.com/{name}@{digest}"),
        repository=Output.concat("arn:", here.partition, ":ecr:", here.region, ":", here.id, f":repository/{name}"),
    )


def _digest(named: str, repository: str, parent: pulumi.Resource) -> str:
    tag = images.tag(named)
    try:
        found = aws.ecr.get_image(repository_name=repository, image_tag=tag, opts=InvokeOptions(parent=parent))
    except Exception as error:
        if not any(words in str(error) for words in _MISSING):
            raise
        raise pulumi.RunError(
            f"{repository}:{tag} is not in the account's registry; run scripts/backend aws once, and "
            f"scripts/images push {named} --to <account>.dkr.ecr.<region>.amazonaws.com/{repository} for each release"
        ) from None
    return found.image_digest
