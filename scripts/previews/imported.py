"""A deployment as `pulumi stack export` writes it, made ready for the simulation.

What was encrypted stays unknown: each secret becomes a text that the simulated providers take as equal to anything, so a change
of a secret's value is not seen, and one of anything else is. Plain secrets of `--show-secrets` are thrown away just so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.operations.stack import PROJECT
from scripts.simulation.passphrase import Passphrase
from scripts.simulation.server.serve import CLOUDS, cloud
from scripts.simulation.server.wire import SECRET
from scripts.simulation.values import SIGNATURE, UNREADABLE, Problem
from scripts.simulation.world import Place, Resource, World
from scripts.toolchain.process import Failure


@dataclass(frozen=True)
class Imported:
    """`deployment`: for the engine, with secrets under the preview's passphrase. `resources`: for the simulated world."""

    version: int
    deployment: Mapping[str, Any]
    resources: list[Resource]


def load(file: Path, stack: str, passphrase: Passphrase) -> Imported:
    """Reads an export of the stack.

    Raises `Failure` when the file is no export, or one of another stack or project.
    """
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        deployment = content["deployment"]
        found = list(deployment.get("resources") or ())
        names = {str(resource["urn"]).split("::")[0].removeprefix("urn:pulumi:") for resource in found}
        projects = {str(resource["urn"]).split("::")[1] for resource in found}
        resources = world([_secrets(each, UNREADABLE) for each in found])
        version = int(content.get("version", 3))
    except OSError as error:
        raise Failure(f"--state: {file} cannot be read ({error.strerror}).") from None
    except (ValueError, LookupError, TypeError, AttributeError):
        raise Failure(f"--state: {file} is not what `pulumi stack export` writes; export the stack again.") from None
    if names - {stack}:
        raise Failure(f"--state: {file} is of the stack {', '.join(sorted(names - {stack}))}; name that stack.")
    if projects - {PROJECT}:
        raise Failure(f"--state: {file} is of the project {', '.join(sorted(projects - {PROJECT}))}, not {PROJECT}.")
    marker = {SIGNATURE: SECRET, "ciphertext": passphrase.encrypt(json.dumps(UNREADABLE))}
    provider = {"type": "passphrase", "state": {"salt": passphrase.encryption_salt}}
    kept = {key: value for key, value in deployment.items() if key != "pending_operations"}
    sealed = {**kept, "secrets_providers": provider, "resources": [_secrets(each, marker) for each in found]}
    return Imported(version, sealed, resources)


def _secrets(value: Any, instead: Any) -> Any:
    """The value with every secret in it, at any depth, replaced."""
    if isinstance(value, dict):
        if value.get(SIGNATURE) == SECRET:
            return instead
        return {key: _secrets(item, instead) for key, item in value.items()}
    if isinstance(value, list):
        return [_secrets(item, instead) for item in value]
    return value


def world(resources: list[dict[str, Any]]) -> list[Resource]:
    """What exists in the simulated clouds according to a state, each where its provider works."""
    places = {
        f"{each['urn']}::{each.get('id', '')}": _place(each)
        for each in resources
        if str(each["type"]).startswith("pulumi:prov")
    }
    found = []
    for each in resources:
        token = str(each["type"])
        package = token.split(":", maxsplit=1)[0]
        if not each.get("custom") or package not in CLOUDS or each.get("delete"):
            continue
        inputs, outputs = each.get("inputs") or {}, each.get("outputs") or {}
        place = places.get(str(each.get("provider", "")), Place(package, "", ""))
        if isinstance(inputs.get("region"), str):
            place = Place(place.cloud, place.account, inputs["region"])
        outputs = {"id": each["id"], **outputs}
        found.append(Resource(token, str(each["id"]), str(each["urn"]), place, inputs, outputs))
    return found


def fill(world: World, resources: list[Resource]) -> None:
    for resource in resources:
        world.put(resource)


def _place(provider: Mapping[str, Any]) -> Place:
    package = str(provider["type"]).removeprefix("pulumi:providers:")
    if package not in CLOUDS:
        return Place(package, "", "")
    place = cloud(package).place({key: _decoded(value) for key, value in (provider.get("inputs") or {}).items()})
    return Place(package, "", "") if isinstance(place, Problem) else place


def _decoded(value: Any) -> Any:
    """Nested configuration of a provider travels as JSON text."""
    if isinstance(value, str) and value.startswith(("{", "[")):
        try:
            return json.loads(value)
        except json.JSONDecodeError:
            return value
    return value
