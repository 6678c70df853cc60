"""Computed outputs of queues, containers, names, certificates, mail, storage and monitoring."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from scripts.simulation.clouds.aws import place
from scripts.simulation.clouds.aws.forms import digits
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Value


def queue(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    own_key = candidate.inputs.get("kmsMasterKeyId") is not None
    return {
        "url": identifier,
        "policy": "",
        "redrivePolicy": "",
        "redriveAllowPolicy": "",
        "kmsDataKeyReusePeriodSeconds": 300,
        "sqsManagedSseEnabled": not own_key,
        "deduplicationScope": "",
        "fifoThroughputLimit": "",
    }


def task_definition(_: Candidate, identifier: str) -> Mapping[str, Value]:
    """The revision is in the id; see `ids`."""
    return {"revision": int(identifier.rpartition(":")[2]), "networkMode": "bridge"}


def task_definition_arns(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    where, family = candidate.place, identifier.rpartition(":")[0]
    arn = f"arn:{place.partition(where.region)}:ecs:{where.region}:{where.account}:task-definition/{family}"
    return {**task_definition(candidate, identifier), "arnWithoutRevision": arn}


def ecs_service(candidate: Candidate, _: str) -> Mapping[str, Value]:
    where = candidate.place
    linked = (
        f"arn:{place.partition(where.region)}:iam::{where.account}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"
    )
    fargate = candidate.inputs.get("launchType") == "FARGATE"
    return {
        "iamRole": linked,
        "platformVersion": "LATEST" if fargate else "",
        "launchType": "" if candidate.inputs.get("capacityProviderStrategies") else "EC2",
        "cluster": f"arn:{place.partition(where.region)}:ecs:{where.region}:{where.account}:cluster/default",
        "triggers": {},
    }


def certificate(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    """One validation option a name; a name and its wildcard share their record."""
    inputs = candidate.inputs
    name = str(inputs.get("domainName") or "")
    names = [name, *(other for other in inputs.get("subjectAlternativeNames") or () if other != name)]
    by_dns = inputs.get("validationMethod") == "DNS"
    return {
        "domainValidationOptions": [_validation(identifier, one) for one in names] if by_dns and name else [],
        "subjectAlternativeNames": names,
        "validationMethod": "NONE",
        "keyAlgorithm": "RSA_2048",
        "status": "PENDING_VALIDATION" if by_dns else "ISSUED",
        "type": "AMAZON_ISSUED" if name and not inputs.get("certificateAuthorityArn") else "IMPORTED",
        "validationEmails": [],
        "renewalEligibility": "INELIGIBLE",
        "renewalSummaries": [],
        "pendingRenewal": False,
        "notAfter": "",
        "notBefore": "",
    }


def _validation(identifier: str, name: str) -> dict[str, Value]:
    base = name.removeprefix("*.")
    target = f"_{digits('hex', 32, f'{identifier}/{base}/value')}.{digits('lower', 10, base)}"
    return {
        "domainName": name,
        "resourceRecordName": f"_{digits('hex', 32, f'{identifier}/{base}/name')}.{base}.",
        "resourceRecordType": "CNAME",
        "resourceRecordValue": f"{target}.acm-validations.aws.",
    }


def zone(_: Candidate, identifier: str) -> Mapping[str, Value]:
    ends = ("com", "net", "org", "co.uk")
    number = int(digits("number", 6, identifier))
    servers = [
        f"ns-{(number + 512 * index) % 2048}.awsdns-{(number // 8 + index) % 64:02d}.{end}" for index, end in enumerate(ends)
    ]
    return {"zoneId": identifier, "nameServers": sorted(servers), "primaryNameServer": min(servers)}


def record(candidate: Candidate, _: str) -> Mapping[str, Value]:
    return {"fqdn": str(candidate.inputs.get("name") or "").rstrip(".")}


def signing_key(_: Candidate, identifier: str) -> Mapping[str, Value]:
    tag, digest = int(digits("number", 4, identifier)) + 1, digits("hex", 64, identifier).upper()
    public = digits("upper", 86, identifier) + "=="
    return {
        "digestAlgorithmMnemonic": "SHA-256",
        "digestAlgorithmType": 2,
        "digestValue": digest,
        "dnskeyRecord": f"257 3 13 {public}",
        "dsRecord": f"{tag} 13 2 {digest}",
        "flag": 257,
        "keyTag": tag,
        "publicKey": public,
        "signingAlgorithmMnemonic": "ECDSAP256SHA256",
        "signingAlgorithmType": 13,
    }


def bucket(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    region = candidate.place.region
    end = place.domain(region)
    return {
        "bucketDomainName": f"{identifier}.s3.{end}",
        "bucketRegionalDomainName": f"{identifier}.s3.{region}.{end}",
        "bucketRegion": region,
        "hostedZoneId": f"Z{digits('upper', 13, f's3/{region}')}",
        "policy": "",
        "accelerationStatus": "",
        "requestPayer": "BucketOwner",
        "acl": "",
        "bucketNamespace": "global",
        "bucketPrefix": "",
        "serverSideEncryptionConfiguration": {"rule": {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}},
        "versioning": {"enabled": False, "mfaDelete": False},
        **{key: {} for key in ("logging", "objectLockConfiguration", "replicationConfiguration", "website")},
        "objectLockEnabled": False,
        "websiteDomain": "",
        "websiteEndpoint": "",
    }


def topic(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    actions = ("AddPermission", "DeleteTopic", "GetTopicAttributes", "ListSubscriptionsByTopic", "Publish", "RemovePermission")
    statement = {
        "Action": [f"SNS:{action}" for action in (*actions, "SetTopicAttributes", "Subscribe")],
        "Condition": {"StringEquals": {"AWS:SourceOwner": candidate.place.account}},
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Resource": identifier,
        "Sid": "__default_statement_ID",
    }
    policy = {"Id": "__default_policy_ID", "Statement": [statement], "Version": "2008-10-17"}
    return {
        "policy": json.dumps(policy, separators=(",", ":")),
        "maximumMessageSize": 262144,
        "signatureVersion": 1,
        "tracingConfig": "PassThrough",
        "beginningArchiveTime": "",
    }


def subscription(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    """Mail addresses and web hooks must confirm first."""
    waits = str(candidate.inputs.get("protocol")) in {"email", "email-json", "http", "https"}
    return {
        "arn": identifier,
        "ownerId": candidate.place.account,
        "pendingConfirmation": waits,
        "confirmationWasAuthenticated": not waits,
        "filterPolicyScope": "",
    }


def email_identity(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    given = candidate.inputs.get("dkimSigningAttributes")
    own = dict(given) if isinstance(given, Mapping) else {}
    supplied = "domainSigningPrivateKey" in own
    tokens = [own.get("domainSigningSelector")] if supplied else [digits("lower", 32, f"{identifier}/{n}") for n in range(3)]
    computed = {
        "signingAttributesOrigin": "EXTERNAL" if supplied else "AWS_SES",
        "status": "PENDING",
        "tokens": tokens,
        "currentSigningKeyLength": "" if supplied else "RSA_2048_BIT",
        "nextSigningKeyLength": "RSA_2048_BIT",
        "lastKeyGenerationTimestamp": "" if supplied else "2026-01-01T00:00:00Z",
        "domainSigningSelector": "",
        "domainSigningPrivateKey": "",
    }
    return {
        "dkimSigningAttributes": {**computed, **own},
        "identityType": "EMAIL_ADDRESS" if "@" in identifier else "DOMAIN",
        "verificationStatus": "PENDING",
        "verifiedForSendingStatus": False,
    }


OUTPUTS: Mapping[str, Callable[[Candidate, str], Mapping[str, Value]]] = {
    "aws:acm/certificate:Certificate": certificate,
    "aws:ecs/service:Service": ecs_service,
    "aws:ecs/taskDefinition:TaskDefinition": task_definition_arns,
    "aws:route53/keySigningKey:KeySigningKey": signing_key,
    "aws:route53/record:Record": record,
    "aws:route53/zone:Zone": zone,
    "aws:s3/bucket:Bucket": bucket,
    "aws:sesv2/emailIdentity:EmailIdentity": email_identity,
    "aws:sns/topic:Topic": topic,
    "aws:sns/topicSubscription:TopicSubscription": subscription,
    "aws:sqs/queue:Queue": queue,
}
