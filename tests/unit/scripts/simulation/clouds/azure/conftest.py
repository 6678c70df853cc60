from __future__ import annotations

import pytest

from scripts.simulation.clouds.azure import CLOUD
from scripts.simulation.world import Place
from tests.unit.scripts.simulation.clouds.azure.account import Account
from tests.unit.scripts.simulation.clouds.azure.platform import SUBSCRIPTION, Platform


@pytest.fixture
def account() -> Account:
    return Account(CLOUD, Place("azure-native", SUBSCRIPTION, "westeurope"))


@pytest.fixture
def platform(account: Account) -> Platform:
    return Platform(account)
