"""The Pulumi CLI and its Python language host: found on PATH, downloaded, or built."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from . import cache, download, gobuild, paths, process, versions
from .progress import Progress
from .roads import Closed, Road, take

MODULE = paths.SOURCES / "pulumi"
HOST = "pulumi-language-python"
HOST_SCRIPTS = ("python/cmd/pulumi-language-python-exec", "python/dist/pulumi-resource-pulumi-python")
SDK = "github.com/pulumi/pulumi/sdk/v3"


def downloaded_entry() -> Path:
    """The cache entry of the official release."""
    return paths.cache_dir() / f"pulumi-{versions.PULUMI}-release"


def built_entry() -> Path:
    """The cache entry of our own build, which changes with the sources here."""
    return paths.cache_dir() / f"pulumi-{versions.PULUMI}-{cache.fingerprint(cache.sources(MODULE), root=MODULE)}"


def cached() -> Path | None:
    """The directory of the cached programs, if there is one."""
    return next((entry / "bin" for entry in (downloaded_entry(), built_entry()) if entry.is_dir()), None)


def on_path(environ: Mapping[str, str] = os.environ) -> Path:
    """The directory on PATH that has a fitting CLI and its language host; Closed if there is none."""
    search = environ.get("PATH")
    cli = shutil.which("pulumi", path=search)
    if cli is None:
        raise Closed("there is none")
    found = process.output([cli, "version"], env={**environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}) or "unknown"
    if not versions.at_least(found, versions.PULUMI):
        raise Closed(f"{cli} is of version {found.removeprefix('v')}")
    if shutil.which(HOST, path=search) is None:
        raise Closed(f"{cli} comes without {HOST}")
    return Path(cli).parent


def missing() -> str | None:
    """Why the CLI cannot be used yet, or None."""
    if cached():
        return None
    try:
        on_path()
    except Closed as closed:
        return f"Pulumi {versions.PULUMI} is not installed (PATH: {closed})"
    return None


def provide(progress: Progress) -> str:
    """Make the CLI and the language host available; says where from."""
    with cache.locked(
        paths.cache_dir() / "pulumi.lock",
        tick=progress.tick,
        waiting=lambda: progress.note("another setup is at it, waiting"),
    ):
        roads = [
            Road("PATH", on_path),
            Road("official release", lambda: cache.fill(downloaded_entry(), lambda into: _download(into, progress))),
            Road("Go build", lambda: cache.fill(built_entry(), lambda into: _build(into, progress))),
        ]
        name, where = take(
            f"Pulumi {versions.PULUMI}",
            roads,
            advice=f"install Go 1.25 or later, or put Pulumi {versions.PULUMI} on PATH, and run scripts/setup again",
            announce=progress.note,
        )
    return f"{versions.PULUMI} from the {name}, {where}" if name != "PATH" else f"on PATH, {where}"


def _download(into: Path, progress: Progress) -> None:
    download.allowed()
    archive, checksums = download.cli_urls(versions.PULUMI, *download.machine())
    file = download.verified(archive, checksums, into, progress.tick)
    download.unpack(file, into)
    file.unlink()
    (into / "pulumi").rename(into / "bin")


def _build(into: Path, progress: Progress) -> None:
    gobuild.require_go()
    progress.note("building from Go modules, 4 to 6 minutes the first time on 2 cores")
    target = into / "bin"
    target.mkdir()
    stamp = {f"{SDK}/go/common/version.Version": f"v{versions.PULUMI}"}
    gobuild.build(MODULE, "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", target / "pulumi", tick=progress.tick, variables=stamp)
    gobuild.build(MODULE, "./langhost", target / HOST, tick=progress.tick, variables=stamp)
    sdk = gobuild.module_directory(MODULE, SDK)
    for script in HOST_SCRIPTS:
        copy = target / Path(script).name
        shutil.copyfile(sdk / script, copy)
        copy.chmod(0o755)
