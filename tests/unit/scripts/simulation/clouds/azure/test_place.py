from __future__ import annotations

import pytest

from scripts.simulation.clouds.azure import CLOUD
from scripts.simulation.clouds.azure.place import SUBSCRIPTION
from scripts.simulation.values import Problem
from scripts.simulation.world import Place

MINE = "00000000-0000-4000-8000-000000000001"


def test_a_provider_works_in_its_subscription_and_location() -> None:
    assert CLOUD.place({"subscriptionId": MINE, "location": "West Europe"}) == Place("azure-native", MINE, "westeurope")


def test_both_may_be_left_out() -> None:
    assert CLOUD.place({}) == Place("azure-native", SUBSCRIPTION, "")


@pytest.mark.parametrize(
    ("config", "path", "says"),
    [
        ({"subscriptionId": "mail"}, "subscriptionId", "GUID"),
        ({"subscriptionId": MINE, "location": "westeurop"}, "location", "westeurope"),
    ],
)
def test_what_leads_nowhere_is_refused(config: dict[str, str], path: str, says: str) -> None:
    found = CLOUD.place(config)
    assert isinstance(found, Problem)
    assert found.path == path
    assert says in found.reason
