"""The Go road: the same programs, built from their modules by the ordinary `go` client."""

import os
import shutil
from pathlib import Path

from . import process
from .process import Tick
from .roads import Closed


def require_go() -> str:
    """The path of the `go` command."""
    found = shutil.which("go")
    if found is None:
        raise Closed("Go is not installed")
    return found


def build(module: Path, package: str, to: Path, *, tick: Tick, variables: dict[str, str] | None = None) -> None:
    """Build `package` of the Go module in the directory `module` into the file `to`, stripped.

    `variables` are set in the program by the linker, such as its version.
    """
    flags = " ".join(["-s", "-w", *(f"-X {name}={value}" for name, value in (variables or {}).items())])
    command = [require_go(), "build", "-trimpath", "-mod=readonly", "-ldflags", flags, "-o", str(to), package]
    process.logged(
        command, f"go-build-{to.name}", tick=tick, cwd=module, env=_environment(), explain=f"{to.name} cannot be built"
    )


def module_directory(module: Path, path: str) -> Path:
    """Where Go keeps the unpacked module `path`, which `module` requires."""
    found = process.output(
        [require_go(), "-C", str(module), "list", "-mod=readonly", "-m", "-f", "{{.Dir}}", path],
        timeout=120,
        env=_environment(),
    )
    if not found:
        raise process.Failure(f"The Go module {path} is not in the module cache after the build: run scripts/setup again.")
    return Path(found)


def _environment() -> dict[str, str]:
    """No workspace of the user's, and no stamping: a checkout of another owner would make git refuse."""
    return {**os.environ, "GOWORK": "off", "GOFLAGS": f"{os.environ.get('GOFLAGS', '')} -buildvcs=false".strip()}
