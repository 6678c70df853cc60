"""Every field of a description, found by walking the models of `spec.py`, with another valid value for each.

A field that is added to the spec is walked at once. A text has no neighbour of its own, so it needs a line in `TEXTS`; a test
fails until it has one.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from components.spec import PlatformSpec

SCHEMA: Final[Mapping[str, Any]] = PlatformSpec.model_json_schema()

TEXTS: Final[Mapping[str, Sequence[Any]]] = {
    "domain": ["mail.example.org"],
    "services.*.image": ["registry.example.com/api@sha256:" + "a" * 64],
    "services.*.command": [["worker", "--verbose"]],
    "services.*.public_path": ["/elsewhere"],
    "services.*.health_path": ["/alive"],
    "services.*.ready_path": ["/ready"],
    "services.*.publishes": [[], ["outbound"]],
    "services.*.consumes": [[], ["outbound"]],
    "services.*.environment": [{"LOG_LEVEL": "debug"}],
    "migration.image": ["registry.example.com/api@sha256:" + "b" * 64],
    "migration.command": [["migrate", "now"]],
    "mail.domain": ["example.net"],
    "mail.postmaster": ["postmaster@example.net"],
    "alerts.emails": [["operations@example.net"]],
    "alerts.webhooks": [["https://hooks.example.net/penguinmails"]],
    "alerts.custom.*.measure": ["cpu_percent"],
    "alerts.custom.*.of": ["worker"],
    "alerts.custom.*.pattern": ["Traceback (most recent call last)"],
    "alerts.custom.*.above": [17.0],
    "alerts.custom.*.below": [3.0],
    "dns.zone": ["example.com", "com"],
    "mail.events_queue": ["outbound"],
    "docker.host": ["unix:///run/other.sock"],
    "docker.node": ["host-1"],
    "docker.engine_folder": ["/srv/docker"],
    "docker.smtp_relay.host": ["relay.example.net"],
    "docker.smtp_relay.sender": ["alerts@example.net"],
    "docker.smtp_relay.username": ["alerts"],
    "docker.scrape_targets": [{"gateway": "gateway.example.com:9154/metrics"}],
    "docker.second_repository": [
        {"kind": "s3", "endpoint": "s3.example.com", "region": "eu", "bucket": "penguinmails-backups"},
        {"kind": "sftp", "host": "backups.example.com", "user": "backup", "path": "/srv/backups", "host_key_sha256": "ab" * 32},
    ],
    "docker.authorities_pem": ["no certificate"],
    "docker.acme.directory_url": ["https://acme.example.net/directory"],
    "docker.acme.email": ["hostmaster@example.net"],
    "docker.acme.authority_pem": ["no certificate"],
    "backup.schedule": ["15 3 * * *"],
    "aws.region": ["eu-west-1"],
    "aws.cidr": ["10.77.0.0/16"],
    "aws.account_id": ["123456789012"],
    "aws.certificate_arn": ["arn:aws:acm:eu-central-1:123456789012:certificate/0a0a0a0a-0b0b-0c0c-0d0d-0e0e0e0e0e0e"],
    "aws.backup_region": ["eu-west-3"],
    "aws.existing_network.vpc_id": ["vpc-0b0b0b0b0b0b0b0b0"],
    "aws.existing_network.public_subnet_ids": [["subnet-0a0000000000000b1", "subnet-0a0000000000000b2"]],
    "aws.existing_network.private_subnet_ids": [["subnet-0a0000000000000b3", "subnet-0a0000000000000b4"]],
    "aws.existing_network.isolated_subnet_ids": [["subnet-0a0000000000000b5", "subnet-0a0000000000000b6"]],
}
"""Fields with texts (`*`: any name) -> other values that are right."""

REQUIRED: Final[Mapping[str, Mapping[str, Any]]] = {
    "mail": {"domain": "mail.dev.example.com", "postmaster": "postmaster@example.com"},
    "alerts": {
        "webhooks": ["https://hooks.example.com/penguinmails"],
        "custom": {"slow": {"measure": "log_matches_per_minute", "of": "api", "pattern": "slow", "above": 5.0}},
    },
    "docker.smtp_relay": {"host": "relay.example.com", "sender": "alerts@example.com"},
    "docker.acme": {"email": "hostmaster@example.com"},
    "aws": {"region": "eu-central-1"},
    "aws.existing_network": {
        "vpc_id": "vpc-0a0a0a0a0a0a0a0a0",
        "public_subnet_ids": ["subnet-0a0000000000000a1", "subnet-0a0000000000000a2"],
        "private_subnet_ids": ["subnet-0a0000000000000a3", "subnet-0a0000000000000a4"],
        "isolated_subnet_ids": ["subnet-0a0000000000000a5", "subnet-0a0000000000000a6"],
    },
}
"""What a section cannot do without, for sections that the base description does not have."""

COMPANIONS: Final[Mapping[str, str]] = {"services.*.scaling.min_replicas": "services.*.scaling.max_replicas"}
"""Fields that must have the same value for a change of the first to be a right description."""

CONTEXT: Final[Mapping[str, Sequence[str]]] = {"database.pooling.client_connections": ["alerts"]}
"""Fields that some target honours only by what another section makes: by an alarm, where the pooler has no such limit."""

CHOICES: Final = frozenset({"target"})
"""Fields that say which target it is."""


@dataclass(frozen=True)
class Field:
    """`path` has `*` for names that the user chooses. `schema`: JSON schema of the field."""

    path: str
    schema: Mapping[str, Any]


def fields() -> list[Field]:
    """Every leaf: scalars, lists and mappings of texts, in all sections."""
    return [field for field in _walk(SCHEMA, "") if field.path not in CHOICES]


def _walk(schema: Mapping[str, Any], path: str) -> Iterator[Field]:
    schema = resolve(schema)
    for option in options(schema):
        if "properties" in option:
            for name, inner in option["properties"].items():
                yield from _walk(inner, f"{path}.{name}" if path else name)
            return
        values = option.get("additionalProperties")
        named = values if isinstance(values, Mapping) else next(iter(option.get("patternProperties", {}).values()), None)
        if named is not None and "properties" in resolve(named):
            yield from _walk(named, f"{path}.*")
            return
    yield Field(path, schema)


def resolve(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """A schema with its reference followed."""
    reference = schema.get("$ref")
    if reference is None:
        return schema
    return {**SCHEMA["$defs"][reference.rsplit("/", 1)[-1]], **{k: v for k, v in schema.items() if k != "$ref"}}


def options(schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The alternatives of a schema, without null."""
    found = [resolve(option) for option in schema.get("anyOf", schema.get("oneOf", [schema]))]
    return [option for option in found if option.get("type") != "null"]


def variants(description: Mapping[str, Any], field: Field) -> list[dict[str, Any]]:
    """The description with other right values at a field, at the first of the places that `*` stands for.

    Raises `LookupError` for a field with text that has no line in `TEXTS`.
    """
    place = concretes(description, field.path)[0]
    names = [part for part, pattern in zip(place, field.path.split("."), strict=True) if pattern == "*"]
    found = []
    for value in others(field, get(description, place)):
        changed = copy.deepcopy(dict(description))
        put(changed, place, value)
        if field.path in COMPANIONS:
            put(changed, _filled(COMPANIONS[field.path], names), value)
        found.append(changed)
    return found


def in_context(description: Mapping[str, Any], field: Field) -> dict[str, Any]:
    """The description with the sections that a field needs to count."""
    found = copy.deepcopy(dict(description))
    for section in CONTEXT.get(field.path, ()):
        if found.get(section) is None:
            found[section] = copy.deepcopy(dict(REQUIRED[section]))
    return found


def others(field: Field, current: Any) -> list[Any]:
    """Right values that are not the current one."""
    candidates: list[Any] = list(TEXTS.get(field.path, []))
    for option in options(field.schema):
        candidates += _candidates(option, current, field.schema.get("default"))
    known = json.dumps(current if current is not None else field.schema.get("default"))
    found = [candidate for candidate in candidates if json.dumps(candidate) != known]
    if not found:
        raise LookupError(f"{field.path}: add another right value to TEXTS in tests/harness/fields.py")
    return found


def _candidates(schema: Mapping[str, Any], current: Any, default: Any) -> list[Any]:
    base = current if current is not None else default
    if "enum" in schema:
        return list(schema["enum"])
    match schema.get("type"):
        case "boolean":
            return [True, False]
        case "integer" | "number":
            low, high = schema.get("minimum", 1), schema.get("maximum", 1_000_000)
            tries = [base * 2, base + 1, base - 1, base * 16] if isinstance(base, int | float) else [low + 1, low]
            return [number for number in tries if low <= number <= high]
        case _:
            return []


def concretes(description: Mapping[str, Any], path: str) -> list[list[str]]:
    """The places of a path in a description: one for each name that stands for `*`."""
    places: list[list[str]] = [[]]
    for part in path.split("."):
        if part == "*":
            places = [[*place, name] for place in places for name in _names(description, place)]
        else:
            places = [[*place, part] for place in places]
    return places


def _names(description: Mapping[str, Any], place: Sequence[str]) -> list[str]:
    """The names under a place; of a section that is not there, those that `put` would make."""
    for depth in range(len(place), 0, -1):
        section = ".".join(place[:depth])
        if section in REQUIRED and get(description, place[:depth]) is None:
            return list(get(REQUIRED[section], place[depth:]) or {})
    return list(get(description, place) or {})


def _filled(path: str, names: Sequence[str]) -> list[str]:
    rest = iter(names)
    return [next(rest) if part == "*" else part for part in path.split(".")]


def get(description: Mapping[str, Any], place: Sequence[str]) -> Any:
    found: Any = description
    for part in place:
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def put(description: dict[str, Any], place: Sequence[str], value: Any) -> None:
    """Sets a value; sections that are not there are made with what they cannot do without."""
    *parents, last = place
    found, path = description, ""
    for part in parents:
        path = f"{path}.{part}" if path else part
        if not isinstance(found.get(part), dict):
            found[part] = copy.deepcopy(dict(REQUIRED.get(path, {})))
        found = found[part]
    found[last] = value
