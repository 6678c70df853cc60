"""Alarms on objectives by how fast the error budget of 30 days is used up: several windows, several rates. Pure.

As chapter 5 of the SRE workbook of Google, "Alerting on SLOs", has it (table 5-8): 2 % of the budget within an hour, 5 % within
six hours or 10 % within three days. A long window says that it matters, a short one of a twelfth that it still goes on, so that
the alarm ends soon after the trouble. CloudWatch looks back seven days where a period is an hour or longer, and evaluates what
is longer than a day once an hour.

What the load balancer measures is not all that a client sees. Availability: server errors (5xx) of the services and of the load
balancer itself; a request that never arrived is not counted, neither is one that the firewall refused. Response time: from the
moment the request has left the load balancer until the service begins to answer, of those requests that a service got: without
TLS, the client's network and the transfer of the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pulumi import Input

from components.aws.alarms import REACHES, Alarm, at_entry

LATENCY_OBJECTIVE_PERCENT: Final = 95.0
"""The 95 of `response_p95_milliseconds`."""

LEAST_FAILURES: Final = 5
"""In the long window: below, one failed request of a quiet night would wake somebody. A service that is down without any
request is seen by its running copies and by what does not answer."""

LEAST_REQUESTS: Final = 100
"""In the long window: of fewer, 95 of 100 cannot be told."""


@dataclass(frozen=True)
class Window:
    """`burn`: how many times faster than allowed the budget goes. Minutes of the long and of the short window."""

    name: str
    burn: float
    long_minutes: int
    short_minutes: int


WINDOWS: Final = (
    Window("fast", 14.4, 60, 5),
    Window("medium", 6, 360, 30),
    Window("slow", 1, 4320, 360),
)


@dataclass(frozen=True)
class Pair:
    """A composite alarm: it fires while both are in alarm; those two tell nobody."""

    role: str
    says: str
    long: Alarm
    short: Alarm


def budget(objective_percent: float) -> float:
    """The share of requests that may fail: 99.9 % leaves 0.001."""
    return round((100 - objective_percent) / 100, 8)


def threshold(burn: float, objective_percent: float) -> float:
    """The share of failed requests from which on the budget goes so fast, at most 1: all of them."""
    return min(round(burn * budget(objective_percent), 8), 1.0)


def availability(entry: Input[str], objective_percent: float) -> Sequence[Pair]:
    """Server errors. A request that no service could take (503) is not among `RequestCount`, so failed ones can be more."""
    return [
        Pair(
            f"availability-{window.name}",
            f"Requests fail {window.burn:g} times faster than {objective_percent:g} % in 30 days allow.",
            *(
                _failed(window, minutes, entry, threshold(window.burn, objective_percent))
                for minutes in (window.long_minutes, window.short_minutes)
            ),
        )
        for window in WINDOWS
    ]


def latency(entry: Input[str], milliseconds: int) -> Sequence[Pair]:
    """Slow answers: the share of requests above the time, which a percentile rank (`PR`) tells exactly."""
    return [
        Pair(
            f"latency-{window.name}",
            f"Answers above {milliseconds} ms are {window.burn:g} times more than the 5 of 100 that may be.",
            *(
                _slow(window, minutes, entry, milliseconds, threshold(window.burn, LATENCY_OBJECTIVE_PERCENT))
                for minutes in (window.long_minutes, window.short_minutes)
            ),
        )
        for window in WINDOWS
    ]


def _failed(window: Window, minutes: int, entry: Input[str], most: float) -> Alarm:
    is_long = minutes == window.long_minutes
    share = "failed / MAX([requests, failed])"
    return Alarm(
        role=f"availability-{window.name}-{'long' if is_long else 'short'}",
        says=f"The share of failed requests in {minutes} minutes; part of the alarm availability-{window.name}.",
        metrics={
            "services": at_entry("HTTPCode_Target_5XX_Count", entry),
            "balancer": at_entry("HTTPCode_ELB_5XX_Count", entry),
            "counted": at_entry("RequestCount", entry),
        },
        comparison=REACHES,
        threshold=most,
        periods=1,
        period_seconds=minutes * 60,
        expressions={
            "failed": "FILL(services, 0) + FILL(balancer, 0)",
            "requests": "FILL(counted, 0)",
            "share": f"IF(failed >= {LEAST_FAILURES}, {share}, 0)" if is_long else f"IF(failed > 0, {share}, 0)",
        },
    )


def _slow(window: Window, minutes: int, entry: Input[str], milliseconds: int, most: float) -> Alarm:
    is_long = minutes == window.long_minutes
    share = "(100 - within) / 100"
    return Alarm(
        role=f"latency-{window.name}-{'long' if is_long else 'short'}",
        says=f"The share of slow answers in {minutes} minutes; part of the alarm latency-{window.name}.",
        metrics={
            "within": at_entry("TargetResponseTime", entry, f"PR(:{milliseconds / 1000:g})"),
            "counted": at_entry("RequestCount", entry),
        },
        comparison=REACHES,
        threshold=most,
        periods=1,
        period_seconds=minutes * 60,
        expressions={"share": f"IF(counted >= {LEAST_REQUESTS}, {share}, 0)" if is_long else share},
    )
