"""What setup does, in order."""

from collections.abc import Callable
from dataclasses import dataclass

from . import base_image, docker_plugin, engine, pulumi_cli, python, registry
from .progress import Progress


@dataclass(frozen=True)
class Step:
    """`missing` says what is missing or None, quickly and without changing anything; `provide` mends it."""

    name: str
    title: str
    needs_docker: bool
    missing: Callable[[], str | None]
    provide: Callable[[Progress], str]


STEPS = (
    Step("python", "Python packages", False, python.missing, python.provide),
    Step("pulumi", "Pulumi CLI and language host", False, pulumi_cli.missing, pulumi_cli.provide),
    Step("docker-plugin", "Pulumi's Docker plugin", False, docker_plugin.missing, docker_plugin.provide),
    Step("docker", "Docker engine", True, engine.missing, engine.provide),
    Step("base-image", "Base image", True, base_image.missing, base_image.provide),
    Step("registry", "Image registry", True, registry.missing, registry.provide),
)
