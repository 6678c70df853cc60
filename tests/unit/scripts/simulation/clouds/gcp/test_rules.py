"""What Google refuses because of what else exists; each refusal beside the same thing accepted."""

from __future__ import annotations

from typing import Any

import pytest

from scripts.simulation.world import Resource
from tests.unit.scripts.simulation.clouds.gcp.platform import CONTAINER, PROJECT, REGION, Platform

PRIVATE = "settings.ipConfiguration.privateNetwork"


def _one(found: list[str], *parts: str) -> None:
    """Exactly one sentence, which says all the parts."""
    assert len(found) == 1, found
    for part in parts:
        assert part in found[0], found[0]


def _held(platform: Platform, thing: Resource, says: str) -> None:
    with pytest.raises(AssertionError, match=says):
        platform.account.delete(thing)


def test_subnetworks_are_apart_in_all_regions(platform: Platform) -> None:
    platform.subnetwork("a", "10.1.0.0/20")
    within = {"network": platform.network.outputs["selfLink"], "region": "us-east1"}
    assert not platform.problems("compute.Subnetwork", "b", ipCidrRange="10.2.0.0/20", **within)
    _one(
        platform.problems("compute.Subnetwork", "b", ipCidrRange="10.1.8.0/24", **within),
        "overlaps 10.1.0.0/20",
        "Subnetwork a",
    )
    other = platform.make("compute.Network", "other", autoCreateSubnetworks=False)
    assert not platform.problems("compute.Subnetwork", "b", ipCidrRange="10.1.8.0/24", network=other.id, region=REGION)
    auto = platform.make("compute.Network", "auto")
    found = platform.problems("compute.Subnetwork", "b", ipCidrRange="10.130.8.0/24", network=auto.id, region=REGION)
    _one(found, "autoCreateSubnetworks", "10.128.0.0/9")
    assert not platform.problems("compute.Subnetwork", "b", ipCidrRange="10.1.8.0/24", network=auto.id, region=REGION)


def test_a_range_only_grows(platform: Platform) -> None:
    made = platform.subnetwork("a", "10.1.0.0/20")
    _one(platform.problems("compute.Subnetwork", "a", made, **{**made.inputs, "ipCidrRange": "10.1.0.0/24"}), "only widen")
    assert not platform.problems("compute.Subnetwork", "a", made, **{**made.inputs, "ipCidrRange": "10.1.0.0/19"})


def test_a_network_in_use_stays(platform: Platform) -> None:
    platform.subnetwork("a", "10.1.0.0/20")
    _held(platform, platform.network, "still used by Subnetwork a")


def test_a_database_needs_private_services_before(platform: Platform) -> None:
    _one(platform.problems("sql.DatabaseInstance", "db", **platform.instance()), f"{PRIVATE}:", "servicenetworking.Connection")
    platform.join_services()
    assert not platform.problems("sql.DatabaseInstance", "db", **platform.instance())
    again = platform.join_services().inputs
    _one(platform.problems("servicenetworking.Connection", "second", **again), "joins this network already")
    plain = platform.make("compute.GlobalAddress", "plain")
    ranges = {**again, "reservedPeeringRanges": [plain.outputs["name"]]}
    assert any("VPC_PEERING" in text for text in platform.problems("servicenetworking.Connection", "third", **ranges))


def test_what_protects_a_database(platform: Platform) -> None:
    connection = platform.join_services()
    database = platform.make("sql.DatabaseInstance", "db", **platform.instance())
    _held(platform, database, "deletionProtection")
    settings = {**database.inputs["settings"], "deletionProtectionEnabled": True}
    database = platform.account.change(database, {**database.inputs, "deletionProtection": False, "settings": settings})
    _held(platform, database, "settings.deletionProtectionEnabled")
    _held(platform, connection, "REMOVE_PEERING")
    settings = {**settings, "deletionProtectionEnabled": False}
    database = platform.account.change(database, {**database.inputs, "settings": settings})
    platform.account.delete(database)
    platform.account.delete(connection)


@pytest.mark.parametrize(
    ("change", "path"),
    [({"diskSize": 20}, "settings.diskSize"), ({"ipConfiguration": {"ipv4Enabled": True}}, PRIVATE)],
)
def test_what_would_replace_a_database_is_refused(platform: Platform, change: dict[str, Any], path: str) -> None:
    platform.join_services()
    inputs = platform.instance()
    inputs["settings"] = {**inputs["settings"], "diskSize": 50}
    made = platform.make("sql.DatabaseInstance", "db", **inputs)
    changed = {**made.inputs, "settings": {**made.inputs["settings"], **change}}
    _one(platform.problems("sql.DatabaseInstance", "db", made, **changed), f"{path}:", "with its data")


def test_a_key_is_granted_before_it_is_used(platform: Platform) -> None:
    key = platform.key
    identity = platform.make("projects.ServiceIdentity", "pubsub", service="pubsub.googleapis.com")
    _one(platform.problems("pubsub.Topic", "out", kmsKeyName=key.id), "kmsKeyName:", "ServiceIdentity")
    role = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
    platform.make("kms.CryptoKeyIAMMember", "grant", cryptoKeyId=key.id, role=role, member=identity.outputs["member"])
    assert not platform.problems("pubsub.Topic", "out", kmsKeyName=key.id)
    platform.join_services()
    _one(
        platform.problems("sql.DatabaseInstance", "db", **platform.instance(encryptionKeyName=key.id)),
        "encryptionKeyName:",
        "sqladmin",
    )
    found = platform.problems("sql.DatabaseInstance", "db", **platform.instance(encryptionKeyName=key.id, region="us-east1"))
    assert any("needs one there" in text for text in found)


def test_dead_letters_go_to_a_topic_that_exists_and_is_another(platform: Platform) -> None:
    topic, dead = platform.make("pubsub.Topic", "out"), platform.make("pubsub.Topic", "dead")

    def subscription(target: str) -> list[str]:
        policy = {"deadLetterTopic": target, "maxDeliveryAttempts": 5}
        return platform.problems("pubsub.Subscription", "s", topic=topic.outputs["name"], deadLetterPolicy=policy)

    assert not subscription(dead.id)
    _one(subscription(f"projects/{PROJECT}/topics/nowhere"), "deadLetterPolicy.deadLetterTopic:", "does not exist")
    _one(subscription(dead.outputs["name"]), "give its id")
    _one(subscription(topic.id), "own topic")


def test_accounts_of_the_project_exist(platform: Platform) -> None:
    email = f"worker@{PROJECT}.iam.gserviceaccount.com"
    template = {"containers": [CONTAINER], "serviceAccount": email}
    _one(platform.problems("cloudrunv2.Service", "api", **platform.service(template=template)), "template.serviceAccount:")
    topic = platform.make("pubsub.Topic", "out")
    access = {"topic": topic.outputs["name"], "role": "roles/pubsub.publisher", "member": f"serviceAccount:{email}"}
    _one(platform.problems("pubsub.TopicIAMMember", "m", **access), "member:", "no service account")
    platform.make("serviceaccount.Account", "worker", accountId="worker")
    assert not platform.problems("cloudrunv2.Service", "api", **platform.service(template=template))
    assert not platform.problems("pubsub.TopicIAMMember", "m", **access)
    foreign = {**access, "member": "serviceAccount:x@other-project.iam.gserviceaccount.com"}
    assert not platform.problems("pubsub.TopicIAMMember", "m", **foreign)


@pytest.mark.parametrize("named", ["short", "id", "name"])
def test_secrets_of_a_container_exist_and_have_a_version(platform: Platform, named: str) -> None:
    def service(secret: str) -> list[str]:
        env = {"name": "SMTP", "valueSource": {"secretKeyRef": {"secret": secret, "version": "latest"}}}
        return platform.problems(
            "cloudrunv2.Service", "api", **platform.service(template={"containers": [{**CONTAINER, "envs": [env]}]})
        )

    _one(service("smtp"), "valueSource.secretKeyRef.secret:", "no secret smtp")
    made = platform.make("secretmanager.Secret", "smtp", secretId="smtp", replication={"auto": {}})
    value = {"short": "smtp", "id": made.id, "name": made.outputs["name"]}[named]
    _one(service(value), "no version")
    platform.make("secretmanager.SecretVersion", "smtp", secret=made.id, secretData="x")
    assert not service(value)
    access = {"role": "roles/secretmanager.secretAccessor", "member": "user:a@example.com"}
    assert not platform.problems("secretmanager.SecretIamMember", "m", secretId=value, **access)
    _one(platform.problems("secretmanager.SecretIamMember", "m", secretId="other", **access), "secretId:", "no secret other")


def test_a_service_goes_out_by_a_subnetwork_of_its_region(platform: Platform) -> None:
    near, far = platform.subnetwork("near", "10.1.0.0/24"), platform.subnetwork("far", "10.2.0.0/24", "us-east1")
    for subnetwork, right in ((near, True), (far, False)):
        access = {"networkInterfaces": [{"network": platform.network.id, "subnetwork": subnetwork.id}]}
        template = {"containers": [CONTAINER], "vpcAccess": access}
        found = platform.problems("cloudrunv2.Service", "api", **platform.service(template=template))
        assert (not found) is right, found


def test_services_are_protected_until_it_is_said_otherwise(platform: Platform) -> None:
    service = platform.make("cloudrunv2.Service", "api", **platform.service())
    _held(platform, service, "deletionProtection")
    platform.account.delete(platform.account.change(service, {**service.inputs, "deletionProtection": False}))
    kept = platform.make("pubsub.Topic", "kept", deletionPolicy="PREVENT")
    _held(platform, kept, "PREVENT")


def test_a_serverless_backend_has_no_health_check(platform: Platform) -> None:
    service = platform.make("cloudrunv2.Service", "api", **platform.service())
    group = platform.make(
        "compute.RegionNetworkEndpointGroup", "neg", region=REGION, cloudRun={"service": service.outputs["name"]}
    )
    check = platform.make("compute.HealthCheck", "check")
    backend = {"backends": [{"group": group.id}], "loadBalancingScheme": "EXTERNAL_MANAGED"}
    assert not platform.problems("compute.BackendService", "b", **backend)
    _one(platform.problems("compute.BackendService", "b", **backend, healthChecks=check.id), "healthChecks:", "serverless")
    missing = {"service": "nowhere"}
    _one(
        platform.problems("compute.RegionNetworkEndpointGroup", "n2", region=REGION, cloudRun=missing),
        "cloudRun.service:",
        "does not exist",
    )


def test_a_rule_has_the_scheme_of_its_backends(platform: Platform) -> None:
    backend = platform.make("compute.BackendService", "b", loadBalancingScheme="EXTERNAL_MANAGED")
    url_map = platform.make("compute.URLMap", "m", defaultService=backend.id)
    proxy = platform.make("compute.TargetHttpProxy", "p", urlMap=url_map.id)
    inputs = {"target": proxy.id, "portRange": "443"}
    assert not platform.problems("compute.GlobalForwardingRule", "r", **inputs, loadBalancingScheme="EXTERNAL_MANAGED")
    found = platform.problems("compute.GlobalForwardingRule", "r", **inputs, loadBalancingScheme="EXTERNAL")
    _one(found, "loadBalancingScheme:", "EXTERNAL_MANAGED")


def test_certificates_have_authorizations_for_all_their_domains(platform: Platform) -> None:
    proof = platform.make("certificatemanager.DnsAuthorization", "a", domain="example.com", name="a")
    managed = {"domains": ["example.com", "*.example.com"], "dnsAuthorizations": [proof.id]}
    assert not platform.problems("certificatemanager.Certificate", "c", managed=managed)
    more = {**managed, "domains": ["example.com", "mta-sts.example.com"]}
    _one(platform.problems("certificatemanager.Certificate", "c", managed=more), "managed.domains[1]:", "mta-sts.example.com")
    url_map = platform.make("compute.URLMap", "m")
    found = platform.problems(
        "compute.TargetHttpsProxy",
        "p",
        urlMap=url_map.id,
        certificateMap="//certificatemanager.googleapis.com/projects/p/locations/global/certificateMaps/nowhere",
    )
    _one(found, "certificateMap:", "no map")


def test_records_lie_in_their_zone(platform: Platform) -> None:
    zone = platform.make("dns.ManagedZone", "zone", dnsName="example.com.", name="zone")
    within = {"managedZone": "zone", "ttl": 300}
    record = platform.make("dns.RecordSet", "www", **within, name="www.example.com.", type="A", rrdatas=["192.0.2.1"])
    mx = {**within, "type": "MX", "rrdatas": ["10 mx.example.com."]}
    assert not platform.problems("dns.RecordSet", "mx", **mx, name="example.com.")
    _one(platform.problems("dns.RecordSet", "mx", **mx, name="example.org."), "name:", "outside the zone")
    alias = {**within, "type": "CNAME", "rrdatas": ["a.example.com."]}
    _one(platform.problems("dns.RecordSet", "c", **alias, name="example.com."), "type:", "top of a zone")
    _one(platform.problems("dns.RecordSet", "c", **alias, name="www.example.com."), "alone")
    _held(platform, zone, "RecordSet www")
    platform.account.delete(record)
    platform.account.delete(zone)


def test_buckets_are_there_once_and_empty_when_they_go(platform: Platform) -> None:
    bucket = platform.make("storage.Bucket", "store", name="mail-store", location="EU")
    _one(platform.problems("storage.Bucket", "second", name="mail-store", location="US"), "is taken by the Bucket store")
    platform.make("storage.BucketObject", "policy", bucket="mail-store", name="mta-sts.txt", content="x")
    _held(platform, bucket, "BucketObject policy")


def test_goals_and_burn_rates_name_what_exists(platform: Platform) -> None:
    goal = {"goal": 0.99, "rollingPeriodDays": 28, "requestBasedSli": {}, "service": "mail"}
    _one(platform.problems("monitoring.Slo", "s", **goal), "service:", "CustomService")
    platform.make("monitoring.CustomService", "mail", serviceId="mail")
    slo = platform.make("monitoring.Slo", "s", **goal, sloId="sent")
    for name, right in ((slo.outputs["name"], True), ("projects/1/services/mail/serviceLevelObjectives/other", False)):
        condition = {"filter": f'select_slo_burn_rate("{name}", "3600s")', "duration": "0s"}
        found = platform.problems("monitoring.AlertPolicy", "a", conditions=[{"conditionThreshold": condition}])
        assert (not found) is right, found


def test_plans_and_standard_backups_exclude_each_other(platform: Platform) -> None:
    platform.join_services()
    vault = platform.make(
        "backupdisasterrecovery.BackupVault",
        "vault",
        backupVaultId="vault",
        location=REGION,
        backupMinimumEnforcedRetentionDuration="604800s",
    )
    plan = {
        "backupPlanId": "plan",
        "location": REGION,
        "backupVault": vault.id,
        "resourceType": "sqladmin.googleapis.com/Instance",
    }
    _one(
        platform.problems("backupdisasterrecovery.BackupPlan", "p", **plan, backupRules=[{"backupRetentionDays": 3}]),
        "at least 7",
    )
    made = platform.make("backupdisasterrecovery.BackupPlan", "p", **plan, backupRules=[{"backupRetentionDays": 7}])
    platform.make("sql.DatabaseInstance", "db", **platform.instance(name="db"))
    link = {"backupPlan": made.id, "backupPlanAssociationId": "a", "location": REGION, "resourceType": plan["resourceType"]}
    found = platform.problems(
        "backupdisasterrecovery.BackupPlanAssociation", "a", **link, resource=f"projects/{PROJECT}/instances/db"
    )
    _one(found, "resource:", "standard backups")
