from __future__ import annotations

import pytest

from scripts.simulation.clouds.gcp import CLOUD
from scripts.simulation.world import Place
from tests.unit.scripts.simulation.clouds.azure.account import Account
from tests.unit.scripts.simulation.clouds.gcp.platform import PROJECT, REGION, Platform


@pytest.fixture
def account() -> Account:
    return Account(CLOUD, Place("gcp", PROJECT, REGION))


@pytest.fixture
def platform(account: Account) -> Platform:
    return Platform(account)
