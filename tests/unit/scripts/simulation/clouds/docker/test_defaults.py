from __future__ import annotations

from scripts.simulation.clouds.docker.catalogue import CONTAINER, NETWORK, SERVICE, SPEC, VOLUME
from scripts.simulation.clouds.docker.defaults import added
from scripts.simulation.values import UNKNOWN, select
from tests.unit.scripts.simulation.clouds.docker.engine import service


def test_a_service_as_the_provider_completes_it() -> None:
    found = added(
        SERVICE,
        service(
            {"healthcheck": {"interval": "60s"}, "secrets": [{"secretId": "a", "fileMode": 0o400}, UNKNOWN]},
            mode={"replicated": {}},
            updateConfig={"order": "start-first"},
            endpointSpec={"ports": [{"targetPort": 80}]},
        ),
    )
    container = found["taskSpec"]["containerSpec"]
    assert container["isolation"] == "default"
    assert container["healthcheck"] == {"interval": "60s", "timeout": "0s", "startPeriod": "0s"}
    assert container["secrets"] == [{"secretId": "a", "fileMode": 0o400, "fileUid": "0", "fileGid": "0"}, UNKNOWN]
    assert found["mode"] == {"replicated": {"replicas": 1}}
    assert found["updateConfig"]["order"] == "start-first"
    assert found["updateConfig"]["monitor"] == "5s"
    assert found["endpointSpec"] == {"ports": [{"targetPort": 80, "protocol": "tcp", "publishMode": "ingress"}]}
    assert "rollbackConfig" not in found


def test_nothing_is_added_twice() -> None:
    given = service({"secrets": [{"secretId": "a"}]})
    once = {**given, **added(SERVICE, given)}
    assert added(SERVICE, once) == {}


def test_top_level_defaults() -> None:
    assert added(CONTAINER, {"image": "a:1", "restart": "always"})["networkMode"] == "bridge"
    assert "restart" not in added(CONTAINER, {"image": "a:1", "restart": "always"})
    assert added(NETWORK, {}) == {"ipamDriver": "default"}


def test_inputs_of_a_wrong_type_are_left_alone() -> None:
    for wrong in (UNKNOWN, "text", 3, [1], {"ports": "text"}, {"ports": ["text"]}):
        assert added(SERVICE, {"endpointSpec": wrong, "taskSpec": wrong}) == {}
    assert added(VOLUME, {"cluster": [1]}) == {}


def test_what_was_given_is_not_changed() -> None:
    given = service({"secrets": [{"secretId": "a"}]})
    added(SERVICE, given)
    assert list(select(given, f"{SPEC}.secrets[*].fileMode")) == []
