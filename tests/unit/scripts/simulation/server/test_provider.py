"""One provider instance: types, references, ids, updates, deletion and faults."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from scripts.simulation.clouds.model import Reference
from scripts.simulation.server.faults import Fault
from scripts.simulation.server.provider import Crashed, Provider, Refused, token_of
from scripts.simulation.values import UNKNOWN, Properties
from scripts.simulation.world import World
from tests.unit.scripts.simulation.server.conftest import HOST, NET, ODD, Toy, urn

Make = Callable[..., Provider]


def created(provider: Provider, token: str, name: str, inputs: Properties) -> tuple[str, Properties]:
    checked, problems = provider.check(urn(token, name), name, {}, inputs)
    assert problems == []
    return provider.create(urn(token, name), name, checked, preview=False)


def test_the_type_is_the_last_in_a_urn() -> None:
    assert token_of(urn(NET, "a")) == NET
    assert token_of("urn:pulumi:s::p::aws:ec2/vpc:Vpc::a::b") == "aws:ec2/vpc:Vpc"


def test_a_preview_knows_the_inputs_and_not_what_the_cloud_computes(provider: Make) -> None:
    inputs, _ = provider().check(urn(NET, "net"), "net", {}, {"range": "10.0.0.0/16"})
    identifier, outputs = provider().create(urn(NET, "net"), "net", inputs, preview=True)
    assert identifier == ""
    assert outputs["range"] == "10.0.0.0/16"
    assert outputs["arn"] is UNKNOWN
    assert outputs["zone"] is UNKNOWN
    assert outputs["note"] is UNKNOWN


def test_what_is_made_is_the_same_on_every_run_and_another_after_a_replacement(provider: Make) -> None:
    first, second = (created(provider(), NET, "net", {"range": "10.0.0.0/16"}) for _ in range(2))
    assert first == second
    world = World()
    old, _ = created(provider(world=world), NET, "net", {"range": "10.0.0.0/16"})
    new, outputs = created(provider(world=world), NET, "net", {"range": "10.1.0.0/16", "name": "other"})
    assert old != new
    assert outputs["arn"] == f"arn:toy:north:{new}"
    assert "note" not in outputs


def test_types_are_checked_before_what_the_cloud_knows(provider: Make) -> None:
    _, problems = provider().check(urn(HOST, "host"), "host", {}, {"netId": "net-1", "sise": 3, "name": "x" * 30})
    assert [problem.path for problem in problems] == ["sise"]
    _, problems = provider().check(urn(HOST, "host"), "host", {}, {"netId": "net-1", "name": "x" * 30})
    assert [str(problem) for problem in problems] == ["name: is too long"]
    _, problems = provider().check(urn("toy:a:B", "b"), "b", {}, {})
    assert "no resource type toy:a:B" in str(problems[0])


def test_a_name_that_was_left_out_stays(provider: Make) -> None:
    first, _ = provider().check(urn(NET, "net"), "net", {}, {"range": "r"})
    second, _ = provider().check(urn(NET, "net"), "net", {**first, "name": "net-older"}, {"range": "r"})
    assert first["name"].startswith("net-")
    assert second["name"] == "net-older"


def test_references_must_exist_and_fit(provider: Make) -> None:
    made = provider()
    with pytest.raises(Refused, match=r"netId: net-7 does not exist; give the id of a Net"):
        created(made, HOST, "host", {"netId": "net-7"})
    net, outputs = created(made, NET, "net", {"range": "r"})
    host, _ = created(made, HOST, "host", {"netId": net})
    with pytest.raises(Refused, match=r"netId: host-\w+ is a Host \(toy:host/host:Host\); give a Net"):
        created(made, HOST, "second", {"netId": host})
    with pytest.raises(Refused, match=r"netId: .* is the arn of the Net net; give its id"):
        created(made, HOST, "third", {"netId": outputs["arn"]})
    with pytest.raises(Refused, match=r"word: net-00000009 does not exist; it looks like a Net"):
        created(made, ODD, "odd", {"word": "net-00000009"})


def test_what_is_used_or_protected_cannot_be_deleted(provider: Make) -> None:
    made = provider()
    net, _ = created(made, NET, "net", {"range": "r"})
    host, _ = created(made, HOST, "host", {"netId": net})
    with pytest.raises(Refused, match=r"the Net net is still used by Host host \(netId\)"):
        made.delete(urn(NET, "net"), net)
    made.delete(urn(HOST, "host"), host)
    made.delete(urn(NET, "net"), net)
    assert made.read(urn(NET, "net"), net) is None
    kept, _ = created(made, NET, "kept", {"range": "s", "zone": "protected"})
    with pytest.raises(Refused, match="is protected"):
        made.delete(urn(NET, "kept"), kept)


def test_a_deletion_asks_each_type_once_however_many_there_are(provider: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    made, asked = provider(), list[str]()
    nets = [created(made, NET, f"net-{number}", {"range": str(number)})[0] for number in range(20)]
    host, _ = created(made, HOST, "host", {"netId": nets[0]})
    known = Toy.references

    def counted(self: Toy, token: str) -> Sequence[Reference]:
        asked.append(token)
        return known(self, token)

    monkeypatch.setattr(Toy, "references", counted)
    made.delete(urn(NET, "net-1"), nets[1])
    assert sorted(asked) == [HOST, NET]
    with pytest.raises(Refused, match="still used by Host host"):
        made.delete(urn(NET, "net-0"), nets[0])
    made.delete(urn(HOST, "host"), host)


def test_something_cannot_be_made_twice(provider: Make) -> None:
    made = provider()
    created(made, NET, "net", {"range": "r"})
    with pytest.raises(Refused, match="range: is taken"):
        created(made, NET, "other", {"range": "r"})


def test_an_update_keeps_the_id_and_what_the_cloud_had_chosen(provider: Make) -> None:
    made = provider()
    net, before = created(made, NET, "net", {"range": "r"})
    inputs, _ = made.check(urn(NET, "net"), "net", {"name": before["name"]}, {"range": "r2"})
    after = made.update(urn(NET, "net"), "net", net, inputs, before, preview=False)
    assert after["range"] == "r2"
    assert (after["arn"], after["zone"]) == (before["arn"], before["zone"])
    found = made.read(urn(NET, "net"), net)
    assert found is not None
    assert found.inputs["range"] == "r2"
    with pytest.raises(Refused, match="does not exist any more"):
        made.update(urn(NET, "net"), "net", "net-gone", inputs, before, preview=False)


def test_a_change_that_replaces_says_so_and_a_fixed_name_goes_first(provider: Make) -> None:
    made = provider()
    fixed, first = made.diff(urn(NET, "net"), "net", {"name": "n", "range": "a"}, {"name": "n", "range": "b"})
    assert (fixed.changed, fixed.replacing, first) == ({"range": "update"}, {"range"}, True)
    _, first = made.diff(urn(NET, "net"), "net", {"name": "net-0a", "range": "a"}, {"name": "net-0a", "range": "b"})
    assert not first
    same, _ = made.diff(urn(NET, "net"), "net", {"zone": "a"}, {"zone": "b"})
    assert same.replacing == frozenset()


def test_a_type_without_names_of_its_own_goes_first_when_it_would_have_the_same_id(
    provider: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = provider()
    monkeypatch.setattr(Toy, "defaults", lambda *_: {"name": "copied"})
    monkeypatch.setattr(Toy, "identifier", lambda _, candidate: candidate.inputs["name"])
    _, first = made.diff(urn(NET, "net"), "net", {"name": "copied", "range": "a"}, {"name": "copied", "range": "b"})
    assert first
    _, first = made.diff(urn(NET, "net"), "net", {"name": "copied", "range": "a"}, {"name": "other", "range": "b"})
    assert not first


def test_a_type_of_which_nothing_is_known_is_counted(provider: Make) -> None:
    made = provider()
    made.diff(urn(ODD, "odd"), "odd", {"word": "a"}, {"word": "b"})
    made.diff(urn(ODD, "odd"), "odd", {"word": "a"}, {"word": "a"})
    assert made._shared.unknown_replacement == {ODD: 1}


def test_a_provider_without_its_region_is_refused(provider: Make) -> None:
    assert [str(problem) for problem in provider().check_config({"version": "1"})] == ["region: is missing"]
    with pytest.raises(Refused, match="region: is missing"):
        provider(config={"version": "1"})


def test_data_sources_answer_or_say_that_they_are_not_there(provider: Make) -> None:
    assert provider().invoke("toy:index:where", {}) == {"region": "north"}
    assert provider().invoke("toy:index:where", {"region": "south"}) == {"region": "south"}
    with pytest.raises(Refused, match="toy:index:what is not simulated"):
        provider().invoke("toy:index:what", {})


def test_faults_strike_when_they_are_told_to(provider: Make) -> None:
    made = provider(Fault("create", "toy:net/*", "fail", after=1, message="no more room"))
    created(made, NET, "a", {"range": "a"})
    with pytest.raises(Refused, match="no more room"):
        created(made, NET, "b", {"range": "b"})
    created(made, NET, "b", {"range": "b"})


def test_a_crash_before_leaves_nothing_and_a_crash_after_leaves_an_orphan(provider: Make) -> None:
    for effect, left in (("crash-before", 0), ("crash-after", 1)):
        world = World()
        with pytest.raises(Crashed):
            created(provider(Fault("create", NET, effect), world=world), NET, "net", {"range": "r"})  # type: ignore[arg-type]
        assert len(world) == left


def test_a_quota_holds_however_often_it_is_tried(provider: Make) -> None:
    made = provider(Fault("create", NET, "quota", limit=1))
    created(made, NET, "a", {"range": "a"})
    for _ in range(2):
        with pytest.raises(Refused, match=f"the quota of 1 {NET} is used up"):
            created(made, NET, "b", {"range": "b"})


def test_the_world_outlives_its_simulation(provider: Make, tmp_path: Path) -> None:
    file = tmp_path / "world.journal"
    made = provider(world=World(file))
    net, outputs = created(made, NET, "net", {"range": "r"})
    gone, _ = created(made, NET, "gone", {"range": "s"})
    made.delete(urn(NET, "gone"), gone)
    again = World(file)
    assert [thing.id for thing in again] == [net]
    assert again.named(str(outputs["arn"]))[0].id == net
    assert again.generation(urn(NET, "gone")) == 1
    assert all(json.loads(line) for line in file.read_text().splitlines())


def test_a_line_that_was_torn_off_is_forgotten(provider: Make, tmp_path: Path) -> None:
    file = tmp_path / "world.journal"
    net, _ = created(provider(world=World(file)), NET, "net", {"range": "r"})
    with file.open("a", encoding="utf-8") as journal:
        journal.write('{"put": {"tok')
    made = provider(world=World(file))
    other, _ = created(made, NET, "other", {"range": "s"})
    assert [thing.id for thing in World(file)] == [net, other]
