"""Wrong programs for Docker. Names of types as the SDK has them."""

from __future__ import annotations

import base64
from typing import Any

from tests.preview.wrong.model import ABSENT, Change, Delete, First, Make, Out, Replace, Set, Wrong, one

SERVICE, NETWORK, SECRET = "docker:index/service:Service", "docker:index/network:Network", "docker:index/secret:Secret"
CONFIG, VOLUME, IMAGE = (
    "docker:index/serviceConfig:ServiceConfig",
    "docker:index/volume:Volume",
    "docker:index/remoteImage:RemoteImage",
)
SPEC = "taskSpec.containerSpec"
DATA = base64.b64encode(b"text").decode()


def service(logical: str, /, spec: dict[str, Any] | None = None, task: dict[str, Any] | None = None, **top: Any) -> Make:
    """A service that is right, with what is given added."""
    return Make(SERVICE, logical, {"taskSpec": {"containerSpec": {"image": "app:1", **(spec or {})}, **(task or {})}, **top})


def network(logical: str, /, **more: Any) -> Make:
    return Make(NETWORK, logical, {"driver": "overlay", **more})


def on(*networks: Any) -> dict[str, Any]:
    return {"networksAdvanceds": [{"id": one} for one in networks]}


def host_port(number: int) -> dict[str, Any]:
    return {"mode": "dnsrr", "ports": [{"targetPort": 80, "publishedPort": number, "publishMode": "host"}]}


def secret(identifier: Any, name: Any) -> dict[str, Any]:
    return {"secrets": [{"secretId": identifier, "secretName": name, "fileName": "key"}]}


KEY = Make(SECRET, "key", {"data": DATA})
APP = network("app")
WEB = service("web", task=on(Out("app")))

CASES = (
    one("unknown property", "type", Make(SECRET, "key", {"data": DATA, "datta": "x"}), "datta", "", ABSENT),
    one("unknown property, two levels down", "type", service("web", task={"replicas": 2}), "taskSpec.replicas", "", ABSENT),
    one("unknown property, three levels down", "type", service("web", {"imagee": "a"}), f"{SPEC}.imagee", "", ABSENT),
    one(
        "text for a number", "type", service("web", mode={"replicated": {"replicas": "two"}}), "mode.replicated.replicas", "", 2
    ),
    one("text for a list", "type", service("web", {"args": "serve"}), f"{SPEC}.args", "", ["serve"]),
    one("object for a list", "type", network("app", labels={"a": "b"}), "labels", "", [{"label": "a", "value": "b"}]),
    one("number for a boolean", "type", network("app", internal=2), "internal", "", True),
    one("required input missing", "type", Make(SECRET, "key", {}), "data", "", DATA),
    one(
        "required input missing, nested",
        "type",
        service("web", {"mounts": [{"type": "tmpfs"}]}),
        f"{SPEC}.mounts[0].target",
        "",
        "/tmp",
    ),
    one(
        "a word that is not on the list",
        "value",
        service("web", endpointSpec={"mode": "dns"}),
        "endpointSpec.mode",
        "vip or dnsrr",
        "dnsrr",
    ),
    one("a time that is none", "value", service("web", {"stopGracePeriod": "20"}), f"{SPEC}.stopGracePeriod", "90s", "20s"),
    one("data not in base64", "value", Make(SECRET, "key", {"data": "plain text"}), "data", "b64encode", DATA),
    one("a secret that is too large", "value", Make(SECRET, "key", {"data": "A" * 700_000}), "data", "at most 511999", DATA),
    one(
        "a port that there is not",
        "value",
        service("web", endpointSpec=host_port(80443)),
        "endpointSpec.ports[0].publishedPort",
        "to 65535",
        8443,
    ),
    one(
        "too little memory",
        "value",
        service("web", task={"resources": {"limits": {"memoryBytes": 256}}}),
        "taskSpec.resources.limits.memoryBytes",
        "4 MiB",
        256 * 2**20,
    ),
    one(
        "a capability that there is not",
        "value",
        service("web", {"capDrops": ["EVERYTHING"]}),
        f"{SPEC}.capDrops[0]",
        "or ALL",
        "ALL",
    ),
    one(
        "a constraint with one equals sign",
        "value",
        service("web", task={"placement": {"constraints": ["node.hostname=a"]}}),
        "taskSpec.placement.constraints[0]",
        "== or !=",
        "node.hostname==a",
    ),
    one(
        "a relative path",
        "value",
        service("web", {"mounts": [{"type": "bind", "source": "data", "target": "/a"}]}),
        f"{SPEC}.mounts[0].source",
        "begin it with /",
        "/data",
    ),
    one(
        "an image in upper case",
        "value",
        Make(IMAGE, "app", {"name": "Registry/App:1"}),
        "name",
        "lower case",
        "registry/app:1",
    ),
    one("a name that is too long", "name", service("web", name="w" * 64), "name", "at most 63", "w" * 63),
    one("a name with a dot", "name", service("web", name="web.1"), "name", "letters, digits, - and _", "web-1"),
    one(
        "a name that ends in a hyphen",
        "name",
        Make(SECRET, "key", {"data": DATA, "name": "key-"}),
        "name",
        "beginning and ending",
        "key",
    ),
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
