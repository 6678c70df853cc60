"""What AWS tells through EventBridge, handed on to the alert topic. Messages are the events themselves, as JSON."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import Input, Output, ResourceOptions

from components import naming
from components.aws.tags import tags
from components.contract import Identity


def tell(
    name: str,
    identity: Identity,
    component: str,
    role: str,
    says: str,
    pattern: Input[Any],
    topic: Output[str],
    parent: pulumi.Resource,
    *,
    needs: list[pulumi.Resource] | None = None,
) -> None:
    """A rule that puts every event of `pattern` (an object, whose parts may be outputs) into `topic`.

    It has no role: EventBridge may publish by the topic's own policy. `needs`: what must be there before the first event.
    """
    physical = naming.physical(identity, role, naming.EVENT_RULE_LIMIT)
    rule = aws.cloudwatch.EventRule(
        f"{name}-{role}",
        name=physical,
        description=says,
        event_pattern=Output.json_dumps(pattern, sort_keys=True),
        tags=tags(identity, component, physical),
        opts=ResourceOptions(parent=parent),
    )
    aws.cloudwatch.EventTarget(
        f"{name}-{role}-target",
        rule=rule.name,
        target_id="alerts",
        arn=topic,
        opts=ResourceOptions(parent=parent, depends_on=needs),
    )
