from __future__ import annotations

import pytest

from tests.unit.scripts.simulation.clouds.docker.engine import Engine


@pytest.fixture
def engine() -> Engine:
    return Engine()
