"""An exported state: secrets become unreadable, resources stand where their provider works."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scripts.previews import imported
from scripts.simulation.passphrase import Passphrase
from scripts.simulation.server.differences import compare
from scripts.simulation.values import UNREADABLE
from scripts.toolchain.process import Failure

PASSPHRASE = Passphrase.new()
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = {SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:canary:canary"}
PLAIN = {SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", "plaintext": '"canary"'}
PROVIDER = "urn:pulumi:test::penguinmails::pulumi:providers:aws::penguinmails-aws"


def export(stack: str = "test") -> dict[str, Any]:
    bucket = f"urn:pulumi:{stack}::penguinmails::aws:s3/bucket:Bucket::data"
    provider = {"urn": PROVIDER.replace("test", stack), "type": "pulumi:providers:aws", "id": "p1", "custom": True}
    resource = {"urn": bucket, "type": "aws:s3/bucket:Bucket", "id": "data-1", "custom": True, "provider": f"{PROVIDER}::p1"}
    values = {"bucket": "data-1", "tags": {"a": SECRET, "b": [PLAIN]}}
    resources = [
        {**provider, "inputs": {"region": "eu-west-1", "secretKey": SECRET}},
        {**resource, "inputs": values, "outputs": values},
        {**resource, "id": "data-0", "delete": True},
    ]
    return {"version": 3, "deployment": {"pending_operations": [1], "secrets_providers": {}, "resources": resources}}


def loaded(tmp_path: Path, content: Any, stack: str = "test") -> imported.Imported:
    file = tmp_path / "state.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return imported.load(file, stack, PASSPHRASE)


def test_no_secret_is_left_and_the_engine_can_decrypt_what_stands_there(tmp_path: Path) -> None:
    found = loaded(tmp_path, export())
    text = json.dumps(found.deployment)
    assert "canary" not in text
    assert "canary" not in repr(found.resources)
    assert found.deployment["secrets_providers"]["state"]["salt"].startswith("v1:")
    assert "pending_operations" not in found.deployment


def test_resources_are_in_the_world_once_and_where_their_provider_works(tmp_path: Path) -> None:
    [bucket] = loaded(tmp_path, export()).resources
    assert (bucket.id, bucket.place.cloud, bucket.place.region) == ("data-1", "aws", "eu-west-1")
    assert bucket.inputs["tags"] == {"a": UNREADABLE, "b": [UNREADABLE]}


def test_an_unreadable_value_differs_from_nothing_and_others_do() -> None:
    old = {"data": UNREADABLE, "list": [UNREADABLE], "name": "a"}
    assert compare(old, {"data": "x", "list": ["y"], "name": "a"}, frozenset()).changed == {}
    assert compare(old, {"data": "x", "list": ["y"], "name": "b"}, frozenset()).changed == {"name": "update"}


NETWORK = {"urn": "urn:pulumi:test::penguinmails::docker:index/network:Network::n", "type": "docker:index/network:Network"}
BROKEN = (
    {"version": 3, "deployment": {"resources": [{**NETWORK, "custom": True}]}},
    {"version": 3, "deployment": {"resources": [{"urn": NETWORK["urn"]}]}},
    {"version": 3, "deployment": {"resources": [{**NETWORK, "urn": "x"}]}},
    {"version": "three", "deployment": {"resources": []}},
)


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"deployment": 1}', '{"deployment": {"resources": [1]}}', *map(json.dumps, BROKEN)],
)
def test_what_is_no_export_is_one_sentence(tmp_path: Path, content: str) -> None:
    with pytest.raises(Failure, match="is not what `pulumi stack export` writes"):
        loaded(tmp_path, content)


def test_the_state_of_another_stack_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="is of the stack other; name that stack"):
        loaded(tmp_path, export("other"))


def test_the_state_of_another_project_is_refused(tmp_path: Path) -> None:
    """Its resources would be taken for ones that this change deletes."""
    text = json.dumps(export()).replace("::penguinmails::", "::elsewhere::")
    with pytest.raises(Failure, match="is of the project elsewhere, not penguinmails"):
        loaded(tmp_path, text)
