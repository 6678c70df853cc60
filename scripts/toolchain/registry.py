"""The image registry at localhost:5000. Swarm takes images from it without asking the internet for their tags."""

import socket

from components import images

from . import docker, paths, process
from .process import Failure
from .progress import Progress

CONTAINER = "penguinmails-registry"
VOLUME = "penguinmails-registry"
PORT = 5000
START_SECONDS = 30


def missing() -> str | None:
    """Why the registry cannot be used yet, or None. A registry of somebody else's at the port will do."""
    if not docker.registry_answers():
        return f"no registry answers at localhost:{PORT}"
    running = _image_of_container()
    wanted = images.reference("registry", root=paths.ROOT)
    if running is not None and running != wanted:
        return f"the registry runs {running} and should run {wanted}"
    absent = [name for name in ("base", "registry") if not docker.registry_has(images.reference(name, root=paths.ROOT))]
    if running is not None and absent:
        return f"the registry does not have {', '.join(absent)}"
    return None


def provide(progress: Progress) -> str:
    """Run the registry and put the images it is made of into it; says where it is."""
    reference = images.reference("registry", root=paths.ROOT)
    own = _image_of_container()
    if docker.registry_answers() and own is None:
        return f"using the registry that is already at localhost:{PORT}"
    if not docker.has_image(reference):
        docker.build(
            reference,
            images.folder("registry", paths.ROOT),
            {"BASE": images.reference("base", root=paths.ROOT)},
            log="registry",
            tick=progress.tick,
        )
    if own is not None and own != reference:
        docker.must("rm", "--force", CONTAINER, explain="The older registry cannot be removed")
        own = None
    if own is not None:
        docker.must("start", CONTAINER, explain="The registry cannot be started")
    else:
        _refuse_taken_port()
        _run(reference)
    if not process.wait_until(docker.registry_answers, seconds=START_SECONDS, tick=progress.tick):
        raise Failure(f"The registry does not answer after {START_SECONDS} s: see `docker logs {CONTAINER}`.")
    for name in ("base", "registry"):
        docker.push(images.reference(name, root=paths.ROOT), log=name, tick=progress.tick)
    return f"localhost:{PORT}"


def _image_of_container() -> str | None:
    fields = docker.inspect("container", CONTAINER, [".Config.Image"])
    return fields[0] if fields else None


def _refuse_taken_port() -> None:
    with socket.socket() as probe:
        probe.settimeout(2)
        if probe.connect_ex(("127.0.0.1", PORT)) == 0:
            raise Failure(f"Port {PORT} of this machine is taken by something that is no registry: free it.")


def _run(reference: str) -> None:
    docker.must(
        "run",
        "--detach",
        f"--name={CONTAINER}",
        "--restart=always",
        f"--publish=127.0.0.1:{PORT}:{PORT}",
        f"--volume={VOLUME}:/var/lib/registry",
        "--read-only",
        "--cap-drop=ALL",
        "--security-opt=no-new-privileges",
        reference,
        explain="The registry cannot be run",
    )
