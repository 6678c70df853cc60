"""The official releases, each checked against the checksum file that is published beside it."""

import hashlib
import os
import platform
import socket
import sys
import tarfile
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from .process import Tick
from .roads import Closed

CONNECT_SECONDS = 5
READ_SECONDS = 60
RELEASES = "https://github.com/pulumi"


def allowed(environ: Mapping[str, str] = os.environ) -> None:
    """Raise Closed where the user said that the machine is offline."""
    if environ.get("PENGUINMAILS_OFFLINE") == "1":
        raise Closed("PENGUINMAILS_OFFLINE=1 forbids it")


def machine() -> tuple[str, str]:
    """The operating system and the processor in the words of the releases; Closed if there is no release for it."""
    system = {"linux": "linux", "darwin": "darwin"}.get(sys.platform)
    processor = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}.get(platform.machine().lower())
    if system is None or processor is None:
        raise Closed(f"there is no release for {sys.platform} on {platform.machine()}")
    return system, processor


def cli_urls(version: str, system: str, processor: str) -> tuple[str, str]:
    """The archive of the CLI with its language hosts, and the file with its checksum."""
    base = f"{RELEASES}/pulumi/releases/download/v{version}"
    processor = {"amd64": "x64"}.get(processor, processor)
    return f"{base}/pulumi-v{version}-{system}-{processor}.tar.gz", f"{base}/pulumi-{version}-checksums.txt"


def docker_plugin_urls(version: str, system: str, processor: str) -> tuple[str, str]:
    """The archive of the Docker plugin, and the file with its checksum."""
    base = f"{RELEASES}/pulumi-docker/releases/download/v{version}"
    archive = f"{base}/pulumi-resource-docker-v{version}-{system}-{processor}.tar.gz"
    return archive, f"{base}/pulumi-docker_{version}_checksums.txt"


def verified(archive_url: str, checksums_url: str, into: Path, tick: Tick) -> Path:
    """Download an archive whose SHA-256 stands in the checksum file; Closed if either cannot be had or they differ."""
    reachable(archive_url)
    name = archive_url.rsplit("/", 1)[1]
    expected = checksum_of(name, _read(checksums_url, tick).decode(errors="replace"))
    content = _read(archive_url, tick)
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        raise Closed(f"{name} has the checksum {found}, and {expected} is published")
    target = into / name
    target.write_bytes(content)
    return target


def reachable(url: str) -> None:
    """Raise Closed within a few seconds if the host of `url` does not answer; a proxy is left to answer by itself."""
    if urllib.request.getproxies().get("https"):
        return
    host = urlsplit(url).hostname or ""
    try:
        socket.create_connection((host, 443), timeout=CONNECT_SECONDS).close()
    except OSError as error:
        raise Closed(f"{host} cannot be reached ({error})") from error


def checksum_of(name: str, text: str) -> str:
    """The checksum of the file `name` in a list of "<checksum>  <name>" lines."""
    for line in text.splitlines():
        parts = line.split()
        if len(parts) == 2 and parts[1].lstrip("*") == name:
            return parts[0].lower()
    raise Closed(f"no checksum is published for {name}")


def unpack(archive: Path, into: Path) -> None:
    """Unpack an archive whose checksum was right, refusing members that would land outside `into`."""
    with tarfile.open(archive) as tar:
        if hasattr(tarfile, "data_filter"):
            tar.extractall(into, filter="data")
        else:  # Python before 3.11.4
            tar.extractall(into)


def _read(url: str, tick: Tick) -> bytes:
    chunks: list[bytes] = []
    try:
        with urllib.request.urlopen(url, timeout=READ_SECONDS) as response:
            while chunk := response.read(1 << 20):
                chunks.append(chunk)
                tick()
    except (urllib.error.URLError, OSError) as error:
        raise Closed(f"{url} cannot be read ({getattr(error, 'reason', error)})") from error
    return b"".join(chunks)
