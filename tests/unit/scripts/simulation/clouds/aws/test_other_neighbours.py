"""Names, certificates, storage, monitoring, keys and backups: what is refused because of what else exists."""

from __future__ import annotations

import json

from tests.unit.scripts.simulation.clouds.aws.helpers import Cloud
from tests.unit.scripts.simulation.clouds.aws.other_parts import (
    ALARM,
    BUCKET,
    CERTIFICATE,
    COMPOSITE,
    DAILY,
    KEY,
    LOCK,
    LOGS,
    PLAN,
    RECORD,
    SIMPLE,
    ZONE,
    A,
)


def test_records_stand_once_and_a_cname_alone() -> None:
    cloud = Cloud()
    zone = cloud.make(ZONE, "zone", name="example.org")
    inside = {**A, "zoneId": zone.id}
    cloud.make(RECORD, "www", **inside)
    assert "has a record A by Record www already" in cloud.refused(RECORD, "again", **{**inside, "name": "www"})
    cname = {**inside, "type": "CNAME", "records": ["a.example.org"]}
    assert "a CNAME stands alone" in cloud.refused(RECORD, "alias", **cname)
    assert "CNAME cannot stand at the zone's own name" in cloud.refused(RECORD, "apex", **{**cname, "name": "example.org"})
    cloud.make(RECORD, "over", **{**inside, "allowOverwrite": True, "setIdentifier": "b"})


def test_a_certificate_is_validated_by_records_that_are_there() -> None:
    cloud = Cloud()
    zone = cloud.make(ZONE, "zone", name="example.org")
    certificate = cloud.make(
        CERTIFICATE, "c", domainName="example.org", subjectAlternativeNames=["mail.example.org"], validationMethod="DNS"
    )
    options = certificate.outputs["domainValidationOptions"]
    names = [option["resourceRecordName"] for option in options]
    valid = "acm/certificateValidation:CertificateValidation"
    assert "which proves mail.example.org; add that record" in cloud.refused(
        valid, "v", certificateArn=certificate.id, validationRecordFqdns=names[:1]
    )
    assert "has no record; make it first" in cloud.refused(
        valid, "v", certificateArn=certificate.id, validationRecordFqdns=names
    )
    for number, option in enumerate(options):
        inputs = {
            "zoneId": zone.id,
            "name": option["resourceRecordName"],
            "type": "CNAME",
            "ttl": 60,
            "records": [option["resourceRecordValue"]],
        }
        cloud.make(RECORD, f"proof-{number}", **inputs)
    cloud.make(valid, "v", certificateArn=certificate.id, validationRecordFqdns=names)


def test_dnssec_wants_one_kind_of_key_in_one_region() -> None:
    cloud = Cloud()
    zone = cloud.make(ZONE, "zone", name="example.org")
    signing = {"customerMasterKeySpec": "ECC_NIST_P256", "keyUsage": "SIGN_VERIFY"}
    ksk, here = "route53/keySigningKey:KeySigningKey", {"hostedZoneId": zone.id}
    near = cloud.make(KEY, "near", **signing)
    assert "DNSSEC needs a key in us-east-1" in cloud.refused(ksk, "k", **here, keyManagementServiceArn=near.outputs["arn"])
    plain = cloud.make(KEY, "plain", region="us-east-1")
    assert "DNSSEC needs ECC_NIST_P256" in cloud.refused(ksk, "k", **here, keyManagementServiceArn=plain.outputs["arn"])
    assert "has no active key-signing key" in cloud.refused("route53/hostedZoneDnsSec:HostedZoneDnsSec", "s", **here)
    right = cloud.make(KEY, "right", **signing, region="us-east-1")
    made = cloud.make(ksk, "k", **here, keyManagementServiceArn=right.outputs["arn"])
    cloud.make("route53/hostedZoneDnsSec:HostedZoneDnsSec", "s", **here)
    assert "set it to INACTIVE" in cloud.delete_refused(made)


def test_buckets() -> None:
    cloud = Cloud()
    bucket = cloud.make(BUCKET, "b", bucket="mail")
    assert "mail is taken by the Bucket b; bucket names are taken world-wide" in cloud.refused(
        BUCKET, "c", bucket="mail", region="eu-west-1"
    )
    assert "takes no ACL" in cloud.refused("s3/bucketAcl:BucketAcl", "acl", bucket="mail", acl="public-read")
    assert "has no versioning, which an object lock needs" in cloud.refused(
        "s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration", "lock", bucket="mail"
    )
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::other/*"}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    assert "the bucket is mail; name this bucket" in cloud.refused(
        "s3/bucketPolicy:BucketPolicy", "p", bucket="mail", policy=json.dumps(policy)
    )
    cloud.make("s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "closed", bucket="mail", blockPublicPolicy=True)
    statement["Resource"] = "arn:aws:s3:::mail/*"
    assert "which the public access block forbids" in cloud.refused(
        "s3/bucketPolicy:BucketPolicy", "p", bucket="mail", policy=json.dumps(policy)
    )
    thing = cloud.make("s3/bucketObjectv2:BucketObjectv2", "o", bucket="mail", key="a", content="x")
    assert "holds 1 objects" in cloud.delete_refused(bucket)
    cloud.direct.delete(cloud.direct.change(bucket, {"bucket": "mail", "forceDestroy": True}))
    assert thing.id == "mail/a"


def test_alarms_that_a_composite_names_exist() -> None:
    cloud = Cloud()
    inputs = {"alarmName": "burn", "alarmRule": 'ALARM("long") AND NOT OK(short)'}
    assert "names the alarm long, which does not exist" in cloud.refused(COMPOSITE, "c", **inputs)
    for name in ("long", "short"):
        cloud.make(ALARM, name, **SIMPLE, name=name)
    cloud.make(COMPOSITE, "c", **inputs)
    assert "long is taken by the MetricAlarm long" in cloud.refused(ALARM, "again", **SIMPLE, name="long")


def test_logs_are_let_into_their_key() -> None:
    cloud = Cloud()
    key = cloud.make(KEY, "key")
    found = cloud.refused(LOGS, "logs", name="mail", kmsKeyId=key.outputs["arn"])
    assert found == (
        "kmsKeyId: the Key key does not let logs.eu-central-1.amazonaws.com use it; allow that service in the key's policy"
    )


def test_names_of_iam_are_taken_in_the_account() -> None:
    cloud = Cloud()
    user = cloud.make("iam/user:User", "one", name="mail")
    assert "Mail is taken by the User one" in cloud.refused("iam/user:User", "two", name="Mail")
    for number in range(2):
        cloud.make("iam/accessKey:AccessKey", f"key-{number}", user=user.id)
    assert "has two access keys already" in cloud.refused("iam/accessKey:AccessKey", "more", user=user.id)


def test_backups_are_kept_as_long_as_the_lock_wants() -> None:
    cloud = Cloud()
    vault = cloud.make("backup/vault:Vault", "vault", name="vault")
    cloud.make(LOCK, "lock", backupVaultName=vault.id, minRetentionDays=35, maxRetentionDays=365)
    found = cloud.refused(PLAN, "plan", rules=[{**DAILY, "targetVaultName": vault.id}])
    assert (
        found
        == "rules[0].lifecycle.deleteAfter: 30 days is outside the VaultLockConfiguration lock (35 to 365 days); keep within it"
    )


def test_a_trail_is_let_into_its_bucket() -> None:
    cloud = Cloud()
    bucket = cloud.make(BUCKET, "b", bucket="trail")
    assert "lets cloudtrail.amazonaws.com write" in cloud.refused("cloudtrail/trail:Trail", "t", s3BucketName=bucket.id)


def test_settings_of_a_bucket_are_put_again_by_the_one_that_put_them() -> None:
    """Where a state was lost making them again is the same call. Another resource for the same bucket is a mistake."""
    cloud = Cloud()
    bucket = cloud.make("s3/bucket:Bucket", "bucket", bucket="one-of-ours")
    enabled = {"bucket": bucket.id, "versioningConfiguration": {"status": "Enabled"}}
    first = cloud.make("s3/bucketVersioning:BucketVersioning", "versions", **enabled)
    assert cloud.make("s3/bucketVersioning:BucketVersioning", "versions", **enabled).id == first.id
    assert "exists already" in cloud.refused("s3/bucketVersioning:BucketVersioning", "other", **enabled)
    assert "is taken" in cloud.refused("s3/bucket:Bucket", "bucket", bucket="one-of-ours")


def test_a_trail_is_let_into_its_key() -> None:
    cloud = Cloud()
    bucket = cloud.make(BUCKET, "b", bucket="trail")
    writes = {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:PutObject"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [{**writes, "Resource": "arn:aws:s3:::trail/*"}]})
    cloud.make("s3/bucketPolicy:BucketPolicy", "p", bucket=bucket.id, policy=document)
    key = cloud.make(KEY, "k")
    trail = {"s3BucketName": bucket.id, "kmsKeyId": key.outputs["arn"]}
    assert "does not let cloudtrail.amazonaws.com use it" in cloud.refused("cloudtrail/trail:Trail", "t", **trail)
    root = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "kms:*", "Resource": "*"}
    uses = {**writes, "Action": "kms:GenerateDataKey*", "Resource": "*"}
    open_key = cloud.make(KEY, "open", policy=json.dumps({"Version": "2012-10-17", "Statement": [root, uses]}))
    cloud.make("cloudtrail/trail:Trail", "t", **{**trail, "kmsKeyId": open_key.outputs["arn"]})
