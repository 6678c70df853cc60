"""The definition of a container: nothing left for ECS to fill in, hardened, in an order that never changes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from components.aws.fargate import size
from components.aws.task import Workload, container
from components.binding import Binding

WORKLOAD = Workload(
    role="api", image="api", size=size(0.5, 512), grace_seconds=40, binding=Binding(), command=["api"], port=8000
)


def defined(**variables: str) -> dict[str, Any]:
    return dict(
        container(
            WORKLOAD,
            image="registry/api@sha256:0",
            region="eu-central-1",
            logs="/logs",
            variables=variables,
            secrets={"B": "arn:b", "A": "arn:a"},
        )
    )


def everything(value: Any) -> Iterator[Any]:
    yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inner:
        yield from everything(one)


def test_nothing_is_left_for_ecs_to_fill_in() -> None:
    found = defined()
    assert None not in everything(found)
    for key in ("environment", "mountPoints", "volumesFrom", "systemControls"):
        assert found[key] == []
    assert found["portMappings"] == [{"containerPort": 8000, "hostPort": 8000, "protocol": "tcp"}]
    assert found["cpu"] == 0
    assert found["essential"] is True


def test_the_order_of_variables_does_not_matter() -> None:
    assert json.dumps(defined(B="2", A="1")) == json.dumps(defined(A="1", B="2"))
    assert [one["name"] for one in defined(B="2", A="1")["environment"]] == ["A", "B"]
    assert [one["name"] for one in defined()["secrets"]] == ["A", "B"]


def test_the_process_has_no_rights_on_its_machine() -> None:
    found = defined()
    assert found["user"] == "10001:10001"
    assert found["readonlyRootFilesystem"] is True
    assert found["linuxParameters"]["capabilities"] == {"add": [], "drop": ["ALL"]}
    assert found["linuxParameters"]["initProcessEnabled"] is True
    [tmp] = found["linuxParameters"]["tmpfs"]
    assert (tmp["containerPath"], tmp["size"]) == ("/tmp", 32)


def test_a_copy_has_its_time_to_stop_and_is_never_held_up_by_its_log() -> None:
    found = defined()
    assert found["stopTimeout"] == 40
    assert found["logConfiguration"]["options"]["mode"] == "non-blocking"
    assert found["healthCheck"]["command"][0] == "CMD"
