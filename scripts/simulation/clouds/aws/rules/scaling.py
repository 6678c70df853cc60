"""Application autoscaling: targets, and policies that follow a metric."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scripts.simulation.clouds.aws.rules.reading import Rules, items, missing, nested, number, others, text
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Problem, Properties
from scripts.simulation.world import Place, World

_TARGET, _POLICY = "appautoscaling/target:Target", "appautoscaling/policy:Policy"
_KINDS = {"TargetTrackingScaling", "StepScaling", "PredictiveScaling"}
_CONFIGURED = {
    "TargetTrackingScaling": "targetTrackingScalingPolicyConfiguration",
    "StepScaling": "stepScalingPolicyConfiguration",
    "PredictiveScaling": "predictiveScalingPolicyConfiguration",
}


def check_target(inputs: Properties, _: Place) -> Iterator[Problem]:
    low, high = number(inputs, "minCapacity"), number(inputs, "maxCapacity")
    if low is not None and low < 0:
        yield Problem("minCapacity", f"{int(low)} is below zero; use 0 or more")
    if low is not None and high is not None and high < low:
        yield Problem("maxCapacity", f"{int(high)} is below minCapacity {int(low)}; raise it")
    yield from _resource(inputs)


def _resource(inputs: Properties) -> Iterator[Problem]:
    """Namespace, dimension and id go together."""
    namespace, dimension, resource = (text(inputs, key) for key in ("serviceNamespace", "scalableDimension", "resourceId"))
    if namespace and dimension and not dimension.startswith(f"{namespace}:"):
        yield Problem("scalableDimension", f"{dimension} is not of the serviceNamespace {namespace}; make the two agree")
    if namespace == "ecs" and resource and not re.fullmatch(r"service/[^/]+/[^/]+", resource):
        yield Problem("resourceId", f"{resource!r} is no ECS service; write service/<cluster name>/<service name>")


def check_policy(inputs: Properties, _: Place) -> Iterator[Problem]:
    kind = text(inputs, "policyType") or ("StepScaling" if missing(inputs, "policyType") else None)
    yield from _resource(inputs)
    if kind is None:
        return
    if kind not in _KINDS:
        yield Problem("policyType", f"{kind!r} is no type; use TargetTrackingScaling")
        return
    wanted = _CONFIGURED[kind]
    if missing(inputs, wanted):
        other = next((one for one, key in _CONFIGURED.items() if not missing(inputs, key)), None)
        yield (
            Problem("policyType", f"is {kind}; set it to {other}")
            if other
            else Problem(wanted, f"is missing for {kind}; give it")
        )
        return
    if kind == "TargetTrackingScaling":
        yield from _tracking(nested(inputs, wanted), wanted)


def _tracking(policy: Properties, path: str) -> Iterator[Problem]:
    given = [key for key in ("predefinedMetricSpecification", "customizedMetricSpecification") if not missing(policy, key)]
    if len(given) != 1:
        yield Problem(path, "needs either predefinedMetricSpecification or customizedMetricSpecification; give one of the two")
    predefined = nested(policy, "predefinedMetricSpecification")
    if predefined.get("predefinedMetricType") == "ALBRequestCountPerTarget":
        at, label = f"{path}.predefinedMetricSpecification.resourceLabel", text(predefined, "resourceLabel")
        if missing(predefined, "resourceLabel"):
            yield Problem(at, "is missing; join the arnSuffix of load balancer and target group with /")
        elif label and not re.fullmatch(r"app/[^/]+/[0-9a-f]+/targetgroup/[^/]+/[0-9a-f]+", label):
            yield Problem(at, f"{label!r} is no label; write app/<name>/<id>/targetgroup/<name>/<id>, both being arnSuffix")
    custom = nested(policy, "customizedMetricSpecification")
    queries = items(custom, "metrics")
    if custom and not queries and missing(custom, "metrics"):
        for key in ("metricName", "namespace", "statistic"):
            if missing(custom, key):
                yield Problem(
                    f"{path}.customizedMetricSpecification.{key}", "is missing; give it, or metrics with an expression"
                )
    answers = [query for _, query in queries if query.get("returnData") in (None, True)]
    if queries and len(answers) != 1:
        yield Problem(
            f"{path}.customizedMetricSpecification.metrics",
            f"has {len(answers)} queries that give the result; set returnData to false on all but one",
        )
    target = number(policy, "targetValue")
    if target is not None and target <= 0:
        yield Problem(f"{path}.targetValue", f"{target} is not above zero; use the value that is to be kept")


def admit_target(candidate: Candidate, world: World) -> Iterator[Problem]:
    """The ECS service exists, and is registered once."""
    resource = str(candidate.inputs.get("resourceId"))
    if candidate.inputs.get("serviceNamespace") == "ecs":
        tail = resource.removeprefix("service/")
        if not any(str(one.outputs.get("arn", "")).endswith(f":service/{tail}") for one in world.of("aws:ecs/service:Service")):
            yield Problem("resourceId", f"{resource} does not exist; let this depend on the ECS service")
    for other in others(world, _TARGET, candidate):
        same = all(other.inputs.get(key) == candidate.inputs.get(key) for key in ("resourceId", "scalableDimension", "region"))
        if same:
            yield Problem("resourceId", f"{resource} is registered by the {other.label} already; keep one")


def admit_policy(candidate: Candidate, world: World) -> Iterator[Problem]:
    """The target is registered, and a label names balancer and target group that are joined by a listener."""
    inputs = candidate.inputs
    keys = ("resourceId", "scalableDimension", "serviceNamespace")
    if not any(all(one.inputs.get(key) == inputs.get(key) for key in keys) for one in world.of(f"aws:{_TARGET}")):
        yield Problem(
            "resourceId", f"{inputs.get('resourceId')} is no scalable target; let this depend on one, or use its resourceId"
        )
    tracking = nested(inputs, "targetTrackingScalingPolicyConfiguration")
    label = nested(tracking, "predefinedMetricSpecification").get("resourceLabel")
    if not isinstance(label, str):
        return
    path = "targetTrackingScalingPolicyConfiguration.predefinedMetricSpecification.resourceLabel"
    balancer, _, targets = label.partition("/targetgroup/")
    for kind, part in (("lb/loadBalancer:LoadBalancer", balancer), ("lb/targetGroup:TargetGroup", f"targetgroup/{targets}")):
        found = [one for name in (kind, kind.replace("lb/", "alb/", 1)) for one in world.of(f"aws:{name}")]
        if not any(one.outputs.get("arnSuffix") == part for one in found):
            yield Problem(path, f"names {part}, which does not exist; use the arnSuffix of load balancer and target group")
            return
    group = next(
        one for one in world.of("aws:lb/targetGroup:TargetGroup") if one.outputs.get("arnSuffix") == f"targetgroup/{targets}"
    )
    listeners = ("lb/listener:Listener", "lb/listenerRule:ListenerRule")
    if not any(str(group.outputs.get("arn")) in str(one.inputs) for kind in listeners for one in world.of(f"aws:{kind}")):
        yield Problem(path, f"the {group.label} is behind no listener yet; let this depend on the listener")


CHECKS: Rules = {_TARGET: (check_target,), _POLICY: (check_policy,)}
ADMITS: Rules = {_TARGET: (admit_target,), _POLICY: (admit_policy,)}
