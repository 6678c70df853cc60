"""What is wrong with services, jobs and worker pools of Cloud Run by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from scripts.simulation.clouds.fields import numbers, objects, stated, text, texts
from scripts.simulation.clouds.gcp import catalogue
from scripts.simulation.values import Problem, Properties, select, step

_MEMORY: Final = re.compile(r"(\d+(?:\.\d+)?)(Ki|Mi|Gi|k|M|G)")
_MIB: Final = {"Ki": 1 / 1024, "Mi": 1.0, "Gi": 1024.0, "k": 1000 / 1048576, "M": 1e6 / 1048576, "G": 1e9 / 1048576}
_INGRESS: Final = ("INGRESS_TRAFFIC_ALL", "INGRESS_TRAFFIC_INTERNAL_ONLY", "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER")


def service(inputs: Properties) -> Iterator[Problem]:
    """A service: containers, copies, concurrency, who may ask."""
    yield from _containers(inputs, "template", most_seconds=3600)
    yield from _copies(inputs, "template.scaling")
    given = [value for _, value in texts(inputs, "template.containers[*].resources.limits.cpu")]
    for path, requests in numbers(inputs, "template.maxInstanceRequestConcurrency"):
        if not 1 <= requests <= 1000:
            yield Problem(path, f"{requests} requests at once are not possible; give 1 to 1000")
        if requests > 1 and any((_cores(share) or 1) < 1 for share in given):
            yield Problem(path, f"{requests} is not possible with less than one CPU; give 1, or a CPU")
    for path, ingress in texts(inputs, "ingress"):
        if ingress not in _INGRESS:
            yield Problem(path, f"{ingress or 'an empty text'} is no ingress; use one of {', '.join(_INGRESS)}")
    shares = [share for _, share in numbers(inputs, "traffics[*].percent")]
    if shares and len(shares) == len(list(select(inputs, "traffics[*].percent"))) and sum(shares) != 100:
        yield Problem("traffics", f"shares add up to {sum(shares)}; they must be 100")
    ports = [path for path, _ in objects(inputs, "template.containers[*].ports")]
    if len(ports) > 1:
        yield Problem(ports[1], "is a second container with a port; one container takes the requests")


def worker_pool(inputs: Properties) -> Iterator[Problem]:
    """A worker pool: containers and copies; it takes no requests."""
    yield from _containers(inputs, "template", most_seconds=None)
    yield from _copies(inputs, "scaling")
    mode = text(inputs, "scaling.scalingMode", "AUTOMATIC" if inputs.get("scaling") is None else "")
    if mode == "AUTOMATIC" and any(True for _ in select(inputs, "scaling.manualInstanceCount")):
        yield Problem("scaling.manualInstanceCount", "is for scalingMode MANUAL; leave it out, or set that")


def job(inputs: Properties) -> Iterator[Problem]:
    """A job: containers, tries and time."""
    yield from _containers(inputs, "template.template", most_seconds=7 * 86400)
    for path, tries in numbers(inputs, "template.template.maxRetries"):
        if not 0 <= tries <= 10:
            yield Problem(path, f"{tries} tries are not possible; give 0 to 10")


def _copies(inputs: Properties, path: str) -> Iterator[Problem]:
    least, most = (
        next((value for _, value in numbers(inputs, f"{path}.{name}")), None)
        for name in ("minInstanceCount", "maxInstanceCount")
    )
    if least is not None and most is not None and least > most:
        yield Problem(f"{path}.minInstanceCount", f"{least} is more than maxInstanceCount of {most}")


def _containers(inputs: Properties, path: str, most_seconds: int | None) -> Iterator[Problem]:
    for where, container in objects(inputs, f"{path}.containers[*]"):
        if container.get("image") is None and container.get("sourceCode") is None:
            yield Problem(step(where, "image"), "is missing; name the image")
        yield from _size(where, container)
    for where, timeout in texts(inputs, f"{path}.timeout"):
        found = re.fullmatch(r"(\d+)s", timeout)
        if found is None:
            yield Problem(where, f"{timeout or 'an empty text'} is no length of time; write it as 300s")
        elif most_seconds is not None and not 1 <= int(found[1]) <= most_seconds:
            yield Problem(where, f"{timeout} is not possible; give 1s to {most_seconds}s")
    mounts = {name for _, name in texts(inputs, f"{path}.volumes[*].name")}
    unknown = len(mounts) != len(list(select(inputs, f"{path}.volumes[*].name")))
    for where, name in texts(inputs, f"{path}.containers[*].volumeMounts[*].name"):
        if name not in mounts and not unknown and name != "cloudsql":
            yield Problem(where, f"{name} is no volume of this template; add it to volumes")


def _cores(share: str) -> float | None:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(m?)", share)
    return float(found[1]) / (1000 if found[2] else 1) if found else None


def _size(path: str, container: dict[str, Any]) -> Iterator[Problem]:
    share, memory = (stated(container, f"resources.limits.{name}", "") for name in ("cpu", "memory"))
    if share is None or memory is None:
        return
    where = step(path, "resources.limits")
    cores = _cores(share) if share else None
    if share and (cores is None or not (0.08 <= cores < 1 or f"{cores:g}" in catalogue.RUN_CPU)):
        yield Problem(step(where, "cpu"), f"{share} CPUs are not possible; give 1, 2, 4, 6 or 8, or less than 1")
        return
    found = _MEMORY.fullmatch(memory) if memory else None
    if memory and found is None:
        yield Problem(step(where, "memory"), f"{memory} is no size; write it as 512Mi")
        return
    if found is None:
        return
    size = float(found[1]) * _MIB[found[2]]
    key = f"{cores:g}" if cores is not None and cores >= 1 else "1"
    most, least = catalogue.RUN_CPU[key] * 1024, catalogue.RUN_LEAST_MEMORY_MIB.get(key, 128)
    if cores is not None and cores < 1:
        most = 1024 if cores >= 0.5 else 512
    if not least <= size <= most:
        yield Problem(step(where, "memory"), f"{memory} does not go with {share or '1'} CPUs; give {least}Mi to {most}Mi")
