"""The Docker plugin of the engine, in the engine's own plugin directory."""

from pathlib import Path

from . import cache, download, gobuild, paths, process, pulumi_cli, versions
from .environment import environment
from .progress import Progress
from .roads import Closed, Road, take

MODULE = paths.SOURCES / "docker-plugin"
PROGRAM = "pulumi-resource-docker"
DIRECTORY = f"resource-docker-v{versions.DOCKER_PLUGIN}"


def built_entry() -> Path:
    """The cache entry of our own build, which changes with the sources here."""
    return paths.cache_dir() / f"docker-plugin-{versions.DOCKER_PLUGIN}-{_fingerprint()}"


def downloaded_entry() -> Path:
    """The cache entry of the official release."""
    return paths.cache_dir() / f"docker-plugin-{versions.DOCKER_PLUGIN}-release"


def installed() -> Path:
    """The plugin's program, where the engine looks for it."""
    return paths.pulumi_home() / "plugins" / DIRECTORY / PROGRAM


def missing() -> str | None:
    """Why the plugin cannot be used yet, or None. A build of older sources counts as missing."""
    if not installed().is_file():
        return f"the Docker plugin {versions.DOCKER_PLUGIN} is not in {paths.pulumi_home()}"
    stamp = _stamp()
    if stamp.is_file() and stamp.read_text().strip() not in {_fingerprint(), "release"}:
        return "the Docker plugin was built from older sources"
    return None


def provide(progress: Progress) -> str:
    """Install the plugin; says where from."""
    with cache.locked(
        paths.cache_dir() / "docker-plugin.lock",
        tick=progress.tick,
        waiting=lambda: progress.note("another setup is at it, waiting"),
    ):
        roads = [
            Road("user's own plugins", _of_user),
            Road("official release", lambda: cache.fill(downloaded_entry(), lambda into: _download(into, progress))),
            Road("Go build", lambda: cache.fill(built_entry(), lambda into: _build(into, progress))),
        ]
        name, where = take(
            f"The Docker plugin {versions.DOCKER_PLUGIN}",
            roads,
            advice="install Go 1.25 or later and run scripts/setup again",
            announce=progress.note,
        )
        _install(where / PROGRAM, progress)
        _stamp().write_text(_fingerprint() if name == "Go build" else "release")
    return f"{versions.DOCKER_PLUGIN} from the {name}"


def _of_user() -> Path:
    found = Path.home() / ".pulumi" / "plugins" / DIRECTORY
    if not (found / PROGRAM).is_file():
        raise Closed("there is none")
    return found


def _download(into: Path, progress: Progress) -> None:
    download.allowed()
    archive, checksums = download.docker_plugin_urls(versions.DOCKER_PLUGIN, *download.machine())
    file = download.verified(archive, checksums, into, progress.tick)
    download.unpack(file, into)
    file.unlink()


def _build(into: Path, progress: Progress) -> None:
    gobuild.require_go()
    progress.note("building from Go modules, 4 to 6 minutes the first time on 2 cores")
    gobuild.build(MODULE, ".", into / PROGRAM, tick=progress.tick, variables={"main.version": versions.DOCKER_PLUGIN})


def _install(program: Path, progress: Progress) -> None:
    directory = pulumi_cli.cached()
    cli = str(directory / "pulumi") if directory else "pulumi"
    process.logged(
        [cli, "plugin", "install", "resource", "docker", versions.DOCKER_PLUGIN, "--reinstall", "--file", str(program)],
        "docker-plugin-install",
        tick=progress.tick,
        explain="The Docker plugin cannot be installed",
        env=environment(),
    )


def _fingerprint() -> str:
    return cache.fingerprint(cache.sources(MODULE), root=MODULE)


def _stamp() -> Path:
    return paths.pulumi_home() / "plugins" / f".{DIRECTORY}.origin"
