"""Cloud Run, Pub/Sub, keys, secrets, monitoring and backups: what Google refuses because of what else exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from scripts.simulation.clouds.fields import numbers, text, texts
from scripts.simulation.clouds.gcp import iam
from scripts.simulation.clouds.gcp.network_rules import others
from scripts.simulation.clouds.gcp.types import (
    KEY,
    KEY_RING,
    PACKAGE,
    SECRET,
    SECRET_VERSION,
    SLO,
    SUBNETWORK,
    TOPIC,
)
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Problem
from scripts.simulation.world import Resource, World

_SERVICES: Final = (
    f"{PACKAGE}:monitoring/customService:CustomService",
    f"{PACKAGE}:monitoring/genericService:GenericService",
)
_BURN: Final = re.compile(r"select_slo_burn_rate\(\s*\"([^\"]+)\"\s*,\s*\"([^\"]+)\"\s*\)")
_VAULT: Final = f"{PACKAGE}:backupdisasterrecovery/backupVault:BackupVault"
_ENCRYPTER: Final = ("roles/cloudkms.cryptoKeyEncrypterDecrypter", "roles/cloudkms.cryptoOperator")
_DAY: Final = 86400


def access(candidate: Candidate, world: World) -> Iterator[Problem]:
    """A secret that access is given to, whatever way it is named."""
    found = iam.of(candidate.token)
    name = candidate.inputs.get(found.field) if found is not None else None
    if found is not None and found.owner == SECRET and isinstance(name, str) and secret(name, world) is None:
        yield Problem(found.field, f"there is no secret {name}; give the secretId of one that exists")


def secret(name: str, world: World) -> Resource | None:
    """A secret by its id, its name or its short name."""
    for thing in world.of(SECRET):
        if name in {thing.id, thing.outputs.get("name"), thing.outputs.get("secretId"), thing.id.rpartition("/")[2]}:
            return thing
    return None


def run(candidate: Candidate, world: World) -> Iterator[Problem]:
    """Secrets of a container exist and have a version; a subnetwork lies in the service's own region."""
    inner = "template.template" if candidate.token.endswith(":Job") else "template"
    for pattern in (f"{inner}.containers[*].envs[*].valueSource.secretKeyRef.secret", f"{inner}.volumes[*].secret.secret"):
        for path, name in texts(candidate.inputs, pattern):
            found = secret(name, world)
            if found is None and not _elsewhere(name, candidate):
                yield Problem(path, f"there is no secret {name}; give the secretId of one that exists")
            elif found is not None and found.urn and not _has_version(found, world):
                yield Problem(path, f"the {found.label} has no version; make a SecretVersion first (depends_on)")
    location = candidate.inputs.get("location")
    for path, value in texts(candidate.inputs, f"{inner}.vpcAccess.networkInterfaces[*].subnetwork"):
        for home in world.named(value):
            region = home.outputs.get("region")
            if home.token == SUBNETWORK and home.urn and region != location:
                yield Problem(path, f"the {home.label} is in {region}; {location} needs one there")


def _elsewhere(name: str, candidate: Candidate) -> bool:
    """Whether a name is that of another project's secret."""
    return name.startswith("projects/") and name.split("/")[1] != candidate.place.account and not name.split("/")[1].isdigit()


def _has_version(found: Resource, world: World) -> bool:
    names = {found.id, found.outputs.get("name"), found.outputs.get("secretId")}
    return any(version.inputs.get("secret") in names for version in world.of(SECRET_VERSION))


def topic(candidate: Candidate, world: World) -> Iterator[Problem]:
    """A key of one's own is granted to Pub/Sub before."""
    key = text(candidate.inputs, "kmsKeyName")
    if key:
        yield from granted("kmsKeyName", key, "gcp-sa-pubsub", "pubsub.googleapis.com", world)


def subscription(candidate: Candidate, world: World) -> Iterator[Problem]:
    """Dead letters go to another topic than the one that they came from."""
    source, dead = text(candidate.inputs, "topic"), text(candidate.inputs, "deadLetterPolicy.deadLetterTopic")
    same = {thing.id for thing in world.named(source) if thing.token == TOPIC}
    if dead and dead in same:
        yield Problem("deadLetterPolicy.deadLetterTopic", "is the subscription's own topic; give another one")


def granted(path: str, key: str, agent: str, service: str, world: World) -> Iterator[Problem]:
    """What is missing so that a service may use a key; nothing is said of keys that were there before."""
    found = world.get(KEY, key)
    if found is None or not found.urn:
        return
    for thing in world:
        given = iam.of(thing.token)
        about = {found.id, text(found.inputs, "keyRing")}
        if given is None or thing.inputs.get(given.field) not in about or thing.inputs.get("role") not in _ENCRYPTER:
            continue
        if any(agent in principal for _, principal in iam.members(thing.inputs)):
            return
    yield Problem(
        path,
        f"{service} may not use the {found.label}; make its projects.ServiceIdentity, give that {_ENCRYPTER[0]} on the key,"
        " and depend on it",
    )


def key(candidate: Candidate, world: World) -> Iterator[Problem]:
    """A key's name is there once in its ring, for ever."""
    ring = candidate.inputs.get("keyRing")
    if isinstance(ring, str) and world.get(KEY_RING, ring) is None and "/" not in ring:
        yield Problem("keyRing", f"{ring} is no id; give the ring's id")


def slo(candidate: Candidate, world: World) -> Iterator[Problem]:
    """A goal belongs to a service that exists."""
    service = text(candidate.inputs, "service").rpartition("/")[2]
    known = {str(thing.outputs.get("serviceId")) for token in _SERVICES for thing in world.of(token)}
    if service not in known:
        yield Problem("service", f"there is no service {service}; give the serviceId of a CustomService or GenericService")
    for other in others(candidate, world, SLO):
        mine = (candidate.inputs.get("service"), candidate.inputs.get("sloId"))
        if mine[1] is not None and (other.inputs.get("service"), other.inputs.get("sloId")) == mine:
            yield Problem("sloId", f"{mine[1]} is taken by the {other.label}; choose another")


def alert(candidate: Candidate, world: World) -> Iterator[Problem]:
    """Burn rates name goals that exist, over windows that Google keeps."""
    known = {str(thing.outputs.get("name")) for thing in world.of(SLO)} | {thing.id for thing in world.of(SLO)}
    for path, query in texts(candidate.inputs, "conditions[*].conditionThreshold.filter"):
        for name, window in _BURN.findall(query):
            if name not in known:
                yield Problem(path, f"there is no goal {name}; give the name of a Slo")
            if not re.fullmatch(r"\d+[smhd]", window):
                yield Problem(path, f"{window} is no window; write it as 3600s")


def backup_plan(candidate: Candidate, world: World) -> Iterator[Problem]:
    """Backups are kept as long as the vault asks at least."""
    vault = world.get(_VAULT, text(candidate.inputs, "backupVault"))
    enforced = re.fullmatch(r"(\d+)s", text(vault.inputs, "backupMinimumEnforcedRetentionDuration")) if vault else None
    for path, days in numbers(candidate.inputs, "backupRules[*].backupRetentionDays"):
        if enforced and days * _DAY < int(enforced[1]):
            least = -(-int(enforced[1]) // _DAY)
            yield Problem(path, f"{days} days are less than the vault's {least}; give at least {least}")
