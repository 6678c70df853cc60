"""Data at rest is encrypted.

Left out: S3 encrypts every object since January 2023 and has no way to turn it off, and DynamoDB, Secrets Manager, CloudWatch
Logs and AWS Backup encrypt always. Docker keeps volumes on the host's disks, whose encryption no resource shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from policies.model import Finding, Resource, Rule, Undecided, Violation, at, each, is_given, is_true, require
from scripts.simulation.values import UNKNOWN

_FLAGS: Final[Mapping[str, str]] = {
    "aws:rds/instance:Instance": "storageEncrypted",
    "aws:rds/cluster:Cluster": "storageEncrypted",
    "aws:ebs/volume:Volume": "encrypted",
    "aws:efs/fileSystem:FileSystem": "encrypted",
    "aws:elasticache/replicationGroup:ReplicationGroup": "atRestEncryptionEnabled",
}
_QUEUE: Final = "aws:sqs/queue:Queue"
_MACHINE: Final = "aws:ec2/instance:Instance"


def _check(resource: Resource) -> Iterator[Finding]:
    if resource.token == _QUEUE:
        yield from _queue(resource)
    elif resource.token == _MACHINE:
        yield from _machine(resource)
    else:
        yield from require(resource, _FLAGS[resource.token], is_true, "set it to true; data at rest is encrypted")


def _queue(resource: Resource) -> Iterator[Finding]:
    key, managed = at(resource.properties, "kmsMasterKeyId"), at(resource.properties, "sqsManagedSseEnabled")
    if is_given(key) or (managed is not UNKNOWN and is_true(managed)):
        return
    if managed is UNKNOWN:
        yield Undecided("sqsManagedSseEnabled")
    else:
        yield Violation("", "set sqsManagedSseEnabled to true or give kmsMasterKeyId; messages at rest are encrypted")


def _machine(resource: Resource) -> Iterator[Finding]:
    root = at(resource.properties, "rootBlockDevice")
    devices = [("rootBlockDevice", {} if root is None else root), *each(resource.properties, "ebsBlockDevices")]
    for path, device in devices:
        encrypted = at(device, "encrypted")
        if encrypted is UNKNOWN:
            yield Undecided(f"{path}.encrypted")
        elif not is_true(encrypted):
            yield Violation(f"{path}.encrypted", "set it to true; disks are encrypted")


ENCRYPTED: Final = Rule(
    name="encrypted-at-rest",
    description="Databases, queues, disks and file systems encrypt what they keep.",
    severity="high",
    level="mandatory",
    controls=("SOC 2 CC6.1", "SOC 2 CC6.7", "GDPR Art. 32(1)(a)"),
    remediation=(
        "Turn on encryption at rest where the component makes the resource (components/aws); "
        "nothing in the stack file turns it off."
    ),
    resources=(*_FLAGS, _QUEUE, _MACHINE),
    check=_check,
)
