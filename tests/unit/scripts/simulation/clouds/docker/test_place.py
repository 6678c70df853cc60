from __future__ import annotations

import pytest

from scripts.simulation.clouds.docker import CLOUD
from scripts.simulation.values import Problem
from scripts.simulation.world import Place


@pytest.mark.parametrize(
    "host",
    [
        "unix:///var/run/docker.sock",
        "ssh://root@node-1.example",
        "ssh://node-1:2222",
        "tcp://10.0.0.1:2376",
        "tcp://[::1]:2376",
        "npipe:////./pipe/docker_engine",
    ],
)
def test_addresses_of_engines(host: str) -> None:
    assert CLOUD.place({"host": host}) == Place("docker", host, "")


@pytest.mark.parametrize("host", ["bogus", "tcp://10.0.0.1", "https://10.0.0.1:1", "unix://", "ssh://a b"])
def test_no_addresses(host: str) -> None:
    found = CLOUD.place({"host": host})
    assert isinstance(found, Problem)
    assert found.path == "host"
    assert "give unix://" in found.reason


def test_without_a_host_it_is_this_one() -> None:
    assert CLOUD.place({}) == Place("docker", "unix:///var/run/docker.sock", "")
