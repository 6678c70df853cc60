"""Wrong programs for Docker of several resources: references, ranges, ports, what is in use."""

from __future__ import annotations

from typing import Any

from tests.preview.wrong.docker import DATA, IMAGE, NETWORK, SECRET, SPEC, VOLUME, host_port, network, service
from tests.preview.wrong.model import ABSENT, Change, Delete, First, Make, Out, Replace, Set, Wrong, one


def on(*networks: Any) -> dict[str, Any]:
    return {"networksAdvanceds": [{"id": one} for one in networks]}


def secret(identifier: Any, name: Any) -> dict[str, Any]:
    return {"secrets": [{"secretId": identifier, "secretName": name, "fileName": "key"}]}


KEY = Make(SECRET, "key", {"data": DATA})
APP = network("app")
WEB = service("web", task=on(Out("app")))

CASES = (
    Wrong(
        "a name that is taken",
        "name",
        (network("app", name="net"), network("data", name="net")),
        "name",
        "is there already",
        Set("name", "net2"),
    ),
    Wrong(
        "a secret's id for a network's",
        "reference",
        (KEY, APP, service("web", task=on(Out("key")))),
        "taskSpec.networksAdvanceds[0].id",
        "give a Network",
        Set("taskSpec.networksAdvanceds[0].id", Out("app")),
    ),
    Wrong(
        "a network's name for its id",
        "reference",
        (APP, service("web", task=on(Out("app", "name")))),
        "taskSpec.networksAdvanceds[0].id",
        "give its id",
        Set("taskSpec.networksAdvanceds[0].id", Out("app")),
    ),
    Wrong(
        "a network that is not there",
        "reference",
        (APP, service("web", task=on("xzwek2f7fgr8eupdu0c8nhiw1"))),
        "taskSpec.networksAdvanceds[0].id",
        "does not exist",
        Set("taskSpec.networksAdvanceds[0].id", Out("app")),
    ),
    Wrong(
        "a network of one host for a service",
        "reference",
        (Make(NETWORK, "app", {}), WEB),
        "taskSpec.networksAdvanceds[0].id",
        "driver overlay",
        Set("driver", "overlay", of=0),
    ),
    Wrong(
        "a secret's name that is another's",
        "reference",
        (KEY, Make(SECRET, "other", {"data": DATA}), service("web", secret(Out("key"), Out("other", "name")))),
        f"{SPEC}.secrets[0].secretName",
        "give both of one",
        Set(f"{SPEC}.secrets[0].secretName", Out("key", "name")),
    ),
    Wrong(
        "a secret without its name",
        "reference",
        (KEY, service("web", {"secrets": [{"secretId": Out("key"), "fileName": "key"}]})),
        f"{SPEC}.secrets[0].secretName",
        "beside secretId",
        Set(f"{SPEC}.secrets[0].secretName", Out("key", "name")),
    ),
    Wrong(
        "ranges that overlap",
        "range",
        (network("app", ipamConfigs=[{"subnet": "10.1.0.0/16"}]), network("data", ipamConfigs=[{"subnet": "10.1.2.0/24"}])),
        "ipamConfigs[0].subnet",
        "overlaps 10.1.0.0/16",
        Set("ipamConfigs[0].subnet", "10.2.2.0/24"),
    ),
    one(
        "a gateway outside its range",
        "range",
        network("app", ipamConfigs=[{"subnet": "10.1.0.0/24", "gateway": "10.2.0.1"}]),
        "ipamConfigs[0].gateway",
        "lies outside",
        "10.1.0.1",
    ),
    one(
        "an address for a range",
        "range",
        network("app", ipamConfigs=[{"subnet": "10.1.0.0/33"}]),
        "ipamConfigs[0].subnet",
        "no range",
        "10.1.0.0/24",
    ),
    Wrong(
        "a port that is taken",
        "together",
        (service("web", endpointSpec=host_port(443)), service("mail", endpointSpec=host_port(443))),
        "endpointSpec.ports[0].publishedPort",
        "is taken by the Service web",
        Set("endpointSpec.ports[0].publishedPort", 465),
    ),
    one(
        "one task on every node and copies",
        "together",
        service("web", mode={"global": True, "replicated": {"replicas": 2}}),
        "mode.replicated",
        "beside global",
        ABSENT,
    ),
    Wrong(
        "the routing mesh without virtual addresses",
        "together",
        (service("web", endpointSpec={"mode": "dnsrr", "ports": [{"targetPort": 80}]}),),
        "endpointSpec.ports[0].publishMode",
        "use host",
        Set("endpointSpec.mode", "vip"),
    ),
    Wrong(
        "another mode for a service",
        "together",
        (service("web"), Change("web", service("web", mode={"global": True}).inputs)),
        "mode",
        "cannot change it",
        Set("mode", {"replicated": {"replicas": 3}}),
    ),
    Wrong(
        "a network deleted that a service uses",
        "use",
        (APP, WEB, Delete("app")),
        "",
        "still used by Service web",
        First(Delete("web")),
    ),
    Wrong(
        "a secret deleted that a service uses",
        "use",
        (KEY, service("web", secret(Out("key"), Out("key", "name"))), Delete("key")),
        "",
        "still used by Service web",
        First(Change("web", service("web").inputs)),
    ),
    Wrong(
        "a network replaced that a service uses",
        "use",
        (network("app", name="net"), WEB, Replace("app", {"driver": "overlay", "name": "net", "internal": True})),
        "",
        "still used by Service web",
        First(Delete("web")),
    ),
    Wrong(
        "an image removed that a service runs",
        "use",
        (Make(IMAGE, "app", {"name": "app:1"}), service("web", {"image": Out("app", "repoDigest")}), Delete("app")),
        "name",
        "set keepLocally",
        Set("keepLocally", True, of=0),
    ),
    Wrong(
        "more than the host may hold",
        "quota",
        (Make(VOLUME, "one", {}), Make(VOLUME, "two", {})),
        "",
        "quota of 1",
        First(Delete("one")),
        most=1,
    ),
)
