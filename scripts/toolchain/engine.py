"""The Docker engine: installed where missing, started where nothing else starts it, in Swarm mode."""

import os
import shutil
import subprocess
from pathlib import Path

from . import apt, docker, paths, process
from .process import Failure
from .progress import Progress

SOCKET = Path("/var/run/docker.sock")
START_SECONDS = 90


def pid_file() -> Path:
    """The process id of the engine that scripts/setup started; there is no such file if it started none."""
    return paths.state_dir() / "dockerd.pid"


def missing() -> str | None:
    """Why the engine cannot be used yet, or None."""
    if shutil.which("docker") is None:
        return "docker is not installed"
    if docker.output("version", "--format", "{{.Server.Version}}", timeout=20) is None:
        return "the Docker engine does not answer"
    if swarm_state() != "active":
        return "the engine is not in Swarm mode"
    return None


def provide(progress: Progress) -> str:
    """Bring the engine to where services can be deployed to it; says what it is."""
    _install(progress)
    version = docker.output("version", "--format", "{{.Server.Version}}", timeout=20)
    if version is None:
        _explain_unreachable()
        _start(progress)
        version = docker.must("version", "--format", "{{.Server.Version}}", explain="The Docker engine does not answer")
    _join_swarm()
    return f"Docker {version}, Swarm mode"


def swarm_state() -> str:
    """This node's state in Swarm's own words: inactive, pending, active, locked, error."""
    return docker.output("info", "--format", "{{.Swarm.LocalNodeState}}") or "unknown"


def _install(progress: Progress) -> None:
    wanted = []
    if (shutil.which("docker") is None and not _host_is_set()) or (
        not _daemon() and not SOCKET.exists() and not _host_is_set()
    ):
        wanted.append("docker.io")
    if wanted:
        apt.install(["docker.io", "iptables"], progress, need="Docker")
    if shutil.which("docker") is None:
        apt.install(["docker-cli"], progress, need="The docker command")


def _host_is_set() -> bool:
    return bool(os.environ.get("DOCKER_HOST"))


def _daemon() -> str | None:
    return shutil.which("dockerd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin:/sbin")


def _explain_unreachable() -> None:
    """Raise Failure where starting an engine is not ours to do."""
    if _host_is_set():
        raise Failure(f"The Docker engine at {os.environ['DOCKER_HOST']} does not answer: start it, or unset DOCKER_HOST.")
    if SOCKET.exists() and not os.access(SOCKET, os.W_OK):
        raise Failure(
            f"You may not use the Docker engine at {SOCKET}: add yourself to the group docker "
            "(`sudo usermod -aG docker $USER`) and log in again, or run as root."
        )
    if os.geteuid() != 0:
        raise Failure("The Docker engine is not running: start it as root (`sudo systemctl start docker`).")


def _start(progress: Progress) -> None:
    if Path("/run/systemd/system").is_dir():
        process.logged(
            ["systemctl", "start", "docker"], "dockerd", tick=progress.tick, explain="The Docker engine does not start"
        )
    else:
        _start_ourselves(progress)


def _start_ourselves(progress: Progress) -> None:
    """No init system here: run the engine in a process group of its own, so that Ctrl+C here does not end it."""
    daemon = _daemon()
    if daemon is None:
        raise Failure("dockerd is not installed: install Docker's engine and run scripts/setup again.")
    progress.note("starting dockerd")
    log = paths.log_dir() / "dockerd.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    env = {**os.environ, "PATH": f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"}
    with log.open("ab") as sink:
        child = subprocess.Popen([daemon], stdout=sink, stderr=sink, stdin=subprocess.DEVNULL, start_new_session=True, env=env)
    pid_file().write_text(f"{child.pid}\n")

    def ready() -> bool:
        if child.poll() is not None:
            pid_file().unlink(missing_ok=True)
            raise Failure(f"dockerd ended at once: {process.last_line(log)} (all of it is in {log}).")
        return docker.output("version", "--format", "{{.Server.Version}}", timeout=10) is not None

    if not process.wait_until(ready, seconds=START_SECONDS, tick=progress.tick):
        raise Failure(f"dockerd does not answer after {START_SECONDS} s: see {log}.")


def _join_swarm() -> None:
    """Make a one-node Swarm where there is none. An existing one is never changed."""
    state = swarm_state()
    if state == "inactive":
        docker.must("swarm", "init", "--advertise-addr", "127.0.0.1", explain="Swarm mode cannot be turned on")
    elif state != "active":
        raise Failure(f"This node is in a Swarm that is {state}: unlock or repair it (`docker info`) and run setup again.")
    elif docker.output("info", "--format", "{{.Swarm.ControlAvailable}}") != "true":
        raise Failure("This node is a worker of a Swarm: run the kit on a manager, or promote this node.")
