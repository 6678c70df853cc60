"""What a release on ECS needs of a health check and a deployment, and what WAF takes of a rule and of its log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scripts.simulation.clouds.aws.rules.reading import Rules, complete, items, nested, number, parsed, text
from scripts.simulation.values import Problem, Properties
from scripts.simulation.world import Place

_HEALTH = (("interval", 5, 300), ("timeout", 2, 60), ("retries", 1, 10), ("startPeriod", 0, 300))
"""From the API reference of ECS, HealthCheck; seconds, but for the retries."""

_LOG = "aws-waf-logs-"


def check_health(inputs: Properties, _: Place) -> Iterator[Problem]:
    containers = parsed(inputs.get("containerDefinitions"))
    for index, container in enumerate(containers if isinstance(containers, list) else ()):
        health = container.get("healthCheck") if isinstance(container, Mapping) else None
        for key, least, most in _HEALTH:
            value = health.get(key) if isinstance(health, Mapping) else None
            if isinstance(value, int) and not least <= value <= most:
                yield Problem(
                    "containerDefinitions", f"[{index}].healthCheck.{key} is {value}, out of range; use {least} to {most}"
                )


def check_spread(inputs: Properties, _: Place) -> Iterator[Problem]:
    most = number(inputs, "deploymentMaximumPercent")
    if inputs.get("availabilityZoneRebalancing") == "ENABLED" and most is not None and most <= 100:
        yield Problem("availabilityZoneRebalancing", f"needs a deploymentMaximumPercent above {int(most)}; set DISABLED")


def check_rules(inputs: Properties, _: Place) -> Iterator[Problem]:
    for path, rule in items(inputs, "rules"):
        rate = nested(nested(rule, "statement"), "rateBasedStatement")
        limit = number(rate, "limit")
        if limit is not None and not 10 <= limit <= 2_000_000_000:
            yield Problem(f"{path}.statement.rateBasedStatement.limit", f"{int(limit)} is out of range; use 10 to 2000000000")
        keys = {text(body, "key") for _, body in items(inputs, "customResponseBodies")}
        response = nested(nested(nested(rule, "action"), "block"), "customResponse")
        wanted = text(response, "customResponseBodyKey")
        if wanted is not None and wanted not in keys and None not in keys:
            yield Problem(f"{path}.action.block.customResponse", f"names the body {wanted}, which is not there; add it")


def check_logging(inputs: Properties, _: Place) -> Iterator[Problem]:
    """WAF writes into groups, streams and buckets of one beginning only."""
    for index, destination in enumerate(complete(inputs, "logDestinationConfigs") or ()):
        name = str(destination).rsplit("/", 1)[-1].rsplit(":", 1)[-1] if isinstance(destination, str) else None
        if name is not None and not any(part.startswith(_LOG) for part in (name, *str(destination).split(":"))):
            yield Problem(f"logDestinationConfigs[{index}]", f"{name} does not begin with {_LOG}; name it so")


CHECKS: Rules = {
    "ecs/taskDefinition:TaskDefinition": (check_health,),
    "ecs/service:Service": (check_spread,),
    "wafv2/webAcl:WebAcl": (check_rules,),
    "wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": (check_logging,),
}
