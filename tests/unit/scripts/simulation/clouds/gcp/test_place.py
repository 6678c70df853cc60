from __future__ import annotations

import pytest

from scripts.simulation.clouds.gcp import CLOUD, catalogue
from scripts.simulation.values import Problem
from scripts.simulation.world import Place


def test_a_provider_works_in_its_project_and_region() -> None:
    assert CLOUD.place({"project": "mail-platform", "region": "europe-west3"}) == Place("gcp", "mail-platform", "europe-west3")
    assert CLOUD.place({"project": "mail-platform", "zone": "europe-west1-b"}) == Place("gcp", "mail-platform", "europe-west1")
    assert CLOUD.place({"project": "mail-platform"}) == Place("gcp", "mail-platform", "")


@pytest.mark.parametrize(
    ("config", "path", "says"),
    [
        ({}, "project", "give the provider a project"),
        ({"project": "Mail"}, "project", "lower-case"),
        ({"project": "mail-platform", "region": "europe-west33"}, "region", "europe-west3"),
        ({"project": "mail-platform", "zone": "nowhere-a"}, "zone", "no location"),
    ],
)
def test_what_leads_nowhere_is_refused(config: dict[str, str], path: str, says: str) -> None:
    found = CLOUD.place(config)
    assert isinstance(found, Problem)
    assert found.path == path
    assert says in found.reason


def test_zones() -> None:
    assert catalogue.zones("europe-west1") == ("europe-west1-b", "europe-west1-c", "europe-west1-d")
    assert catalogue.zones("nowhere") == ()


@pytest.mark.parametrize(("location", "right"), [("EU", True), ("eu", True), ("EUROPE-WEST3", True), ("mars", False)])
def test_buckets_say_their_locations_in_any_case(location: str, right: bool) -> None:
    found = CLOUD.check("gcp:storage/bucket:Bucket", {"name": "mail-store", "location": location}, Place("gcp", "p", ""))
    assert (not found) is right


def test_a_regional_thing_needs_a_region_somewhere() -> None:
    inputs = {"network": "n", "ipCidrRange": "10.0.0.0/24"}
    found = CLOUD.check("gcp:compute/subnetwork:Subnetwork", inputs, Place("gcp", "mail-platform", ""))
    assert [problem.path for problem in found] == ["region"]
    assert not CLOUD.check("gcp:compute/subnetwork:Subnetwork", inputs, Place("gcp", "mail-platform", "europe-west3"))
