"""Policies of private buckets: TLS only first, then what the caller adds; names that no length makes wrong."""

from __future__ import annotations

import json
import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pulumi import Output

from components import naming
from components.aws.buckets import BucketPlace, Statement, bucket_policy, private_bucket
from components.contract import Identity
from components.spec import Environment
from scripts.simulation.clouds.aws.names import RULES
from tests.harness.alone import Alone, alone
from tests.harness.targets import base

PLACE = BucketPlace("arn:aws:s3:::logs", "123456789012", "aws", "eu-central-1")


def delivery(place: BucketPlace) -> list[Statement]:
    return [
        {
            "Sid": "Delivery",
            "Effect": "Allow",
            "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
            "Action": "s3:PutObject",
            "Resource": f"{place.arn}/AWSLogs/{place.account}/*",
        }
    ]


def test_a_policy_begins_with_tls_only_and_has_what_the_caller_adds() -> None:
    assert [one["Sid"] for one in json.loads(bucket_policy(PLACE))["Statement"]] == ["TlsOnly"]
    [_, added] = json.loads(bucket_policy(PLACE, delivery))["Statement"]
    assert added == delivery(PLACE)[0]


def test_a_bucket_for_logs_has_s3s_own_key_and_an_end() -> None:
    found = built(expire_days=90, statements=delivery)
    [rule] = found.one(":BucketServerSideEncryptionConfiguration").inputs["rules"]
    assert rule["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "AES256"}
    assert rule["bucketKeyEnabled"] is False
    rules = {rule["id"]: rule for rule in found.one(":BucketLifecycleConfiguration").inputs["rules"]}
    assert rules["old-objects"]["expiration"] == {"days": 90}
    assert "logdelivery" in found.one(":BucketPolicy").inputs["policy"]
    assert found.known["ready"] == 2


def built(**options: Any) -> Alone:
    def make(_: Any, identity: Any, opts: Any) -> dict[str, Output[Any]]:
        made = private_bucket("penguinmails-logs", identity, "edge", "logs", opts.parent, versioned=False, **options)
        return {"ready": Output.from_input(len(made.ready))}

    return alone(base("aws"), make)


@given(st.text(max_size=80), st.text(max_size=40), st.text(max_size=80))
def test_any_platforms_bucket_has_a_right_name(project: str, stack: str, role: str) -> None:
    identity = Identity(project or "p", stack or "s", Environment.PRODUCTION)
    name = f"{naming.physical(identity, f'b-{role}', naming.BUCKET_LIMIT)}-123456789012"
    rule = RULES["aws:s3/bucket:Bucket"]
    assert len(name) <= rule.longest
    assert re.fullmatch(rule.allowed, name)
