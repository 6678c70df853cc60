"""What watches the account itself: GuardDuty's findings, and a trail of every call with the few that somebody must know of.

An account has one detector a region, and the first trail's management events cost nothing, so both may be there already:
`aws.guardduty` and `aws.cloudtrail` say so. Then, and outside development where they are made, their findings go to the alert
topic; otherwise nothing is watched. A trail is of all regions, but EventBridge has an event in its own region: what happens
elsewhere is in the trail and not told, and a person's sign-in through the global page is told in us-east-1 only.

The kit's own deployments change policies of buckets and open the edge's ports, so a first deployment is told about too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from components import naming, spec
from components.aws.buckets import BucketPlace, private_bucket
from components.aws.event_rules import tell
from components.aws.keys import key
from components.aws.tags import tags
from components.contract import Identity

LEAST_SEVERITY: Final = 4
"""Medium and above, as GuardDuty's user guide ranks findings (low from 1, medium from 4, high from 7, critical from 9)."""

TRAIL_DAYS: Final = 365
"""A break-in is found after months, not days: the log is kept for a year."""

FINDINGS: Final[Mapping[str, Any]] = {
    "source": ["aws.guardduty"],
    "detail-type": ["GuardDuty Finding"],
    "detail": {"severity": [{"numeric": [">=", LEAST_SEVERITY]}]},
}

ROOT: Final[Mapping[str, Any]] = {
    "detail-type": ["AWS API Call via CloudTrail", "AWS Console Sign In via CloudTrail"],
    # What a service does in the name of root carries the event type AwsServiceEvent.
    "detail": {"userIdentity": {"type": ["Root"]}, "eventType": [{"anything-but": "AwsServiceEvent"}]},
}
"""The account's first user signs in or does anything: daily work needs it for nothing."""

CALLS: Final[Mapping[str, Any]] = {
    "detail-type": ["AWS API Call via CloudTrail"],
    "detail": {
        "eventSource": [
            f"{service}.amazonaws.com" for service in ("backup", "cloudtrail", "ec2", "guardduty", "kms", "rds", "s3")
        ],
        "eventName": [
            # The watch itself is put out.
            *("DeleteDetector", "DeleteTrail", "PutEventSelectors", "StopLogging", "UpdateDetector", "UpdateTrail"),
            # Everything under a key is lost after its days of grace.
            *("DisableKey", "PutKeyPolicy", "ScheduleKeyDeletion"),
            # Data becomes readable, or its copies go.
            *("DeleteBucketPolicy", "DeleteBucketPublicAccessBlock", "PutBucketAcl", "PutBucketPolicy"),
            *("PutBucketPublicAccessBlock", "ModifyDBSnapshotAttribute", "ModifySecurityGroupRules"),
            *("DeleteBackupVault", "DeleteBackupVaultLockConfiguration", "DeleteRecoveryPoint"),
        ],
    },
}
"""Calls that open data, destroy it or blind those who watch."""

OPENED: Final[Mapping[str, Any]] = {
    "source": ["aws.ec2"],
    "detail-type": ["AWS API Call via CloudTrail"],
    "detail": {
        "eventSource": ["ec2.amazonaws.com"],
        "eventName": ["AuthorizeSecurityGroupIngress"],
        "$or": [
            {"requestParameters": {"ipPermissions": {"items": {"ipRanges": {"items": {"cidrIp": ["0.0.0.0/0"]}}}}}},
            {"requestParameters": {"ipPermissions": {"items": {"ipv6Ranges": {"items": {"cidrIpv6": ["::/0"]}}}}}},
        ],
    },
}
"""A new rule of a security group lets the whole internet in."""


def is_watched(chosen: str | None, identity: Identity) -> bool:
    """Whether there is a detector or a trail: as said, else outside development."""
    return chosen is not None or identity.keeps_data


def is_made(chosen: str | None, identity: Identity) -> bool:
    return chosen == "create" or (chosen is None and identity.keeps_data)


def findings(name: str, identity: Identity, section: spec.AwsSection, topic: Output[str], parent: pulumi.Resource) -> None:
    """What `section` asks for, as children of `parent`."""
    if is_made(section.guardduty, identity):
        aws.guardduty.Detector(
            f"{name}-detector",
            enable=True,
            finding_publishing_frequency="FIFTEEN_MINUTES",
            tags=tags(identity, "alerts", naming.physical(identity, "detector", naming.TAG_LIMIT)),
            opts=ResourceOptions(parent=parent, protect=identity.keeps_data),
        )
    if is_watched(section.guardduty, identity):
        tell(
            name, identity, "alerts", "guardduty", "Findings of GuardDuty of medium severity and above", FINDINGS, topic, parent
        )
    if is_made(section.cloudtrail, identity):
        _trail(name, identity, parent)
    if is_watched(section.cloudtrail, identity):
        for role, says, pattern in (
            ("root", "The account's root user does something", ROOT),
            ("calls", "Calls that open data, destroy it or stop the watch", CALLS),
            ("opened", "A security group is opened to the internet", OPENED),
        ):
            tell(name, identity, "alerts", role, says, pattern, topic, parent)


def _trail(name: str, identity: Identity, parent: pulumi.Resource) -> None:
    """Every management call of all regions, signed so that a changed file is noticed, under a key of its own."""
    physical = naming.physical(identity, "trail", naming.TRAIL_LIMIT)
    own = key(
        f"{name}-trail", identity, "alerts", "trail", "Record of the account's calls", parent, services=("s3",), trail=physical
    )
    bucket = private_bucket(
        f"{name}-trail-bucket",
        identity,
        "alerts",
        "trail",
        parent,
        key=own,
        versioned=True,
        expire_days=TRAIL_DAYS,
        statements=lambda place: trail_statements(place, physical),
    )
    aws.cloudtrail.Trail(
        f"{name}-trail",
        name=physical,
        s3_bucket_name=bucket.bucket.id,
        kms_key_id=own.arn,
        is_multi_region_trail=True,
        include_global_service_events=True,
        enable_log_file_validation=True,
        enable_logging=True,
        tags=tags(identity, "alerts", physical),
        opts=ResourceOptions(parent=parent, protect=identity.keeps_data, depends_on=list(bucket.ready)),
    )


def trail_statements(place: BucketPlace, name: str) -> Sequence[Mapping[str, Any]]:
    """As "Amazon S3 bucket policy for CloudTrail" of its user guide has it, for this one trail. Pure."""
    trail = f"arn:{place.partition}:cloudtrail:{place.region}:{place.account}:trail/{name}"
    shared = {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}}
    return [
        {
            **shared,
            "Sid": "TrailChecks",
            "Action": "s3:GetBucketAcl",
            "Resource": place.arn,
            "Condition": {"StringEquals": {"aws:SourceArn": trail}},
        },
        {
            **shared,
            "Sid": "TrailWrites",
            "Action": "s3:PutObject",
            "Resource": f"{place.arn}/AWSLogs/{place.account}/*",
            "Condition": {"StringEquals": {"aws:SourceArn": trail, "s3:x-amz-acl": "bucket-owner-full-control"}},
        },
    ]
