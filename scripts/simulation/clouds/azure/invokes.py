"""Data sources: who deploys, keys of what exists, and resources read back by their names."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any, Final

from scripts.simulation.clouds.azure import ids
from scripts.simulation.clouds.azure.forms import TENANT, digits, guid_of
from scripts.simulation.clouds.azure.types import BY_TOKEN, NAMESPACE, PACKAGE, REGISTRY, STORAGE, WORKSPACE
from scripts.simulation.clouds.fields import text
from scripts.simulation.values import Problem, Properties, Value
from scripts.simulation.world import Place, Resource, World

Answer = Mapping[str, Value] | Problem

_HIDDEN: Final = ("resourceGroupName",)


def invoke(token: str, arguments: Properties, place: Place, world: World) -> Answer:
    """The answer of a data source, or why there is none."""
    short = token.removeprefix(f"{PACKAGE}:")
    if short == "authorization:getClientConfig":
        return {
            "clientId": guid_of("deployer/client"),
            "objectId": guid_of("deployer"),
            "subscriptionId": place.account,
            "tenantId": TENANT,
        }
    if short == "authorization:getClientToken":
        return {"token": digits("deployer/token", 64)}
    keys = _KEYS.get(short)
    if keys is not None:
        owner, make = keys
        found = _found(owner, arguments, place, world)
        return make(found, arguments) if isinstance(found, Resource) else found
    module, _, function = short.partition(":get")
    kind = f"{PACKAGE}:{module}:{function}"
    if kind in BY_TOKEN:
        found = _found(kind, arguments, place, world)
        return _shown(found) if isinstance(found, Resource) else found
    return Problem("", f"{token} is not simulated; read the value from a resource, or give it in the stack file")


def _found(token: str, arguments: Properties, place: Place, world: World) -> Resource | Problem:
    kind = BY_TOKEN[token]
    wanted = ids.fill(kind.path, {**kind.fixed, **arguments}, place.account)
    for thing in world.of(token):
        if thing.id.lower() == wanted.lower():
            return thing
    return Problem(kind.named_by, f"there is no {token.rsplit(':', 1)[-1]} {wanted}; make it first, or give another name")


def _shown(thing: Resource) -> Mapping[str, Value]:
    return {**{key: value for key, value in thing.outputs.items() if key not in _HIDDEN}, "id": thing.id}


def _key(thing: Resource, which: str) -> str:
    """A key that could be one: 64 bytes in base64."""
    return base64.b64encode(bytes.fromhex(digits(f"{thing.id}/{which}", 64)) * 2).decode()


def _storage_keys(thing: Resource, _arguments: Properties) -> Answer:
    made = [{"creationTime": "2026-01-01T00:00:00Z", "keyName": name, "permissions": "FULL"} for name in ("key1", "key2")]
    return {"keys": [{**key, "value": _key(thing, key["keyName"])} for key in made]}


def _bus_keys(thing: Resource, arguments: Properties) -> Answer:
    rule = text(arguments, "authorizationRuleName", "RootManageSharedAccessKey")
    end = f"Endpoint=sb://{thing.id.split('/')[8]}.servicebus.windows.net/;SharedAccessKeyName={rule};SharedAccessKey="
    found: dict[str, Any] = {"aliasPrimaryConnectionString": "", "aliasSecondaryConnectionString": "", "keyName": rule}
    for which in ("primary", "secondary"):
        key = _key(thing, f"{rule}/{which}")
        found |= {f"{which}Key": key, f"{which}ConnectionString": f"{end}{key}"}
    return found


def _workspace_keys(thing: Resource, _arguments: Properties) -> Answer:
    return {"primarySharedKey": _key(thing, "primary"), "secondarySharedKey": _key(thing, "secondary")}


def _registry_keys(thing: Resource, _arguments: Properties) -> Answer:
    if thing.inputs.get("adminUserEnabled") is not True:
        return Problem("registryName", "the registry has no admin user; give the apps an identity with the role AcrPull")
    passwords = [{"name": name, "value": digits(f"{thing.id}/{name}", 32)} for name in ("password", "password2")]
    return {"username": thing.id.rpartition("/")[2], "passwords": passwords}


def _mail_keys(thing: Resource, _arguments: Properties) -> Answer:
    end = f"endpoint=https://{thing.outputs.get('hostName')}/;accesskey="
    found: dict[str, Value] = {}
    for which in ("primary", "secondary"):
        key = _key(thing, which)
        found |= {f"{which}Key": key, f"{which}ConnectionString": f"{end}{key}"}
    return found


_KEYS: Final[Mapping[str, tuple[str, Callable[[Resource, Properties], Answer]]]] = {
    "communication:listCommunicationServiceKeys": (f"{PACKAGE}:communication:CommunicationService", _mail_keys),
    "containerregistry:listRegistryCredentials": (REGISTRY, _registry_keys),
    "operationalinsights:getSharedKeys": (WORKSPACE, _workspace_keys),
    "operationalinsights:getWorkspaceSharedKeys": (WORKSPACE, _workspace_keys),
    "servicebus:listNamespaceKeys": (NAMESPACE, _bus_keys),
    "servicebus:listQueueKeys": (f"{PACKAGE}:servicebus:Queue", _bus_keys),
    "storage:listStorageAccountKeys": (STORAGE, _storage_keys),
}
"""Function -> the type whose keys it lists, and how they are made."""
