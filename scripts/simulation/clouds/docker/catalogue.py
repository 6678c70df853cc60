"""The words and figures that Docker knows: kinds of resources, closed lists, limits.

Sources: the validators of the provider's own source (kreuzwerker/terraform-provider-docker), the engine's `docker info`, and
what an engine 20.10 in Swarm mode said when it was asked.
"""

from __future__ import annotations

from typing import Final

CONFIG: Final = "docker:index/serviceConfig:ServiceConfig"
CONTAINER: Final = "docker:index/container:Container"
NETWORK: Final = "docker:index/network:Network"
PLUGIN: Final = "docker:index/plugin:Plugin"
PUSHED_IMAGE: Final = "docker:index/registryImage:RegistryImage"
REMOTE_IMAGE: Final = "docker:index/remoteImage:RemoteImage"
SECRET: Final = "docker:index/secret:Secret"  # noqa: S105  (a type)
SERVICE: Final = "docker:index/service:Service"
TAG: Final = "docker:index/tag:Tag"
VOLUME: Final = "docker:index/volume:Volume"

SPEC: Final = "taskSpec.containerSpec"
"""Where a service describes its container."""

LARGEST_BYTES: Final = {SECRET: 512_000 - 1, CONFIG: 1_024_000 - 1}
"""Decoded data; at 512,000 and 1,024,000 bytes the engine refuses."""

SMALLEST_NANO_CPUS: Final = 1_000_000
SMALLEST_MEMORY_BYTES: Final = 4 * 1024 * 1024

LARGEST_PORT: Final = 65535
FIRST_CHOSEN_PORT: Final = 30000
"""Swarm chooses from here on where a published port is left out."""

PREDEFINED_NETWORKS: Final = {"bridge": "bridge", "host": "host", "none": "null"}
"""Networks that every engine has -> their driver."""

NETWORK_DRIVERS: Final = ("bridge", "host", "ipvlan", "macvlan", "null", "overlay")
VOLUME_DRIVERS: Final = ("local",)
LOG_DRIVERS: Final = (
    "awslogs", "etwlogs", "fluentd", "gcplogs", "gelf", "journald", "json-file", "local", "logentries", "none", "splunk",
    "syslog",
)  # fmt: skip

CONSTRAINTS: Final = ("engine.labels.", "node.hostname", "node.id", "node.ip", "node.labels.", "node.platform.", "node.role")
"""How a placement constraint may begin: any other key fits no node."""

_ORDERS: Final = ("stop-first", "start-first")
_PROPAGATIONS: Final = ("private", "rprivate", "shared", "rshared", "slave", "rslave")

WORDS: Final = {
    SERVICE: (
        (f"{SPEC}.mounts[*].type", ("bind", "volume", "tmpfs")),
        (f"{SPEC}.mounts[*].bindOptions.propagation", _PROPAGATIONS),
        (f"{SPEC}.isolation", ("default", "process", "hyperv")),
        ("taskSpec.logDriver.name", LOG_DRIVERS),
        ("taskSpec.restartPolicy.condition", ("none", "on-failure", "any")),
        ("taskSpec.runtime", ("container", "plugin")),
        ("updateConfig.failureAction", ("pause", "continue", "rollback")),
        ("updateConfig.order", _ORDERS),
        ("rollbackConfig.failureAction", ("pause", "continue")),
        ("rollbackConfig.order", _ORDERS),
        ("endpointSpec.mode", ("vip", "dnsrr")),
        ("endpointSpec.ports[*].protocol", ("tcp", "udp", "sctp")),
        ("endpointSpec.ports[*].publishMode", ("host", "ingress")),
    ),
    CONTAINER: (
        ("restart", ("no", "on-failure", "always", "unless-stopped")),
        ("logDriver", LOG_DRIVERS),
        ("mounts[*].type", ("bind", "volume", "tmpfs")),
        ("mounts[*].bindOptions.propagation", _PROPAGATIONS),
        ("volumes[*].selinuxRelabel", ("z", "Z")),
        ("ports[*].protocol", ("tcp", "udp", "sctp")),
    ),
    VOLUME: (
        ("cluster.scope", ("single", "multi")),
        ("cluster.sharing", ("none", "readonly", "onewriter", "all")),
        ("cluster.type", ("mount", "block")),
        ("cluster.availability", ("active", "pause", "drain")),
    ),
}
"""Closed lists: type -> (pattern of the input, what it may say)."""

DURATIONS: Final = {
    SERVICE: (
        f"{SPEC}.stopGracePeriod",
        f"{SPEC}.healthcheck.interval",
        f"{SPEC}.healthcheck.timeout",
        f"{SPEC}.healthcheck.startPeriod",
        "taskSpec.restartPolicy.delay",
        "taskSpec.restartPolicy.window",
        "updateConfig.delay",
        "updateConfig.monitor",
        "rollbackConfig.delay",
        "rollbackConfig.monitor",
        "convergeConfig.delay",
        "convergeConfig.timeout",
    ),
    CONTAINER: tuple(f"healthcheck.{name}" for name in ("interval", "timeout", "startPeriod", "startInterval")),
}
"""Inputs that are a time in Go's notation."""

NOT_NEGATIVE: Final = {
    SERVICE: (
        f"{SPEC}.healthcheck.retries",
        f"{SPEC}.secrets[*].fileMode",
        f"{SPEC}.configs[*].fileMode",
        "taskSpec.restartPolicy.maxAttempts",
        "taskSpec.placement.maxReplicas",
        "taskSpec.forceUpdate",
        "mode.replicated.replicas",
        "updateConfig.parallelism",
        "rollbackConfig.parallelism",
    ),
    CONTAINER: ("healthcheck.retries", "memory", "memoryReservation", "shmSize", "cpuShares", "cpuPeriod", "cpuQuota"),
}
"""Inputs that are a number of at least 0."""

RATIOS: Final = ("updateConfig.maxFailureRatio", "rollbackConfig.maxFailureRatio")

CAPABILITIES: Final = frozenset(
    {
        "ALL", "AUDIT_CONTROL", "AUDIT_READ", "AUDIT_WRITE", "BLOCK_SUSPEND", "BPF", "CHECKPOINT_RESTORE",
        "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "IPC_LOCK", "IPC_OWNER", "KILL",
        "LEASE", "LINUX_IMMUTABLE", "MAC_ADMIN", "MAC_OVERRIDE", "MKNOD", "NET_ADMIN", "NET_BIND_SERVICE",
        "NET_BROADCAST", "NET_RAW", "PERFMON", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYSLOG",
        "SYS_ADMIN", "SYS_BOOT", "SYS_CHROOT", "SYS_MODULE", "SYS_NICE", "SYS_PACCT", "SYS_PTRACE",
        "SYS_RAWIO", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "WAKE_ALARM",
    }
)  # fmt: skip
"""Linux's capabilities (capabilities(7)), without the prefix CAP_ that may stand before each."""


def is_plugin(driver: str) -> bool:
    """Whether a driver's name is that of an installed plugin (`vieux/sshfs:latest`), which may be on the host already."""
    return "/" in driver or ":" in driver
