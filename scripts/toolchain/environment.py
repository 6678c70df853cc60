"""The environment in which the kit's programs run, for Python (`environment`) and for a shell (`scripts/env`).

What the user exported already wins for the backend and its passphrase, so that the same commands work against Pulumi
Cloud or a bucket.
"""

import os
import secrets
import shlex
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from . import paths, pulumi_cli

UNSET = ("PYTHONDONTWRITEBYTECODE",)
BUILDX_PLACES = (
    "/usr/local/lib/docker/cli-plugins",
    "/usr/local/libexec/docker/cli-plugins",
    "/usr/lib/docker/cli-plugins",
    "/usr/libexec/docker/cli-plugins",
)


def environment(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The whole environment for a child process: `environ` with the kit's variables set, the harmful ones gone."""
    merged = {key: value for key, value in environ.items() if key not in UNSET}
    return {**merged, **additions(environ)}


def additions(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The variables that the kit sets, and their values.

    Creates the state directory (mode 0700) and, once, a passphrase for the local backend (mode 0600).
    """
    state = _private(paths.state_dir(environ))
    values = {
        "PATH": _search_path(environ),
        "PULUMI_HOME": str(paths.pulumi_home(environ)),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_BACKEND_URL": environ.get("PULUMI_BACKEND_URL") or _local_backend(state),
    }
    if "PULUMI_CONFIG_PASSPHRASE" not in environ:
        values["PULUMI_CONFIG_PASSPHRASE_FILE"] = environ.get("PULUMI_CONFIG_PASSPHRASE_FILE") or str(_passphrase(state))
    if "DOCKER_BUILDKIT" not in environ and not _has_buildx(environ):
        values["DOCKER_BUILDKIT"] = "0"
    return values


def exports(environ: Mapping[str, str] = os.environ) -> str:
    """The same as lines for `eval` in a POSIX shell."""
    lines = [f"export {key}={shlex.quote(value)}" for key, value in additions(environ).items()]
    return "\n".join([*lines, *(f"unset {key}" for key in UNSET)])


def _search_path(environ: Mapping[str, str]) -> str:
    programs = pulumi_cli.cached()
    ours = [str(directory) for directory in (programs, paths.VENV / "bin") if directory]
    inherited = environ.get("PATH", os.defpath).split(os.pathsep)
    return os.pathsep.join(_unique([*ours, *inherited]))


def _unique(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _private(directory: Path) -> Path:
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    return directory


def _local_backend(state: Path) -> str:
    return f"file://{_private(state / 'stacks')}"


def _passphrase(state: Path) -> Path:
    """The file with the passphrase of the local backend; made once, and whole even if two commands race."""
    file = state / "passphrase"
    if file.exists():
        return file
    aside = state / f".passphrase.{os.getpid()}"
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        handle.write(secrets.token_urlsafe(32) + "\n")
    try:
        os.link(aside, file)
    except FileExistsError:
        pass
    finally:
        aside.unlink()
    return file


def _has_buildx(environ: Mapping[str, str]) -> bool:
    own = Path(environ.get("DOCKER_CONFIG") or Path(environ.get("HOME") or Path.home()) / ".docker") / "cli-plugins"
    return any((Path(place) / "docker-buildx").exists() for place in (own, *BUILDX_PLACES))


if __name__ == "__main__":
    sys.stdout.write(exports() + "\n")
