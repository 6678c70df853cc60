from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts.simulation.clouds.gcp import CLOUD, discovery, references, replacement
from scripts.simulation.clouds.gcp.types import BY_TOKEN
from scripts.simulation.schema import store
from tests.unit.scripts.simulation.clouds.azure.test_replacement import _input
from tests.unit.scripts.simulation.clouds.gcp.platform import whole


@pytest.mark.parametrize(
    ("token", "replaced", "updated"),
    [
        ("sql.DatabaseInstance", "region", "databaseVersion"),
        ("pubsub.Subscription", "topic", "ackDeadlineSeconds"),
        ("compute.Subnetwork", "network", "ipCidrRange"),
        ("dns.ManagedZone", "dnsName", "description"),
        ("pubsub.TopicIAMMember", "member", "etag"),
        ("pubsub.TopicIAMBinding", "role", "members"),
    ],
)
def test_what_makes_a_new_one(token: str, replaced: str, updated: str) -> None:
    found = CLOUD.replaces(f"gcp:{whole(token)}")
    assert found is not None
    assert replaced in found
    assert updated not in found


@pytest.mark.slow
def test_every_pattern_is_an_input_of_the_sdk() -> None:
    store.prepare(replacement.TABLE)
    for token in replacement.TABLE:
        schema = store.schema(token)
        assert schema is not None, token
        for pattern in (*replacement.TABLE[token], *(reference.path for reference in references.of(token))):
            assert _input(schema, pattern), f"{token} {pattern}"


def test_types_are_listed_with_what_replaces_them() -> None:
    assert set(replacement.TABLE) <= {*BY_TOKEN}


def test_of_other_types_google_says_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PENGUINMAILS_CACHE", str(tmp_path))
    discovery._immutable.cache_clear()
    discovery._marked.cache_clear()
    try:
        found = CLOUD.replaces("gcp:oracledatabase/cloudVmCluster:CloudVmCluster")
        assert found is not None
        assert {"cidr", "location", "project"} <= found
        (kept,) = tmp_path.glob("models/google-discovery-*/oracledatabase.v1.json")
        assert "cidr" in json.loads(kept.read_text(encoding="utf-8"))["CloudVmCluster"]
        kept.write_text(json.dumps({"CloudVmCluster": ["other"]}), encoding="utf-8")
        discovery._immutable.cache_clear()
        discovery._marked.cache_clear()
        assert "other" in (CLOUD.replaces("gcp:oracledatabase/cloudVmCluster:CloudVmCluster") or ())
    finally:
        discovery._immutable.cache_clear()
        discovery._marked.cache_clear()


def test_of_what_google_says_nothing_nothing_is_known() -> None:
    assert CLOUD.replaces("gcp:redis/instance:Instance") is None
    assert CLOUD.replaces("gcp:nowhere/thing:Thing") is None


def test_what_counts_as_immutable() -> None:
    properties = {
        "region": {"description": "Immutable. Where it is."},
        "state": {"description": "Output only. Immutable.", "readOnly": True},
        "tags": {"description": "Immutable. Tags."},
        "size": {"description": "How large."},
    }
    assert discovery.read_document({"schemas": {"A": {"properties": properties}, "B": {}}}) == {"A": ["region"]}


def test_what_may_stand_in_a_reference_is_listed() -> None:
    owners = {token for token in BY_TOKEN if references.of(token)}
    assert len(owners) > 25
    for token in owners:
        for reference in references.of(token):
            known = {kind for kind in reference.tokens if kind in BY_TOKEN or kind.startswith("gcp:cloudrun/")}
            assert set(reference.tokens) == known, (token, reference)
