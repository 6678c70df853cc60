"""Alerts on what runs: can clients reach it, do the copies run, what the logs say, releases and scaling. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from components.docker.alert_certificates import certificates
from components.docker.alert_rules import SHOWN, Alert, Group
from components.docker.scrape_jobs import Job, scales
from components.spec import PlatformSpec

ERRORS: Final = 10
"""In five minutes. One error is seen on the status page; so many have a cause that does not go away."""

_WATCHING: Final = "alertmanager|blackbox|prometheus|.+-exporter"
"""Their errors are about what they look at, which has alerts of its own."""

SECURITY_EVENTS: Final = {
    "login_failed": 20,
    "key_misuse": 50,
    "database_login_failed": 3,
    "broker_login_failed": 3,
    "gate_login_failed": 3,
}
"""Kind -> how many in five minutes are no mistyped password any more. Only the kit's own programs know the passwords of
database and broker and the gate's token, so that a few suffice there. Changes of the stack are shown and not told: somebody
made them."""


def groups(spec: PlatformSpec, jobs: Sequence[Job]) -> Sequence[Group]:
    """`jobs`: everything that Prometheus asks."""
    return [
        Group("reachable", [*_edge(), *certificates(spec), *_services(spec)]),
        Group("copies", [*_copies(), *_memory(spec)]),
        Group("figures", [_targets(spec, jobs)]),
        Group("logs", list(_logs())),
        *([Group("scaling", list(_scaling()))] if scales(spec) else []),
    ]


def _edge() -> Iterator[Alert]:
    yield Alert(
        name="PlatformUnreachable",
        expression='probe_success{job="probe"} == 0',
        minutes=2,
        severity="page",
        says="The platform does not answer clients, or with errors only",
        do="The edge was asked from inside, by TLS, as a client asks. See the services edge and api, and their certificate.",
        after=("database",),
    )


def _services(spec: PlatformSpec) -> Iterator[Alert]:
    roles = "|".join(sorted(spec.services))
    running = f'penguinmails_service_tasks{{state="running",service=~"{roles}"}} == 0'
    ready = f'haproxy_backend_active_servers{{job="edge",proxy=~"({roles})-[0-9]+"}} == 0'
    named = f'label_replace({ready}, "service", "$1", "proxy", "(.+)-[0-9]+")'
    yield Alert(
        name="ServiceDown",
        expression=f"max by (service) ({running} or {named})",
        minutes=2,
        severity="page",
        says=f"No copy of {SHOWN.label('service')} runs and is ready",
        do="See the tasks of the service (docker service ps) and its log. After a release: does it go back by itself?",
        topic="service",
        after=("database",),
    )


def _copies() -> Iterator[Alert]:
    tasks = "penguinmails_service_tasks"
    yield Alert(
        name="MissingCopies",
        expression=f'{tasks}{{state="running"}} < on (service) {tasks}{{state="desired"}}',
        minutes=10,
        severity="ticket",
        says=f"Fewer copies of {SHOWN.label('service')} run than should",
        do="They do not start or do not become healthy: see docker service ps and the log.",
        topic="service",
    )
    yield Alert(
        name="CrashLoop",
        expression="increase(penguinmails_service_failures_total[15m]) >= 3",
        minutes=0,
        severity="ticket",
        says=f"Copies of {SHOWN.label('service')} ended {SHOWN.number} times with an error within 15 minutes",
        do="Each is started anew and ends again: see the log of the service, and OutOfMemory.",
        after=("database",),
    )
    yield Alert(
        name="ReleaseRolledBack",
        expression="increase(penguinmails_service_rollbacks_total[15m]) > 0",
        minutes=0,
        severity="ticket",
        says=f"A release of {SHOWN.label('service')} was taken back",
        do="The new copies did not start or were not healthy; the old ones run. See the log of the time of the release.",
    )
    yield Alert(
        name="ReleaseStuck",
        expression="penguinmails_service_updating == 1",
        minutes=30,
        severity="ticket",
        says=f"A release of {SHOWN.label('service')} has not come to an end",
        do="Nothing is scaled meanwhile. See docker service ps; run scripts/up again, with the old version if need be.",
    )


def _memory(spec: PlatformSpec) -> Iterator[Alert]:
    parts = (
        f'(process_resident_memory_bytes{{job="{role}"}} / {asked.memory_mib * 1024 * 1024} > 0.9)'
        for role, asked in sorted(spec.services.items())
    )
    yield Alert(
        name="ServiceMemory",
        expression=" or ".join(parts),
        minutes=15,
        severity="ticket",
        says=f"A copy of {SHOWN.label('job')} uses {SHOWN.share} of its memory",
        do="At all of it, it is ended. Raise memory_mib, or find what it keeps.",
    )


def _targets(spec: PlatformSpec, jobs: Sequence[Job]) -> Alert:
    gone = "".join(f' or absent(up{{job="{job.name}"}})' for job in jobs if job.found == "dns" and job.name in spec.services)
    return Alert(
        name="NoFigures",
        expression=f"min by (job) (up) == 0{gone}",
        minutes=10,
        severity="ticket",
        says=f"A copy of {SHOWN.label('job')} gives no figures",
        do="What is alerted by them is not seen. Does it run, and does it answer GET /metrics on its port?",
        topic="service",
    )


def _logs() -> Iterator[Alert]:
    yield Alert(
        name="ManyErrors",
        expression=f'sum by (service, group) (increase(penguinmails_errors_total{{service!~"{_WATCHING}"}}[5m])) >= {ERRORS}',
        minutes=0,
        severity="ticket",
        says=f"{SHOWN.label('service')} wrote {SHOWN.number} errors of one kind within five minutes",
        do=f"The status page shows group {SHOWN.label('group')} with an example and the release in which it began.",
        after=("broker", "database"),
    )
    kinds = (
        f'(sum by (kind) (increase(penguinmails_security_events_total{{kind="{kind}"}}[5m])) >= {most})'
        for kind, most in SECURITY_EVENTS.items()
    )
    yield Alert(
        name="SecurityEvents",
        expression=" or ".join(kinds),
        minutes=0,
        severity="ticket",
        says=f"{SHOWN.number} events of the kind {SHOWN.label('kind')} within five minutes",
        do="Somebody tries passwords or keys. The status page shows from where; refuse the address before the edge.",
    )
    lost = " or ".join(
        f"(sum(increase(penguinmails_log_{what}_total[15m])) > 0)" for what in ("gaps", "unreadable", "days_removed_early")
    )
    yield Alert(
        name="LogsIncomplete",
        expression=lost,
        minutes=15,
        severity="ticket",
        says="Lines of the logs were lost or could not be read",
        do="What is counted from them is too little. See the log of the service logs.",
    )


def _scaling() -> Iterator[Alert]:
    yield Alert(
        name="ScalingAtMaximum",
        expression='max(penguinmails_scaling_held{reason="maximum"}) > 0',
        minutes=15,
        severity="ticket",
        says="A service needs more copies than it may have",
        do="It has been at max_replicas for a quarter of an hour. Raise it if the host has room; the autoscaler says why.",
    )
    yield Alert(
        name="ScalingHeld",
        expression='sum(penguinmails_scaling_held{reason!="maximum"}) > 0',
        minutes=30,
        severity="ticket",
        says="The autoscaler has held still for half an hour",
        do="It has no figures, cannot reach the gate, or a release does not end; GET /decisions of the autoscaler says which.",
    )
