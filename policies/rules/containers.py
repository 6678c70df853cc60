"""Containers run with as little as they need, from an image that is named by its content, and end in peace."""

from __future__ import annotations

from typing import Final

from policies.properties import Property
from policies.rules.make import at_least, rule
from policies.settings import Setting

_COMPONENT: Final = "Leave it as components/{aws/task,docker/swarm}.py set it; nothing in the stack file turns it off."

IMAGE: Final = rule(
    "images-are-fixed",
    "Containers run from an image that is named by its content.",
    "high",
    Property.IMAGE_FIXED,
    controls=("SOC 2 CC6.8", "SOC 2 CC7.1", "SOC 2 CC8.1", "GDPR Art. 32(1)(b)"),
    remediation="Name one of the kit's images, which are pinned by scripts/images, or give a digest.",
)

USER: Final = rule(
    "containers-are-not-root",
    "Containers run as an ordinary user.",
    "high",
    Property.NOT_ROOT,
    controls=("SOC 2 CC6.1", "SOC 2 CC6.3", "GDPR Art. 32(1)(b)"),
    remediation=_COMPONENT,
)

READ_ONLY: Final = rule(
    "containers-are-read-only",
    "The file system of a container is read-only.",
    "medium",
    Property.ROOT_READ_ONLY,
    controls=("SOC 2 CC6.8", "GDPR Art. 32(1)(b)"),
    remediation=_COMPONENT,
)

UNPRIVILEGED: Final = rule(
    "containers-have-no-privileges",
    "Containers drop all capabilities and are not privileged.",
    "high",
    Property.UNPRIVILEGED,
    controls=("SOC 2 CC6.1", "SOC 2 CC6.3", "GDPR Art. 32(1)(b)"),
    remediation=_COMPONENT,
)

SOCKET: Final = rule(
    "hosts-are-hidden",
    "No container but the gate sees the engine's socket, and none a folder of a cloud's host.",
    "critical",
    Property.SOCKET_HIDDEN,
    controls=("SOC 2 CC6.1", "SOC 2 CC6.3", "SOC 2 CC6.8", "GDPR Art. 32(1)(b)"),
    remediation="Ask the gate (components/docker/cluster.py) for what the engine knows.",
)

LIMITED: Final = rule(
    "containers-are-limited",
    "A container has a limit of memory.",
    "medium",
    Property.LIMITED,
    controls=("SOC 2 A1.1", "GDPR Art. 32(1)(b)"),
    remediation="Set memory_mib of the service in the stack file.",
)

HEALTH: Final = rule(
    "health-is-checked",
    "The health of every container is checked.",
    "medium",
    Property.HEALTH_CHECKED,
    controls=("SOC 2 CC7.2", "SOC 2 A1.2", "GDPR Art. 32(1)(b)"),
    remediation="Set health_path of the service in the stack file; an image of your own needs a HEALTHCHECK or a command.",
)

GRACE: Final = rule(
    "containers-end-in-peace",
    "A container has time to finish what it does before it is killed.",
    "medium",
    Property.GRACE_SECONDS,
    controls=("SOC 2 A1.2", "SOC 2 PI1.3", "GDPR Art. 32(1)(b)"),
    remediation="Set grace_period_seconds of the service in the stack file.",
    accepts=at_least("minimum_seconds"),
    demand="give it {minimum_seconds} s at least; killed at once, it loses what it was doing",
    settings=(Setting("minimum_seconds", "Seconds that a container has to end.", 10, "larger", most=120),),
)

RULES: Final = (IMAGE, USER, READ_ONLY, UNPRIVILEGED, SOCKET, LIMITED, HEALTH, GRACE)
