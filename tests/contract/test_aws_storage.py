"""The bucket for objects on a simulated AWS: private, encrypted, kept outside development, and no more rights than needed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pulumi import Output

from components.aws.storage import Storage
from components.contract import StorageArgs
from scripts.simulation.clouds.aws import replacement
from tests.harness.alone import Alone, alone
from tests.harness.targets import base

ENVIRONMENTS = ("development", "staging", "production")
NAME = "penguinmails-test-objects-123456789012"


def built(environment: str = "production", **storage: Any) -> Alone:
    def make(spec: Any, identity: Any, options: Any) -> dict[str, Output[Any]]:
        found = Storage("penguinmails-storage", StorageArgs(identity, spec.storage), options).outputs
        assert found.id is not None
        assert found.resource is not None
        return {
            "id": found.id,
            "arn": found.resource,
            "url": Output.from_input(found.binding.variables["OBJECT_STORE_URL"]),
            "rights": Output.all(
                *(Output.all(list(one.actions), Output.all(*one.resources), one.reason) for one in found.binding.permissions)
            ),
        }

    return alone(base("aws", environment=environment, storage=storage), make)


@pytest.fixture(params=ENVIRONMENTS)
def environment(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_services_know_the_bucket_by_its_address() -> None:
    known = built().known
    assert known["url"] == f"s3://{NAME}"
    assert (known["id"], known["arn"]) == (NAME, f"arn:aws:s3:::{NAME}")


def test_a_service_may_read_and_write_objects_and_nothing_else() -> None:
    found = built()
    [objects, listing, encryption] = found.known["rights"]
    assert objects[:2] == [["s3:DeleteObject", "s3:GetObject", "s3:PutObject"], [f"arn:aws:s3:::{NAME}/*"]]
    assert listing[:2] == [["s3:ListBucket"], [f"arn:aws:s3:::{NAME}"]]
    assert encryption[0] == ["kms:Decrypt", "kms:GenerateDataKey"]
    assert all(":key/" in key for key in encryption[1])
    assert all(reason for _, _, reason in found.known["rights"])
    assert "s3.eu-central-1.amazonaws.com" in found.one(":Key").inputs["policy"]


def test_the_bucket_is_closed_to_the_public(environment: str) -> None:
    found = built(environment)
    block = found.one(":BucketPublicAccessBlock").inputs
    flags = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    assert {block[flag] for flag in flags} == {True}
    assert found.one(":BucketOwnershipControls").inputs["rule"] == {"objectOwnership": "BucketOwnerEnforced"}
    [statement] = json.loads(found.one(":BucketPolicy").inputs["policy"])["Statement"]
    assert statement["Effect"] == "Deny"
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert statement["Resource"] == [f"arn:aws:s3:::{NAME}", f"arn:aws:s3:::{NAME}/*"]


def test_objects_are_encrypted_under_the_platforms_own_key(environment: str) -> None:
    [rule] = built(environment).one(":BucketServerSideEncryptionConfiguration").inputs["rules"]
    default = rule["applyServerSideEncryptionByDefault"]
    assert default["sseAlgorithm"] == "aws:kms"
    assert ":key/" in default["kmsMasterKeyId"]
    assert rule["bucketKeyEnabled"] is True
    assert rule["blockedEncryptionTypes"] == ["SSE-C"]


def test_the_bucket_outlives_a_mistake_outside_development(environment: str) -> None:
    found, keeps = built(environment), environment != "development"
    assert found.one("/bucket:Bucket").inputs["forceDestroy"] is not keeps
    assert {one.protect for one in found.resources if ":s3/" in one.typ} == {keeps}


@pytest.mark.parametrize(
    ("environment", "asked", "status"),
    [
        ("development", None, "Suspended"),
        ("development", True, "Enabled"),
        ("production", None, "Enabled"),
        ("production", False, "Suspended"),
    ],
)
def test_versions_are_kept_as_asked_else_outside_development(environment: str, asked: bool | None, status: str) -> None:
    found = built(environment, versioned=asked)
    assert found.one(":BucketVersioning").inputs["versioningConfiguration"] == {"status": status}
    rules = {rule["id"]: rule for rule in found.one(":BucketLifecycleConfiguration").inputs["rules"]}
    assert set(rules) == {"incomplete-uploads", "old-versions"}
    assert rules["incomplete-uploads"]["abortIncompleteMultipartUpload"] == {"daysAfterInitiation": 7}
    assert rules["old-versions"]["noncurrentVersionExpiration"] == {"noncurrentDays": 30}
    assert {rule["status"] for rule in rules.values()} == {"Enabled"}


def test_nothing_of_the_description_replaces_the_bucket() -> None:
    before = built("development", versioned=False)
    after = built("production", versioned=True)
    for one in before.resources:
        if not one.typ.startswith("aws:"):
            continue
        grown = after.named(one.name).inputs
        changed = {key for key in {*one.inputs, *grown} if one.inputs.get(key) != grown.get(key)}
        assert not changed & (replacement.replaces(one.typ) or frozenset()), one.name
