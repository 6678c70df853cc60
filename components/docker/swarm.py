"""How the kit runs a container as a Swarm service: one place for hardening, networks, health and updates.

Every service runs as an ordinary user on a read-only root file system without capabilities, with limits, rotated logs and a
grace period (unset, Swarm kills at once). Addresses are Docker's DNS answers (`dnsrr`), because virtual IPs need IPVS, which
not every kernel has. Values that hold a secret come as files below /run/secrets only.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pulumi
import pulumi_docker as docker
from pulumi import Output, ResourceOptions

from components import naming
from components.binding import FileReference, SecretReference
from components.contract import Identity
from components.docker.mounts import MIB, Bind, Volume, bind_mounts, tmpfs_mounts, volume_mounts
from components.given import given

CONFIG_FOLDER = "/etc/penguinmails"
RELEASE_MARK = "penguinmails.release"
"""A variable of each container: which image runs, the tag that follows from its content or the beginning of its digest. No
label: a container's label that changes makes the provider delete the service and make it anew, and so would each release."""
LOG_OPTIONS = {
    "env": RELEASE_MARK,
    "labels": "penguinmails.component,penguinmails.stack",
    "max-file": "3",
    "max-size": "10m",
}
"""The engine keeps 30 MiB a container, and puts these marks into each line, by which the collector of logs knows it."""
STAY = "/usr/lib/penguinmails/stay"
"""Before a health check in every image of the kit: one process looks for half a minute (`images/base/stay`)."""
PLATFORMS = "taskSpec.placement.platforms"
_RELEASE_CHARACTERS = 16


@dataclass(frozen=True)
class Attachment:
    """A network and the name under which the service answers there; an empty alias takes the service's own name only."""

    network: Output[str]
    alias: str = ""


def attach(tier: Output[Sequence[str]] | None, alias: str = "") -> Attachment:
    """An attachment to a tier of the network, which on Docker is one overlay; all tiers are there."""
    return Attachment(given(tier, "the tier of the network").apply(lambda identifiers: identifiers[0]), alias)


@dataclass(frozen=True, kw_only=True)
class Workload:
    """A container that Swarm keeps running.

    `secrets`: file name below /run/secrets -> secret. `files`: path -> public file. `tmpfs`: path -> size in MiB.
    `binds`: what the container sees of its host, as an ordinary user; `groups`: further group ids that may read it.
    `ports`: (host port, container port). `order`: `start-first` for what holds no state and no host port. `failure`: what
    Swarm does with a release that does not come up within `monitor_seconds`. `on_manager`: only a manager of the Swarm runs it.
    `patience_seconds`: after a start, for which `health_command` may fail; then a copy that is not well is ended and made anew.
    """

    role: str
    image: str
    user: int
    networks: Sequence[Attachment]
    memory_mib: int
    cpus: float
    grace_seconds: int
    order: Literal["start-first", "stop-first"]
    command: Sequence[str] = ()
    variables: Mapping[str, Output[str] | str] = field(default_factory=dict)
    secrets: Mapping[str, SecretReference] = field(default_factory=dict)
    files: Mapping[str, FileReference] = field(default_factory=dict)
    volumes: Sequence[Volume] = ()
    binds: Sequence[Bind] = ()
    groups: Sequence[int] = ()
    tmpfs: Mapping[str, int] = field(default_factory=dict)
    ports: Sequence[tuple[int, int]] = ()
    health_command: Sequence[str] = ()
    patience_seconds: int = 10
    stateful: bool = False
    node: str | None = None
    on_manager: bool = False
    replicas: int = 1
    failure: Literal["rollback", "pause"] = "rollback"
    monitor_seconds: int = 15
    start_timeout_seconds: int = 180


def service(name: str, identity: Identity, workload: Workload, opts: ResourceOptions) -> docker.Service:
    """Registers the service and waits, at most `start_timeout_seconds`, until all copies are healthy.

    The engine resolves a tag to a digest when it makes a service, and the next refresh would see a change: so the image is
    pulled first and named by its digest.
    """
    physical = naming.physical(identity, workload.role, naming.DOCKER_LIMIT)
    parent = ResourceOptions(parent=opts.parent)
    image = docker.RemoteImage(f"{name}-image", name=workload.image, keep_locally=True, opts=parent)
    return docker.Service(
        name,
        name=physical,
        labels=[docker.ServiceLabelArgs(label=key, value=value) for key, value in labels(identity, workload.role)],
        mode=docker.ServiceModeArgs(replicated=docker.ServiceModeReplicatedArgs(replicas=workload.replicas)),
        task_spec=_task(physical, image.repo_digest, identity, workload),
        endpoint_spec=docker.ServiceEndpointSpecArgs(
            mode="dnsrr",
            ports=[
                docker.ServiceEndpointSpecPortArgs(
                    target_port=inside, published_port=outside, publish_mode="host", protocol="tcp"
                )
                for outside, inside in workload.ports
            ],
        ),
        update_config=docker.ServiceUpdateConfigArgs(
            parallelism=1,
            delay="0s",
            order=workload.order,
            failure_action=workload.failure,
            monitor=duration(workload.monitor_seconds),
            max_failure_ratio="0.0",
        ),
        rollback_config=docker.ServiceRollbackConfigArgs(
            parallelism=1,
            delay="0s",
            order=workload.order,
            failure_action="pause",
            monitor="5s",
            max_failure_ratio="0.0",
        ),
        converge_config=docker.ServiceConvergeConfigArgs(delay="1s", timeout=f"{workload.start_timeout_seconds}s"),
        # The engine adds the image's platform to a placement when it makes a service, and forgets it at the next update.
        opts=ResourceOptions.merge(opts, ResourceOptions(ignore_changes=[PLATFORMS])),
    )


def after(parent: pulumi.Resource, *others: pulumi.Resource) -> ResourceOptions:
    """A child of `parent` that waits for others.

    Whatever waits for a service says so here and never by a value made from the service's id: a service that is replaced is
    deleted first, and the engine then first deletes what has a value of it too, while others still use it.
    """
    return ResourceOptions(parent=parent, depends_on=list(others))


def secret(name: str, identity: Identity, component: str, value: Output[str], opts: ResourceOptions) -> SecretReference:
    """A Swarm secret. Its name gets a random end, so that a new value is made, taken over and only then the old removed."""
    hidden: Output[str] = Output.secret(value)
    encoded = hidden.apply(lambda text: base64.b64encode(text.encode()).decode())
    resource = docker.Secret(
        name,
        data=encoded,
        labels=[docker.SecretLabelArgs(label=key, value=value) for key, value in labels(identity, component)],
        opts=ResourceOptions.merge(opts, ResourceOptions(additional_secret_outputs=["data"])),
    )
    return SecretReference(resource.id, resource.name)


def file(name: str, identity: Identity, component: str, text: Output[str] | str, opts: ResourceOptions) -> FileReference:
    """A Swarm config: a file that everybody may read. Renewed like a secret."""
    encoded = Output.from_input(text).apply(lambda content: base64.b64encode(content.encode()).decode())
    resource = docker.ServiceConfig(
        name,
        data=encoded,
        labels=[docker.ServiceConfigLabelArgs(label=key, value=value) for key, value in labels(identity, component)],
        opts=opts,
    )
    return FileReference(resource.id, resource.name)


def duration(seconds: int) -> str:
    """A time as the provider reads it back, such as `1m30s`; `60s` would be a change at every refresh."""
    hours, rest = divmod(seconds, 3600)
    parts = ((hours, "h"), (rest // 60, "m"), (rest % 60, "s"))
    return "".join(f"{number}{unit}" for number, unit in parts if number) or "0s"


def release(image: str) -> str:
    """A short name of an image's content: its tag, or the beginning of its digest."""
    return image.rpartition(":")[2][:_RELEASE_CHARACTERS]


def labels(identity: Identity, component: str) -> list[tuple[str, str]]:
    """The labels of `naming.labels`, in an order that never changes."""
    return sorted(naming.labels(identity, component).items())


def _task(physical: str, image: Output[str], identity: Identity, workload: Workload) -> docker.ServiceTaskSpecArgs:
    constraints = [f"node.hostname=={workload.node}"] if workload.node is not None else []
    constraints += ["node.role==manager"] if workload.on_manager else []
    placement = docker.ServiceTaskSpecPlacementArgs(constraints=constraints) if constraints else None
    return docker.ServiceTaskSpecArgs(
        container_spec=_container(physical, image, identity, workload),
        networks_advanceds=[
            docker.ServiceTaskSpecNetworksAdvancedArgs(
                id=attachment.network, aliases=[attachment.alias] if attachment.alias else []
            )
            for attachment in workload.networks
        ],
        resources=docker.ServiceTaskSpecResourcesArgs(
            limits=docker.ServiceTaskSpecResourcesLimitsArgs(
                memory_bytes=workload.memory_mib * MIB, nano_cpus=round(workload.cpus * 1_000_000_000)
            )
        ),
        restart_policy=docker.ServiceTaskSpecRestartPolicyArgs(condition="any", delay="1s", window="0s"),
        log_driver=docker.ServiceTaskSpecLogDriverArgs(name="json-file", options=LOG_OPTIONS),
        placement=placement,
    )


def _container(
    physical: str, image: Output[str], identity: Identity, workload: Workload
) -> docker.ServiceTaskSpecContainerSpecArgs:
    owner = str(workload.user)
    health = None
    if workload.health_command:
        health = docker.ServiceTaskSpecContainerSpecHealthcheckArgs(
            tests=["CMD", STAY, *workload.health_command],
            interval="2s",
            timeout="55s",
            retries=3,
            start_period=duration(workload.patience_seconds),
        )
    return docker.ServiceTaskSpecContainerSpecArgs(
        image=image,
        labels=[
            docker.ServiceTaskSpecContainerSpecLabelArgs(label=key, value=value)
            for key, value in labels(identity, workload.role)
        ],
        groups=[str(group) for group in workload.groups] or None,
        args=list(workload.command),
        user=f"{owner}:{owner}",
        hostname=physical if workload.stateful else None,
        env={RELEASE_MARK: release(workload.image), **{name: workload.variables[name] for name in sorted(workload.variables)}},
        read_only=True,
        cap_drops=["ALL"],
        init=False,
        stop_grace_period=duration(workload.grace_seconds),
        healthcheck=health,
        mounts=[
            *volume_mounts(workload.volumes, workload.user, labels(identity, "data")),
            *bind_mounts(workload.binds),
            *tmpfs_mounts(workload.tmpfs),
        ],
        secrets=[
            docker.ServiceTaskSpecContainerSpecSecretArgs(
                secret_id=reference.id,
                secret_name=reference.name,
                file_name=file_name,
                file_uid=owner,
                file_gid=owner,
                file_mode=0o400,
            )
            for file_name, reference in sorted(workload.secrets.items())
        ],
        configs=[
            docker.ServiceTaskSpecContainerSpecConfigArgs(
                config_id=reference.id, config_name=reference.name, file_name=path, file_mode=0o444
            )
            for path, reference in sorted(workload.files.items())
        ],
    )
