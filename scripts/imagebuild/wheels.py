"""Python packages for an image, fetched on the host and put into the build context.

Inside a build there may be no way to a package index (no network, or a proxy whose certificate the image does not
trust), and a build should not depend on one: the wheels are fetched here, each checked against its hash, and the
Dockerfile installs them with `pip install --no-index --find-links`.
"""

import hashlib
import os
import platform
import shutil
from pathlib import Path

from scripts.toolchain import cache, paths, process
from scripts.toolchain.process import Tick

# What Debian trixie has: Python 3.13 and glibc 2.41.
PYTHON = "3.13"
GLIBC_MINOR = 41
OLDEST_GLIBC_MINOR = 17


def platforms(machine: str | None = None) -> list[str]:
    """The platform tags that run on the image, newest first. pip does not derive older ones by itself."""
    name = machine or platform.machine()
    newer = [f"manylinux_2_{minor}_{name}" for minor in range(GLIBC_MINOR, OLDEST_GLIBC_MINOR - 1, -1)]
    return [*newer, f"manylinux2014_{name}", f"linux_{name}"]


def entry(requirements: Path, machine: str | None = None) -> Path:
    """The cache entry for a requirements file."""
    digest = hashlib.sha256(f"{PYTHON} {machine or platform.machine()} ".encode() + requirements.read_bytes())
    return paths.cache_dir() / "wheels" / digest.hexdigest()[:16]


def fetch(image: str, requirements: Path, tick: Tick) -> Path:
    """The folder with every wheel of a hashed requirements file."""
    return cache.fill(entry(requirements), lambda into: _download(image, requirements, into, tick))


def place(wheels: Path, context: Path) -> None:
    """Put the wheels into a build context as `wheels/`, without copying them where the file system allows."""
    target = context / "wheels"
    target.mkdir()
    for wheel in wheels.iterdir():
        try:
            os.link(wheel, target / wheel.name)
        except OSError:
            shutil.copyfile(wheel, target / wheel.name)


def _download(image: str, requirements: Path, into: Path, tick: Tick) -> None:
    command = [str(paths.VENV_PYTHON), "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--only-binary", ":all:", "--no-deps", "--require-hashes", "--dest", str(into)]
    command += ["--implementation", "cp", "--python-version", PYTHON]
    for name in platforms():
        command += ["--platform", name]
    process.logged(
        [*command, "-r", str(requirements)],
        f"wheels-{image}",
        tick=tick,
        explain=f"The Python packages of the image {image} cannot be fetched",
    )
