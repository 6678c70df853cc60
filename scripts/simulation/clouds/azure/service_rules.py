"""Container Apps, Service Bus, Key Vault and DNS: what they refuse because of what else exists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from scripts.simulation.clouds.azure import catalogue, ids
from scripts.simulation.clouds.azure.network_rules import others
from scripts.simulation.clouds.azure.service_outputs import vault_uri
from scripts.simulation.clouds.azure.types import (
    CONTAINER_APP,
    ENVIRONMENT,
    NAMESPACE,
    PACKAGE,
    QUEUE,
    SECRET,
    STORAGE,
    TOPIC,
    VAULT,
)
from scripts.simulation.clouds.fields import numbers, objects, text, texts
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Problem, select, step
from scripts.simulation.world import Resource, World

_ZONE: Final = f"{PACKAGE}:dns:Zone"
_BACKUP_VAULT: Final = f"{PACKAGE}:dataprotection:BackupVault"
_MADE: Final = frozenset({"NS", "SOA"})


def container_app(candidate: Candidate, world: World) -> Iterator[Problem]:
    """An app: its profile, its secrets in the vault and the queues that it scales by."""
    yield from job(candidate, world)
    yield from _scaled_by(candidate, world)
    for path, domain in texts(candidate.inputs, "configuration.ingress.customDomains[*].name"):
        for other in others(candidate, world, CONTAINER_APP):
            if domain in {name for _, name in texts(other.inputs, "configuration.ingress.customDomains[*].name")}:
                yield Problem(path, f"{domain} belongs to the {other.label} already; take it off there first")


def job(candidate: Candidate, world: World) -> Iterator[Problem]:
    """What an app and a job have in common."""
    environment = world.get(
        ENVIRONMENT, text(candidate.inputs, "environmentId") or text(candidate.inputs, "managedEnvironmentId")
    )
    profile = text(candidate.inputs, "workloadProfileName")
    if environment is not None and environment.urn and profile:
        known = [name for _, name in texts(environment.inputs, "workloadProfiles[*].name")]
        if profile not in known and not (profile == "Consumption" and not known):
            listed = ", ".join(known) or "none"
            yield Problem("workloadProfileName", f"the {environment.label} has no profile {profile}; it has {listed}")
    vaults = {vault_uri(str(vault.outputs.get("name"))): vault for vault in world.of(VAULT)}
    for path, address in texts(candidate.inputs, "configuration.secrets[*].keyVaultUrl"):
        host, _, rest = address.partition("/secrets/")
        vault = vaults.get(f"{host.lower()}/")
        name = rest.partition("/")[0].lower()
        if vault is None or not vault.urn:
            continue
        if not any(_is_secret(secret, vault, name) for secret in world.of(SECRET)):
            yield Problem(path, f"the {vault.label} has no secret {name}; make it first (depends_on), or mend the address")


def _is_secret(secret: Resource, vault: Resource, name: str) -> bool:
    return secret.id.lower() == f"{vault.id.lower()}/secrets/{name}"


def _scaled_by(candidate: Candidate, world: World) -> Iterator[Problem]:
    for path, rule in objects(candidate.inputs, "template.scale.rules[*].custom"):
        if rule.get("type") != "azure-servicebus":
            continue
        namespace, queue = text(rule, "metadata.namespace"), text(rule, "metadata.queueName")
        home = next((thing for thing in world.of(NAMESPACE) if thing.outputs.get("name") == namespace), None)
        if home is None or not home.urn or not queue:
            continue
        if not any(thing.id.lower() == f"{home.id.lower()}/queues/{queue.lower()}" for thing in world.of(QUEUE)):
            yield Problem(step(path, "metadata.queueName"), f"the {home.label} has no queue {queue}; give the name of one")


def managed_certificate(candidate: Candidate, world: World) -> Iterator[Problem]:
    """A managed certificate is for a name that an app of the environment has taken already."""
    subject = text(candidate.inputs, "properties.subjectName")
    environment = str(ids.parent(candidate)).lower()
    for app in world.of(CONTAINER_APP):
        home = text(app.inputs, "environmentId") or text(app.inputs, "managedEnvironmentId")
        if home.lower() == environment and subject in {
            name for _, name in texts(app.inputs, "configuration.ingress.customDomains[*].name")
        }:
            return
    if subject:
        yield Problem(
            "properties.subjectName",
            f"no app of this environment has the domain {subject}; add it to an app's customDomains with bindingType Disabled"
            " first, make the certificate, then bind it with SniEnabled",
        )


def _tier(candidate: Candidate, world: World) -> tuple[Resource | None, str]:
    home = next((thing for thing in world.of(NAMESPACE) if thing.id.lower() == str(ids.parent(candidate)).lower()), None)
    return home, text(home.inputs, "sku.name", "Standard") if home is not None and home.urn else ""


def queue(candidate: Candidate, world: World) -> Iterator[Problem]:
    """What a namespace's tier gives a queue."""
    home, tier = _tier(candidate, world)
    if home is None or not tier:
        return
    inputs = candidate.inputs
    if tier == "Basic":
        for field in ("requiresSession", "requiresDuplicateDetection", "forwardTo", "autoDeleteOnIdle"):
            if inputs.get(field) not in {None, False}:
                yield Problem(field, f"is not possible in the {home.label}, which is Basic; set its sku.name to Standard")
    if tier != "Premium" and inputs.get("maxMessageSizeInKilobytes") is not None:
        yield Problem("maxMessageSizeInKilobytes", f"needs Premium; the {home.label} is {tier}, so leave it out")
    for path, size in numbers(inputs, "maxSizeInMegabytes"):
        if tier != "Premium" and size not in catalogue.QUEUE_SIZES_MIB:
            yield Problem(path, f"{size} needs Premium; the {home.label} is {tier}, so give at most 5120")


def topic(candidate: Candidate, world: World) -> Iterator[Problem]:
    """Basic has no topics."""
    home, tier = _tier(candidate, world)
    if home is not None and tier == "Basic":
        yield Problem("namespaceName", f"the {home.label} is Basic, which has no topics; set its sku.name to Standard")


def namespace(candidate: Candidate, world: World) -> Iterator[Problem]:
    """A namespace does not move between Premium and the other tiers, nor below what lies in it."""
    if candidate.current is None:
        return
    before, after = (text(inputs, "sku.name", "Standard") for inputs in (candidate.current.inputs, candidate.inputs))
    if before != after and "Premium" in {before, after}:
        yield Problem("sku.name", f"cannot change from {before} to {after}; make a new namespace and move the queues")
    if after == "Basic" and any(ids.parent(thing) == candidate.current.id for thing in world.of(TOPIC)):
        yield Problem("sku.name", "Basic has no topics, and this namespace has some; keep Standard")


def vault(candidate: Candidate, _world: World) -> Iterator[Problem]:
    """Protection against purging stays on once it is, and the days of soft deletion stay as they are."""
    if candidate.current is None:
        return
    before, after = (
        {name: next((value for _, value in select(inputs, f"properties.{name}")), None) for name in _LASTING}
        for inputs in (candidate.current.inputs, candidate.inputs)
    )
    if before["enablePurgeProtection"] is True and after["enablePurgeProtection"] is not True:
        yield Problem("properties.enablePurgeProtection", "cannot be taken back; keep true")
    days = "softDeleteRetentionInDays"
    if before[days] is not None and after[days] != before[days]:
        yield Problem(f"properties.{days}", f"cannot be changed; keep {before[days]}")


_LASTING: Final = ("enablePurgeProtection", "softDeleteRetentionInDays")


def record_set(candidate: Candidate, world: World) -> Iterator[Problem]:
    """A CNAME stands alone at its name."""
    kind, name = text(candidate.inputs, "recordType"), text(candidate.inputs, "relativeRecordSetName").lower()
    for other in others(candidate, world, candidate.token):
        if ids.parent(other) != ids.parent(candidate):
            continue
        theirs = text(other.inputs, "recordType")
        same = text(other.inputs, "relativeRecordSetName").lower() == name and theirs != kind
        if same and "CNAME" in {kind, theirs} and theirs not in _MADE:
            yield Problem("relativeRecordSetName", f"{name} has a {theirs} record ({other.label}); a CNAME stands alone")


def dnssec(candidate: Candidate, world: World) -> Iterator[Problem]:
    """Only a zone that the whole world sees can be signed."""
    zone = next((thing for thing in world.of(_ZONE) if thing.id == ids.parent(candidate)), None)
    if zone is not None and text(zone.inputs, "zoneType") == "Private":
        yield Problem("zoneName", f"the {zone.label} is private; only public zones are signed")


def release(resource: Resource) -> Sequence[Problem]:
    """Vaults and containers that are locked against deletion of what they hold."""
    immutable = text(resource.inputs, "properties.securitySettings.immutabilitySettings.state")
    if resource.token == _BACKUP_VAULT and immutable == "Locked":
        path = "properties.securitySettings.immutabilitySettings.state"
        return (
            Problem(path, "is Locked: backups inside cannot be deleted before their time, and the lock cannot be taken back"),
        )
    version = text(resource.inputs, "immutableStorageWithVersioning.immutabilityPolicy.state")
    if resource.token == STORAGE and version == "Locked":
        return (
            Problem("immutableStorageWithVersioning", "is Locked: what the account holds cannot be deleted before its time"),
        )
    return ()
