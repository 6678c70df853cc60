"""Where in the stack file a resource comes from: the line of the part of the description that its component is made of.

What a component is made of follows from its type (`penguinmails:aws:Database`); of which service or queue a resource is, from
its logical name. Where the file has no such part, because everything in it has its default, the nearest part around it is
named; of a resource of no component, the first line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import yaml

from scripts.operations.stack import PROJECT

_PLATFORM: Final = f"{PROJECT}:platform"
_SECTIONS: Final[Mapping[str, str]] = {
    "Alerts": "alerts",
    "Backup": "backup",
    "Certificate": "edge",
    "Database": "database",
    "Dns": "dns",
    "Edge": "edge",
    "Entry": "edge",
    "Mail": "mail",
    "Migration": "migration",
    "Pooling": "database.pooling",
    "Queue": "queues",
    "Service": "services",
    "Storage": "storage",
    "Telemetry": "telemetry",
}
"""Name of a component -> its part of the description; the others are made for a target as a whole."""
_TARGETS: Final = ("aws", "azure", "docker", "gcp")
_MANY: Final = ("queues", "services")


@dataclass(frozen=True)
class Place:
    """`file`: relative to the checkout. `line`: from 1. `path`: the part of the stack file that stands there, or empty."""

    file: str
    line: int
    path: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class Places:
    """The lines of one stack file."""

    def __init__(self, file: str, text: str) -> None:
        self._file = file
        self._lines = dict(_lines(text))

    def at(self, path: str) -> Place:
        """The place of `platform.database.size`, `policies.waivers[0]`, or of the nearest part around it."""
        found = path
        while found and found not in self._lines:
            found = found[: max(found.rfind("."), found.rfind("["), 0)]
        return Place(self._file, self._lines.get(found, 1), found)

    def of(self, urn: str) -> Place:
        """The place of what a resource comes from."""
        parts = urn.split("::", 3)
        if len(parts) < 4:
            return self.at("platform")
        components = [kind.split(":") for kind in parts[2].split("$") if kind.startswith(f"{PROJECT}:")]
        *_, (_, target, component) = components or [["", "", ""]]
        section = _SECTIONS.get(component, target if target in _TARGETS else "")
        if section in _MANY:
            section = ".".join(part for part in (section, self._named(f"platform.{section}.", parts[3])) if part)
        return self.at(f"platform.{section}") if component else self.at("platform")

    def _named(self, section: str, logical: str) -> str:
        """The longest of the section's names that is in a logical name, word by word."""
        names = {path.removeprefix(section).partition(".")[0] for path in self._lines if path.startswith(section)}
        return max((name for name in names if f"-{name}-" in f"-{logical}-"), key=len, default="")


def _lines(text: str) -> Iterator[tuple[str, int]]:
    """Path -> line of everything under the project's structured values; nothing for a file that is no YAML."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return
    for key, value in _entries(root):
        if key.value == "config":
            for name, found in _entries(value):
                if str(name.value).startswith(f"{PROJECT}:"):
                    yield from _within(name.value.partition(":")[2], name, found)


def _within(path: str, key: yaml.Node, value: yaml.Node) -> Iterator[tuple[str, int]]:
    yield path, key.start_mark.line + 1
    for name, found in _entries(value):
        yield from _within(f"{path}.{name.value}", name, found)
    if isinstance(value, yaml.SequenceNode):
        for index, found in enumerate(value.value):
            yield from _within(f"{path}[{index}]", found, found)


def _entries(node: yaml.Node | None) -> list[tuple[yaml.Node, yaml.Node]]:
    return list(node.value) if isinstance(node, yaml.MappingNode) else []
