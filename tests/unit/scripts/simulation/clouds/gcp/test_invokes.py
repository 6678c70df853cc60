from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from scripts.simulation.clouds.gcp import CLOUD
from scripts.simulation.values import Problem, Value
from tests.unit.scripts.simulation.clouds.gcp.platform import PROJECT, REGION, Platform


def _invoke(platform: Platform, function: str, **arguments: Value) -> dict[str, Value]:
    found = _answer(platform, function, **arguments)
    assert not isinstance(found, Problem), found
    return dict(found)


def _answer(platform: Platform, function: str, **arguments: Value) -> Mapping[str, Value] | Problem:
    module, name = function.split(".")
    return CLOUD.invoke(f"gcp:{module}/{name}:{name}", arguments, platform.account.place, platform.account.world)


def test_the_project(platform: Platform) -> None:
    found = _invoke(platform, "organizations.getProject")
    assert (found["projectId"], len(found["number"])) == (PROJECT, 12)
    assert _invoke(platform, "organizations.getClientConfig")["region"] == REGION
    assert _invoke(platform, "compute.getZones")["names"] == [f"{REGION}-{letter}" for letter in "abc"]


def test_a_policy_is_written_in_order(platform: Platform) -> None:
    bindings = [{"role": "roles/b", "members": ["user:z", "user:a"]}, {"role": "roles/a", "members": ["user:a"]}]
    found = json.loads(_invoke(platform, "organizations.getIAMPolicy", bindings=bindings)["policyData"])
    assert found["bindings"] == [
        {"members": ["user:a"], "role": "roles/a"},
        {"members": ["user:a", "user:z"], "role": "roles/b"},
    ]


def test_keys_of_a_signed_zone(platform: Platform) -> None:
    for name, state in (("signed", "on"), ("plain", None)):
        platform.make("dns.ManagedZone", name, name=name, dnsName="example.com.", dnssecConfig=state and {"state": state})
    found = _invoke(platform, "dns.getKeys", managedZone="signed")
    assert found["keySigningKeys"][0]["dsRecord"].split()[1:3] == ["8", "2"]
    answer = _answer(platform, "dns.getKeys", managedZone="plain")
    assert isinstance(answer, Problem)
    assert "dnssecConfig.state" in answer.reason


def test_resources_are_read_back_by_their_names(platform: Platform) -> None:
    network = platform.network
    found = _invoke(platform, "compute.getNetwork", name=network.outputs["name"])
    assert (found["id"], found["selfLink"]) == (network.id, network.outputs["selfLink"])
    made = platform.make("serviceaccount.Account", "worker", accountId="worker")
    assert _invoke(platform, "serviceaccount.getAccount", accountId="worker")["email"] == made.outputs["email"]


@pytest.mark.parametrize(
    ("function", "arguments", "says"),
    [
        ("compute.getNetwork", {"name": "nowhere"}, "there is no Network nowhere"),
        ("serviceaccount.getAccount", {"accountId": "nowhere"}, "no service account"),
        ("compute.getZones", {"region": "mars"}, "no region"),
        ("billing.getAccount", {}, "not simulated"),
    ],
)
def test_what_finds_nothing_says_so(platform: Platform, function: str, arguments: dict[str, str], says: str) -> None:
    found = _answer(platform, function, **arguments)
    assert isinstance(found, Problem)
    assert says in found.reason
