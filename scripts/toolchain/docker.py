"""The docker command: the only way in which the kit's scripts talk to the engine."""

import json
import os
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from . import process
from .process import Failure, Tick

REGISTRY_URL = "http://127.0.0.1:5000"


def environment() -> dict[str, str]:
    """The classic builder, with which `FROM` takes images that exist in this engine only."""
    return {**os.environ, "DOCKER_BUILDKIT": "0"}


def output(*arguments: str, timeout: float = 60) -> str | None:
    """What a docker command prints, or None if it fails."""
    return process.output(["docker", *arguments], timeout=timeout, env=environment())


def must(*arguments: str, explain: str, timeout: float = 120) -> str:
    """What a docker command prints; Failure with `explain` if it fails."""
    printed = output(*arguments, timeout=timeout)
    if printed is None:
        raise Failure(f"{explain}: `docker {' '.join(arguments)}` failed.")
    return printed


def has_image(reference: str) -> bool:
    """Whether the engine has an image under this name and tag."""
    return output("image", "inspect", "--format", "{{.Id}}", reference) is not None


def has_digest(reference: str) -> bool:
    """Whether the engine knows under which digest the registry has this image."""
    repository = reference.rsplit(":", 1)[0]
    found = output("image", "inspect", "--format", "{{json .RepoDigests}}", reference)
    return found is not None and f"{repository}@sha256:" in found


def registry_answers() -> bool:
    """Whether a registry answers at localhost:5000, whoever runs it."""
    try:
        with urllib.request.urlopen(f"{REGISTRY_URL}/v2/", timeout=3) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def registry_has(reference: str) -> bool:
    """Whether the registry has this name and tag, of the form localhost:5000/<name>:<tag>."""
    name, tag = reference.split("/", 1)[1].rsplit(":", 1)
    kinds = "application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json"
    request = urllib.request.Request(f"{REGISTRY_URL}/v2/{name}/manifests/{tag}", method="HEAD", headers={"Accept": kinds})
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def build(reference: str, context: Path, arguments: dict[str, str], *, log: str, tick: Tick) -> None:
    """Build the image `reference` from a folder with a Dockerfile. The output goes to a log file."""
    command = ["docker", "build", "--force-rm", "--tag", reference, "--label", f"penguinmails.image={log}"]
    for name, value in arguments.items():
        command += ["--build-arg", f"{name}={value}"]
    process.logged(
        [*command, str(context)],
        f"image-{log}",
        tick=tick,
        env=environment(),
        explain=f"The image {log} cannot be built",
    )


def push(reference: str, *, log: str, tick: Tick) -> None:
    """Push an image to the registry that its name begins with."""
    process.logged(["docker", "push", reference], f"push-{log}", tick=tick, explain=f"The image {log} cannot be pushed")


def services(stack: str) -> list[dict[str, Any]] | None:
    """All that the engine says of a stack's services; None when they cannot be looked at."""
    listed = (output("service", "ls", "--quiet", "--filter", f"label=penguinmails.stack={stack}") or "").split()
    if not listed:
        return []
    printed = output("service", "inspect", *listed)
    return None if printed is None else list(json.loads(printed))


def inspect(kind: str, name: str, fields: Sequence[str]) -> list[str] | None:
    """The given fields (Go templates) of an object, or None if it does not exist."""
    template = "[" + ",".join(f"{{{{json {field}}}}}" for field in fields) + "]"
    printed = output(kind, "inspect", "--format", template, name)
    return None if printed is None else [str(value) for value in json.loads(printed)]
