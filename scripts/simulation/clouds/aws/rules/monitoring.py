"""CloudWatch: alarms, dashboards, filters and log groups; CloudTrail and GuardDuty."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from scripts.simulation.clouds.aws.rules.reading import (
    Rules,
    items,
    missing,
    named,
    nested,
    number,
    others,
    parsed,
    region_of,
    strings,
    text,
)
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Problem, Properties, Unknown
from scripts.simulation.world import Place, Resource, World

_ALARM, _COMPOSITE = "cloudwatch/metricAlarm:MetricAlarm", "cloudwatch/compositeAlarm:CompositeAlarm"
_GROUP = "cloudwatch/logGroup:LogGroup"
_DAY = 86400
_HOUR = 3600
_WEEK = 7 * _DAY
"""Seconds; an alarm looks back a day at most, or a week where its periods are an hour or longer: PutMetricAlarm."""

_ACTION = re.compile(r"arn:[^:]+:(sns|autoscaling|automate|swf|ssm|lambda|ssm-incidents|aiops)[^ ]*")


def check_alarm(inputs: Properties, _: Place) -> Iterator[Problem]:
    metric, queries = not missing(inputs, "metricName"), not missing(inputs, "metricQueries")
    if metric and queries:
        yield Problem("metricQueries", "is given besides metricName; leave one of the two out")
    if not metric and not queries and missing(inputs, "evaluationCriteria"):
        yield Problem("metricName", "is missing; give metricName and namespace, or metricQueries")
    if metric:
        yield from _single(inputs)
    if queries:
        yield from _queries(inputs)
    if missing(inputs, "evaluationCriteria"):
        for key in ("comparisonOperator", "evaluationPeriods"):
            if missing(inputs, key):
                yield Problem(key, "is missing; an alarm compares so many periods with its threshold")
    yield from _window(inputs)
    if all(missing(inputs, key) for key in ("threshold", "thresholdMetricId", "evaluationCriteria")):
        yield Problem("threshold", "is missing; give a number")


def check_actions(inputs: Properties, _: Place) -> Iterator[Problem]:
    for key in ("alarmActions", "okActions", "insufficientDataActions"):
        listed = strings(inputs, f"{key}[*]")
        if len(listed) > 5:
            yield Problem(key, f"has {len(listed)} actions; use at most 5")
        for path, action in listed:
            if not _ACTION.fullmatch(action):
                yield Problem(path, f"{action!r} is no action; give the ARN of a topic")


def _single(inputs: Properties) -> Iterator[Problem]:
    for key in ("namespace", "period"):
        if missing(inputs, key):
            yield Problem(key, "is missing; an alarm of one metric needs it")
    if missing(inputs, "statistic") and missing(inputs, "extendedStatistic"):
        yield Problem("statistic", "is missing; give it, or an extendedStatistic such as p99")
    if not missing(inputs, "statistic") and not missing(inputs, "extendedStatistic"):
        yield Problem("extendedStatistic", "is given besides statistic; leave one of the two out")
    extended = text(inputs, "extendedStatistic")
    if extended and not re.fullmatch(r"p(\d{1,2}(\.\d{0,2})?|100)|(tm|tc|ts|wm|IQM|PR)\S*", extended):
        yield Problem("extendedStatistic", f"{extended!r} is no statistic; write one such as p99 or tm90")
    low = inputs.get("evaluateLowSampleCountPercentiles")
    if low and not extended and isinstance(low, str):
        yield Problem("evaluateLowSampleCountPercentiles", "is for percentiles; leave it out, or give an extendedStatistic")


def _queries(inputs: Properties) -> Iterator[Problem]:
    """Ids are unique, one query gives the result, expressions name queries that are there."""
    queries = items(inputs, "metricQueries")
    ids = [text(query, "id") for _, query in queries]
    for key in ("namespace", "period", "statistic", "dimensions"):
        if not missing(inputs, key):
            yield Problem(key, "is given besides metricQueries; it belongs into a query's metric")
    for path, query in queries:
        name = text(query, "id")
        if name is not None and not re.fullmatch(r"[a-z][A-Za-z0-9_]*", name):
            yield Problem(f"{path}.id", f"{name!r} is no id; begin with a small letter, then letters, digits and _")
        if name is not None and ids.count(name) > 1:
            yield Problem(f"{path}.id", f"{name} is used twice; give each query its own")
        if missing(query, "metric") == missing(query, "expression"):
            yield Problem(path, "needs either a metric or an expression; give one of the two")
        expression = text(query, "expression")
        if expression and None not in ids and not expression.upper().startswith("SELECT"):
            used = re.findall(r"\b[a-z][A-Za-z0-9_]*\b(?!\s*\()", re.sub(r"'[^']*'|\"[^\"]*\"", "", expression))
            unknown = [one for one in used if one not in ids]
            if unknown:
                yield Problem(
                    f"{path}.expression",
                    f"names {unknown[0]}, which is the id of no query here; use {', '.join(map(str, ids))}",
                )
        yield from _period(f"{path}.metric.period", nested(query, "metric"))
    answers = [path for path, query in queries if query.get("returnData") is True]
    if len(answers) != 1 and all(not isinstance(query.get("returnData"), Unknown) for _, query in queries):
        yield Problem("metricQueries", f"has {len(answers)} queries with returnData true; exactly one gives the result")


def _period(path: str, inputs: Properties) -> Iterator[Problem]:
    period = number(inputs, "period")
    if period is not None and period not in {10, 20, 30} and (period < 60 or period % 60):
        yield Problem(path, f"{int(period)} seconds is not taken; use 10, 20, 30 or a multiple of 60")


def _window(inputs: Properties) -> Iterator[Problem]:
    yield from _period("period", inputs)
    periods, needed = number(inputs, "evaluationPeriods"), number(inputs, "datapointsToAlarm")
    if periods is not None and needed is not None and needed > periods:
        yield Problem("datapointsToAlarm", f"{int(needed)} is above evaluationPeriods {int(periods)}; lower it")
    inner = [number(nested(query, "metric"), "period") for _, query in items(inputs, "metricQueries")]
    lengths = [one for one in (number(inputs, "period"), *inner) if one is not None]
    if periods is None or not lengths:
        return
    longest = max(lengths)
    most = _WEEK if longest >= _HOUR else _DAY
    if periods * longest > most:
        within = "seven days" if most == _WEEK else "one day below periods of an hour"
        yield Problem(
            "evaluationPeriods", f"{int(periods)} periods of {int(longest)} seconds are too long; an alarm looks back {within}"
        )


def check_rule(inputs: Properties, _: Place) -> Iterator[Problem]:
    rule = text(inputs, "alarmRule")
    if rule is None:
        return
    if rule.count("(") != rule.count(")"):
        yield Problem("alarmRule", "has brackets that do not match; close each one")
    elif not re.search(r"\b(ALARM|OK|INSUFFICIENT_DATA|TRUE|FALSE)\b", rule):
        yield Problem("alarmRule", "names no alarm; write one such as ALARM(long) AND ALARM(short)")


def admit_composite(candidate: Candidate, world: World) -> Iterator[Problem]:
    """The alarms that the rule names exist."""
    rule = str(candidate.inputs.get("alarmRule") or "")
    known = {
        str(name)
        for kind, key in ((_ALARM, "name"), (_COMPOSITE, "alarmName"))
        for one in world.of(f"aws:{kind}")
        for name in (one.outputs.get(key), one.outputs.get("arn"))
    }
    for name in re.findall(r"(?:ALARM|OK|INSUFFICIENT_DATA)\(\s*[\"']?([^)\"']+?)[\"']?\s*\)", rule):
        if name not in known:
            yield Problem(
                "alarmRule", f"names the alarm {name}, which does not exist; make it first, and let this depend on it"
            )
    for other in others(world, _COMPOSITE, candidate):
        if other.id == candidate.inputs.get("alarmName") and region_of(other) == candidate.place.region:
            yield Problem("alarmName", f"{other.id} is taken by the {other.label}; use another name")


def check_dashboard(inputs: Properties, _: Place) -> Iterator[Problem]:
    body = text(inputs, "dashboardBody")
    if body is None:
        return
    content = parsed(body)
    widgets = content.get("widgets") if isinstance(content, Mapping) else None
    if not isinstance(widgets, list):
        yield Problem("dashboardBody", 'is no JSON object with widgets; write {"widgets": [...]}')
        return
    if len(widgets) > 500:
        yield Problem("dashboardBody", f"has {len(widgets)} widgets; use at most 500")
    for index, widget in enumerate(widgets):
        reason = _widget(widget)
        if reason:
            yield Problem("dashboardBody", f"widgets[{index}] {reason}")
            return


def _widget(widget: object) -> str | None:
    kinds = {"metric", "text", "log", "alarm", "explorer", "custom", "trace"}
    if not isinstance(widget, Mapping) or widget.get("type") not in kinds:
        return f"has no type; use one of {', '.join(sorted(kinds))}"
    if not isinstance(widget.get("properties"), Mapping):
        return "has no properties; give what it shows"
    x, width = widget.get("x", 0), widget.get("width", 6)
    if isinstance(x, int) and isinstance(width, int) and not (0 <= x <= 23 and 1 <= width <= 24 and x + width <= 24):
        return f"lies at x {x} with a width of {width}; the grid is 24 wide"
    if widget["type"] == "metric" and not widget["properties"].get("region") and not widget["properties"].get("annotations"):
        return "shows metrics without region; add it"
    return None


def check_filter(inputs: Properties, _: Place) -> Iterator[Problem]:
    metric = nested(inputs, "metricTransformation")
    if not missing(metric, "defaultValue") and metric.get("dimensions"):
        yield Problem("metricTransformation.defaultValue", "is given besides dimensions; leave one of the two out")
    dimensions = metric.get("dimensions")
    if isinstance(dimensions, Mapping) and len(dimensions) > 3:
        yield Problem("metricTransformation.dimensions", f"has {len(dimensions)} dimensions; use at most 3")
    pattern = text(inputs, "pattern") or ""
    if pattern.replace("\\\\", "").replace('\\"', "").count('"') % 2 or (
        pattern.startswith("{") and not pattern.rstrip().endswith("}")
    ):
        yield Problem("pattern", "has quotes or braces that do not match; close each one")


def admit_group(candidate: Candidate, world: World) -> Iterator[Problem]:
    for other in others(world, _GROUP, candidate):
        if other.outputs.get("name") == candidate.inputs.get("name") and region_of(other) == candidate.place.region:
            yield Problem("name", f"{other.outputs.get('name')} is taken by the {other.label}; use another name")


def admit_encrypted_group(candidate: Candidate, world: World) -> Iterator[Problem]:
    """CloudWatch Logs must be let into the key by the key's own policy."""
    key = named(world, "kms/key:Key", candidate.inputs.get("kmsKeyId"))
    if key is None or not key.inputs:
        return
    policy = str(key.outputs.get("policy") or "")
    own = next(
        (one for one in world.of("aws:kms/keyPolicy:KeyPolicy") if one.inputs.get("keyId") in {key.id, key.outputs.get("arn")}),
        None,
    )
    if own is not None:
        policy = str(own.inputs.get("policy") or "")
    if "logs." not in policy:
        service = f"logs.{candidate.place.region}.amazonaws.com"
        yield Problem("kmsKeyId", f"the {key.label} does not let {service} use it; allow that service in the key's policy")


def release_group(resource: Resource, _: World) -> Iterator[Problem]:
    if resource.outputs.get("deletionProtectionEnabled") is True:
        yield Problem("deletionProtectionEnabled", f"is true on the {resource.label}; set it to false and deploy that first")


CHECKS: Rules = {
    _ALARM: (check_alarm, check_actions),
    _COMPOSITE: (check_rule, check_actions),
    "cloudwatch/dashboard:Dashboard": (check_dashboard,),
    "cloudwatch/logMetricFilter:LogMetricFilter": (check_filter,),
}

ADMITS: Rules = {_COMPOSITE: (admit_composite,), _GROUP: (admit_group, admit_encrypted_group)}

RELEASES: Rules = {_GROUP: (release_group,)}
