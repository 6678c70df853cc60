"""The virtual environment in the checkout: every package pinned, and checked against its hash."""

import hashlib
import shutil
import sys

from . import apt, paths, process, versions
from .process import Failure
from .progress import Progress

REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")
STAMP = paths.VENV / ".penguinmails"


def missing() -> str | None:
    """Why the environment cannot be used yet, or None."""
    if not paths.VENV_PYTHON.exists():
        return "there is no .venv"
    if not STAMP.is_file() or STAMP.read_text().strip() != _wanted():
        return "the packages in .venv are not those of the requirements files"
    return None


def provide(progress: Progress) -> str:
    """Create the environment and install the packages."""
    if sys.version_info < versions.MINIMUM_PYTHON:
        raise Failure("Python 3.11 or later is needed: install it and run scripts/setup again.")
    if not _works():
        shutil.rmtree(paths.VENV, ignore_errors=True)
        _create(progress)
    STAMP.unlink(missing_ok=True)
    command = [str(paths.VENV_PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--require-hashes", "--no-deps", "--compile"]
    for name in REQUIREMENTS:
        command += ["-r", str(paths.ROOT / name)]
    process.logged(
        command,
        "pip-install",
        tick=progress.tick,
        explain="The Python packages cannot be installed",
        env=process.environment_for_python(),
    )
    STAMP.write_text(_wanted() + "\n")
    return f"{len(list(paths.VENV.glob('lib/*/site-packages/*.dist-info')))} packages in .venv"


def _works() -> bool:
    return process.output([str(paths.VENV_PYTHON), "-m", "pip", "--version"]) is not None


def _create(progress: Progress) -> None:
    if process.output([sys.executable, "-c", "import ensurepip"]) is None:
        apt.install([f"python{sys.version_info.major}.{sys.version_info.minor}-venv"], progress, need="Python's venv")
    process.logged(
        [sys.executable, "-m", "venv", str(paths.VENV)],
        "venv",
        tick=progress.tick,
        explain="The virtual environment cannot be created",
        env=process.environment_for_python(),
    )


def _wanted() -> str:
    """What the stamp must say: the fingerprint of the requirement files."""
    digest = hashlib.sha256()
    for name in REQUIREMENTS:
        digest.update((paths.ROOT / name).read_bytes())
    return digest.hexdigest()
