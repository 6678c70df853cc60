"""The names and tags of the images in images/, the same in every registry.

A tag follows from an image's content: the files in its folder, the image it is built on, and the date of the package
snapshot. So a deployment changes exactly when an image would, two checkouts of one commit agree, and nothing has to be
asked for a tag. What the tag leaves out: the time of a build and the machine it ran on.

Pure: reads files, talks to nothing.
"""

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

PREFIX = "penguinmails"
"""What the repository of every image begins with, in whichever registry."""

REGISTRY = "localhost:5000"
"""Where the on-premise target takes them from; other targets ask the registry of their account (`scripts/images push --to`)."""

BASE = "base"
SNAPSHOT_FILE = "snapshot.txt"
TAG_DIGITS = 16

_ROOT = Path(__file__).resolve().parents[1]
_IGNORED_FOLDERS = {"__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".import_linter_cache"}
_IGNORED_SUFFIXES = {".pyc", ".pyo", ".swp"}
_BUILDS_ON = re.compile(r"^#\s*builds-on:\s*([a-z0-9-]+)\s*$", re.MULTILINE)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class UnknownImage(LookupError):
    """There is no folder of that name with a Dockerfile in images/."""


def names(root: Path = _ROOT) -> list[str]:
    """Every image, each after the one it is built on."""
    ordered: list[str] = []

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            raise ValueError(f"images build on each other in a circle: {' -> '.join((*above, name))}")
        parent = builds_on(name, root)
        if parent is not None:
            visit(parent, (*above, name))
        if name not in ordered:
            ordered.append(name)

    for dockerfile in sorted((root / "images").glob("*/Dockerfile")):
        visit(dockerfile.parent.name, ())
    return ordered


def reference(name: str, root: Path = _ROOT) -> str:
    """The full name of an image with its tag, as a service or `docker pull` wants it."""
    return f"{REGISTRY}/{repository(name)}:{tag(name, root)}"


def repository(name: str) -> str:
    """The repository of an image without its registry: `penguinmails/api`."""
    return f"{PREFIX}/{name}"


def tag(name: str, root: Path = _ROOT) -> str:
    """The tag that follows from the content of an image: 16 hexadecimal digits."""
    digest = hashlib.sha256()
    parent = builds_on(name, root)
    digest.update((tag(parent, root) if parent is not None else snapshot(root)).encode())
    directory = folder(name, root)
    for file in _files(directory):
        content = str(file.readlink()).encode() if file.is_symlink() else file.read_bytes()
        kind = "link" if file.is_symlink() else "program" if os.access(file, os.X_OK) else "file"
        digest.update(f"\0{file.relative_to(directory).as_posix()}\0{kind}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:TAG_DIGITS]


def resolve(image: str, root: Path = _ROOT) -> str:
    """What a service names as its image: a folder of images/, or a full reference with its digest, taken as it is."""
    return image if "@" in image else reference(image, root)


def folder(name: str, root: Path = _ROOT) -> Path:
    """The folder an image is built from."""
    found = root / "images" / name
    if not (found / "Dockerfile").is_file():
        raise UnknownImage(f"there is no images/{name}/Dockerfile")
    return found


def builds_on(name: str, root: Path = _ROOT) -> str | None:
    """The image named in a line `# builds-on: <name>` of the Dockerfile, else the base; None for the base itself."""
    if name == BASE:
        return None
    match = _BUILDS_ON.search((folder(name, root) / "Dockerfile").read_text(encoding="utf-8"))
    return match.group(1) if match else BASE


def snapshot(root: Path = _ROOT) -> str:
    """The date up to which Debian's security updates are in the images, as YYYY-MM-DD.

    A new date changes every tag, so every image is built anew with the packages of that day.
    """
    text = (root / "images" / SNAPSHOT_FILE).read_text(encoding="utf-8").strip()
    if not _DATE.fullmatch(text):
        raise ValueError(f"images/{SNAPSHOT_FILE} must hold one date like 2026-01-31, not {text!r}")
    return text


def _files(directory: Path) -> Iterator[Path]:
    """The files that go into an image, sorted, without what tools leave behind."""
    for file in sorted(directory.rglob("*"), key=lambda path: path.relative_to(directory).as_posix()):
        inside = file.relative_to(directory)
        ignored = not _IGNORED_FOLDERS.isdisjoint(inside.parts) or file.suffix in _IGNORED_SUFFIXES
        if not ignored and (file.is_symlink() or file.is_file()):
            yield file
