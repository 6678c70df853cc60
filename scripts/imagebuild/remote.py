"""Putting an image into another registry than the local one, such as the account's own on AWS, and telling its digest.

The engine talks to the registry with the login that `docker login` stored; nothing is logged in here. A tag that is there
already stays as it is, since it says what the image was made of: the first one pushed is the one that everybody runs.
What is left out: other architectures than this machine's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from components import images
from scripts.toolchain import docker, paths
from scripts.toolchain.process import Failure, Tick, logged

_ECR = re.compile(r"\d{12}\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?")
_PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_TARGET = re.compile(rf"(?P<registry>[A-Za-z0-9.-]+(?::\d+)?)(?:/(?P<repository>{_PART}(?:/{_PART})*))?")
"""As the distribution specification names repositories; no tag and no digest."""

_ABSENT = (
    "manifest unknown",
    "not found: manifest",
    "does not exist in the registry",
    "name unknown",
    "repository does not exist",
)
_NO_LOGIN = (
    "no basic auth credentials",
    "unauthorized",
    "authorization token has expired",
    "authentication required",
    "denied",
)
_NO_REPOSITORY = ("name unknown", "does not exist in the registry")
_NO_HOST = ("no such host", "connection refused", "i/o timeout", "server misbehaving", "network is unreachable")


@dataclass(frozen=True)
class Target:
    """Where an image goes. `registry`: host and port. `repository`: the path below it."""

    registry: str
    repository: str

    @classmethod
    def of(cls, to: str, name: str) -> Target:
        """Reads `<registry>/<repository>`; of a registry alone the repository is the kit's own.

        Raises `Failure` for anything else.
        """
        found = _TARGET.fullmatch(to)
        host = found["registry"] if found else ""
        if found is None or not ("." in host or ":" in host or host == "localhost"):
            raise Failure(
                f"--to {to} is no repository: write <registry>/<repository> without a tag, such as "
                f"123456789012.dkr.ecr.eu-central-1.amazonaws.com/{images.repository(name)}."
            )
        return cls(host, found["repository"] or images.repository(name))

    @property
    def name(self) -> str:
        return f"{self.registry}/{self.repository}"

    @property
    def login(self) -> str:
        """The command that stores a login for the registry."""
        ecr = _ECR.fullmatch(self.registry)
        if ecr is None:
            return f"docker login {self.registry}"
        password = f"aws ecr get-login-password --region {ecr['region']}"
        return f"{password} | docker login --username AWS --password-stdin {self.registry}"


@dataclass(frozen=True)
class Pushed:
    """An image in a registry. `reference`: with its digest. `architecture`: as the engine calls it (`amd64`)."""

    image: str
    reference: str
    tag: str
    digest: str
    architecture: str
    pushed: bool

    @property
    def said(self) -> str:
        return f"{'pushed' if self.pushed else 'there'}, {self.tag}"


def push(name: str, target: Target, tick: Tick) -> Pushed:
    """Puts the image that is built under its content's tag into the registry, unless the tag is there.

    Raises `Failure` with one sentence: not built, no login, no such repository, no such registry.
    """
    local, tag = images.reference(name), images.tag(name)
    remote = f"{target.name}:{tag}"
    if not docker.has_image(local):
        raise Failure(f"The image {name} is not built yet: run `scripts/images build {name}`.")
    there = _there(name, remote, target, tick)
    if not there:
        docker.must("tag", local, remote, explain=f"The image {name} cannot be named {remote}")
        _docker(("push", remote), name, target, tick)
    found = docker.inspect("image", remote, [".Architecture"]) or [""]
    digest = _digest(remote, target)
    return Pushed(name, f"{target.name}@{digest}", tag, digest, found[0], not there)


def _there(name: str, remote: str, target: Target, tick: Tick) -> bool:
    """Whether the registry has the tag; asked by a pull, which uses the engine's own way to the registry and its login."""
    try:
        logged(["docker", "pull", remote], _log(name), tick=tick, explain="")
    except Failure:
        said = _printed(name)
        if any(sign in said for sign in _ABSENT):
            return False
        raise _refusal(said, name, target) from None
    return True


def _docker(arguments: Sequence[str], name: str, target: Target, tick: Tick) -> None:
    try:
        logged(["docker", *arguments], _log(name), tick=tick, explain=f"The image {name} cannot be pushed")
    except Failure as failure:
        raise _refusal(_printed(name), name, target, str(failure)) from None


def _refusal(said: str, name: str, target: Target, otherwise: str = "") -> Failure:
    """What a registry's answer means."""
    if any(sign in said for sign in _NO_REPOSITORY):
        made = f"; scripts/backend aws makes {images.repository(name)}" if _ECR.fullmatch(target.registry) else ""
        return Failure(f"The registry {target.registry} has no repository {target.repository}: make it first{made}.")
    if any(sign in said for sign in _NO_LOGIN):
        return Failure(f"The registry {target.registry} wants a login that may push: {target.login}")
    if any(sign in said for sign in _NO_HOST):
        return Failure(f"No registry answers at {target.registry}: check the name in --to and the network.")
    detail = said.strip().splitlines()[-1][:300] if said.strip() else "it printed nothing"
    return Failure(otherwise or f"The registry {target.registry} cannot be asked: {detail}")


def _digest(remote: str, target: Target) -> str:
    """The digest under which the registry has the image: of the manifest, not of the image's configuration."""
    printed = docker.output("image", "inspect", "--format", "{{json .RepoDigests}}", remote)
    for reference in json.loads(printed or "[]") or ():
        name, _, digest = str(reference).partition("@")
        if name == target.name and digest:
            return digest
    raise Failure(f"The registry took {remote}, but the engine does not know its digest: run this again.")


def _log(name: str) -> str:
    return f"push-{name}"


def _printed(name: str) -> str:
    """All that the last command for this image printed, without the command itself."""
    file = paths.log_dir() / f"{_log(name)}.log"
    return file.read_text(encoding="utf-8", errors="replace").partition("\n")[2] if file.exists() else ""
