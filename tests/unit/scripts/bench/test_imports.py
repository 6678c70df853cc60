"""A run on one target loads no other cloud's SDK."""

from __future__ import annotations

import pytest

from scripts.bench import imports


@pytest.mark.parametrize(("target", "sdk"), [("aws", "pulumi_aws"), ("docker", "pulumi_docker")])
def test_a_target_loads_its_own_sdk_only(target: str, sdk: str) -> None:
    _, loaded = imports.seconds(imports.program(target), collect=False, runs=1)
    assert loaded == [sdk]


def test_every_module_of_the_sdk_that_the_target_uses_is_touched() -> None:
    touched = imports.program("aws")
    for name in ("sdk.ec2.Vpc", "sdk.wafv2.WebAcl", "sdk.rds.Instance", "sdk.ecs.Service", "sdk.Provider"):
        assert name in touched
