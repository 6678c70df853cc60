"""Data sources. Images answer whatever their name, because what a host has or a registry holds is not part of a program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from scripts.simulation.clouds.docker import catalogue, ids, names
from scripts.simulation.clouds.docker.catalogue import CONTAINER, NETWORK, PLUGIN
from scripts.simulation.clouds.fields import text
from scripts.simulation.values import Problem, Properties, Value
from scripts.simulation.world import Place, Resource, World

_INDEX: Final = "docker:index/"


def invoke(token: str, arguments: Properties, place: Place, world: World) -> Mapping[str, Value] | Problem:
    """The answer of a data source, or why there is none."""
    match token.removeprefix(_INDEX).partition(":")[0]:
        case "getNetwork":
            return _network(text(arguments, "name"), place, world)
        case "getRemoteImage":
            return _remote_image(text(arguments, "name"))
        case "getRegistryImage":
            return _registry_image(arguments)
        case "getPlugin":
            return _plugin(arguments, place, world)
        case "getLogs":
            return _logs(arguments, place, world)
        case _:
            return Problem("", f"{token} is not simulated; read the value from a resource, or give it in the stack file")


def _on(place: Place, world: World, token: str) -> list[Resource]:
    return [thing for thing in world.of(token) if thing.place.account in {place.account, ""}]


def _network(name: str, place: Place, world: World) -> Mapping[str, Value] | Problem:
    if name in catalogue.PREDEFINED_NETWORKS:
        driver = catalogue.PREDEFINED_NETWORKS[name]
        found = {"id": ids.local(f"{place.account}/{name}"), "driver": driver, "name": name, "scope": "local"}
        return {"containers": [], "internal": False, "ipamConfigs": [], "options": {}, **found}
    for network in _on(place, world, NETWORK):
        if name in {network.id, network.outputs.get("name")}:
            members = ("driver", "internal", "ipamConfigs", "options", "scope", "name")
            known = {member: network.outputs[member] for member in members if member in network.outputs}
            return {"containers": [], "internal": False, "ipamConfigs": [], "options": {}, **known, "id": network.id}
    return Problem(
        "name", f"there is no network {name} on {place.account}; make it first, or give the name of one that is there"
    )


def _remote_image(name: str) -> Mapping[str, Value] | Problem:
    wrong = names.image_problem("name", name)
    if wrong is not None:
        return wrong
    image = f"sha256:{ids.local(ids.tagged(name))}"
    return {"id": image, "name": name, "repoDigest": f"{ids.repository(name)}@{ids.digest(name)}"}


def _registry_image(arguments: Properties) -> Mapping[str, Value] | Problem:
    name = text(arguments, "name")
    wrong = names.image_problem("name", name)
    if wrong is not None:
        return wrong
    found = ids.digest(name)
    return {"insecureSkipVerify": False, **arguments, "id": found, "sha256Digest": found}


def _plugin(arguments: Properties, place: Place, world: World) -> Mapping[str, Value] | Problem:
    wanted = text(arguments, "id") or text(arguments, "alias")
    for plugin in _on(place, world, PLUGIN):
        if wanted and {wanted, ids.tagged(wanted)} & {plugin.id, str(plugin.outputs.get("alias"))}:
            members = ("alias", "enabled", "envs", "grantAllPermissions", "name", "pluginReference")
            defaults = {"enabled": True, "envs": [], "grantAllPermissions": False}
            return {**defaults, **{name: plugin.outputs[name] for name in members if name in plugin.outputs}, "id": plugin.id}
    return Problem("alias", f"there is no plugin {wanted} on {place.account}; install it with docker.Plugin")


def _logs(arguments: Properties, place: Place, world: World) -> Mapping[str, Value] | Problem:
    name = text(arguments, "name")
    for container in _on(place, world, CONTAINER):
        if name in {container.id, container.outputs.get("name")}:
            return {**arguments, "id": container.id, "logsListStrings": []}
    return Problem("name", f"there is no container {name} on {place.account}; services have no logs of this kind")
