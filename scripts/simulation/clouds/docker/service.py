"""What is wrong with a service by itself: what Swarm refuses when it is made, and what no host would ever run."""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from scripts.simulation.clouds.docker import catalogue, names
from scripts.simulation.clouds.docker.catalogue import LARGEST_PORT, SPEC
from scripts.simulation.clouds.fields import number, numbers, objects, text, texts
from scripts.simulation.values import Problem, Properties, select, step

_CONSTRAINT: Final = re.compile(r"\s*([A-Za-z0-9_.-]+)\s*(==|!=)\s*(\S.*?)\s*")
_ABSOLUTE: Final = re.compile(r"/|[A-Za-z]:[\\/]|\\\\")

_OPTIONS: Final = {"bind": "bindOptions", "volume": "volumeOptions", "tmpfs": "tmpfsOptions"}
"""Type of a mount -> the options that it may have."""


def check(inputs: Properties) -> Iterator[Problem]:
    """All that is wrong with a service's own values, beyond closed lists, times and signs."""
    for path, image in texts(inputs, f"{SPEC}.image"):
        found = names.image_problem(path, image)
        if found is not None:
            yield found
    yield from _mode(inputs)
    yield from _endpoint(inputs)
    yield from mounts(inputs, f"{SPEC}.mounts")
    yield from capabilities(inputs, f"{SPEC}.capAdds[*]")
    yield from capabilities(inputs, f"{SPEC}.capDrops[*]")
    yield from health_tests(inputs, f"{SPEC}.healthcheck.tests")
    yield from _files(inputs, "secret")
    yield from _files(inputs, "config")
    yield from _resources(inputs)
    yield from _constraints(inputs)
    yield from _addresses(inputs)
    for pattern in catalogue.RATIOS:
        for path, ratio in texts(inputs, pattern):
            if not _is_share(ratio):
                yield Problem(path, f"{ratio or 'an empty text'} is no share; give a number from 0.0 to 1.0, as text")


def _is_share(text: str) -> bool:
    try:
        return 0 <= float(text) <= 1
    except ValueError:
        return False


def _mode(inputs: Properties) -> Iterator[Problem]:
    everywhere = any(value is True for _, value in select(inputs, "mode.global"))
    if everywhere and any(True for _ in objects(inputs, "mode.replicated")):
        yield Problem("mode.replicated", "is given beside global; a service has copies or one task on every node")
    if everywhere and any(True for _ in objects(inputs, "convergeConfig")):
        yield Problem("convergeConfig", "is given beside mode.global; the provider waits for services with copies only")


def _endpoint(inputs: Properties) -> Iterator[Problem]:
    round_robin = text(inputs, "endpointSpec.mode") == "dnsrr"
    seen = Counter[tuple[Any, str]]()
    for pattern in ("endpointSpec.ports[*].targetPort", "endpointSpec.ports[*].publishedPort"):
        yield from port_numbers(inputs, pattern)
    for path, port in objects(inputs, "endpointSpec.ports[*]"):
        published, protocol = number(port.get("publishedPort")), port.get("protocol", "tcp")
        if round_robin and port.get("publishMode", "ingress") == "ingress":
            yield Problem(step(path, "publishMode"), "ingress needs virtual addresses; use host, or endpointSpec.mode vip")
        if published and isinstance(protocol, str):
            seen[published, protocol] += 1
            if seen[published, protocol] == 2:
                yield Problem(step(path, "publishedPort"), f"{published}/{protocol} is published twice by this service")


def port_numbers(inputs: Properties, pattern: str) -> Iterator[Problem]:
    """Ports that there are not; 0 lets the engine choose where it publishes."""
    least = 1 if pattern.endswith(("targetPort", "internal")) else 0
    for path, port in numbers(inputs, pattern):
        if not least <= port <= LARGEST_PORT:
            yield Problem(path, f"{port} is no port; give a number from {least} to {LARGEST_PORT}")


def mounts(inputs: Properties, field: str) -> Iterator[Problem]:
    """Mounts that the engine refuses, when it makes the service or when a host starts the container."""
    targets = Counter[str]()
    for path, mount in objects(inputs, f"{field}[*]"):
        kind, target, source = (mount.get(name) for name in ("type", "target", "source"))
        if isinstance(target, str):
            targets[target.rstrip("/")] += 1
            if targets[target.rstrip("/")] == 2:
                yield Problem(step(path, "target"), f"{target} is mounted twice; give each mount a path of its own")
            if not _ABSOLUTE.match(target):
                yield Problem(step(path, "target"), f"{target or 'an empty text'} is no absolute path; begin it with /")
        if isinstance(kind, str):
            yield from _source(path, kind, source)
            yield from _foreign_options(path, kind, mount)


def _source(path: str, kind: str, source: object) -> Iterator[Problem]:
    if kind == "bind" and source is None:
        yield Problem(step(path, "source"), "is missing; a bind mount needs an absolute path on the host")
    elif kind == "bind" and isinstance(source, str) and not _ABSOLUTE.match(source):
        yield Problem(step(path, "source"), f"{source} is no absolute path; begin it with /, or use type volume")
    elif kind == "tmpfs" and isinstance(source, str) and source:
        yield Problem(step(path, "source"), "is given for a tmpfs, which has none; leave it out")
    elif kind == "volume" and isinstance(source, str) and source and not names.VOLUME_NAME.fullmatch(source):
        yield Problem(step(path, "source"), f"{source} is no name of a volume; use type bind for a path of the host")


def _foreign_options(path: str, kind: str, mount: Mapping[str, Any]) -> Iterator[Problem]:
    for other, options in _OPTIONS.items():
        if other != kind and kind in _OPTIONS and mount.get(options) is not None:
            yield Problem(step(path, options), f"belongs to type {other}; this mount is of type {kind}")


def capabilities(inputs: Properties, pattern: str) -> Iterator[Problem]:
    """Capabilities that Linux has not."""
    for path, name in texts(inputs, pattern):
        if name.upper().removeprefix("CAP_") not in catalogue.CAPABILITIES:
            yield Problem(path, f"{name} is no capability of Linux; write it as NET_BIND_SERVICE, or ALL")


def health_tests(inputs: Properties, pattern: str) -> Iterator[Problem]:
    """A health check whose first word the engine does not know."""
    for path, words in select(inputs, pattern):
        if isinstance(words, list) and words and isinstance(words[0], str) and words[0] not in {"CMD", "CMD-SHELL", "NONE"}:
            yield Problem(step(path, 0), f"{words[0]} is no way to test; begin with CMD, CMD-SHELL or NONE")


def _files(inputs: Properties, kind: str) -> Iterator[Problem]:
    """References of secrets or configs that miss a name, and two that would be the same file."""
    taken = Counter[str]()
    for path, reference in objects(inputs, f"{SPEC}.{kind}s[*]"):
        if reference.get(f"{kind}Name") in {None, ""}:
            yield Problem(step(path, f"{kind}Name"), f"is missing; Swarm wants the name beside {kind}Id")
        file = reference.get("fileName")
        if isinstance(file, str):
            taken[file] += 1
            if taken[file] == 2:
                yield Problem(step(path, "fileName"), f"{file} is there twice; give each {kind} a file of its own")


def _resources(inputs: Properties) -> Iterator[Problem]:
    for kind in ("limits", "reservation"):
        for path, cpus in numbers(inputs, f"taskSpec.resources.{kind}.nanoCpus"):
            if 0 < cpus < catalogue.SMALLEST_NANO_CPUS or cpus < 0:
                yield Problem(path, f"{cpus} is less than a thousandth of a CPU; one CPU is 1000000000")
        for path, memory in numbers(inputs, f"taskSpec.resources.{kind}.memoryBytes"):
            if 0 < memory < catalogue.SMALLEST_MEMORY_BYTES or memory < 0:
                yield Problem(path, f"{memory} is too little; give at least {catalogue.SMALLEST_MEMORY_BYTES} bytes (4 MiB)")


def _constraints(inputs: Properties) -> Iterator[Problem]:
    for path, constraint in texts(inputs, "taskSpec.placement.constraints[*]"):
        found = _CONSTRAINT.fullmatch(constraint)
        if found is None:
            yield Problem(
                path, f"{constraint or 'an empty text'} is no constraint; write it as node.hostname==name, with == or !="
            )
        elif not found[1].lower().startswith(catalogue.CONSTRAINTS):
            known = ", ".join(f"{word}..." if word.endswith(".") else word for word in catalogue.CONSTRAINTS)
            yield Problem(path, f"{found[1]} is said of no node, so nothing would ever start; use one of {known}")


def _addresses(inputs: Properties) -> Iterator[Problem]:
    for pattern in (f"{SPEC}.hosts[*].ip", f"{SPEC}.dnsConfig.nameservers[*]"):
        for path, address in texts(inputs, pattern):
            try:
                ipaddress.ip_address(address)
            except ValueError:
                yield Problem(path, f"{address or 'an empty text'} is no IP address")
