"""One image after the other: skip what is there, build, push."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from components import images
from scripts.toolchain import base_image, docker, paths
from scripts.toolchain.process import Failure
from scripts.toolchain.progress import Progress

from . import wheels


def selection(names: Sequence[str], root: Path = paths.ROOT) -> list[str]:
    """The named images and what they are built on, in build order; all images if none is named."""
    known = images.names(root)
    unknown = sorted(set(names) - set(known))
    if unknown:
        raise Failure(f"There is no image {', '.join(unknown)}; there are {', '.join(known)}.")
    wanted: set[str] = set()
    for name in names or known:
        above: str | None = name
        while above is not None:
            wanted.add(above)
            above = images.builds_on(above, root)
    return [name for name in known if name in wanted]


def refresh(root: Path = paths.ROOT) -> str:
    """Set the package snapshot to today (UTC), so that every image is built anew with today's packages."""
    today = datetime.now(UTC).date().isoformat()
    (root / "images" / images.SNAPSHOT_FILE).write_text(today + "\n", encoding="utf-8")
    return today


def build(name: str, progress: Progress) -> bool:
    """Build an image unless the engine has it; whether it was built."""
    reference = images.reference(name)
    if docker.has_image(reference):
        return False
    if docker.registry_has(reference) and docker.output("pull", reference, timeout=600) is not None:
        return False
    if name == images.BASE:
        base_image.provide(progress)
        return True
    parent = images.builds_on(name) or images.BASE
    with build_context(name, progress) as context:
        docker.build(reference, context, {"BASE": images.reference(parent)}, log=name, tick=progress.tick)
    return True


def push(name: str, progress: Progress) -> bool:
    """Push an image unless the registry has it; whether it was pushed.

    Two who build one image at the same time make two of one name. What the registry has is what counts, so the other one gives
    way: without the registry's digest a service could not name its image.
    """
    reference = images.reference(name)
    if docker.registry_has(reference):
        if not docker.has_digest(reference):
            docker.must("pull", "--quiet", reference, explain=f"The image {name} cannot be pulled", timeout=600)
        return False
    docker.push(reference, log=name, tick=progress.tick)
    return True


@contextmanager
def build_context(name: str, progress: Progress) -> Iterator[Path]:
    """The image's folder as it is; with its wheels in a copy, if it has a requirements file."""
    folder = images.folder(name)
    requirements = folder / "requirements.txt"
    if not requirements.is_file():
        yield folder
        return
    fetched = wheels.fetch(name, requirements, progress.tick)
    with tempfile.TemporaryDirectory(prefix=f"{name}.", dir=fetched.parent) as temporary:
        context = Path(temporary) / "context"
        shutil.copytree(folder, context, symlinks=True, ignore=shutil.ignore_patterns("__pycache__", "*.pyc", ".*_cache"))
        wheels.place(fetched, context)
        yield context
