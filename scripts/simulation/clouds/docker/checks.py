"""What is wrong with values whatever else exists: the provider's own validators, then what the engine refuses by itself.

What the engine takes and then never runs (a bind mount without a source, a capability that there is not) is refused too: the
task would fail on every host. Services have a module of their own.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from scripts.simulation.clouds.docker import catalogue, durations, names, service
from scripts.simulation.clouds.docker.catalogue import (
    CONFIG,
    CONTAINER,
    NETWORK,
    PLUGIN,
    PUSHED_IMAGE,
    REMOTE_IMAGE,
    SECRET,
    TAG,
)
from scripts.simulation.clouds.fields import numbers, objects, texts
from scripts.simulation.values import Problem, Properties, step

_CPU_SET: Final = re.compile(r"\d+([,-]\d+)*")


def check(token: str, inputs: Properties) -> Sequence[Problem]:
    """All that is wrong with the inputs of one resource."""
    named = names.problem(token, inputs)
    own = _OWN.get(token)
    return [
        *([named] if named is not None else []),
        *_listed(token, inputs),
        *(own(inputs) if own is not None else ()),
    ]


def _listed(token: str, inputs: Properties) -> Iterator[Problem]:
    for pattern, words in catalogue.WORDS.get(token, ()):
        for path, word in texts(inputs, pattern):
            if word not in words and not (pattern.endswith(("logDriver", "logDriver.name")) and catalogue.is_plugin(word)):
                yield Problem(path, f"{word or 'an empty text'} is not known here; use {_one_of(words)}")
    for pattern in catalogue.DURATIONS.get(token, ()):
        for path, text in texts(inputs, pattern):
            length = durations.nanoseconds(text)
            if length is None or length < 0:
                yield Problem(path, f"{text or 'an empty text'} is no length of time; write it as 90s, 1m30s or 500ms")
            elif 0 < length < 10**6 and ".healthcheck." in f".{pattern}":
                yield Problem(path, f"{text} is too short; give 0s or at least 1ms")
    for pattern in catalogue.NOT_NEGATIVE.get(token, ()):
        for path, number in numbers(inputs, pattern):
            if number < 0:
                yield Problem(path, f"{number} is below 0; give 0 or more")


def _stored(token: str) -> Callable[[Properties], Iterator[Problem]]:
    """For secrets and configs; never says the value."""

    def problems(inputs: Properties) -> Iterator[Problem]:
        given = [name for name in ("data", "dataRaw") if inputs.get(name) is not None]
        if not given:
            yield Problem("data", "is missing; give the content in base64 as data, or as it is as dataRaw")
        elif len(given) > 1:
            yield Problem("dataRaw", "is given beside data; give one of the two")
        for path, text in texts(inputs, "data"):
            content = _decoded(text)
            if content is None:
                yield Problem(
                    path, "is not base64 with padding (+ and /, not - and _); encode the content with base64.b64encode"
                )
            else:
                yield from _sized(token, path, len(content))
        for path, text in texts(inputs, "dataRaw"):
            yield from _sized(token, path, len(text.encode()))

    return problems


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(re.sub(r"[\r\n]", "", text), validate=True)
    except (binascii.Error, ValueError):
        return None


def _sized(token: str, path: str, size: int) -> Iterator[Problem]:
    largest = catalogue.LARGEST_BYTES[token]
    if size == 0:
        yield Problem(path, "is empty; give at least one byte")
    elif size > largest:
        yield Problem(path, f"holds {size} bytes; at most {largest} fit, so put the rest into a volume or into the image")


def _network(inputs: Properties) -> Iterator[Problem]:
    for path, pool in objects(inputs, "ipamConfigs[*]"):
        yield from _pool(path, pool)


def _pool(path: str, pool: dict[str, Any]) -> Iterator[Problem]:
    subnet = pool.get("subnet")
    if not isinstance(subnet, str):
        return
    try:
        whole = ipaddress.ip_network(subnet, strict=False)
    except ValueError:
        yield Problem(step(path, "subnet"), f"{subnet} is no range of addresses; write it as 10.20.0.0/24")
        return
    for name in ("gateway", "ipRange"):
        part = pool.get(name)
        if not isinstance(part, str) or not part:
            continue
        try:
            inner = ipaddress.ip_network(part, strict=False)
        except ValueError:
            yield Problem(step(path, name), f"{part} is no {'address' if name == 'gateway' else 'range of addresses'}")
            continue
        if inner.version != whole.version or not inner.subnet_of(whole):  # type: ignore[arg-type]  # same version
            yield Problem(step(path, name), f"{part} lies outside {subnet}; choose one inside")


def _remote_image(inputs: Properties) -> Iterator[Problem]:
    yield from _image(inputs, "name")
    if inputs.get("build") is not None and inputs.get("pullTriggers") is not None:
        yield Problem("build", "is given beside pullTriggers; an image is built or pulled, so give one of the two")


def _pushed_image(inputs: Properties) -> Iterator[Problem]:
    yield from _image(inputs, "name")


def _tag(inputs: Properties) -> Iterator[Problem]:
    yield from _image(inputs, "sourceImage", by_id=True)
    yield from _image(inputs, "targetImage")
    for path, target in texts(inputs, "targetImage"):
        if "@" in target:
            yield Problem(path, f"{target} names a digest; give a name with a tag")


def _plugin(inputs: Properties) -> Iterator[Problem]:
    yield from _image(inputs, "name")
    if inputs.get("grantAllPermissions") is not None and inputs.get("grantPermissions") is not None:
        yield Problem("grantPermissions", "is given beside grantAllPermissions; give one of the two")


def _image(inputs: Properties, pattern: str, *, by_id: bool = False) -> Iterator[Problem]:
    for path, image in texts(inputs, pattern):
        found = names.image_problem(path, image, by_id=by_id)
        if found is not None:
            yield found


def _container(inputs: Properties) -> Iterator[Problem]:
    yield from _image(inputs, "image", by_id=True)
    yield from service.mounts(inputs, "mounts")
    yield from service.capabilities(inputs, "capabilities.adds[*]")
    yield from service.capabilities(inputs, "capabilities.drops[*]")
    yield from service.health_tests(inputs, "healthcheck.tests")
    for pattern in ("ports[*].internal", "ports[*].external"):
        yield from service.port_numbers(inputs, pattern)
    for path, cpus in texts(inputs, "cpuSet"):
        if not _CPU_SET.fullmatch(cpus):
            yield Problem(path, f"{cpus} is no list of processors; write it as 0,1 or 0-3")
    if inputs.get("gpus") is not None and inputs.get("deviceRequests") is not None:
        yield Problem("deviceRequests", "is given beside gpus; give one of the two")


def _one_of(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else words[0]


_OWN: Final[dict[str, Callable[[Properties], Iterator[Problem]]]] = {
    CONFIG: _stored(CONFIG),
    CONTAINER: _container,
    NETWORK: _network,
    PLUGIN: _plugin,
    PUSHED_IMAGE: _pushed_image,
    REMOTE_IMAGE: _remote_image,
    SECRET: _stored(SECRET),
    catalogue.SERVICE: service.check,
    TAG: _tag,
}
