from __future__ import annotations

from dataclasses import replace

import pytest

from scripts.simulation.clouds.docker import CLOUD
from scripts.simulation.clouds.docker.catalogue import (
    CONFIG,
    CONTAINER,
    NETWORK,
    PLUGIN,
    REMOTE_IMAGE,
    SECRET,
    SERVICE,
    SPEC,
    VOLUME,
)
from scripts.simulation.values import Properties, select
from scripts.simulation.world import Place
from tests.unit.scripts.simulation.clouds.docker.engine import DATA, DIGEST, Engine, paths, port, service

ELSEWHERE = Place("docker", "ssh://node-2", "")


@pytest.mark.parametrize(
    ("token", "inputs"),
    [
        (SECRET, {"data": DATA}),
        (CONFIG, {"data": DATA}),
        (NETWORK, {"driver": "overlay"}),
        (VOLUME, {}),
        (CONTAINER, {"image": "a:1"}),
        (SERVICE, service()),
    ],
)
def test_a_name_is_there_once_on_an_engine(engine: Engine, token: str, inputs: Properties) -> None:
    engine.make(token, "first", {"name": "web", **inputs})
    found = engine.problems(token, "second", {"name": "web", **inputs})
    assert paths(found) == ["name"]
    assert "is there already" in found[0].reason
    assert not engine.problems(token, "second", {"name": "other", **inputs})
    assert not Engine(engine.world, ELSEWHERE).problems(token, "second", {"name": "web", **inputs})


def test_an_update_does_not_meet_itself(engine: Engine) -> None:
    made = engine.make(SERVICE, "web", service(name="web", endpointSpec=port(80)))
    assert not engine.problems(SERVICE, "web", service({"args": ["x"]}, name="web", endpointSpec=port(80)), made)


def test_a_network_that_every_engine_has_cannot_be_made(engine: Engine) -> None:
    assert "every engine has" in engine.problems(NETWORK, "host", {"name": "host", "driver": "overlay"})[0].reason


def test_the_ranges_of_networks_do_not_overlap(engine: Engine) -> None:
    engine.make(NETWORK, "first", {"driver": "overlay", "ipamConfigs": [{"subnet": "10.1.0.0/16"}]})
    found = engine.problems(NETWORK, "second", {"ipamConfigs": [{"subnet": "10.2.0.0/24"}, {"subnet": "10.1.9.0/24"}]})
    assert paths(found) == ["ipamConfigs[1].subnet"]
    assert "overlaps 10.1.0.0/16 of the Network first" in found[0].reason
    assert not engine.problems(NETWORK, "second", {"ipamConfigs": [{"subnet": "10.2.0.0/24"}, {"subnet": "fd00::/64"}]})


def test_a_driver_is_built_in_or_installed(engine: Engine) -> None:
    assert "docker.Plugin" in engine.problems(VOLUME, "data", {"driver": "nope"})[0].reason
    assert not engine.problems(VOLUME, "data", {"driver": "vieux/sshfs:latest"})
    engine.make(PLUGIN, "nope", {"name": "example/nope", "alias": "nope"})
    assert not engine.problems(VOLUME, "data", {"driver": "nope"})
    assert paths(engine.problems(NETWORK, "app", {"driver": "overlai"})) == ["driver"]


def attached(network: str) -> Properties:
    return service(task={"networksAdvanceds": [{"id": network}]})


def test_a_service_needs_a_network_of_the_swarm(engine: Engine) -> None:
    bridge, overlay = engine.make(NETWORK, "local", {}), engine.make(NETWORK, "app", {"driver": "overlay"})
    found = engine.problems(SERVICE, "web", attached(bridge.id))
    assert paths(found) == ["taskSpec.networksAdvanceds[0].id"]
    assert "driver overlay" in found[0].reason
    assert not engine.problems(SERVICE, "web", attached(overlay.id))


def test_a_container_needs_an_attachable_network(engine: Engine) -> None:
    closed = engine.make(NETWORK, "closed", {"driver": "overlay"})
    opened = engine.make(NETWORK, "open", {"driver": "overlay", "attachable": True})
    given = {"image": "a:1", "networksAdvanced": [{"name": closed.id}]}
    assert "set attachable" in engine.problems(CONTAINER, "web", given)[0].reason
    assert not engine.problems(CONTAINER, "web", {**given, "networksAdvanced": [{"name": opened.id}]})


@pytest.mark.parametrize(("token", "kind"), [(SECRET, "secret"), (CONFIG, "config")])
def test_the_name_beside_an_id_is_its_own(engine: Engine, token: str, kind: str) -> None:
    one, two = (engine.make(token, name, {"data": DATA}) for name in ("one", "two"))

    def using(name: str) -> Properties:
        return service({f"{kind}s": [{f"{kind}Id": one.id, f"{kind}Name": name, "fileName": "f"}]})

    found = engine.problems(SERVICE, "web", using(two.outputs["name"]))
    assert paths(found) == [f"{SPEC}.{kind}s[0].{kind}Name"]
    assert one.outputs["name"] in found[0].reason
    assert not engine.problems(SERVICE, "web", using(one.outputs["name"]))


def test_swarm_does_not_change_the_mode(engine: Engine) -> None:
    made = engine.make(SERVICE, "web", service())
    assert paths(engine.problems(SERVICE, "web", service(mode={"global": True}), made)) == ["mode"]
    assert not engine.problems(SERVICE, "web", service(mode={"replicated": {"replicas": 3}}), made)


def pinned(node: str) -> Properties:
    return {"placement": {"constraints": [f"node.hostname=={node}"]}}


@pytest.mark.parametrize(
    ("first", "second", "taken"),
    [
        (port(80), port(80), True),
        (port(80), port(81), False),
        (port(80), {"mode": "dnsrr", "ports": [{"targetPort": 80, "publishedPort": "80", "publishMode": "host"}]}, True),
        (port(80), port(80, protocol="udp"), False),
        (port(80, "ingress"), port(80, "ingress"), True),
        (port(80, "ingress"), port(80), True),
        (port(80), port(80, "ingress"), True),
        (port(0, "ingress"), port(0, "ingress"), False),
    ],
)
def test_a_port_is_published_once(engine: Engine, first: Properties, second: Properties, taken: bool) -> None:
    engine.make(SERVICE, "first", service(endpointSpec=first))
    found = engine.problems(SERVICE, "second", service(endpointSpec=second))
    assert paths(found) == (["endpointSpec.ports[0].publishedPort"] if taken else [])
    if taken:
        assert "is taken by the Service first; publish another port" in found[0].reason


def test_host_ports_of_services_on_different_nodes_do_not_meet(engine: Engine) -> None:
    engine.make(SERVICE, "first", service(task=pinned("a"), endpointSpec=port(80)))
    assert not engine.problems(SERVICE, "second", service(task=pinned("b"), endpointSpec=port(80)))
    assert engine.problems(SERVICE, "second", service(task=pinned("a"), endpointSpec=port(80)))
    assert engine.problems(SERVICE, "second", service(endpointSpec=port(80)))


def test_a_container_and_a_service_share_the_ports_of_a_host(engine: Engine) -> None:
    engine.make(CONTAINER, "first", {"image": "a:1", "ports": [{"internal": 80, "external": 80, "ip": "127.0.0.1"}]})
    assert engine.problems(SERVICE, "second", service(endpointSpec=port(80)))
    other = {"image": "a:1", "ports": [{"internal": 80, "external": 80, "ip": "10.0.0.1"}]}
    assert not engine.problems(CONTAINER, "third", other)


def test_an_image_in_use_stays(engine: Engine) -> None:
    image = engine.make(REMOTE_IMAGE, "app", {"name": "app:1"})
    assert not CLOUD.release(image, engine.world)
    engine.make(SERVICE, "web", service({"image": image.outputs["repoDigest"]}))
    assert "is still run by Service web" in CLOUD.release(image, engine.world)[0].reason
    assert not CLOUD.release(replace(image, inputs={**image.inputs, "keepLocally": True}), engine.world)
    engine.make(REMOTE_IMAGE, "again", {"name": "app:1"})
    assert not CLOUD.release(image, engine.world)


def test_references_name_what_they_should(engine: Engine) -> None:
    """Every path of the table is one that a service or container really has."""
    full = service(
        {
            "secrets": [{"secretId": "1", "secretName": "2"}],
            "configs": [{"configId": "3", "configName": "4"}],
            "mounts": [{"source": "5"}],
        },
        {"networksAdvanceds": [{"id": "6", "name": "7"}]},
    )
    found = [value for reference in CLOUD.references(SERVICE) for _, value in select(full, reference.path)]
    assert sorted(found) == list("1234567")
    assert CLOUD.references(SECRET) == ()


def test_no_string_is_an_id_by_its_form_alone() -> None:
    assert CLOUD.recognise("xzwek2f7fgr8eupdu0c8nhiw1") is None
    assert CLOUD.recognise(DIGEST) is None
