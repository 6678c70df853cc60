"""Where things are: the checkout, the cache that may be deleted at any time, and the state that may not."""

import os
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"


def cache_dir(environ: Mapping[str, str] = os.environ) -> Path:
    """Programs that were downloaded or built; deleting it costs time only."""
    return _directory(environ, "PENGUINMAILS_CACHE", "XDG_CACHE_HOME", ".cache")


def state_dir(environ: Mapping[str, str] = os.environ) -> Path:
    """Stacks of the local backend, their passphrase, the logs and process ids of what was started here."""
    return _directory(environ, "PENGUINMAILS_STATE", "XDG_STATE_HOME", ".local/state")


def pulumi_home(environ: Mapping[str, str] = os.environ) -> Path:
    """Plugins and credentials of the engine. Kept apart from ~/.pulumi so that no other project's plugins mix in."""
    chosen = environ.get("PULUMI_HOME")
    return Path(chosen) if chosen else state_dir(environ) / "pulumi"


def log_dir(environ: Mapping[str, str] = os.environ) -> Path:
    """Full output of each long command; a failure names the file in it."""
    return state_dir(environ) / "logs"


def _directory(environ: Mapping[str, str], own: str, standard: str, fallback: str) -> Path:
    if environ.get(own):
        return Path(environ[own]).expanduser().absolute()
    if environ.get(standard):
        return Path(environ[standard]) / "penguinmails"
    return Path(environ.get("HOME") or Path.home()) / fallback / "penguinmails"
