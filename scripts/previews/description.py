"""The copy of a stack file that a preview works with: its values as they are written, its secrets replaced by placeholders.

The file is changed as a tree of YAML nodes and not as Python values, so that what the engine reads (a bare date, `010`, `yes`)
is what a person wrote.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import yaml

from components.target import SecretKey
from scripts.operations.stack import PROJECT
from scripts.previews.placeholders import Placeholders
from scripts.simulation.passphrase import Passphrase
from scripts.toolchain.process import Failure

_OF_THE_ENGINE: Final = {"encryptionsalt", "encryptedkey", "secretsprovider"}
_TEXT: Final = "tag:yaml.org,2002:str"
_MAPPING: Final = "tag:yaml.org,2002:map"


def copy(text: str, keys: Sequence[SecretKey], placeholders: Placeholders, passphrase: Passphrase) -> str:
    """The text of a stack file with every encrypted value replaced, and each of `keys` that is missing added.

    A value of `keys` that stands in plain text stays, so that the program refuses it. Raises `Failure` where there is no
    mapping `config`.
    """
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    config = _entry(root, "config") if isinstance(root, yaml.MappingNode) else None
    if not isinstance(root, yaml.MappingNode) or not isinstance(config, yaml.MappingNode):
        raise Failure("The stack file has no mapping config.")
    kinds = {f"{PROJECT}:{key.name}": key for key in keys}
    for name, node in _entries(config):
        for sealed in _encrypted(node):
            key = kinds.get(name)
            value = placeholders.value(name.split(":", 1)[-1], key.kind if key is not None else "password")
            sealed.value[0] = (sealed.value[0][0], _scalar(passphrase.encrypt(value)))
    present = {name for name, _ in _entries(config)}
    for name, key in kinds.items():
        if name not in present:
            value = passphrase.encrypt(placeholders.value(key.name, key.kind))
            config.value.append((_scalar(name), yaml.MappingNode(_MAPPING, [(_scalar("secure"), _scalar(value))])))
    root.value = [(name, node) for name, node in root.value if name.value not in _OF_THE_ENGINE]
    root.value.append((_scalar("encryptionsalt"), _scalar(passphrase.encryption_salt)))
    return str(yaml.serialize(root, Dumper=yaml.SafeDumper))


def _entries(mapping: yaml.MappingNode) -> Iterator[tuple[str, yaml.Node]]:
    for name, node in mapping.value:
        yield str(name.value), node


def _entry(mapping: yaml.MappingNode, name: str) -> yaml.Node | None:
    return next((node for found, node in _entries(mapping) if found == name), None)


def _encrypted(node: yaml.Node) -> Iterator[yaml.MappingNode]:
    """Every mapping whose only key is `secure`, at any depth."""
    if isinstance(node, yaml.MappingNode):
        if [name for name, _ in _entries(node)] == ["secure"]:
            yield node
            return
        for _, inner in _entries(node):
            yield from _encrypted(inner)
    elif isinstance(node, yaml.SequenceNode):
        for inner in node.value:
            yield from _encrypted(inner)


def _scalar(text: str) -> yaml.ScalarNode:
    return yaml.ScalarNode(_TEXT, text, style='"')
