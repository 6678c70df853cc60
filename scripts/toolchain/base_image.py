"""The image that every other image is built on: Debian by debootstrap, nothing pulled."""

import os
import shutil
import tempfile
from pathlib import Path

from components import images

from . import apt, docker, paths, process, versions
from .process import Failure
from .progress import Progress

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


def root_reference() -> str:
    """The bare system that debootstrap made. Its updates come with the base image, so it is made once."""
    return f"penguinmails/rootfs:{versions.DEBIAN_SUITE}"


def missing() -> str | None:
    """Why images cannot be built yet, or None."""
    reference = images.reference("base", root=paths.ROOT)
    return None if docker.has_image(reference) else f"{reference} is not there"


def provide(progress: Progress) -> str:
    """Make the base image; says its name."""
    reference = images.reference("base", root=paths.ROOT)
    if not docker.has_image(reference):
        if not docker.has_image(root_reference()):
            _bootstrap(progress)
        arguments = {"BASE": root_reference(), "SNAPSHOT": images.snapshot(paths.ROOT)}
        docker.build(reference, images.folder("base", paths.ROOT), arguments, log="base", tick=progress.tick)
    return reference


def _bootstrap(progress: Progress) -> None:
    tool = shutil.which("debootstrap", path="/usr/sbin:/usr/bin:/sbin:/bin")
    if tool is None or not KEYRING.exists():
        apt.install(["debootstrap", "debian-archive-keyring"], progress, need="debootstrap")
        tool = "/usr/sbin/debootstrap"
    if os.geteuid() != 0:
        raise Failure("The base image can only be made as root: run `sudo scripts/setup --only base-image` once.")
    progress.note(f"debootstrap of {versions.DEBIAN_SUITE}, about a minute")
    aside = Path(tempfile.mkdtemp(prefix="penguinmails-rootfs."))
    try:
        process.logged(
            [tool, "--variant=minbase", f"--keyring={KEYRING}", versions.DEBIAN_SUITE, str(aside / "root")],
            "debootstrap",
            tick=progress.tick,
            explain="Debian's base system cannot be made",
        )
        archive = aside / "root.tar"
        process.logged(
            [
                "tar",
                "--numeric-owner",
                "--exclude=./var/cache/apt/archives/*.deb",
                "-C",
                str(aside / "root"),
                "-cf",
                str(archive),
                ".",
            ],
            "rootfs-tar",
            tick=progress.tick,
            explain="The base system cannot be packed",
        )
        process.logged(
            ["docker", "import", str(archive), root_reference()],
            "rootfs-import",
            tick=progress.tick,
            explain="The base system cannot be imported",
        )
    finally:
        shutil.rmtree(aside, ignore_errors=True)
