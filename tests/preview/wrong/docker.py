"""Wrong programs for Docker. Names of types as the SDK has them."""

from __future__ import annotations

import base64
from typing import Any

from tests.preview.wrong.model import ABSENT, Make, one

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


def host_port(number: int) -> dict[str, Any]:
    return {"mode": "dnsrr", "ports": [{"targetPort": 80, "publishedPort": number, "publishMode": "host"}]}


CASES = (
    one("unknown property", "type", Make(SECRET, "key", {"data": DATA, "datta": "x"}), "datta", "not a known property", ABSENT),
    one(
        "unknown property, one level down",
        "type",
        service("web", task={"replicas": 2}),
        "taskSpec.replicas",
        "not a known property",
        ABSENT,
    ),
    one(
        "unknown property, two levels down",
        "type",
        service("web", {"imagee": "a"}),
        f"{SPEC}.imagee",
        "not a known property",
        ABSENT,
    ),
    one(
        "unknown property, three levels down",
        "type",
        service("web", {"healthcheck": {"intervall": "5s"}}),
        f"{SPEC}.healthcheck.intervall",
        "did you mean interval",
        ABSENT,
    ),
    one(
        "text for a number",
        "type",
        service("web", mode={"replicated": {"replicas": "two"}}),
        "mode.replicated.replicas",
        "a whole number, not a string",
        2,
    ),
    one("text for a list", "type", service("web", {"args": "serve"}), f"{SPEC}.args", "a list, not a string", ["serve"]),
    one(
        "object for a list",
        "type",
        network("app", labels={"a": "b"}),
        "labels",
        "a list, not an object",
        [{"label": "a", "value": "b"}],
    ),
    one("number for a boolean", "type", network("app", internal=2), "internal", "a boolean, not a number", True),
    one("required input missing", "type", Make(SECRET, "key", {}), "data", "required and missing", DATA),
    one(
        "required input missing, nested",
        "type",
        service("web", {"mounts": [{"type": "tmpfs"}]}),
        f"{SPEC}.mounts[0].target",
        "required and missing",
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
)
