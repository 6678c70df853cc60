"""Backups beyond the database's own: a snapshot a day in a locked vault, copies in a second region if asked for, and drills.

RDS keeps its own backups, from which any second of the last days can be restored; this vault keeps a snapshot of each day for
as long as is asked, out of reach of whoever can delete the database. Continuous backups of AWS Backup are not used: they would
take over RDS's own window and retention. The bucket is not among what is backed up: AWS Backup takes versioned ones only, and
those keep what was overwritten or deleted themselves.

In the platform's region a snapshot stays under the database's own key, whatever the vault's: AWS Backup encrypts anew only what
it stores itself, and RDS is not among that. Deleting the database's key therefore takes these backups too; a copy in a second
region is under that vault's key and outlives it.

The vault is locked outside development so that a backup cannot be deleted before its time, except by somebody who has the
right to lift the lock (governance). The stricter lock (compliance) can be lifted by nobody, not even AWS, so that a mistyped
retention is paid for until it ends; whoever must have it gives the same lock `changeable_for_days` by hand, after a month of
good backups.

With a second region the daily snapshot is copied there, and outside development RDS replicates its own backups too, so that a
point in time of minutes ago can be restored there. Copies in another account are left out: they need an organization.
"""

from __future__ import annotations

from typing import Final

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from components import naming
from components.aws.drill import drill
from components.aws.event_rules import tell
from components.aws.keys import key
from components.aws.roles import managed_policy, service_role
from components.aws.sizing import MAX_RETENTION_DAYS
from components.aws.tags import tags
from components.contract import BackupArgs, BackupOutputs
from components.given import given

SCHEDULE: Final = "cron(30 5 * * ? *)"
"""In UTC. AWS Backup wants an hour's distance from RDS's own window and from its maintenance (`database_instance`)."""

START_MINUTES, COMPLETION_MINUTES = 60, 240

LEAST_RETENTION_DAYS: Final = 7
"""What the lock holds a backup for at least; the plan's retention where that is shorter, or the lock would refuse every one."""

FAILED: Final = ("ABORTED", "EXPIRED", "FAILED", "PARTIAL")


class Backup(pulumi.ComponentResource):
    def __init__(self, name: str, args: BackupArgs, opts: ResourceOptions) -> None:
        super().__init__("penguinmails:aws:Backup", name, None, opts)
        self._name, self._args, self._identity = name, args, args.identity
        self._days = args.backup.retention_days
        self._database = given(args.database.resource, "the database's ARN")
        self._second = args.aws.backup_region if args.aws is not None else None
        vault, _, lock = self._vault("", None)
        copies, needs = self._elsewhere()
        plan = self._plan(vault, copies, [*lock, *needs])
        self._select(plan)
        if args.identity.keeps_data:
            drill(
                name,
                args.identity,
                vault,
                self._database,
                given(args.database.id, "the database's id"),
                given(given(args.network, "the network").id, "the network's id"),
                self._role("restores", "AWSBackupServiceRolePolicyForRestores"),
                self,
            )
            if self._second is None:
                pulumi.log.warn(
                    "platform.aws.backup_region is not set: all backups are in one region, whose loss takes them", resource=self
                )
        self._tell()
        self.outputs = BackupOutputs(vault_id=vault.id)
        self.register_outputs({"vault": vault.id})

    def _child(self, *needs: pulumi.Resource) -> ResourceOptions:
        return ResourceOptions(parent=self, depends_on=list(needs))

    def _vault(self, suffix: str, region: str | None) -> tuple[aws.backup.Vault, aws.kms.Key, list[pulumi.Resource]]:
        """A vault with a key of its own, its lock outside development. `region`: None is the platform's."""
        identity, keeps = self._identity, self._identity.keeps_data
        purpose = "Backups in the vault" if region is None else "Copies of backups in a second region"
        own = key(
            f"{self._name}{suffix}",
            identity,
            "backup",
            f"backup{suffix}",
            purpose,
            self,
            services=("backup", "rds"),
            region=region,
        )
        physical = naming.physical(identity, f"backup{suffix}", naming.BACKUP_LIMIT)
        vault = aws.backup.Vault(
            f"{self._name}{suffix}-vault",
            name=physical,
            kms_key_arn=own.arn,
            force_destroy=not keeps,
            region=region,
            tags=tags(identity, "backup", physical),
            opts=ResourceOptions(parent=self, protect=keeps),
        )
        if not keeps:
            return vault, own, []
        lock = aws.backup.VaultLockConfiguration(
            f"{self._name}{suffix}-lock",
            backup_vault_name=vault.name,
            min_retention_days=min(LEAST_RETENTION_DAYS, self._days),
            region=region,
            opts=ResourceOptions(parent=self, protect=True),
        )
        return vault, own, [lock]

    def _elsewhere(self) -> tuple[list[Output[str]], list[pulumi.Resource]]:
        """ARNs of the vaults that get a copy, and what must be there before."""
        if self._second is None:
            return [], []
        vault, own, lock = self._vault("-copies", self._second)
        if self._identity.keeps_data:
            aws.rds.InstanceAutomatedBackupsReplication(
                f"{self._name}-replication",
                source_db_instance_arn=self._database,
                kms_key_id=own.arn,
                # Always the longest: another period would be a new replication, which the first one is in the way of.
                retention_period=MAX_RETENTION_DAYS,
                region=self._second,
                # A replica is made from the server while it is available, which it is not when the first copy begins.
                opts=ResourceOptions(parent=self, protect=True, depends_on=list(self._args.database.instances)),
            )
        return [vault.arn], lock

    def _plan(self, vault: aws.backup.Vault, copies: list[Output[str]], needs: list[pulumi.Resource]) -> aws.backup.Plan:
        physical = naming.physical(self._identity, "backup", naming.BACKUP_LIMIT)
        daily = aws.backup.PlanRuleArgs(
            rule_name="daily",
            target_vault_name=vault.name,
            schedule=SCHEDULE,
            schedule_expression_timezone="Etc/UTC",
            start_window=START_MINUTES,
            completion_window=COMPLETION_MINUTES,
            enable_continuous_backup=False,
            lifecycle=aws.backup.PlanRuleLifecycleArgs(delete_after=self._days),
            copy_actions=[
                aws.backup.PlanRuleCopyActionArgs(
                    destination_vault_arn=copy,
                    lifecycle=aws.backup.PlanRuleCopyActionLifecycleArgs(delete_after=self._days),
                )
                for copy in copies
            ],
        )
        return aws.backup.Plan(
            f"{self._name}-plan",
            name=physical,
            rules=[daily],
            tags=tags(self._identity, "backup", physical),
            opts=self._child(*needs),
        )

    def _select(self, plan: aws.backup.Plan) -> None:
        aws.backup.Selection(
            f"{self._name}-database",
            name=naming.physical(self._identity, "database", naming.BACKUP_LIMIT),
            plan_id=plan.id,
            iam_role_arn=self._role("backups", "AWSBackupServiceRolePolicyForBackup"),
            resources=[self._database],
            opts=self._child(),
        )

    def _role(self, role: str, policy: str) -> Output[str]:
        """A role that AWS Backup takes on, with the policy that AWS keeps for it.

        Not a list of the kit's own: what a snapshot, its copy and its restore call changes with RDS, and a backup that stops
        for a missing action is found out too late. The policy reaches more than this database; the selection names what is
        touched, and only AWS Backup takes the role on.
        """
        made = service_role(f"{self._name}-{role}", self._identity, "backup", role, "backup.amazonaws.com", self, named=False)
        attached = managed_policy(f"{self._name}-{role}-policy", made, policy, self)
        return Output.all(made.arn, attached.id).apply(lambda found: str(found[0]))

    def _tell(self) -> None:
        """Jobs of the account and region that fail, drills among them. Jobs say `state` or `status`, each kind its own."""
        if self._args.channel is None:
            return
        failed = {
            "source": ["aws.backup"],
            "detail-type": ["Backup Job State Change", "Copy Job State Change", "Restore Job State Change"],
            "detail": {"$or": [{"state": list(FAILED)}, {"status": list(FAILED)}]},
        }
        says = "A backup, its copy or a restore failed"
        tell(self._name, self._identity, "backup", "backup-failed", says, failed, self._args.channel, self)
