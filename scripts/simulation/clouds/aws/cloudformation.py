"""What CloudFormation's schemas say, as cfn-lint carries them: regions, limits of values, inputs fixed at creation, engines.

cfn-lint's files are 33 MB; what is needed of them is read once a version and kept as a few small files in the cache, so that a
warm start reads milliseconds of JSON and never imports cfn-lint. Left out: patterns (CloudFormation writes them for another
dialect, and several are wrong), and classes by engine version (cfn-lint mixes Aurora's with those of plain engines).
"""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import metadata, util
from pathlib import Path
from typing import Any

from scripts.simulation.clouds.aws import types
from scripts.simulation.values import step
from scripts.toolchain import paths
from scripts.toolchain.cache import fill

_KEPT = ("enum", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems")
_DEPTH = 6
"""Nested properties below that are not read: types refer to themselves."""

_REGION = "us-east-1"
"""The region that has every type."""


@cache
def regions() -> Mapping[str, Sequence[str]]:
    """Region -> its availability zones by name."""
    found: Mapping[str, Sequence[str]] = _read("regions")
    return found


@cache
def limits() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """Token -> pattern of `values.select` -> keywords of JSON Schema (`enum`, `maximum`, `maxLength`, ...)."""
    found: Mapping[str, Mapping[str, Mapping[str, Any]]] = _read("limits")
    return found


@cache
def fixed() -> Mapping[str, Sequence[str]]:
    """Type of CloudFormation in lower case -> patterns of the inputs that are fixed when it is made."""
    found: Mapping[str, Sequence[str]] = _read("fixed")
    return found


@cache
def engines() -> Mapping[str, Any]:
    """Of RDS: `versions` and `retired` (engine -> versions), `classes` (region -> engine -> index into `lists`)."""
    found: Mapping[str, Any] = _read("engines")
    return found


def _read(name: str) -> Any:
    return json.loads((_directory() / f"{name}.json").read_text(encoding="utf-8"))


@cache
def _directory() -> Path:
    entry = paths.cache_dir() / "models" / f"cfn-lint-{metadata.version('cfn-lint')}-{_digest()}"
    try:
        return fill(entry, _build)
    except OSError:  # another process was faster
        if entry.is_dir():
            return entry
        raise


def _digest() -> str:
    """Of what decides the files' content besides cfn-lint's version."""
    read = hashlib.sha256()
    for source in (__file__, types.__file__):
        read.update(Path(source).read_bytes())
    return read.hexdigest()[:12]


def _build(into: Path) -> None:
    spec = util.find_spec("cfnlint")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("cfn-lint is not installed; run scripts/setup")
    package = Path(spec.origin).parent
    for name, content in _contents(package).items():
        (into / f"{name}.json").write_text(json.dumps(content, separators=(",", ":")), encoding="utf-8")


def _contents(package: Path) -> dict[str, Any]:
    schemas = package / "data" / "schemas"
    listed: dict[str, str] = json.loads((schemas / "providers" / f"{_REGION}.json").read_text(encoding="utf-8"))
    described = {
        kind: json.loads((schemas / "resources" / f"{file}.json").read_text(encoding="utf-8"))
        for kind, file in listed.items()
        if (schemas / "resources" / f"{file}.json").exists()
    }
    return {
        "regions": _zones(package / "helpers.py"),
        "fixed": {kind.lower(): sorted(_fixed(schema)) for kind, schema in described.items()},
        "limits": {
            token: dict(_limits(described[kind], described[kind].get("definitions", {}), "", 0))
            for token, kind in types.CLOUDFORMATION.items()
            if kind in described
        },
        "engines": _engines(schemas / "extensions" / "aws_rds_dbinstance"),
    }


def _zones(helpers: Path) -> dict[str, list[str]]:
    """The literal in cfn-lint's source: importing the module would load half of cfn-lint."""
    for statement in ast.parse(helpers.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.Assign) and getattr(statement.targets[0], "id", "") == "AVAILABILITY_ZONES":
            zones: dict[str, list[str]] = ast.literal_eval(statement.value)
            return zones
    raise ValueError(f"{helpers} has no AVAILABILITY_ZONES any more; find where cfn-lint keeps its zones")


def _fixed(schema: Mapping[str, Any]) -> Iterator[str]:
    for pointer in schema.get("createOnlyProperties", ()):
        names = pointer.removeprefix("/properties/").split("/")
        yield "".join("[*]" if name == "*" else f".{types.wire_name(name)}" for name in names).lstrip(".")


def _limits(
    schema: Mapping[str, Any], definitions: Mapping[str, Any], path: str, depth: int
) -> Iterator[tuple[str, dict[str, Any]]]:
    described = {**definitions.get(str(schema.get("$ref", "")).rpartition("/")[2], {}), **schema}
    found = {key: described[key] for key in _KEPT if key in described}
    if path and found:
        yield path, found
    if depth == _DEPTH:
        return
    for name, nested in described.get("properties", {}).items():
        if name != "Tags":
            yield from _limits(nested, definitions, step(path, types.wire_name(name)), depth + 1)
    if isinstance(described.get("items"), Mapping):
        yield from _limits(described["items"], definitions, f"{path}[*]", depth + 1)


def _engines(folder: Path) -> dict[str, Any]:
    versions = dict(_versions(folder / "engine_version.json", "then"))
    retired = dict(_versions(folder / "engine_version_deprecated.json", "if"))
    lists: list[list[str]] = []
    classes: dict[str, dict[str, int]] = {}
    offered = json.loads((folder / "dbinstanceclass_enum.json").read_text(encoding="utf-8"))
    for region, rules in offered.items():
        by_engine: dict[str, set[str]] = {}
        for rule in rules["allOf"]:
            engine = rule["if"]["properties"]["Engine"]["const"]
            by_engine.setdefault(engine, set()).update(rule["then"]["properties"]["DBInstanceClass"]["enum"])
        classes[region] = {}
        for engine, names in by_engine.items():
            ordered = sorted(names)
            if ordered not in lists:
                lists.append(ordered)
            classes[region][engine] = lists.index(ordered)
    return {"versions": versions, "retired": retired, "classes": classes, "lists": lists}


def _versions(file: Path, part: str) -> Iterator[tuple[str, list[str]]]:
    """Engine -> versions, from rules of the form: if the engine is this, then the version is one of these."""
    for rule in json.loads(file.read_text(encoding="utf-8"))["allOf"]:
        engine = rule["if"]["properties"]["Engine"].get("const")
        if engine is not None:
            yield engine, rule[part]["properties"]["EngineVersion"]["enum"]
