"""The keeper of backups: one container beside the database, which makes them, proves them by drills and restores them.

It mounts the database's own volume and the folder of its socket, so it is the superuser by its user id and needs no password.
The repository is a volume of its own, which outlives the database's. What else holds state goes there too, encrypted: the
objects. The broker does not: its queues and rights are made from the description at every start, and a copy of what waits in a
queue is old when it is made.
"""

from __future__ import annotations

import pulumi
from pulumi import ResourceOptions

from components import images
from components.contract import BackupArgs, BackupOutputs
from components.docker import mounts, repositories, sizing, swarm
from components.docker.access import USER

ROLE, PORT = "backup", 9400
SCHEDULE = "30 2 * * *"
DRILL_EVERY_DAYS = 7


class Backup(pulumi.ComponentResource):
    def __init__(self, name: str, args: BackupArgs, opts: ResourceOptions) -> None:
        super().__init__("penguinmails:docker:Backup", name, None, opts)
        self._name, self._args = name, args
        # Nothing can be backed up before the server is there.
        after = swarm.after(self, *args.database.instances)
        service = swarm.service(f"{name}-keeper", args.identity, self._workload(), after)
        volume = repositories.volumes(args.identity)[0].name
        self.outputs = BackupOutputs(vault_id=service.id.apply(lambda _: volume))
        self.register_outputs({"vault": volume})

    def _child(self) -> ResourceOptions:
        return ResourceOptions(parent=self)

    def _workload(self) -> swarm.Workload:
        args, identity = self._args, self._args.identity
        given, child = args.secrets, self._child()
        if args.network is None:
            raise ValueError("the keeper of backups needs the networks that it is asked on")
        section = args.docker
        passphrase = swarm.secret(f"{self._name}-passphrase", identity, "backup", given["backupPassphrase"], child)
        return swarm.Workload(
            role=ROLE,
            image=images.reference("backup"),
            user=USER,
            networks=[swarm.attach(args.network.app, ROLE), swarm.attach(args.network.data)],
            memory_mib=sizing.BACKUP_MEMORY_MIB,
            cpus=sizing.BACKUP_CPUS,
            grace_seconds=30,
            order="stop-first",
            failure="pause",
            stateful=True,
            node=identity.node,
            variables=self._variables(),
            secrets={
                "passphrase": passphrase,
                **repositories.secrets(self._name, identity, "backup", args.backup, section, given, child),
            },
            files=repositories.files(self._name, identity, "backup", section, child),
            volumes=[
                repositories.database_volume(identity),
                *repositories.volumes(identity),
                *(mounts.Volume(volume, path) for path, volume in args.storage.binding.volumes.items()),
                mounts.Volume(repositories.scratch(identity), "/var/lib/penguinmails/drill"),
            ],
            tmpfs={"/dev/shm": 64, "/tmp": 64},
        )

    def _variables(self) -> dict[str, str]:
        args = self._args
        backup = args.backup
        return {
            "PORT": str(PORT),
            "STACK": args.identity.stack,
            "DATABASE_NAME": args.database.name,
            "SCHEDULE": backup.schedule or SCHEDULE,
            "RETENTION_DAYS": str(backup.retention_days),
            "DRILL_EVERY_DAYS": str(backup.drill_every_days or min(DRILL_EVERY_DAYS, backup.retention_days)),
            "REPOSITORIES": "1" if repositories.second(args.docker) is None else "2",
        }
