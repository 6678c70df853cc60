"""What Google itself says is immutable: "Immutable" in the descriptions of its API, as `google-api-python-client` ships them.

Read when a type that `replacement.TABLE` lacks is changed, and kept on disk by the client's version, one small file a document.
Names are matched as they are: a type of the SDK whose schema Google calls otherwise is not found, and then nothing is known.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from scripts.simulation.clouds.gcp.types import PACKAGE
from scripts.toolchain import paths

_DISTRIBUTION: Final = "google-api-python-client"

_DOCUMENTS: Final[Mapping[str, str]] = {
    "applicationloadbalancing": "networkservices",
    "backupdisasterrecovery": "backupdr",
    "cloudrunv2": "run",
    "dns": "dns",
    "filestore": "file",
    "kms": "cloudkms",
    "memorystore": "memorystore",
    "serviceaccount": "iam",
    "serviceusage": "serviceusage",
    "sql": "sqladmin",
}
"""Modules of the SDK whose API has another name."""

_BY_ADDRESS: Final = ("name", "project", "location", "region", "zone")
"""What every id is made of; a change of these is always another thing."""

_NOT_A_CHANGE: Final = frozenset({"tags", "name"})
"""Marked immutable, but only read at creation, or output."""


def immutable(token: str) -> frozenset[str] | None:
    """The inputs of a type that Google says cannot change; None where it says nothing of the type."""
    module, _, name = token.removeprefix(f"{PACKAGE}:").partition("/")
    return _immutable(module, name.rpartition(":")[2])


@cache
def _immutable(module: str, name: str) -> frozenset[str] | None:
    for document in _documents(_DOCUMENTS.get(module, module)):
        marked = _marked(document).get(name)
        if marked:
            return frozenset({*marked, *_BY_ADDRESS} - {"tags"})
    return None


def _documents(api: str) -> list[Path]:
    """The files of an API, its newest stable version first."""
    spec = importlib.util.find_spec("googleapiclient")
    found = [
        path
        for root in ((spec.submodule_search_locations or ()) if spec is not None else ())
        for path in (Path(root) / "discovery_cache" / "documents").glob(f"{api}.v*.json")
    ]
    return sorted(
        found, key=lambda path: (path.stem.partition(".")[2].isalnum() and "beta" not in path.stem, path.stem), reverse=True
    )


@cache
def _marked(document: Path) -> Mapping[str, list[str]]:
    """Schema -> its immutable properties, from the cache or from the document."""
    kept = _kept(document)
    if kept.exists():
        try:
            found: dict[str, list[str]] = json.loads(kept.read_text(encoding="utf-8"))
            return found
        except json.JSONDecodeError:
            pass  # written half by something that died: read anew
    read = read_document(json.loads(document.read_text(encoding="utf-8")))
    _keep(kept, read)
    return read


def read_document(document: Mapping[str, Any]) -> dict[str, list[str]]:
    """The immutable properties of each schema of a document; schemas without one are left out."""
    found = {}
    for name, schema in document.get("schemas", {}).items():
        marked = [
            key
            for key, value in schema.get("properties", {}).items()
            if key not in _NOT_A_CHANGE and not value.get("readOnly") and "Immutable" in value.get("description", "")
        ]
        if marked:
            found[name] = sorted(marked)
    return found


def _kept(document: Path) -> Path:
    version = importlib.metadata.version(_DISTRIBUTION)
    return paths.cache_dir() / "models" / f"google-discovery-{version}" / document.name


def _keep(kept: Path, found: Mapping[str, list[str]]) -> None:
    """Writes the whole file at once, so that nobody reads half of one."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=kept.parent, suffix=".json")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(found, file, separators=(",", ":"))
    Path(name).replace(kept)
