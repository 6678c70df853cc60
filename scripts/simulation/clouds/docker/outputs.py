"""Computed outputs, as the provider read them back from an engine 20.10.

What the engine chooses by itself (subnets, published ports) is made from the id, so that an update keeps it; times come back
in the provider's own notation. Left out: addresses of containers in their networks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from scripts.simulation.clouds import fields
from scripts.simulation.clouds.docker import catalogue, durations, ids
from scripts.simulation.clouds.docker.catalogue import FIRST_CHOSEN_PORT
from scripts.simulation.clouds.fields import text
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Properties, Value

_PORTS_CHOSEN: Final = 2768
"""Swarm chooses from 30000 to 32767."""


def outputs(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    """The computed outputs of something that is made or changed."""
    make = _MAKERS.get(candidate.token)
    return make(candidate, identifier) if make is not None else {}


def _network(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    inputs, number = candidate.inputs, _number(identifier)
    overlay = text(inputs, "driver") == "overlay"
    second, third = number % 256, number // 256 % 256
    subnet, gateway = (
        (f"10.{second}.{third}.0/24", f"10.{second}.{third}.1")
        if overlay
        else (f"172.{18 + second % 14}.0.0/16", f"172.{18 + second % 14}.0.1")
    )
    chosen = [{"subnet": subnet, "gateway": gateway, "ipRange": "", "auxAddress": {}}]
    options = {"com.docker.network.driver.overlay.vxlanid_list": str(4096 + number % 61440)} if overlay else {}
    return {
        "driver": text(inputs, "driver", "bridge"),
        "scope": "swarm" if overlay else "local",
        "internal": inputs.get("internal", False),
        "attachable": inputs.get("attachable", False),
        "ingress": inputs.get("ingress", False),
        "ipv6": inputs.get("ipv6", False),
        "ipamConfigs": inputs.get("ipamConfigs") or chosen,
        "options": inputs.get("options") or options,
    }


def _volume(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    driver = text(candidate.inputs, "driver", "local")
    return {"driver": driver, "mountpoint": f"/var/lib/docker/volumes/{identifier}/_data" if driver == "local" else ""}


def _remote_image(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    name = text(candidate.inputs, "name")
    return {"imageId": identifier.removesuffix(name), "repoDigest": f"{ids.repository(name)}@{ids.digest(name)}"}


def _pushed_image(_candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    return {"sha256Digest": identifier}


def _tag(candidate: Candidate, _identifier: str) -> Mapping[str, Value]:
    return {"sourceImageId": f"sha256:{ids.local(ids.tagged(text(candidate.inputs, 'sourceImage')))}"}


def _plugin(candidate: Candidate, _identifier: str) -> Mapping[str, Value]:
    name = ids.tagged(text(candidate.inputs, "name"))
    return {
        "alias": text(candidate.inputs, "alias", name),
        "pluginReference": name if "/" in name and "." in name.split("/")[0] else f"docker.io/{name}",
        "envs": candidate.inputs.get("envs", []),
    }


def _container(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    inputs = candidate.inputs
    given: dict[str, Any] = {
        "bridge": "",
        "command": [],
        "containerLogs": "",
        "entrypoints": [],
        "envs": [],
        "exitCode": 0,
        "hostname": identifier[:12],
        "init": False,
        "ipcMode": "private",
        "labels": [],
        "logDriver": "json-file",
        "networkDatas": [],
        "platform": "linux",
        "runtime": "runc",
        "securityOpts": [],
        "shmSize": 64,
        "stopSignal": "SIGTERM",
        "stopTimeout": 0,
    }
    return {name: inputs[name] if inputs.get(name) is not None else value for name, value in given.items()}


def _service(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    inputs = candidate.inputs
    read: dict[str, Any] = _times_read_back(inputs, candidate.token)
    task = dict(read.get("taskSpec") or {})
    task.setdefault("forceUpdate", 0)
    task.setdefault("runtime", "container")
    task.setdefault("restartPolicy", {"condition": "any"})
    container = dict(task.get("containerSpec") or {})
    container.setdefault("stopGracePeriod", "0s")
    container.setdefault("init", False)
    container.setdefault("isolation", "default")
    endpoint = dict(read.get("endpointSpec") or {})
    endpoint.setdefault("mode", "vip")
    endpoint["ports"] = [_port(port, _number(identifier) + index) for index, port in enumerate(endpoint.get("ports") or [])]
    return {
        **{name: read[name] for name in ("updateConfig", "rollbackConfig") if name in read},
        "taskSpec": {**task, "containerSpec": container},
        "mode": {"global": False, **(inputs.get("mode") or {"replicated": {"replicas": 1}})},
        "labels": inputs.get("labels") or [],
        "endpointSpec": endpoint,
    }


def _port(port: Mapping[str, Any], number: int) -> dict[str, Any]:
    chosen = FIRST_CHOSEN_PORT + number % _PORTS_CHOSEN
    return {
        "protocol": "tcp",
        "publishMode": "ingress",
        **port,
        "publishedPort": fields.number(port.get("publishedPort")) or chosen,
    }


def _number(identifier: str) -> int:
    """A number below 2^24 that depends on the id alone."""
    return int(ids.local(identifier)[:6], 16)


def _times_read_back(inputs: Properties, token: str) -> dict[str, Any]:
    """The inputs with each time as it comes back, except those that only tell the provider how long to wait."""
    found = dict(inputs)
    for pattern in catalogue.DURATIONS[token]:
        if not pattern.startswith("convergeConfig"):
            found = _with(found, pattern.split("."))
    return found


def _with(value: Mapping[str, Any], steps: list[str]) -> dict[str, Any]:
    first, rest, found = steps[0], steps[1:], dict(value)
    inner = found.get(first)
    if rest and isinstance(inner, Mapping):
        found[first] = _with(inner, rest)
    elif not rest and isinstance(inner, str):
        found[first] = durations.read_back(inner)
    return found


_MAKERS: Final[Mapping[str, Callable[[Candidate, str], Mapping[str, Value]]]] = {
    catalogue.NETWORK: _network,
    catalogue.VOLUME: _volume,
    catalogue.REMOTE_IMAGE: _remote_image,
    catalogue.PUSHED_IMAGE: _pushed_image,
    catalogue.TAG: _tag,
    catalogue.PLUGIN: _plugin,
    catalogue.CONTAINER: _container,
    catalogue.SERVICE: _service,
}
