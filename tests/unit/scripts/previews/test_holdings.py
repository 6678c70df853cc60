"""Which types hold data."""

from __future__ import annotations

from typing import Any

import pytest

from scripts.previews.holdings import HOLDINGS, lost
from scripts.simulation.schema import installed

SERVICE = "docker:index/service:Service"


def service(*sources: str) -> dict[str, Any]:
    mounts: list[Any] = [{"type": "volume", "source": source, "target": f"/{source}"} for source in sources]
    return {"taskSpec": {"containerSpec": {"mounts": [*mounts, {"type": "tmpfs", "target": "/tmp"}]}}}


def test_every_type_exists_in_its_sdk() -> None:
    unknown = [token for token in HOLDINGS if token not in installed.classes(installed.package_of(token))]
    assert unknown == []


def test_every_cloud_has_databases_queues_files_keys_secrets_zones_and_backups() -> None:
    for cloud in ("aws", "azure-native", "gcp"):
        held = {what for token, what in HOLDINGS.items() if token.startswith(f"{cloud}:")}
        assert {"its rows", "its messages", "its files", "its backups", "secrets that others read"} <= held
        assert {"the key that encrypts other data", "its records and name servers"} <= held


@pytest.mark.parametrize(
    ("action", "expected"), [("create", ""), ("update", ""), ("same", ""), ("replace", "its rows"), ("delete", "its rows")]
)
def test_a_database_is_lost_when_it_is_replaced_or_deleted(action: str, expected: str) -> None:
    assert lost("aws:rds/instance:Instance", action, {}, {}) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"deletionProtection": True}, {"deletionProtection": False}, "its protection against deletion"),
        ({"deletionProtection": True}, {}, "its protection against deletion"),
        ({"deletionProtection": False}, {"deletionProtection": True}, ""),
        ({"settings": {"deletionProtectionEnabled": True}}, {"settings": {}}, "its protection against deletion"),
        ({"deletionProtection": "[unknown]"}, {"deletionProtection": False}, ""),
    ],
)
def test_a_protection_that_is_taken_off_is_a_loss(old: Any, new: Any, expected: str) -> None:
    assert lost("aws:rds/instance:Instance", "update", old, new) == expected


@pytest.mark.parametrize(
    ("action", "old", "new", "expected"),
    [
        ("update", service("data"), service("data"), ""),
        ("update", service("data"), service("other"), "the volume data"),
        ("update", service("a", "b"), service(), "the volume a and b"),
        ("update", service(), service("data"), ""),
        ("replace", service("data"), service("data"), "the volume data"),
        ("replace", service(), service(), ""),
        ("delete", service("data"), {}, "the volume data"),
        ("create", {}, service("data"), ""),
        ("update", {"taskSpec": "[secret]"}, service("data"), ""),
    ],
)
def test_a_service_holds_the_volumes_that_it_mounts(action: str, old: Any, new: Any, expected: str) -> None:
    assert lost(SERVICE, action, old, new) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"host": "ssh://a"}, {"host": "ssh://b"}, "all that is on the host that it leaves"),
        ({}, {"host": "ssh://b"}, "all that is on the host that it leaves"),
        ({"host": "ssh://a"}, {"host": "ssh://a", "sshOpts": ["-q"]}, ""),
    ],
)
def test_a_provider_of_docker_leaves_everything_on_its_host(old: Any, new: Any, expected: str) -> None:
    assert lost("pulumi:providers:docker", "update", old, new) == expected
