"""A drill: AWS restores the newest backup beside the live database every week, tells when that fails, and deletes it again.

A backup that was never restored is a hope. The copy stands in the isolated subnets under a group without rules, so that nobody
reaches it (without one it would get the network's default group, which may be open), on the smallest class that takes it. How
long the restore took is in the job's record (AWS Backup, "Jobs", "Restore jobs"): that is the time a real one takes, without
the services that follow. What is in it is not compared with the live data: AWS has no means for that, and whoever can read
both would be one more who can. Not in development, where data may be lost. The copy costs its class for the hours it stands.
"""

from __future__ import annotations

import json
from typing import Final

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from components import naming
from components.aws import sizing
from components.aws.account import account
from components.aws.security_groups import group
from components.aws.tags import tags
from components.contract import Identity
from components.spec import Size

SCHEDULE: Final = "cron(0 9 ? * MON *)"
"""In UTC, after the nightly backup: on a Monday morning, when somebody can look at what failed."""

WINDOW_DAYS: Final = 7
"""A backup of this week is restored; that there is none is a failure too."""

START_HOURS: Final = 1
STANDING_HOURS: Final = 4
"""How long the copy stands, for a person who wants to look into it."""


def drill(
    name: str,
    identity: Identity,
    vault: aws.backup.Vault,
    database: Output[str],
    subnet_group: Output[str],
    network: Output[str],
    role: Output[str],
    parent: pulumi.Resource,
) -> aws.backup.RestoreTestingPlan:
    """The plan and what it restores, from `database` (ARN) into the group of subnets of that name in `network` (id)."""
    physical = naming.physical(identity, "drill", naming.BACKUP_LIMIT)
    plan = aws.backup.RestoreTestingPlan(
        f"{name}-drill",
        name=plan_name(identity),
        recovery_point_selection=aws.backup.RestoreTestingPlanRecoveryPointSelectionArgs(
            algorithm="LATEST_WITHIN_WINDOW",
            include_vaults=[vault.arn],
            recovery_point_types=["SNAPSHOT"],
            selection_window_days=WINDOW_DAYS,
        ),
        schedule_expression=SCHEDULE,
        schedule_expression_timezone="Etc/UTC",
        start_window_hours=START_HOURS,
        tags=tags(identity, "backup", physical),
        opts=ResourceOptions(parent=parent),
    )
    closed = group(f"{name}-drill", identity, "backup", "drill", "Restored backups, which nobody reaches", network, parent)
    aws.backup.RestoreTestingSelection(
        f"{name}-drill-database",
        name="database",
        restore_testing_plan_name=plan.name,
        protected_resource_type="RDS",
        protected_resource_arns=[database],
        iam_role_arn=role,
        restore_metadata_overrides={
            "dbInstanceClass": account(parent).region.apply(lambda region: sizing.database(Size.SMALL, identity, region).name),
            "dbSubnetGroupName": subnet_group,
            "multiAz": "false",
            "publiclyAccessible": "false",
            "vpcSecurityGroupIds": closed.id.apply(lambda found: json.dumps([found])),
        },
        validation_window_hours=STANDING_HOURS,
        opts=ResourceOptions(parent=parent),
    )
    return plan


def plan_name(identity: Identity) -> str:
    """Letters, digits and underscores, which is all that these plans take."""
    return naming.physical(identity, "drill", naming.BACKUP_LIMIT).replace("-", "_")
