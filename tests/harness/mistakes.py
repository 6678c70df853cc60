"""Mistakes that a tired operator makes in a stack file, each with the place that the sentence about it must name."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.harness.fields import put


@dataclass(frozen=True)
class Mistake:
    """`path`: how one of the sentences begins."""

    name: str
    make: Callable[[dict[str, Any]], None]
    path: str

    def applied(self, description: Mapping[str, Any]) -> dict[str, Any]:
        found = copy.deepcopy(dict(description))
        self.make(found)
        return found


def _set(place: str, value: Any) -> Callable[[dict[str, Any]], None]:
    return lambda description: put(description, place.split("."), value)


def _drop(key: str) -> Callable[[dict[str, Any]], None]:
    def drop(description: dict[str, Any]) -> None:
        del description[key]

    return drop


def _other_target(description: dict[str, Any]) -> None:
    if description["target"] == "docker":
        description["aws"] = {"region": "eu-central-1"}
    else:
        description["docker"] = {}


def _second_root(description: dict[str, Any]) -> None:
    description["services"]["second"] = {"image": "api", "public_path": "/"}


MISTAKES = (
    Mistake("a key that is misspelled", _set("databse", {}), "platform.databse: is not a known key"),
    Mistake(
        "a key that is misspelled, inside", _set("database.storage_gb", 50), "platform.database.storage_gb: is not a known"
    ),
    Mistake(
        "a number in quotes", _set("database.storage_gib", "50"), "platform.database.storage_gib: should be a whole number"
    ),
    Mistake("yes for true", _set("database.high_availability", "yes"), "platform.database.high_availability: should be true"),
    Mistake(
        "a unit in a number", _set("services.api.memory_mib", "512Mi"), "platform.services.api.memory_mib: should be a whole"
    ),
    Mistake("storage below the minimum", _set("database.storage_gib", 1), "platform.database.storage_gib: 1 is below"),
    Mistake("a size that no cloud word has", _set("database.size", "db.t4g.micro"), "platform.database.size: "),
    Mistake("an engine that is not there", _set("database.engine", "postgres"), "platform.database.engine: "),
    Mistake(
        "fewer clients than connections behind them",
        _set("database.pooling", {"client_connections": 10, "database_connections": 33}),
        "platform.database.pooling.client_connections: 10 is below database_connections of 33",
    ),
    Mistake("no domain", _drop("domain"), "platform.domain: is missing"),
    Mistake("an address for a domain", _set("domain", "https://mail.example.com/"), "platform.domain: "),
    Mistake("no services", _drop("services"), "platform.services: is missing"),
    Mistake("an empty list of services", _set("services", {}), "platform.services: needs at least 1"),
    Mistake("capital letters in a name", _set("services.Api", {"image": "api"}), "platform.services.Api: "),
    Mistake("a name that is too long", _set("queues." + "q" * 30, {}), "platform.queues.qqqqqqqqqq"),
    Mistake(
        "a queue that nobody declared", _set("services.api.publishes", ["inbound"]), "platform.services.api.publishes[0]: "
    ),
    Mistake("an image that is not there", _set("services.api.image", "frontend"), "platform.services.api.image: there is no"),
    Mistake("a tag for a digest", _set("services.api.image", "example.com/api:latest"), "platform.services.api.image: "),
    Mistake("two services for one path", _second_root, "platform.services."),
    Mistake(
        "fewer at most than at least", _set("services.api.scaling", {"min_replicas": 3, "max_replicas": 1}), "platform.serv"
    ),
    Mistake(
        "no copies at all", _set("services.api.scaling", {"min_replicas": 0}), "platform.services.api.scaling.min_replicas: "
    ),
    Mistake(
        "a variable of the platform's own", _set("services.api.environment", {"DATABASE_URL": "x"}), "platform.services.api."
    ),
    Mistake("one port twice", _set("edge", {"http_port": 443, "https_port": 443}), "platform.edge.http_port: "),
    Mistake("a section of another target", _other_target, "platform."),
    Mistake("another target's name", _set("target", "kubernetes"), "platform.target: "),
    Mistake("an environment that is not there", _set("environment", "prod"), "platform.environment: "),
    Mistake("a bare date", _set("services.api.environment", {"SINCE": "2026-01-01T00:00:00Z"}), "platform.services.api.env"),
    Mistake("nothing where a section belongs", _set("database", None), "platform.database: should be a mapping"),
    Mistake("a list for a mapping", _set("queues", ["outbound"]), "platform.queues: should be a mapping"),
    Mistake("retention of nothing", _set("backup", {"retention_days": 0}), "platform.backup.retention_days: 0 is below"),
    Mistake("no one to tell", _set("alerts", {"emails": []}), "platform.alerts.emails: nobody is told"),
    Mistake(
        "no schedule", _set("backup", {"schedule": "every night"}), 'platform.backup.schedule: "every night" is no schedule'
    ),
    Mistake("a schedule of seconds", _set("backup", {"schedule": "0 0 2 * * *"}), "platform.backup.schedule: "),
    Mistake(
        "drills of what is gone",
        _set("backup", {"retention_days": 7, "drill_every_days": 14}),
        "platform.backup.retention_days: 7 is shorter than the 14 days between drills",
    ),
)
