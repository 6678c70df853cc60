"""Right resources, and for each rule the changes that make one wrong or leave it undecided."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from typing import Any, Final

from policies.model import Resource, Rule
from policies.rules import containers, durability, encryption, exposure, identity, ownership
from tests.unit.policies.right import (
    _ALLOW,
    _OPEN_WEB,
    BLOCK,
    BROKER,
    BUCKET,
    BUCKET_ACL,
    CACHE,
    CLUSTER,
    CONTAINER,
    DEFAULT_GROUP,
    FILES,
    FUNCTION,
    GROUP,
    INGRESS,
    INSTANCE,
    MACHINE,
    MEMBER,
    OLD_RULE,
    QUEUE,
    QUEUE_POLICY,
    RIGHT,
    SERVICE,
    SPEC,
    TASK,
    VOLUME,
    task,
    variable,
)

ENCRYPTED, PRIVATE, LABELLED = encryption.ENCRYPTED, exposure.PRIVATE, ownership.LABELLED
NAMED_ONLY, ENTRY_ONLY, NO_ADDRESS = exposure.NAMED_ONLY, exposure.ENTRY_ONLY, exposure.NO_ADDRESS
KEPT, BACKUPS_KEPT, OUTLIVE = durability.KEPT, durability.BACKUPS_KEPT, durability.BACKUPS_OUTLIVE
ONE_WRITER, NO_PLAIN_SECRETS = durability.ONE_WRITER, identity.NO_PLAIN_SECRETS
ABSENT: Final = object()


@dataclass(frozen=True)
class Case:
    """A right resource with one value changed. `where`: the path of the violation, the changed one if not given.

    `unknown`: false where the rule does not care whether the value is known.
    """

    rule: Rule
    token: str
    path: str
    wrong: Any = ABSENT
    where: str | None = None
    unknown: bool = True

    @property
    def id(self) -> str:
        value = "absent" if self.wrong is ABSENT else re.sub(r"[^\w.:/-]+", " ", str(self.wrong))[:30]
        return f"{self.rule.name}-{self.token.rpartition(':')[2]}-{self.path}-{value}"


_PART: Final = re.compile(r'(?<=\[")[^"]+|[^.\[\]"]+(?![^\[]*"\])')


def changed(token: str, path: str, value: Any) -> Resource:
    """A right resource with one value changed."""
    properties = copy.deepcopy(dict(RIGHT[token]))
    parts = [int(part) if part.isdigit() else part for part in _PART.findall(path)]
    inner: Any = properties
    for part in parts[:-1]:
        if isinstance(inner, dict) and part not in inner:
            inner[part] = {}
        inner = inner[part]
    if value is ABSENT:
        inner.pop(parts[-1], None)
    else:
        inner[parts[-1]] = value
    return Resource(token, properties)


def _databases() -> list[Case]:
    cases = []
    for token in (INSTANCE, CLUSTER):
        cases += [
            Case(ENCRYPTED, token, "storageEncrypted"),
            Case(ENCRYPTED, token, "storageEncrypted", "false"),
            Case(KEPT, token, "deletionProtection"),
            Case(KEPT, token, "deletionProtection", wrong=False),
            Case(BACKUPS_KEPT, token, "backupRetentionPeriod", 6),
            Case(BACKUPS_KEPT, token, "backupRetentionPeriod", "a week"),
            Case(BACKUPS_KEPT, token, "backupRetentionPeriod"),
            Case(KEPT, token, "skipFinalSnapshot", wrong=True),
            Case(KEPT, token, "finalSnapshotIdentifier", unknown=False),
            Case(OUTLIVE, token, "deleteAutomatedBackups"),
        ]
    return cases


CASES: Final = [
    *_databases(),
    Case(ENCRYPTED, QUEUE, "sqsManagedSseEnabled", where=""),
    Case(ENCRYPTED, QUEUE, "sqsManagedSseEnabled", wrong=False, where=""),
    Case(ENCRYPTED, VOLUME, "encrypted"),
    Case(ENCRYPTED, FILES, "encrypted", wrong=False),
    Case(ENCRYPTED, CACHE, "atRestEncryptionEnabled"),
    Case(ENCRYPTED, MACHINE, "rootBlockDevice", where="rootBlockDevice.encrypted"),
    Case(ENCRYPTED, MACHINE, "ebsBlockDevices", [{"deviceName": "b"}], "ebsBlockDevices[0].encrypted"),
    Case(PRIVATE, INSTANCE, "publiclyAccessible", wrong=True),
    Case(PRIVATE, MEMBER, "publiclyAccessible", wrong=True),
    Case(PRIVATE, BROKER, "publiclyAccessible", "true"),
    Case(NAMED_ONLY, QUEUE, "policy", _ALLOW),
    Case(NAMED_ONLY, QUEUE_POLICY, "policy", _ALLOW),
    Case(NAMED_ONLY, QUEUE_POLICY, "policy", "no json", unknown=False),
    Case(NAMED_ONLY, BUCKET, "acl", "public-read"),
    Case(NAMED_ONLY, BUCKET_ACL, "acl", "authenticated-read"),
    Case(NAMED_ONLY, BLOCK, "blockPublicPolicy", wrong=False),
    Case(NAMED_ONLY, BLOCK, "restrictPublicBuckets"),
    Case(PRIVATE, GROUP, "ingress", [{**_OPEN_WEB, "fromPort": 5432, "toPort": 5432}], "ingress[0]"),
    Case(PRIVATE, GROUP, "ingress[0].toPort", 65535, "ingress[0]"),
    Case(PRIVATE, GROUP, "ingress[0].protocol", "-1", "ingress[0]"),
    Case(PRIVATE, DEFAULT_GROUP, "ingress", [{**_OPEN_WEB, "toPort": 65535.0}], "ingress[0]"),
    Case(PRIVATE, OLD_RULE, "toPort", 5671, "cidrBlocks"),
    Case(PRIVATE, INGRESS, "cidrIpv4", "0.0.0.0/0"),
    Case(PRIVATE, INGRESS, "cidrIpv4", "128.0.0.0/1"),
    Case(PRIVATE, GROUP, "ingress", [{**_OPEN_WEB, "toPort": 5432, "cidrBlocks": ["10.0.0.0/8", "0.0.0.0/2"]}], "ingress[0]"),
    Case(PRIVATE, INGRESS, "cidrIpv6", "::/0"),
    Case(PRIVATE, INGRESS, "cidrIpv6", "0::/0"),
    Case(PRIVATE, SERVICE, "endpointSpec.ports", [{"targetPort": 5432}], "endpointSpec.ports[0]"),
    Case(ENTRY_ONLY, SERVICE, "endpointSpec.ports", [{"targetPort": 8443}], "endpointSpec.ports[0]"),
    Case(ENTRY_ONLY, CONTAINER, "ports", [{"internal": 8443, "external": 443}], "ports[0]"),
    Case(NO_ADDRESS, CONTAINER, "publishAllPorts", wrong=True),
    Case(NO_ADDRESS, CONTAINER, "networkMode", "host"),
    Case(KEPT, BUCKET, "forceDestroy", wrong=True),
    Case(ONE_WRITER, SERVICE, "updateConfig.order", "start-first"),
    Case(ONE_WRITER, SERVICE, "rollbackConfig.order", "start-first"),
    Case(ONE_WRITER, SERVICE, "mode.replicated.replicas", 2),
    Case(ONE_WRITER, SERVICE, "mode.global", wrong=True),
    Case(containers.GRACE, SERVICE, f"{SPEC}.stopGracePeriod"),
    Case(containers.GRACE, SERVICE, f"{SPEC}.stopGracePeriod", "9s900ms"),
    Case(KEPT, SERVICE, f"{SPEC}.mounts[0].source", unknown=False),
    Case(KEPT, SERVICE, f"{SPEC}.mounts[0].type", "tmpfs"),
    Case(containers.READ_ONLY, SERVICE, f"{SPEC}.readOnly"),
    Case(containers.UNPRIVILEGED, SERVICE, f"{SPEC}.capDrops", ["NET_RAW"]),
    Case(containers.UNPRIVILEGED, SERVICE, f"{SPEC}.capAdds", ["all"]),
    Case(containers.USER, SERVICE, f"{SPEC}.user"),
    Case(containers.USER, SERVICE, f"{SPEC}.user", "0:0"),
    Case(containers.USER, SERVICE, f"{SPEC}.user", "root"),
    Case(containers.IMAGE, SERVICE, f"{SPEC}.image", "localhost:5000/penguinmails/postgres:1.0"),
    Case(
        containers.SOCKET,
        SERVICE,
        f"{SPEC}.mounts",
        [{"type": "bind", "source": "/var/run/docker.sock", "target": "/run/docker.sock", "readOnly": True}],
        f"{SPEC}.mounts[0].source",
    ),
    Case(
        containers.SOCKET,
        SERVICE,
        f"{SPEC}.mounts",
        [{"type": "bind", "source": "/run", "target": "/x"}],
        f"{SPEC}.mounts[0].source",
    ),
    Case(containers.LIMITED, SERVICE, "taskSpec.resources.limits.memoryBytes", 0),
    Case(containers.LIMITED, SERVICE, "taskSpec.resources.limits", where="taskSpec.resources.limits.memoryBytes"),
    Case(containers.READ_ONLY, CONTAINER, "readOnly", wrong=False),
    Case(containers.UNPRIVILEGED, CONTAINER, "capabilities.drops"),
    Case(
        containers.SOCKET,
        CONTAINER,
        "mounts",
        [{"type": "bind", "source": "/run/docker.sock", "target": "/s"}],
        "mounts[0].source",
    ),
    Case(containers.USER, CONTAINER, "user", "0"),
    Case(containers.IMAGE, CONTAINER, "image", "nginx"),
    Case(containers.LIMITED, CONTAINER, "memory"),
    Case(containers.UNPRIVILEGED, CONTAINER, "privileged", wrong=True),
    Case(containers.UNPRIVILEGED, TASK, "containerDefinitions", task(privileged=True), "containerDefinitions[0].privileged"),
    Case(NO_PLAIN_SECRETS, SERVICE, f"{SPEC}.env", {"DB_PASSWORD": "x"}, f'{SPEC}.env["DB_PASSWORD"]'),
    Case(NO_PLAIN_SECRETS, SERVICE, f"{SPEC}.env.BROKER", "amqps://u:p@h/v", f'{SPEC}.env["BROKER"]'),
    Case(NO_PLAIN_SECRETS, CONTAINER, "envs", ["API_TOKEN=x"], 'envs[0]["API_TOKEN"]'),
    Case(
        NO_PLAIN_SECRETS,
        TASK,
        "containerDefinitions",
        variable("jwtSecret", "x"),
        'containerDefinitions[0].environment["jwtSecret"]',
    ),
    Case(NO_PLAIN_SECRETS, FUNCTION, "environment.variables", {"API_KEY": "x"}, 'environment.variables["API_KEY"]'),
    Case(LABELLED, INSTANCE, "tags"),
    Case(LABELLED, QUEUE, 'tags["penguinmails.stack"]', where="tags"),
    Case(LABELLED, QUEUE, 'tags["penguinmails.environment"]', "prod", "tags"),
    Case(LABELLED, SERVICE, "labels"),
    Case(LABELLED, SERVICE, "labels[2].value", "", "labels"),
]
