"""Generated descriptions: 200 a target against the simulated clouds behind mocks, and some through the real engine."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from components import stackfile
from components.spec import PlatformSpec
from tests.contract.conftest import Deployment, authority, deploy  # noqa: F401  (fixtures)
from tests.harness import targets
from tests.harness.specs import descriptions
from tests.preview.conftest import Platform

MOCKED = 200
DEPLOYED = {"docker": 13, "aws": 25}
"""Target -> descriptions that are brought up through the engine; those of AWS differ the most."""

PARTS = 4
QUICK = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]


@pytest.fixture(params=targets.NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def judged(description: dict[str, Any]) -> PlatformSpec | None:
    """The description, where it is right and its target gives it; every refusal has a path."""
    try:
        spec = stackfile.parse(json.dumps(description))
    except stackfile.StackFileError as error:
        sentences = error.problems
    else:
        sentences = targets.refused(spec)
        if not sentences:
            return spec
    assert all(sentence.startswith("platform.") and ": " in sentence for sentence in sentences), sentences
    return None


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_generated_description_is_deployed_or_refused_with_a_path(
    name: str,
    deploy: Callable[[PlatformSpec], Deployment],  # noqa: F811
) -> None:
    """Whatever is accepted is accepted by the simulated clouds too."""
    seen = Counter[str]()

    @seed(20261124)
    @settings(max_examples=MOCKED, deadline=None, suppress_health_check=QUICK, phases=[Phase.generate], database=None)
    @given(description=descriptions(targets.base(name)))
    def run(description: dict[str, Any]) -> None:
        spec = judged(description)
        seen["refused" if spec is None else "deployed"] += 1
        if spec is not None:
            assert len(deploy(spec).resources) > 10

    run()
    assert seen["deployed"] >= MOCKED // 8, seen


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("part", range(PARTS))
def test_generated_descriptions_through_the_engine(
    name: str, part: int, tmp_path: Path, platform: Callable[..., Platform]
) -> None:
    """Previewed, brought up, and then nothing is left to do. In parts, so that workers share them."""
    found: list[dict[str, Any]] = []

    @seed(20261125)
    @settings(max_examples=400, deadline=None, suppress_health_check=QUICK, phases=[Phase.generate], database=None)
    @given(description=descriptions(targets.base(name)), chance=st.integers(0, 3))
    def gather(description: dict[str, Any], chance: int) -> None:
        if len(found) < DEPLOYED[name] and chance == 0 and judged(description) is not None:
            found.append(description)

    gather()
    assert len(found) == DEPLOYED[name]
    for index, description in enumerate(found[part::PARTS]):
        made = platform(description)
        made.folder = tmp_path / str(index)
        made.folder.mkdir()
        made.must("up", "--yes")
        made.must("preview", "--refresh", "--expect-no-changes")
