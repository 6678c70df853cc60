"""RabbitMQ 4 with a quorum queue and a quorum dead-letter queue for each queue of the description.

Queues, users and rights are definitions that the broker imports before it listens. No service may declare anything: each has
its own user, which may publish or read just what the description says. A queue that leaves the description stays in the
broker with its messages until a person deletes it.
"""

from __future__ import annotations

import json
from urllib.parse import quote

import pulumi
from pulumi import Output, ResourceOptions

from components import images, naming
from components.binding import Binding
from components.contract import QueueArgs, QueueOutputs
from components.docker import mounts, sizing, swarm
from components.docker.rabbitmq_conf import BrokerQueue, BrokerUser, definitions, rabbitmq_conf
from components.docker.secret_keys import derive
from components.given import given

HOST, PORT, USER, VHOST = "broker", 5671, 5672, "penguinmails"
AUTHORITY_FILE = f"{swarm.CONFIG_FOLDER}/broker-ca.crt"


class Queue(pulumi.ComponentResource):
    def __init__(self, name: str, args: QueueArgs, opts: ResourceOptions) -> None:
        super().__init__("penguinmails:docker:Queue", name, None, opts)
        if args.secret is None:
            raise ValueError("the broker's users need the secret that their passwords are derived from")
        self._name, self._args, self._secret = name, args, args.secret
        service = swarm.service(f"{name}-server", args.identity, self._workload(), self._child())
        names = {queue: Output.from_input(queue) for queue in args.queues}
        self.outputs = QueueOutputs(bindings={user: self._binding(user, service) for user in args.access}, names=names)
        self.register_outputs({"queues": names})

    def _child(self) -> ResourceOptions:
        return ResourceOptions(parent=self)

    def _binding(self, user: str, broker: pulumi.Resource) -> Binding:
        access = self._args.access[user]
        if not access.publishes and not access.consumes:
            return Binding()
        url = self._secret.apply(lambda secret: broker_url(user, derive(secret, user)))
        secret = swarm.secret(f"{self._name}-{user}-url", self._args.identity, "queue", url, swarm.after(self, broker))
        queues = {queue: queue for queue in sorted({*access.publishes, *access.consumes})}
        return Binding(
            variables={"QUEUES": json.dumps(queues, sort_keys=True), "BROKER_CA_FILE": AUTHORITY_FILE},
            secrets={"BROKER_URL": secret},
            files={AUTHORITY_FILE: given(self._args.certificate.authority, "the authority")},
        )

    def _definitions(self) -> Output[str]:
        args = self._args
        queues = {
            queue: BrokerQueue(max_deliveries=asked.max_deliveries, consumer_timeout_seconds=asked.processing_timeout_seconds)
            for queue, asked in args.queues.items()
        }

        def render(secret: str) -> str:
            users = {
                user: BrokerUser(
                    password=derive(secret, user), publishes=bool(access.publishes), consumes=tuple(access.consumes)
                )
                for user, access in args.access.items()
                if access.publishes or access.consumes
            }
            return definitions(vhost=VHOST, queues=queues, users=users)

        return self._secret.apply(render)

    def _workload(self) -> swarm.Workload:
        args, identity, name = self._args, self._args.identity, self._name
        certificate = args.certificate.internal["broker"]
        cookie = self._secret.apply(lambda secret: derive(secret, "erlang-cookie"))
        return swarm.Workload(
            role=HOST,
            image=images.reference("rabbitmq"),
            user=USER,
            networks=[swarm.attach(args.network.app, HOST)],
            memory_mib=sizing.BROKER_MEMORY_MIB,
            cpus=sizing.BROKER_CPUS,
            grace_seconds=60,
            order="stop-first",
            failure="pause",
            stateful=True,
            node=identity.node,
            secrets={
                "definitions.json": swarm.secret(f"{name}-definitions", identity, "queue", self._definitions(), self._child()),
                "erlang-cookie": swarm.secret(f"{name}-cookie", identity, "queue", cookie, self._child()),
                "tls.crt": certificate.certificate,
                "tls.key": certificate.key,
            },
            files={
                "/etc/rabbitmq/rabbitmq.conf": swarm.file(
                    f"{name}-settings",
                    identity,
                    "queue",
                    rabbitmq_conf(memory_mib=sizing.BROKER_MEMORY_MIB),
                    self._child(),
                ),
                f"{swarm.CONFIG_FOLDER}/ca.crt": given(args.certificate.authority, "the authority"),
            },
            volumes=[mounts.Volume(naming.physical(identity, "broker", naming.DOCKER_LIMIT), "/var/lib/rabbitmq")],
            tmpfs={"/run/rabbitmq": 8, "/tmp": 32},
        )


def broker_url(user: str, password: str) -> str:
    return f"amqps://{user}:{quote(password, safe='')}@{HOST}:{PORT}/{VHOST}"
