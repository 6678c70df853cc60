"""Alarms as resources of CloudWatch, from the plain values of `alarms` and `burn_rate`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from components import naming
from components.aws.alarms import Alarm, Metric
from components.aws.burn_rate import Pair
from components.aws.tags import tags
from components.contract import Identity

_STATISTICS: Final = frozenset({"Average", "Maximum", "Minimum", "SampleCount", "Sum"})


class AlarmMaker:
    """Makes alarms that tell `topic`. `needs`: what must be there before the first one tells."""

    def __init__(
        self, name: str, identity: Identity, topic: Output[str], needs: Sequence[pulumi.Resource], parent: pulumi.Resource
    ) -> None:
        self._name, self._identity, self._topic, self._parent = name, identity, topic, parent
        self._options = ResourceOptions(parent=parent, depends_on=list(needs))

    def make(self, alarms: Sequence[Alarm]) -> None:
        for alarm in alarms:
            self._alarm(alarm, [self._topic])

    def pair(self, pair: Pair) -> None:
        """Fires while both windows do. Their names stand in its rule, so they are there first."""
        parts = [self._alarm(alarm, []) for alarm in (pair.long, pair.short)]
        physical = self._physical(pair.role)
        aws.cloudwatch.CompositeAlarm(
            f"{self._name}-{pair.role}",
            alarm_name=physical,
            alarm_description=pair.says,
            alarm_rule=Output.all(*(part.name for part in parts)).apply(
                lambda names: " AND ".join(f'ALARM("{one}")' for one in names)
            ),
            alarm_actions=[self._topic],
            ok_actions=[self._topic],
            tags=tags(self._identity, "alerts", physical),
            opts=ResourceOptions.merge(self._options, ResourceOptions(depends_on=parts)),
        )

    def _physical(self, role: str) -> str:
        return naming.physical(self._identity, role, naming.ALARM_LIMIT)

    def _alarm(self, alarm: Alarm, actions: list[Output[str]]) -> aws.cloudwatch.MetricAlarm:
        physical = self._physical(alarm.role)
        given = _single(alarm) if not alarm.expressions else {"metric_queries": _queries(alarm)}
        return aws.cloudwatch.MetricAlarm(
            f"{self._name}-{alarm.role}",
            name=physical,
            alarm_description=alarm.says,
            comparison_operator=alarm.comparison,
            threshold=alarm.threshold,
            evaluation_periods=alarm.periods,
            datapoints_to_alarm=alarm.periods,
            treat_missing_data=alarm.silence,
            alarm_actions=actions,
            ok_actions=actions,
            tags=tags(self._identity, "alerts", physical),
            opts=self._options,
            **given,
        )


def _single(alarm: Alarm) -> dict[str, object]:
    """The arguments of an alarm of one metric."""
    [metric] = alarm.metrics.values()
    kind = "statistic" if metric.statistic in _STATISTICS else "extended_statistic"
    return {
        "namespace": metric.namespace,
        "metric_name": metric.name,
        "dimensions": metric.dimensions or None,
        "period": alarm.period_seconds,
        kind: metric.statistic,
    }


def _queries(alarm: Alarm) -> list[aws.cloudwatch.MetricAlarmMetricQueryArgs]:
    """Metrics and then expressions, of which the last is the value."""
    last = list(alarm.expressions)[-1]
    return [
        *(
            aws.cloudwatch.MetricAlarmMetricQueryArgs(id=name, metric=_metric(metric, alarm.period_seconds), return_data=False)
            for name, metric in alarm.metrics.items()
        ),
        *(
            aws.cloudwatch.MetricAlarmMetricQueryArgs(
                id=name, expression=expression, label=alarm.role, return_data=name == last
            )
            for name, expression in alarm.expressions.items()
        ),
    ]


def _metric(metric: Metric, period: int) -> aws.cloudwatch.MetricAlarmMetricQueryMetricArgs:
    return aws.cloudwatch.MetricAlarmMetricQueryMetricArgs(
        namespace=metric.namespace,
        metric_name=metric.name,
        dimensions=metric.dimensions,
        stat=metric.statistic,
        period=period,
    )
