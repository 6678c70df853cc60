"""How many copies there are, how many there should be, and why. Pure."""

from __future__ import annotations

from components.docker.dashboards.panels import Board, Panel, Query, Row

_NOT_SCALED = "no service of this platform scales"
_NEVER = "has not happened yet"
SCALING = Board(
    "penguinmails-scaling",
    "PenguinMails: scaling",
    [
        Row(
            "Copies",
            [
                Panel(
                    "Running",
                    [Query('sum by (service) (penguinmails_service_tasks{state="running"})', "{{service}}")],
                ),
                Panel(
                    "Missing",
                    [
                        Query(
                            'sum by (service) (penguinmails_service_tasks{state="desired"}) - '
                            'sum by (service) (penguinmails_service_tasks{state="running"})',
                            "{{service}}",
                        )
                    ],
                ),
            ],
        ),
        Row(
            "Autoscaler",
            [
                Panel(
                    "Wanted",
                    [Query("sum by (service) (penguinmails_scaling_desired_replicas)", "{{service}}", _NOT_SCALED)],
                ),
                Panel(
                    "Steps within an hour",
                    [
                        Query(
                            "sum by (service, direction) (increase(penguinmails_scaling_steps_total[1h]))",
                            "{{service}} {{direction}}",
                            _NOT_SCALED,
                        )
                    ],
                ),
                Panel("Held", [Query("sum by (reason) (penguinmails_scaling_held)", "{{reason}}", _NOT_SCALED)]),
            ],
        ),
        Row(
            "What decides",
            [
                Panel(
                    "Processor time by service",
                    [Query("sum by (job) (rate(process_cpu_seconds_total[1m]))", "{{job}}")],
                    about="In processors.",
                ),
                Panel("Messages by queue", [Query("sum by (queue) (rabbitmq_detailed_queue_messages)", "{{queue}}")]),
            ],
        ),
        Row(
            "Releases",
            [
                Panel("Under way", [Query("max by (service) (penguinmails_service_updating)", "{{service}}")], most=1),
                Panel(
                    "Copies that failed within an hour",
                    [Query("sum by (service) (increase(penguinmails_service_failures_total[1h]))", "{{service}}")],
                ),
                Panel(
                    "Releases that went back within a day",
                    [Query("sum by (service) (increase(penguinmails_service_rollbacks_total[1d]))", "{{service}}")],
                ),
            ],
        ),
    ],
)
