"""Containers run with as little as they need, and get no secret as a plain variable.

Left out: no-new-privileges and limits on processes, which Docker's provider cannot set on a service. Of a task definition on
ECS only what is plainly dangerous is refused here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from policies.model import Finding, Resource, Rule, Undecided, Violation, at, each, is_given, is_true, number, require
from scripts.simulation.values import UNKNOWN, Value, step

_SERVICE: Final = "docker:index/service:Service"
_CONTAINER: Final = "docker:index/container:Container"
_TASK: Final = "aws:ecs/taskDefinition:TaskDefinition"
_FUNCTION: Final = "aws:lambda/function:Function"
_DEFINITIONS: Final = "containerDefinitions"

_ROOT: Final = re.compile(r"^(root|0+)(:|$)")
_SOCKET: Final = re.compile(r"(^|/)(docker|containerd|podman)\.sock/?$|^/(var/)?run/?$|^/$")
"""The engine's socket, or a folder of the host that holds it."""
_GATE: Final = {"label": "penguinmails.component", "value": "gate"}
"""The one part that may see the socket. It does as root without capabilities, because root owns the socket on every host."""
_DIGEST: Final = re.compile(r"(^|@)sha256:[0-9a-f]{64}$")

_SECRET_WORDS: Final = frozenset({"PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN", "CREDENTIAL", "CREDENTIALS", "PWD"})
_SECRET_ENDS: Final = ("APIKEY", "PRIVATEKEY", "SECRETKEY", "SIGNINGKEY", "ENCRYPTIONKEY", "ACCESSKEY", "MASTERKEY")
_REFERENCES: Final = frozenset(
    {"FILE", "PATH", "FOLDER", "DIR", "ARN", "ID", "NAME", "URL", "URI", "HOST", "SECONDS", "MINUTES", "HOURS", "TTL", "LENGTH"}
)
"""Last words of variables that say where a secret is, or how long one lasts."""

_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_SECRET_VALUE: Final = re.compile(r"://[^/\s:@]*:[^/\s@]+@|-----BEGIN [A-Z ]*PRIVATE KEY-----")
"""A URL with a password in it, or a private key."""


def _check_hardened(resource: Resource) -> Iterator[Finding]:
    if resource.token == _TASK:
        for path, definition in _definitions(resource):
            if definition is UNKNOWN:
                yield Undecided(path)
            elif is_true(at(definition, "privileged")):
                yield Violation(f"{path}.privileged", "set it to false; the container would own its host")
        return
    service = resource.token == _SERVICE
    spec = "taskSpec.containerSpec." if service else ""
    yield from require(resource, f"{spec}readOnly", is_true, "set it to true and mount what must be written")
    drops = f"{spec}capDrops" if service else "capabilities.drops"
    yield from require(resource, drops, _drops_all, "drop ALL capabilities")
    adds = f"{spec}capAdds" if service else "capabilities.adds"
    yield from require(resource, adds, lambda value: not _drops_all(value), "add single capabilities, not ALL")
    gate = service and _is_gate(resource)
    if not gate:
        yield from require(resource, f"{spec}user", _is_ordinary, "name a user other than root, by its number")
    for path, mount in each(resource.properties, f"{spec}mounts"):
        source = at(mount, "source")
        if mount is UNKNOWN or source is UNKNOWN:
            yield Undecided(path)
        elif not gate and at(mount, "type") == "bind" and _SOCKET.search(str(source)):
            yield Violation(f"{path}.source", "only the gate may see the engine's socket; who does owns the host")
    yield from require(resource, f"{spec}image", _is_fixed, "name the image by its digest; a tag may lead elsewhere tomorrow")
    memory = "taskSpec.resources.limits.memoryBytes" if service else "memory"
    yield from require(
        resource, memory, lambda value: number(value) > 0, "set a limit; without one a leak takes the whole host"
    )
    if not service:
        yield from require(resource, "privileged", lambda value: not is_true(value), "set it to false")


def _is_gate(resource: Resource) -> bool:
    """Whether it is the platform's gate to the engine, by its label, started from the kit's own image.

    A preview does not know the image of a service that is to be made; the `up` after it does.
    """
    labels = at(resource.properties, "labels")
    image = at(resource.properties, "taskSpec.containerSpec.image")
    own = image is UNKNOWN or re.search(r"(^|/)penguinmails/operations[@:]", str(image)) is not None
    return own and isinstance(labels, list) and _GATE in labels


def _drops_all(value: Value) -> bool:
    return isinstance(value, list) and any(str(item).upper() in ("ALL", "CAP_ALL") for item in value)


def _is_ordinary(value: Value) -> bool:
    return is_given(value) and not _ROOT.match(str(value))


def _is_fixed(value: Value) -> bool:
    return isinstance(value, str) and _DIGEST.search(value) is not None


def _check_secrets(resource: Resource) -> Iterator[Finding]:
    for path, name, value in _variables(resource):
        where = f'{path}["{name}"]' if name else path
        if name and value is not UNKNOWN and not is_given(value):
            continue
        if is_secret_name(name):
            yield Violation(
                where, "give it as a secret of the target, as NAME_FILE; variables can be read by everybody on the host"
            )
        elif value is UNKNOWN:
            yield Undecided(where)
        elif isinstance(value, str) and _SECRET_VALUE.search(value):
            yield Violation(where, "holds a password or a key; give it as a secret of the target")


def is_secret_name(name: str) -> bool:
    """Whether a variable of this name holds a secret itself, not where one is."""
    words = [word.upper() for word in _WORD.findall(name)]
    if not words or words[-1] in _REFERENCES or name == "PWD":
        return False
    return not _SECRET_WORDS.isdisjoint(words) or "".join(words).endswith(_SECRET_ENDS)


def _variables(resource: Resource) -> Iterator[tuple[str, str, Value]]:
    """Path, name and value of every plain variable; a path without a name where none is known."""
    if resource.token == _CONTAINER:
        for path, pair in each(resource.properties, "envs"):
            if pair is UNKNOWN:
                yield path, "", UNKNOWN
            elif isinstance(pair, str) and "=" in pair:
                name, _, value = pair.partition("=")
                yield path, name, value
    elif resource.token == _TASK:
        for path, definition in _definitions(resource):
            if definition is UNKNOWN:
                yield path, "", UNKNOWN
                continue
            for _, pair in each(definition, "environment"):
                yield f"{path}.environment", str(at(pair, "name") or ""), at(pair, "value")
    else:
        path = "taskSpec.containerSpec.env" if resource.token == _SERVICE else "environment.variables"
        found = at(resource.properties, path)
        if found is UNKNOWN:
            yield path, "", UNKNOWN
        elif isinstance(found, Mapping):
            for name, value in found.items():
                yield path, str(name), value


def _definitions(resource: Resource) -> Iterator[tuple[str, Any]]:
    """The containers of a task definition, which are one JSON text."""
    text = at(resource.properties, _DEFINITIONS)
    if text is UNKNOWN:
        yield _DEFINITIONS, UNKNOWN
        return
    found = json.loads(text) if isinstance(text, str) else text
    for index, definition in enumerate(found if isinstance(found, list) else ()):
        yield step(_DEFINITIONS, index), definition


HARDENED: Final = Rule(
    name="containers-are-hardened",
    description="Containers run as an ordinary user, read-only, without capabilities, within limits, from a fixed image.",
    severity="high",
    level="mandatory",
    controls=("SOC 2 CC6.1", "SOC 2 CC6.8", "SOC 2 CC7.1", "GDPR Art. 32(1)(b)"),
    remediation=(
        "Run the service as an ordinary user, read-only, without capabilities, with a limit of "
        "memory, from an image by its digest."
    ),
    resources=(_SERVICE, _CONTAINER, _TASK),
    check=_check_hardened,
)

NO_PLAIN_SECRETS: Final = Rule(
    name="no-plain-secrets",
    description="No container or function gets a secret as a plain variable.",
    severity="critical",
    level="mandatory",
    controls=("SOC 2 CC6.1", "GDPR Art. 32(1)(a)", "GDPR Art. 32(1)(b)"),
    remediation="Put the value into a secret of the stack and let the component pass it on as a secret of the target.",
    resources=(_SERVICE, _CONTAINER, _TASK, _FUNCTION),
    check=_check_secrets,
)
