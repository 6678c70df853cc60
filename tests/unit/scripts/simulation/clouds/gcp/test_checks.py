"""Values that are wrong whatever else exists: a table of what is refused, where, and what the sentence says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from scripts.simulation.clouds.gcp import CLOUD
from scripts.simulation.world import Place
from tests.unit.scripts.simulation.clouds.azure.account import with_unknowns
from tests.unit.scripts.simulation.clouds.gcp.cases import RIGHT, WRONG
from tests.unit.scripts.simulation.clouds.gcp.platform import PROJECT, REGION, whole
from tests.unit.scripts.simulation.clouds.gcp.service_cases import WRONG as SERVICES

HERE = Place("gcp", PROJECT, REGION)
CASES = [*WRONG, *SERVICES]


@pytest.mark.parametrize(("token", "inputs"), RIGHT, ids=[token for token, _ in RIGHT])
def test_what_google_takes_is_taken(token: str, inputs: Mapping[str, Any]) -> None:
    assert not CLOUD.check(f"gcp:{whole(token)}", inputs, HERE)


@pytest.mark.parametrize(
    ("token", "inputs", "changes", "path", "says"), CASES, ids=[f"{case[0]}-{case[3]}-{at}" for at, case in enumerate(CASES)]
)
def test_what_google_refuses_is_named(
    token: str, inputs: Mapping[str, Any], changes: Mapping[str, Any], path: str, says: str
) -> None:
    given = {key: value for key, value in {**inputs, **changes}.items() if value is not None}
    found = CLOUD.check(f"gcp:{whole(token)}", given, HERE)
    assert [problem.path for problem in found] == [path], found
    assert says in found[0].reason


@pytest.mark.parametrize(("token", "inputs"), RIGHT, ids=[token for token, _ in RIGHT])
def test_nothing_is_said_of_what_is_not_known_yet(token: str, inputs: Mapping[str, Any]) -> None:
    for changed in with_unknowns(dict(inputs)):
        assert not CLOUD.check(f"gcp:{whole(token)}", changed, HERE), changed
