"""What exists in the simulated cloud: read by the rules of each cloud, changed only by the server.

Kept in memory, and where a file is given as a journal of one line a change too, so that a run that is killed loses nothing.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from scripts.simulation.values import Properties


@dataclass(frozen=True)
class Place:
    """Where a provider instance works: `account` is the AWS account, Azure subscription, Google project or Docker host."""

    cloud: str
    account: str
    region: str


@dataclass(frozen=True)
class Resource:
    """One thing that exists. `outputs` holds inputs and computed values; `urn` is empty for what nobody here made."""

    token: str
    id: str
    urn: str
    place: Place
    inputs: Properties
    outputs: Properties

    @property
    def label(self) -> str:
        """How a sentence names it: kind and logical name."""
        return f"{self.token.rsplit(':', 1)[-1]} {self.urn.rsplit('::', 1)[-1] or self.id}"


NAMED_BY = ("id", "arn", "selfLink", "name", "identifier", "repoDigest")
"""The outputs by which another resource may point at one."""


@dataclass
class World:
    """All resources of all clouds, found by token and id, by token alone, or by what points at them."""

    file: Path | None = None
    _things: dict[tuple[str, str], Resource] = field(default_factory=dict)
    _by_token: dict[str, dict[str, Resource]] = field(default_factory=lambda: defaultdict(dict))
    _by_value: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    _generations: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.file is not None and self.file.exists():
            # What was being written when the run was killed had not happened yet: a line counts once it has its end.
            whole, _, torn = self.file.read_text(encoding="utf-8").rpartition("\n")
            for line in whole.splitlines():
                self._replay(json.loads(line))
            if torn:
                self.file.write_text(f"{whole}\n" if whole else "", encoding="utf-8")

    def get(self, token: str, identifier: str) -> Resource | None:
        return self._things.get((token, identifier))

    def tokens(self) -> list[str]:
        """The types of which something was made."""
        return list(self._by_token)

    def of(self, token: str) -> Iterator[Resource]:
        """All resources of a type, in the order in which they were made."""
        yield from list(self._by_token.get(token, {}).values())

    def named(self, value: str) -> list[Resource]:
        """The resources that a string stands for: their id, ARN, self link or name."""
        return [self._things[key] for key in self._by_value.get(value, ())]

    def __iter__(self) -> Iterator[Resource]:
        yield from list(self._things.values())

    def __len__(self) -> int:
        return len(self._things)

    def generation(self, urn: str) -> int:
        """How often something of this URN has been made: a replacement gets another id."""
        return self._generations.get(urn, 0)

    def put(self, resource: Resource) -> None:
        """Adds a resource, or what an update made of it."""
        if self.file is not None:
            self._note({"put": asdict(resource)})
        self._put(resource)

    def remove(self, token: str, identifier: str) -> None:
        self._note({"remove": [token, identifier]})
        self._remove(token, identifier)

    def _note(self, change: Mapping[str, Any]) -> None:
        if self.file is not None:
            with self.file.open("a", encoding="utf-8") as journal:
                journal.write(json.dumps(change, separators=(",", ":")) + "\n")

    def _replay(self, change: Mapping[str, Any]) -> None:
        if "put" in change:
            fields = change["put"]
            self._put(Resource(**{**fields, "place": Place(**fields["place"])}))
        else:
            self._remove(*change["remove"])

    def _put(self, resource: Resource) -> None:
        key = (resource.token, resource.id)
        if key in self._things:
            self._forget(self._things[key])
        elif resource.urn:
            self._generations[resource.urn] = self._generations.get(resource.urn, 0) + 1
        self._things[key] = resource
        self._by_token[resource.token][resource.id] = resource
        for value in _values(resource):
            self._by_value[value].append(key)

    def _remove(self, token: str, identifier: str) -> None:
        resource = self._things.pop((token, identifier), None)
        if resource is not None:
            del self._by_token[token][identifier]
            self._forget(resource)

    def _forget(self, resource: Resource) -> None:
        for value in _values(resource):
            self._by_value[value].remove((resource.token, resource.id))


def _values(resource: Resource) -> set[str]:
    found = {resource.id, *(resource.outputs.get(name) for name in NAMED_BY)}
    return {value for value in found if isinstance(value, str) and value}
