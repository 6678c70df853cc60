"""The same examples through the whole simulated provider: names, references, values and ids, not only types.

Azure's are left out: they are written from the types, so their values are nobody's. `REFUSED` names each example that is not
accepted, with the words: all name things that the example does not make, or values that the cloud no longer takes.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from scripts.simulation.schema import installed
from tests.harness.simulated import Simulated
from tests.preview.examples import corpus
from tests.preview.examples.chosen import CHOSEN

CONFIGS = {
    "aws": {"region": "us-east-1"},
    "gcp": {"project": "penguinmails-simulated", "region": "us-central1"},
    "docker": {},
}

REFUSED: Mapping[tuple[str, int], str] = {
    ("aws:appautoscaling/scheduledAction:ScheduledAction", 1): "resourceId: service/clusterName/serviceName does not exist",
    ("aws:backup/vaultLockConfiguration:VaultLockConfiguration", 0): "backupVaultName: example_backup_vault does not exist",
    ("aws:ec2/instance:Instance", 3): "availabilityZone: us-west-2a is no zone of us-east-1",
    (
        "aws:ecr/pullThroughCacheRule:PullThroughCacheRule",
        0,
    ): "credentialArn: arn:aws:secretsmanager:us-east-1:123456789:secret:ecr-pullthroughcache/ecrp",
    ("aws:ecs/service:Service", 1): "taskDefinition: is missing",
    ("aws:ecs/service:Service", 8): "taskDefinition: is missing",
    (
        "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
        0,
    ): "policy: is no JSON (Expecting property name enclosed in double quotes: line 1 column 3 (ch",
    ("aws:lb/listener:Listener", 0): "name: 'front_end",
    ("aws:lb/listener:Listener", 1): "name: 'front_end",
    ("aws:lb/targetGroupAttachment:TargetGroupAttachment", 0): "port: is missing",
    ("aws:lb/targetGroupAttachment:TargetGroupAttachment", 2): "vpcId: is missing",
    ("aws:rds/eventSubscription:EventSubscription", 0): "engineVersion: mysql 5.6.17 does not exist",
    ("aws:rds/instance:Instance", 0): "allocatedStorage: 10 GiB is out of range",
    ("aws:rds/instance:Instance", 5): "allocatedStorage: 10 GiB is out of range",
    ("aws:rds/parameterGroup:ParameterGroup", 0): "family: 'mysql5.6' does not exist",
    ("aws:s3/bucketLogging:BucketLogging", 1): "bucket: takes no ACL (BucketOwnerEnforced)",
    ("aws:vpc/securityGroupVpcAssociation:SecurityGroupVpcAssociation", 0): "vpcId: vpc-01df9d105095412ba does not exist",
    ("gcp:compute/uRLMap:URLMap", 0): "is a HttpHealthCheck",
    ("gcp:compute/firewall:Firewall", 1): "network: default does not exist",
    ("gcp:kms/keyRingIAMBinding:KeyRingIAMBinding", 3): "keyRingId: your-key-ring-id does not exist",
    ("gcp:kms/keyRingIAMBinding:KeyRingIAMBinding", 6): "keyRingId: your-key-ring-id does not exist",
    (
        "gcp:logging/billingAccountSink:BillingAccountSink",
        0,
    ): "members[0]: billingaccountsink-writerIdentity-9c59b142f958 is no principal",
    ("gcp:pubsub/schema:Schema", 1): "schemaSettings.schema: projects/my-project-name/schemas/example does not exist",
    ("gcp:pubsub/subscriptionIAMBinding:SubscriptionIAMBinding", 1): "subscription: your-subscription-name does not exist",
    ("gcp:pubsub/subscriptionIAMBinding:SubscriptionIAMBinding", 4): "subscription: your-subscription-name does not exist",
    ("gcp:pubsub/subscriptionIAMMember:SubscriptionIAMMember", 2): "subscription: your-subscription-name does not exist",
    ("gcp:pubsub/subscriptionIAMMember:SubscriptionIAMMember", 5): "subscription: your-subscription-name does not exist",
    ("gcp:pubsub/topic:Topic", 1): "kmsKeyName: pubsub.googleapis.com may not use the CryptoKey crypto_key",
    ("gcp:storage/bucketObject:BucketObject", 1): "bucket: image-store does not exist",
    ("gcp:storage/bucketObject:BucketObject", 2): "bucket: test-bucket does not exist",
}

EXAMPLES = [(token, index) for token in CHOSEN for index in CHOSEN[token] if installed.package_of(token) in CONFIGS]


@pytest.mark.parametrize(("token", "index"), EXAMPLES)
def test_an_example_is_accepted_or_refused_for_a_reason_that_is_known(token: str, index: int) -> None:
    engine = Simulated()
    engine.direct.configs = CONFIGS
    try:
        corpus.run(corpus.examples(token)[index], engine)
    except Exception:  # noqa: BLE001  (programs fail in their own ways; what was refused is looked at)
        assert (token, index) in REFUSED, engine.refused
        assert any(REFUSED[token, index] in sentence for sentence in engine.refused), engine.refused
    else:
        assert (token, index) not in REFUSED


def test_most_are_accepted() -> None:
    assert len(EXAMPLES) - len(REFUSED) >= 250
