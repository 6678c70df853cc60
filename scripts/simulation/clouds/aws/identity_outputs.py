"""Computed outputs of keys, secrets and identities."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping

from scripts.simulation.clouds.aws import place
from scripts.simulation.clouds.aws.forms import digits
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Value

_MADE = "2026-01-01T00:00:00Z"


def key(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    return {
        "keyId": identifier,
        "description": "",
        "multiRegion": False,
        "policy": default_key_policy(candidate),
        "rotationPeriodInDays": 365 if candidate.inputs.get("enableKeyRotation") is True else 0,
    }


def default_key_policy(candidate: Candidate) -> str:
    """What KMS writes into a key without a policy: the account may do everything, and let its roles do so."""
    root = f"arn:{place.partition(candidate.place.region)}:iam::{candidate.place.account}:root"
    statement = {
        "Action": "kms:*",
        "Effect": "Allow",
        "Principal": {"AWS": root},
        "Resource": "*",
        "Sid": "Enable IAM User Permissions",
    }
    return json.dumps({"Id": "key-default-1", "Statement": [statement], "Version": "2012-10-17"}, separators=(",", ":"))


def alias(candidate: Candidate, _: str) -> Mapping[str, Value]:
    target, where = str(candidate.inputs.get("targetKeyId")), candidate.place
    prefix = f"arn:{place.partition(where.region)}:kms:{where.region}:{where.account}:key/"
    return {"targetKeyArn": target if target.startswith("arn:") else prefix + target}


def secret(_: Candidate, __: str) -> Mapping[str, Value]:
    return {"policy": "", "replicas": []}


def secret_version(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    owner, version = identifier.rsplit("|", 1)
    return {
        "arn": owner,
        "secretArn": owner,
        "versionId": version,
        "versionStages": ["AWSCURRENT"],
        "hasSecretStringWo": candidate.inputs.get("secretStringWo") is not None,
    }


def role(_: Candidate, __: str) -> Mapping[str, Value]:
    return {"createDate": _MADE, "managedPolicyArns": [], "inlinePolicies": []}


def policy(_: Candidate, __: str) -> Mapping[str, Value]:
    return {"attachmentCount": 0}


def made(_: Candidate, __: str) -> Mapping[str, Value]:
    return {"createDate": _MADE}


def access_key(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    value = digits("lower", 40, f"{identifier}/secret")
    return {
        "createDate": _MADE,
        "secret": value,
        "encryptedSecret": "",
        "encryptedSesSmtpPasswordV4": "",
        "keyFingerprint": "",
        "sesSmtpPasswordV4": smtp_password(value, candidate.place.region),
        "status": "Active",
    }


def smtp_password(value: str, region: str) -> str:
    """The password that SES takes over SMTP, from a secret access key: the documented derivation, version 4."""
    signature = f"AWS4{value}".encode()
    for part in ("11111111", region, "ses", "aws4_request", "SendRawEmail"):
        signature = hmac.new(signature, part.encode(), hashlib.sha256).digest()
    return base64.b64encode(b"\x04" + signature).decode()


OUTPUTS: Mapping[str, Callable[[Candidate, str], Mapping[str, Value]]] = {
    "aws:iam/accessKey:AccessKey": access_key,
    "aws:iam/instanceProfile:InstanceProfile": made,
    "aws:iam/policy:Policy": policy,
    "aws:iam/role:Role": role,
    "aws:kms/alias:Alias": alias,
    "aws:kms/key:Key": key,
    "aws:secretsmanager/secret:Secret": secret,
    "aws:secretsmanager/secretVersion:SecretVersion": secret_version,
}
