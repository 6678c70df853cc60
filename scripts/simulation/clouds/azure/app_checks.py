"""What is wrong with Container Apps, their jobs and environments by themselves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from scripts.simulation.clouds.azure import catalogue
from scripts.simulation.clouds.fields import numbers, objects, text, texts
from scripts.simulation.values import Problem, Properties, Unknown, Value, select, step
from scripts.simulation.world import Place

_SECRET: Final = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_CONSUMPTION: Final = "Consumption"
_MOST_REPLICAS: Final = 1000
_LONGEST_GRACE: Final = 600


def environment(inputs: Properties, _place: Place) -> Iterator[Problem]:
    """An environment: zone redundancy and internal ingress need a network; logs go to a known place."""
    network = inputs.get("vnetConfiguration")
    subnet = network.get("infrastructureSubnetId") if isinstance(network, Mapping) else network
    if subnet is None and inputs.get("zoneRedundant") is True:
        yield Problem("zoneRedundant", "needs a network; give vnetConfiguration.infrastructureSubnetId")
    if subnet is None and isinstance(network, Mapping) and network.get("internal") is True:
        yield Problem("vnetConfiguration.internal", "needs a network; give infrastructureSubnetId")
    destination = text(inputs, "appLogsConfiguration.destination")
    if destination == "log-analytics" and not any(
        True for _ in select(inputs, "appLogsConfiguration.logAnalyticsConfiguration")
    ):
        yield Problem(
            "appLogsConfiguration.logAnalyticsConfiguration",
            "is missing; give the workspace's id and key, or use the destination azure-monitor",
        )


def container_app(inputs: Properties, _place: Place) -> Iterator[Problem]:
    """An app: where it runs, its containers, secrets, scaling and ingress."""
    if inputs.get("environmentId") is None and inputs.get("managedEnvironmentId") is None:
        yield Problem("environmentId", "is missing; give the id of the environment")
    yield from _containers(inputs)
    yield from _secrets(inputs)
    least, most = (
        next((value for _, value in numbers(inputs, f"template.scale.{name}")), None) for name in ("minReplicas", "maxReplicas")
    )
    if most is not None and not 1 <= most <= _MOST_REPLICAS:
        yield Problem("template.scale.maxReplicas", f"{most} is not possible; give 1 to {_MOST_REPLICAS}")
    if least is not None and most is not None and least > most:
        yield Problem("template.scale.minReplicas", f"{least} is more than maxReplicas of {most}")
    for path, period in numbers(inputs, "template.terminationGracePeriodSeconds"):
        if not 0 <= period <= _LONGEST_GRACE:
            yield Problem(path, f"{period} seconds are not possible; give 0 to {_LONGEST_GRACE}")
    yield from _rules(inputs)
    yield from _ingress(inputs)


def job(inputs: Properties, _place: Place) -> Iterator[Problem]:
    """A job: where it runs, its containers and secrets, and what triggers it."""
    if inputs.get("environmentId") is None:
        yield Problem("environmentId", "is missing; give the id of the environment")
    yield from _containers(inputs)
    yield from _secrets(inputs)
    for kind in ("Schedule", "Event", "Manual"):
        field = f"{kind[0].lower()}{kind[1:]}TriggerConfig"
        if text(inputs, "configuration.triggerType") == kind and not any(
            True for _ in select(inputs, f"configuration.{field}")
        ):
            yield Problem(f"configuration.{field}", f"is missing; a job with triggerType {kind} needs it")


def _containers(inputs: Properties) -> Iterator[Problem]:
    profile = inputs.get("workloadProfileName", _CONSUMPTION)
    for path, container in objects(inputs, "template.containers[*]"):
        if container.get("image") is None:
            yield Problem(step(path, "image"), "is missing; name the image")
        if container.get("name") is None:
            yield Problem(step(path, "name"), "is missing; name the container")
        cores, memory = (_of(container, f"resources.{part}") for part in ("cpu", "memory"))
        if profile == _CONSUMPTION and isinstance(cores, int | float) and isinstance(memory, str):
            fitting = dict(catalogue.APP_SIZES)
            if cores not in fitting:
                yield Problem(step(path, "resources.cpu"), f"{cores} cores are not possible; give 0.25 to 4 in steps of 0.25")
            elif memory.rstrip("0").rstrip(".") != fitting[cores] and _gib(memory) != cores * 2:
                yield Problem(step(path, "resources.memory"), f"{memory} does not go with {cores} cores; use {fitting[cores]}")


def _gib(memory: str) -> float | None:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(Gi|Mi)", memory)
    return float(found[1]) / (1 if found[2] == "Gi" else 1024) if found else None


def _of(value: Properties, pattern: str) -> Value:
    return next((found for _, found in select(value, pattern)), None)


def _secrets(inputs: Properties) -> Iterator[Problem]:
    seen = Counter[str]()
    listed = list(select(inputs, "configuration.secrets"))
    unknown = any(isinstance(value, Unknown) for _, value in listed) or isinstance(inputs.get("configuration"), Unknown)
    for path, secret in objects(inputs, "configuration.secrets[*]"):
        name = secret.get("name")
        unknown = unknown or isinstance(name, Unknown)
        if isinstance(name, str):
            seen[name] += 1
            if not _SECRET.fullmatch(name):
                yield Problem(step(path, "name"), f"{name} is no name of a secret; use lower-case letters, digits, - and .")
            elif seen[name] == 2:
                yield Problem(step(path, "name"), f"{name} is there twice; give each secret a name of its own")
        if secret.get("value") is None and secret.get("keyVaultUrl") is None:
            yield Problem(step(path, "value"), "is missing; give a value, or keyVaultUrl with identity")
        if secret.get("keyVaultUrl") is not None and secret.get("identity") is None:
            yield Problem(step(path, "identity"), "is missing; say whose identity reads the vault")
    if unknown:
        return
    for pattern in (
        "template.containers[*].env[*].secretRef",
        "template.initContainers[*].env[*].secretRef",
        "template.scale.rules[*].custom.auth[*].secretRef",
        "configuration.registries[*].passwordSecretRef",
    ):
        for path, name in texts(inputs, pattern):
            if name and name not in seen:
                yield Problem(path, f"{name} is no secret of this app; add it to configuration.secrets")


def _rules(inputs: Properties) -> Iterator[Problem]:
    for path, rule in objects(inputs, "template.scale.rules[*]"):
        kinds = [kind for kind in ("azureQueue", "custom", "http", "tcp") if rule.get(kind) is not None]
        if len(kinds) != 1:
            yield Problem(path, "needs exactly one of azureQueue, custom, http and tcp")
    for path, metadata in objects(inputs, "template.scale.rules[*].custom.metadata"):
        for key, value in metadata.items():
            if isinstance(value, int | float):
                yield Problem(step(path, key), "is a number; write it as text")
    for path, custom in objects(inputs, "template.scale.rules[*].custom"):
        metadata = custom.get("metadata", {})
        named = not isinstance(metadata, Mapping) or {"queueName", "topicName"} & set(metadata)
        if custom.get("type") == "azure-servicebus" and not named:
            yield Problem(step(path, "metadata"), "lacks queueName; name the queue to look at")


def _ingress(inputs: Properties) -> Iterator[Problem]:
    for path, port in numbers(inputs, "configuration.ingress.targetPort"):
        if not 1 <= port <= 65535:
            yield Problem(path, f"{port} is no port; give a number from 1 to 65535")
    for path, domain in objects(inputs, "configuration.ingress.customDomains[*]"):
        if domain.get("bindingType") == "SniEnabled" and domain.get("certificateId") is None:
            yield Problem(step(path, "certificateId"), "is missing; SniEnabled needs the id of a certificate")
    weights = [weight for _, weight in numbers(inputs, "configuration.ingress.traffic[*].weight")]
    shares = list(select(inputs, "configuration.ingress.traffic[*].weight"))
    if weights and len(weights) == len(shares) and sum(weights) != 100:
        yield Problem("configuration.ingress.traffic", f"shares add up to {sum(weights)}; they must be 100")
