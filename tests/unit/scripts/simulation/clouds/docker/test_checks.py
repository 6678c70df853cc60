from __future__ import annotations

import base64

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
    TAG,
    VOLUME,
)
from scripts.simulation.values import UNKNOWN, Problem, Properties
from tests.unit.scripts.simulation.clouds.docker.engine import DATA, DIGEST, HERE, port, service


def check(token: str, inputs: Properties) -> list[Problem]:
    return list(CLOUD.check(token, inputs, HERE))


def mount(**fields: object) -> Properties:
    return service({"mounts": [{"target": "/a", **fields}]})


def stored(*references: Properties) -> Properties:
    return service({"secrets": references and list(references)})


def bytes_of(size: int) -> str:
    return base64.b64encode(b"x" * size).decode()


WRONG = [
    (SECRET, {"data": "%%%"}, "data", "not base64"),
    (SECRET, {"data": "YQ"}, "data", "not base64"),
    (SECRET, {"data": "Y-Q_"}, "data", "not base64"),
    (SECRET, {"data": ""}, "data", "is empty"),
    (SECRET, {"data": bytes_of(512_000)}, "data", "at most 511999"),
    (CONFIG, {"dataRaw": "x" * 1_024_000}, "dataRaw", "at most 1023999"),
    (CONFIG, {"data": DATA, "dataRaw": "x"}, "dataRaw", "one of the two"),
    (CONFIG, {}, "data", "is missing"),
    (NETWORK, {"ipamConfigs": [{"subnet": "bogus"}]}, "ipamConfigs[0].subnet", "no range"),
    (NETWORK, {"ipamConfigs": [{"subnet": "10.1.0.0/24", "gateway": "10.2.0.1"}]}, "ipamConfigs[0].gateway", "lies outside"),
    (NETWORK, {"ipamConfigs": [{"subnet": "10.1.0.0/24", "ipRange": "10.0.0.0/8"}]}, "ipamConfigs[0].ipRange", "lies outside"),
    (NETWORK, {"ipamConfigs": [{"subnet": "10.1.0.0/24", "gateway": "fd00::1"}]}, "ipamConfigs[0].gateway", "lies outside"),
    (NETWORK, {"ipamConfigs": [{"subnet": "10.1.0.0/24", "gateway": "first"}]}, "ipamConfigs[0].gateway", "no address"),
    (VOLUME, {"cluster": {"scope": "x"}}, "cluster.scope", "single or multi"),
    (PLUGIN, {"name": "a b"}, "name", "no reference of an image"),
    (PLUGIN, {"name": "a", "grantAllPermissions": True, "grantPermissions": []}, "grantPermissions", "one of the two"),
    (REMOTE_IMAGE, {"name": "UPPER/x"}, "name", "lower case"),
    (REMOTE_IMAGE, {"name": "x", "build": {"context": "."}, "pullTriggers": ["a"]}, "build", "one of the two"),
    (TAG, {"sourceImage": "A", "targetImage": "a:1"}, "sourceImage", "lower case"),
    (TAG, {"sourceImage": "a:1", "targetImage": "BAD"}, "targetImage", "lower case"),
    (TAG, {"sourceImage": "a:1", "targetImage": DIGEST}, "targetImage", "name with a tag"),
    (CONTAINER, {"image": "a:1", "restart": "sometimes"}, "restart", "unless-stopped"),
    (CONTAINER, {"image": "a:1", "capabilities": {"adds": ["X"]}}, "capabilities.adds[0]", "no capability"),
    (CONTAINER, {"image": "a:1", "ports": [{"internal": 0}]}, "ports[0].internal", "from 1"),
    (CONTAINER, {"image": "a:1", "cpuSet": "all"}, "cpuSet", "0-3"),
    (CONTAINER, {"image": "BAD"}, "image", "lower case"),
    (CONTAINER, {"image": "a:1", "mounts": [{"type": "bind", "target": "/a"}]}, "mounts[0].source", "is missing"),
    (CONTAINER, {"image": "a:1", "capabilities": {"drops": ["X"]}}, "capabilities.drops[0]", "no capability"),
    (CONTAINER, {"image": "a:1", "healthcheck": {"tests": ["curl"]}}, "healthcheck.tests[0]", "begin with CMD"),
    (CONTAINER, {"image": "a:1", "gpus": "all", "deviceRequests": []}, "deviceRequests", "one of the two"),
    (SERVICE, service({"image": "BAD//x"}), f"{SPEC}.image", "lower case"),
    (SERVICE, service({"stopGracePeriod": "abc"}), f"{SPEC}.stopGracePeriod", "no length of time"),
    (SERVICE, service({"healthcheck": {"interval": "-1s"}}), f"{SPEC}.healthcheck.interval", "no length of time"),
    (SERVICE, service({"healthcheck": {"interval": "1us"}}), f"{SPEC}.healthcheck.interval", "at least 1ms"),
    (SERVICE, service({"healthcheck": {"tests": ["curl", "x"]}}), f"{SPEC}.healthcheck.tests[0]", "begin with CMD"),
    (SERVICE, service({"capDrops": ["NOPE"]}), f"{SPEC}.capDrops[0]", "no capability"),
    (SERVICE, service({"capAdds": ["NOPE"]}), f"{SPEC}.capAdds[0]", "no capability"),
    (SERVICE, service({"configs": [{"configId": "a", "fileName": "f"}]}), f"{SPEC}.configs[0].configName", "beside configId"),
    (
        SERVICE,
        service({"mounts": [{"type": "tmpfs", "target": target} for target in ("/a", "/a/")]}),
        f"{SPEC}.mounts[1].target",
        "mounted twice",
    ),
    (SERVICE, mount(type="volum"), f"{SPEC}.mounts[0].type", "bind, volume or tmpfs"),
    (SERVICE, mount(type="volume", target="rel"), f"{SPEC}.mounts[0].target", "begin it with /"),
    (SERVICE, mount(type="volume", source="/srv"), f"{SPEC}.mounts[0].source", "use type bind"),
    (SERVICE, mount(type="bind"), f"{SPEC}.mounts[0].source", "is missing"),
    (SERVICE, mount(type="bind", source="rel"), f"{SPEC}.mounts[0].source", "begin it with /"),
    (SERVICE, mount(type="tmpfs", source="x"), f"{SPEC}.mounts[0].source", "leave it out"),
    (SERVICE, mount(type="bind", source="/a", tmpfsOptions={}), f"{SPEC}.mounts[0].tmpfsOptions", "belongs to type tmpfs"),
    (SERVICE, stored({"secretId": "a", "fileName": "f"}), f"{SPEC}.secrets[0].secretName", "beside secretId"),
    (
        SERVICE,
        stored(*({"secretId": name, "secretName": name, "fileName": "f"} for name in "ab")),
        f"{SPEC}.secrets[1].fileName",
        "is there twice",
    ),
    (SERVICE, service(mode={"global": True, "replicated": {"replicas": 1}}), "mode.replicated", "beside global"),
    (SERVICE, service(mode={"global": True}, convergeConfig={"delay": "1s"}), "convergeConfig", "beside mode.global"),
    (SERVICE, service(mode={"replicated": {"replicas": -1}}), "mode.replicated.replicas", "below 0"),
    (SERVICE, service(updateConfig={"order": "x"}), "updateConfig.order", "stop-first or start-first"),
    (SERVICE, service(updateConfig={"maxFailureRatio": "2"}), "updateConfig.maxFailureRatio", "from 0.0 to 1.0"),
    (SERVICE, service(rollbackConfig={"failureAction": "rollback"}), "rollbackConfig.failureAction", "pause or continue"),
    (SERVICE, service(endpointSpec={"mode": "foo"}), "endpointSpec.mode", "vip or dnsrr"),
    (SERVICE, service(endpointSpec=port(70000)), "endpointSpec.ports[0].publishedPort", "no port"),
    (SERVICE, service(endpointSpec=port(80, protocol="y")), "endpointSpec.ports[0].protocol", "tcp, udp or sctp"),
    (
        SERVICE,
        service(endpointSpec={"mode": "dnsrr", "ports": [{"targetPort": 80}]}),
        "endpointSpec.ports[0].publishMode",
        "use host",
    ),
    (
        SERVICE,
        service(endpointSpec={"ports": [{"targetPort": inside, "publishedPort": 80} for inside in (1, 2)]}),
        "endpointSpec.ports[1].publishedPort",
        "published twice",
    ),
    (SERVICE, service(task={"resources": {"limits": {"nanoCpus": 1}}}), "taskSpec.resources.limits.nanoCpus", "thousandth"),
    (SERVICE, service(task={"resources": {"limits": {"memoryBytes": 9}}}), "taskSpec.resources.limits.memoryBytes", "4 MiB"),
    (SERVICE, service(task={"placement": {"constraints": ["node.id=a"]}}), "taskSpec.placement.constraints[0]", "== or !="),
    (SERVICE, service(task={"placement": {"constraints": ["host==a"]}}), "taskSpec.placement.constraints[0]", "no node"),
    (SERVICE, service(task={"logDriver": {"name": "nope"}}), "taskSpec.logDriver.name", "json-file"),
    (SERVICE, service({"hosts": [{"ip": "1.2.3", "host": "h"}]}), f"{SPEC}.hosts[0].ip", "no IP address"),
]

IDS = [f"{token.rpartition(':')[2]}: {path}: {words}" for token, _, path, words in WRONG]


@pytest.mark.parametrize(("token", "inputs", "path", "words"), WRONG, ids=IDS)
def test_refused(token: str, inputs: Properties, path: str, words: str) -> None:
    found = check(token, inputs)
    assert [problem.path for problem in found] == [path]
    assert words in found[0].reason


RIGHT = [
    (SECRET, {"data": bytes_of(511_999)}),
    (SECRET, {"data": "YQ==\n"}),
    (CONFIG, {"dataRaw": "text"}),
    (NETWORK, {"ipamConfigs": [{"subnet": "10.1.0.7/24", "gateway": "10.1.0.1", "ipRange": "10.1.0.128/25"}]}),
    (VOLUME, {"cluster": {"scope": "multi", "availability": "drain"}}),
    (CONTAINER, {"image": f"sha256:{'0' * 64}", "ports": [{"internal": 80, "external": 0}], "cpuSet": "0-3,5"}),
    (SERVICE, service({"capDrops": ["ALL"], "capAdds": ["CAP_NET_BIND_SERVICE", "net_raw"]})),
    (SERVICE, mount(type="bind", source="/srv", bindOptions={"propagation": "rprivate"})),
    (SERVICE, mount(type="tmpfs", tmpfsOptions={"sizeBytes": 1})),
    (SERVICE, mount(type="volume", source="data", volumeOptions={})),
    (SERVICE, service(mode={"global": True})),
    (SERVICE, service(task={"placement": {"constraints": ["node.hostname == a", "node.labels.x!=b"]}})),
    (SERVICE, service(task={"logDriver": {"name": "grafana/loki:latest"}})),
    (SERVICE, service(updateConfig={"maxFailureRatio": "0.0", "delay": "0s"})),
    (
        SERVICE,
        service(endpointSpec={"ports": [{"targetPort": 53, "publishedPort": 53, "protocol": p} for p in ("tcp", "udp")]}),
    ),
]


@pytest.mark.parametrize(("token", "inputs"), RIGHT)
def test_accepted(token: str, inputs: Properties) -> None:
    assert check(token, inputs) == []


def unknown(value: object) -> object:
    """The value with every leaf unknown."""
    if isinstance(value, dict):
        return {key: unknown(item) for key, item in value.items()}
    return [unknown(item) for item in value] if isinstance(value, list) else UNKNOWN


@pytest.mark.parametrize(("token", "inputs", "path", "words"), WRONG, ids=IDS)
def test_nothing_is_said_of_values_that_are_unknown(token: str, inputs: Properties, path: str, words: str) -> None:
    hidden = unknown(inputs)
    assert isinstance(hidden, dict)
    known_absence = {"is missing", "beside secretId", "beside configId", "one of the two", "belongs to type tmpfs", "use host"}
    found = check(token, hidden)
    assert not found or words in known_absence, found


def test_a_secret_is_never_shown() -> None:
    assert "hunter2" not in str(check(SECRET, {"data": "hunter2!"})[0])
