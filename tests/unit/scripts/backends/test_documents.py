"""What the policies of a backend allow, and that they allow no more."""

from __future__ import annotations

import json
from typing import Any

from scripts.backends.aws import documents

BUCKET, STATE, SECRETS = "arn:aws:s3:::b", "arn:aws:kms:eu-central-1:111122223333:key/s", "arn:aws:kms:eu-central-1:1:key/t"


def read(text: str) -> list[dict[str, Any]]:
    return list(json.loads(text)["Statement"])


def test_a_deployer_may_do_what_pulumis_backend_does_and_nothing_else() -> None:
    allowed = {
        (action, statement["Resource"])
        for statement in read(documents.deployer(BUCKET, STATE, SECRETS, region="eu-central-1"))
        for action in statement["Action"]
    }
    assert allowed == {
        ("s3:ListBucket", BUCKET),
        ("s3:GetObject", f"{BUCKET}/.pulumi/*"),
        ("s3:PutObject", f"{BUCKET}/.pulumi/*"),
        ("s3:DeleteObject", f"{BUCKET}/.pulumi/*"),
        ("kms:GenerateDataKey", STATE),
        ("kms:Decrypt", STATE),
        ("kms:Encrypt", SECRETS),
        ("kms:Decrypt", SECRETS),
    }


def test_the_key_of_the_bucket_is_used_through_s3_only() -> None:
    [through] = [one for one in read(documents.deployer(BUCKET, STATE, SECRETS, region="eu-west-1")) if one.get("Condition")]
    assert through["Resource"] == STATE
    assert through["Condition"] == {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}
    for statement in read(documents.state_key("111122223333", "aws", "eu-west-1")):
        uses = {"kms:Decrypt", "kms:Encrypt"} & set(statement["Action"])
        assert not uses or statement["Condition"]["StringEquals"]["kms:ViaService"] == ["s3.eu-west-1.amazonaws.com"]


def test_the_key_of_secrets_belongs_to_the_account_alone() -> None:
    statements = read(documents.secrets_key("111122223333", "aws-us-gov", "us-gov-west-1"))
    assert {json.dumps(one["Principal"]) for one in statements} == {'{"AWS": "arn:aws-us-gov:iam::111122223333:root"}'}
    assert "kms:*" not in {action for one in statements for action in one["Action"]}


def test_plain_text_and_old_tls_are_denied_everywhere_in_the_bucket() -> None:
    for statement in read(documents.tls_only(BUCKET)):
        assert (statement["Effect"], statement["Principal"]) == ("Deny", "*")
        assert statement["Resource"] == [BUCKET, f"{BUCKET}/*"]


def test_untagged_images_go_and_the_newest_stay() -> None:
    untagged, newest = json.loads(documents.image_lifecycle())["rules"]
    assert untagged["selection"]["tagStatus"] == "untagged"
    assert newest["selection"]["countNumber"] == documents.KEPT_IMAGES
    assert untagged["rulePriority"] < newest["rulePriority"]
