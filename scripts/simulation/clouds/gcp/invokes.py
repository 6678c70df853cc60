"""Data sources: the project, regions and zones, keys of signed zones, and resources read back by their names."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from scripts.simulation.clouds.fields import text
from scripts.simulation.clouds.gcp import catalogue
from scripts.simulation.clouds.gcp.ids import digits, number
from scripts.simulation.clouds.gcp.types import ACCOUNT, BY_TOKEN, PACKAGE, SECRET, SECRET_VERSION, ZONE
from scripts.simulation.values import Problem, Properties, Value
from scripts.simulation.world import Place, Resource, World

Answer = Mapping[str, Value] | Problem


def invoke(token: str, arguments: Properties, place: Place, world: World) -> Answer:
    """The answer of a data source, or why there is none."""
    module, _, function = token.removeprefix(f"{PACKAGE}:").partition("/")
    name = function.rpartition(":")[2]
    own = _OWN.get(f"{module}/{name}")
    if own is not None:
        return own(arguments, place, world)
    kind = name.removeprefix("get")
    for known in BY_TOKEN:
        if known.startswith(f"{PACKAGE}:{module}/") and known.rpartition(":")[2].lower() == kind.lower():
            return _read_back(known, arguments, place, world)
    return Problem("", f"{token} is not simulated; read the value from a resource, or give it in the stack file")


def _read_back(token: str, arguments: Properties, place: Place, world: World) -> Answer:
    for thing in world.of(token):
        here = thing.place.account in {place.account, ""}
        if here and all(_same(thing.outputs.get(key), value) for key, value in arguments.items() if key in _NAMING):
            return {
                **thing.outputs,
                **{key: value for key, value in arguments.items() if value is not None},
                "id": thing.id,
            }
    shown = ", ".join(str(value) for key, value in arguments.items() if key in _NAMING and isinstance(value, str))
    what = token.rpartition(":")[2]
    return Problem(_first(arguments), f"there is no {what} {shown}; make it first, or give another name")


_NAMING: Final = frozenset(
    {"name", "secretId", "repositoryId", "accountId", "instance", "managedZone", "type", "location", "region", "keyRing"}
)
"""Arguments that say which one is meant."""


def _same(found: Value, wanted: Value) -> bool:
    return wanted is None or found == wanted or (isinstance(found, str) and found.rpartition("/")[2] == wanted)


def _first(arguments: Properties) -> str:
    return next((key for key in arguments if key in _NAMING), "")


def _project(arguments: Properties, place: Place, _world: World) -> Answer:
    project = text(arguments, "projectId") or place.account
    return {
        "autoCreateNetwork": True,
        "billingAccount": "000000-000000-000000",
        "deletionPolicy": "PREVENT",
        "effectiveLabels": {},
        "folderId": "",
        "id": f"projects/{project}",
        "labels": {},
        "name": project,
        "number": number(project),
        "orgId": "123456789012",
        "projectId": project,
        "pulumiLabels": {},
        "tags": {},
    }


def _client(_arguments: Properties, place: Place, _world: World) -> Answer:
    zones = catalogue.zones(place.region)
    return {
        "accessToken": f"ya29.{digits('hex', 32, place.account)}",
        "defaultLabels": {},
        "id": f"projects/{place.account}/regions/{place.region}/zones/{zones[0] if zones else ''}",
        "project": place.account,
        "region": place.region,
        "zone": zones[0] if zones else "",
    }


def _user(_arguments: Properties, _place: Place, _world: World) -> Answer:
    return {"email": "deployer@example.com", "id": "deployer@example.com"}


def _policy(arguments: Properties, _place: Place, _world: World) -> Answer:
    """The text of a policy from its bindings, as Google writes it."""
    given = [binding for binding in arguments.get("bindings") or () if isinstance(binding, Mapping)]
    bindings = sorted(
        ({key: value for key, value in _binding(binding).items() if value} for binding in given),
        key=lambda binding: (str(binding.get("role")), json.dumps(binding, sort_keys=True)),
    )
    text_ = json.dumps({"bindings": bindings} if bindings else {}, separators=(",", ":"))
    return {**arguments, "id": digits("digits", 10, text_), "policyData": text_}


def _binding(binding: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "condition": binding.get("condition"),
        "members": sorted(binding.get("members") or ()),
        "role": binding.get("role"),
    }


def _zones(arguments: Properties, place: Place, _world: World) -> Answer:
    region = text(arguments, "region") or place.region
    found = list(catalogue.zones(region))
    if not found:
        return Problem("region", f"{region or 'an empty text'} is no region; give one such as europe-west3")
    return {"id": f"projects/{place.account}/regions/{region}", "names": found, "project": place.account, "region": region}


def _regions(_arguments: Properties, place: Place, _world: World) -> Answer:
    return {"id": f"projects/{place.account}", "names": list(catalogue.REGIONS), "project": place.account}


def _keys(arguments: Properties, place: Place, world: World) -> Answer:
    """The keys of a signed zone, with the record for the zone above."""
    name = text(arguments, "managedZone")
    zone = next((thing for thing in world.of(ZONE) if name in {thing.id, thing.outputs.get("name")}), None)
    if zone is None:
        return Problem("managedZone", f"there is no zone {name}; make it first, or give another name")
    if text(zone.inputs, "dnssecConfig.state") != "on":
        return Problem("managedZone", f"the {zone.label} is not signed; set dnssecConfig.state to on")
    made = [_key(zone, kind) for kind in ("keySigning", "zoneSigning")]
    return {
        "id": zone.id,
        "keySigningKeys": made[:1],
        "managedZone": name,
        "project": place.account,
        "zoneSigningKeys": [{key: value for key, value in made[1].items() if key != "dsRecord"}],
    }


def _key(zone: Resource, kind: str) -> dict[str, Value]:
    seed = f"{zone.id}/{kind}"
    tag, digest = int(digits("hex", 4, seed), 16), digits("hex", 64, f"{seed}/ds").upper()
    return {
        "algorithm": "rsasha256",
        "creationTime": "2026-01-01T00:00:00.000Z",
        "description": "",
        "digests": [{"digest": digest, "type": "sha256"}],
        "dsRecord": f"{tag} 8 2 {digest}",
        "id": digits("digits", 10, seed),
        "isActive": True,
        "keyLength": 2048 if kind == "keySigning" else 1024,
        "keyTag": tag,
        "publicKey": digits("hex", 64, f"{seed}/public"),
    }


def _account(arguments: Properties, place: Place, world: World) -> Answer:
    wanted = text(arguments, "accountId")
    for thing in world.of(ACCOUNT):
        email = str(thing.outputs.get("email"))
        if wanted in {email, thing.id, thing.inputs.get("accountId")} and thing.place.account == place.account:
            return {**thing.outputs, **arguments, "id": thing.id}
    return Problem("accountId", f"there is no service account {wanted}; make it first, or give another one")


def _storage_account(_arguments: Properties, place: Place, _world: World) -> Answer:
    email = f"service-{number(place.account)}@gs-project-accounts.iam.gserviceaccount.com"
    return {"emailAddress": email, "id": email, "member": f"serviceAccount:{email}", "project": place.account}


def _secret_version(arguments: Properties, place: Place, world: World) -> Answer:
    wanted = text(arguments, "secret").rpartition("/")[2]
    found = next((thing for thing in world.of(SECRET) if thing.id.rpartition("/")[2] == wanted), None)
    for version in world.of(SECRET_VERSION):
        if found is not None and version.inputs.get("secret") in {found.id, found.outputs.get("name"), wanted}:
            data = {"secretData": version.inputs.get("secretData") or "", "enabled": True, "version": "1"}
            return {
                **arguments,
                **data,
                "id": version.id,
                "name": version.id,
                "project": place.account,
                "createTime": "",
                "destroyTime": "",
            }
    return Problem("secret", f"there is no version of a secret {wanted}; make a SecretVersion first")


_OWN: Final[Mapping[str, Callable[[Properties, Place, World], Answer]]] = {
    "compute/getRegions": _regions,
    "compute/getZones": _zones,
    "dns/getKeys": _keys,
    "organizations/getClientConfig": _client,
    "organizations/getClientOpenIdUserInfo": _user,
    "organizations/getIAMPolicy": _policy,
    "organizations/getProject": _project,
    "secretmanager/getSecretVersion": _secret_version,
    "serviceaccount/getAccount": _account,
    "storage/getProjectServiceAccount": _storage_account,
}
