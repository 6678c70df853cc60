"""Edits that somebody may make by hand behind Pulumi's back, as commands of Docker. Data only.

`{image}` stands for another image of the same repository, `{secret}`, `{config}` and `{network}` for objects that the
measurement makes, and `{own_secret}`, `{own_config}` for one that the service has. The services are many, so that few batches
do: a stack that is watched has all of them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Edit:
    """What is changed, of which service, by which arguments of `docker service update`; without arguments it is removed.

    `unread`: the provider of Docker does not know the property, or reads it only where it is described (what an image brings is
    not), so the preview cannot show that it changed; scripts/up says it."""

    what: str
    role: str
    arguments: tuple[str, ...] = ()
    unread: bool = False


def _edit(what: str, role: str, arguments: str, *, unread: bool = False) -> Edit:
    return Edit(what, role, tuple(arguments.split(" ")), unread)


EDITS = (
    _edit("image", "worker", "--image {image}"),
    _edit("variable added", "api", "--env-add BY_HAND=1"),
    _edit("variable changed", "worker", "--env-add HEALTH_PATH=/metrics"),
    _edit("variable removed", "api", "--env-rm PUBLIC_URL"),
    _edit("memory limit", "pooler", "--limit-memory 96m"),
    _edit("CPU limit", "edge", "--limit-cpu 0.7"),
    _edit("memory reserved", "broker", "--reserve-memory 16m"),
    _edit("process limit", "notifier", "--limit-pids 100"),
    _edit("mount added", "node-exporter", "--mount-add type=tmpfs,target=/scratch"),
    _edit("mount removed", "edge", "--mount-rm /tmp"),
    _edit("replicas", "pooler", "--replicas 2"),
    _edit("service label added", "status", "--label-add by=hand"),
    _edit("service label changed", "broker", "--label-add penguinmails.component=other"),
    _edit("service label removed", "edge", "--label-rm penguinmails.managed-by"),
    _edit("container label added", "logs", "--container-label-add by=hand"),
    _edit("health command", "backup", "--health-cmd true", unread=True),
    _edit("no health check", "blackbox", "--no-healthcheck", unread=True),
    _edit("network added", "node-exporter", "--network-add {network}"),
    _edit("network removed", "edge-files", "--network-rm {own_network}"),
    _edit("update order", "status", "--update-order stop-first"),
    _edit("update failure action", "edge", "--update-failure-action continue"),
    _edit("update parallelism", "broker", "--update-parallelism 0"),
    _edit("update delay", "database-access", "--update-delay 7s"),
    _edit("update monitor", "prometheus", "--update-monitor 3s"),
    _edit("rollback order", "database-exporter", "--rollback-order stop-first"),
    _edit("rollback monitor", "prometheus", "--rollback-monitor 44s"),
    _edit("secret added", "logs", "--secret-add source={secret},target=by-hand"),
    _edit("secret removed", "api", "--secret-rm {own_secret}"),
    _edit("config added", "edge", "--config-add source={config},target=/by-hand"),
    _edit("config removed", "pooler", "--config-rm {own_config}"),
    _edit("grace period", "status", "--stop-grace-period 1s"),
    _edit("restart condition", "gate", "--restart-condition none"),
    _edit("restart delay", "database-access", "--restart-delay 9s"),
    _edit("restart attempts", "edge", "--restart-max-attempts 2"),
    _edit("user", "blackbox", "--user 0:0"),
    Edit("arguments", "worker", ("--args", "worker --verbose")),
    _edit("entrypoint", "pooler-exporter", "--entrypoint /usr/bin/env"),
    _edit("capability added", "notifier", "--cap-add NET_RAW"),
    _edit("capability no longer dropped", "edge", "--cap-add ALL"),
    _edit("root file system writable", "gate", "--read-only=false"),
    _edit("placement", "api", "--constraint-add node.role==manager", unread=True),
    _edit("log driver", "node-exporter", "--log-driver none"),
    _edit("log option", "edge", "--log-driver json-file --log-opt max-size=1m"),
    _edit("port opened", "edge", "--publish-add mode=host,published=19999,target=8404"),
    _edit("host name", "alertmanager", "--hostname by-hand"),
    _edit("ulimit", "status", "--ulimit-add nofile=512:512", unread=True),
    _edit("sysctl", "pooler-exporter", "--sysctl-add net.ipv4.ip_unprivileged_port_start=0"),
    _edit("DNS server", "database-exporter", "--dns-add 192.0.2.1", unread=True),
    _edit("host entry", "logs", "--host-add by-hand:192.0.2.1"),
    _edit("working directory", "pooler-exporter", "--workdir /tmp"),
    _edit("stop signal", "database-exporter", "--stop-signal SIGKILL"),
    _edit("init process", "notifier", "--init"),
    _edit("group", "prometheus", "--group-add 0"),
    _edit("terminal", "alertmanager", "--tty", unread=True),
    _edit("copies a node", "blackbox", "--replicas-max-per-node 3", unread=True),
)

REMOVED = (Edit("service removed", "worker"), Edit("service removed", "edge"), Edit("service removed", "database"))
"""Their secrets and files, which nothing else uses, are removed with them."""
