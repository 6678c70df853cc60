"""Data sources."""

from __future__ import annotations

from typing import Any

import pytest

from scripts.simulation.clouds.aws import CLOUD
from scripts.simulation.values import Problem
from scripts.simulation.world import World
from tests.unit.scripts.simulation.clouds.aws.helpers import HERE, Cloud


def ask(function: str, world: World | None = None, **arguments: Any) -> Any:
    return CLOUD.invoke(f"aws:{function}", arguments, HERE, world or World())


def test_what_the_cloud_knows_of_itself() -> None:
    assert ask("index/getAvailabilityZones:getAvailabilityZones", state="available")["names"] == [
        "eu-central-1a",
        "eu-central-1b",
        "eu-central-1c",
    ]
    assert ask("index/getAvailabilityZones:getAvailabilityZones", excludeZoneIds=["euc1-az1"])["zoneIds"] == [
        "euc1-az2",
        "euc1-az3",
    ]
    assert ask("index/getAvailabilityZone:getAvailabilityZone", name="eu-central-1b")["zoneId"] == "euc1-az2"
    assert ask("index/getCallerIdentity:getCallerIdentity")["accountId"] == "123456789012"
    assert ask("index/getRegion:getRegion")["region"] == "eu-central-1"
    assert ask("index/getPartition:getPartition")["reverseDnsPrefix"] == "com.amazonaws"
    assert ask("index/getServicePrincipal:getServicePrincipal", serviceName="ecs-tasks")["name"] == "ecs-tasks.amazonaws.com"
    assert ask("index/getArn:getArn", arn="arn:aws:sqs:r:1:q")["resource"] == "q"
    assert ask("elb/getServiceAccount:getServiceAccount")["arn"] == "arn:aws:iam::054676820928:root"
    assert ask("lb/getHostedZoneId:getHostedZoneId")["id"] == "Z215JYRZR1TBD5"
    assert len(ask("s3/getCanonicalUserId:getCanonicalUserId")["id"]) == 64
    assert ask("index/getDefaultTags:getDefaultTags")["tags"] == {}


def test_prefix_lists_of_aws_and_of_the_program() -> None:
    name = "com.amazonaws.eu-central-1.s3"
    by_name = ask("ec2/getManagedPrefixList:getManagedPrefixList", name=name)
    assert (
        by_name["id"] == ask("ec2/getPrefixList:getPrefixList", filters=[{"name": "prefix-list-name", "values": [name]}])["id"]
    )
    assert CLOUD.recognise(by_name["id"]) == "aws:ec2/managedPrefixList:ManagedPrefixList"
    cloud = Cloud()
    own = cloud.make(
        "ec2/managedPrefixList:ManagedPrefixList",
        "own",
        name="own",
        addressFamily="IPv4",
        maxEntries=1,
        entries=[{"cidr": "10.0.0.0/8"}],
    )
    found = ask("ec2/getManagedPrefixList:getManagedPrefixList", cloud.direct.world, name="own")
    assert (found["id"], found["entries"]) == (own.id, [{"cidr": "10.0.0.0/8", "description": ""}])
    assert ask("ec2/getManagedPrefixList:getManagedPrefixList", name="nothing").path == "name"


def test_databases_that_can_be_had() -> None:
    version = ask("rds/getEngineVersion:getEngineVersion", engine="postgres", version="17")
    assert version["version"].startswith("17.")
    assert version["parameterGroupFamily"] == "postgres17"
    assert ask("rds/getEngineVersion:getEngineVersion", engine="mysql", parameterGroupFamily="mysql8.4")["version"].startswith(
        "8.4."
    )
    assert ask("rds/getEngineVersion:getEngineVersion", engine="postgres", preferredVersions=["99", "16"])[
        "version"
    ].startswith("16.")
    assert ask("rds/getEngineVersion:getEngineVersion", engine="postgres", version="99").path == "version"
    orderable = ask(
        "rds/getOrderableDbInstance:getOrderableDbInstance",
        engine="postgres",
        preferredInstanceClasses=["db.m99.large", "db.t4g.medium"],
        storageType="gp3",
    )
    assert (orderable["instanceClass"], orderable["minStorageSize"]) == ("db.t4g.medium", 20)
    assert (
        ask("rds/getOrderableDbInstance:getOrderableDbInstance", engine="postgres", instanceClass="db.t9.x").path
        == "instanceClass"
    )


def test_networks_are_found_by_id_tags_and_filters() -> None:
    cloud = Cloud()
    vpc = cloud.make("ec2/vpc:Vpc", "vpc", cidrBlock="10.0.0.0/16", tags={"Name": "mail"})
    cloud.make("ec2/vpc:Vpc", "other", cidrBlock="10.1.0.0/16")
    subnet = cloud.make("ec2/subnet:Subnet", "a", vpcId=vpc.id, cidrBlock="10.0.0.0/24", tags={"tier": "app"})
    world = cloud.direct.world
    assert ask("ec2/getVpc:getVpc", world, id=vpc.id)["cidrBlock"] == "10.0.0.0/16"
    assert ask("ec2/getVpc:getVpc", world, tags={"Name": "mail"})["id"] == vpc.id
    assert ask("ec2/getVpc:getVpc", world, filters=[{"name": "tag:Name", "values": ["ma*"]}])["id"] == vpc.id
    assert ask("ec2/getSubnets:getSubnets", world, filters=[{"name": "vpc-id", "values": [vpc.id]}])["ids"] == [subnet.id]
    assert ask("ec2/getSubnets:getSubnets", world, tags={"tier": "data"})["ids"] == []
    assert ask("ec2/getSubnet:getSubnet", world, filters=[{"name": "tag-key", "values": ["tier"]}])["id"] == subnet.id
    assert "fit" in ask("ec2/getVpc:getVpc", world).reason
    missing = ask("ec2/getVpc:getVpc", world, id="vpc-0a1b2c3d4e5f60718")
    assert (missing.path, "make it, or name it in the stack file" in missing.reason) == ("id", True)


def test_an_assumed_network_is_found_as_one_that_the_platform_can_use() -> None:
    world = World()
    names = ["vpc-0a1b2c3d4e5f60718", *(f"subnet-0a1b2c3d4e5f6071{number}" for number in range(3))]
    for name in names:
        assumed = CLOUD.assumed(name)
        assert assumed is not None
        world.put(assumed)
    vpc = ask("ec2/getVpc:getVpc", world, id=names[0])
    assert (vpc["id"], vpc["enableDnsHostnames"], vpc["enableDnsSupport"]) == (names[0], True, True)
    subnets = [ask("ec2/getSubnet:getSubnet", world, id=name) for name in names[1:]]
    assert {subnet["vpcId"] for subnet in subnets} == {names[0]}
    assert [subnet["availabilityZone"] for subnet in subnets] == ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
    inside = [{"name": "vpc-id", "values": [names[0]]}]
    assert ask("ec2/getSubnets:getSubnets", world, filters=inside)["ids"] == names[1:]


def test_a_zone_that_nobody_made_exists_outside_and_takes_records() -> None:
    cloud = Cloud()
    outside = ask("route53/getZone:getZone", cloud.direct.world, name="example.org")
    made = cloud.make(
        "route53/record:Record",
        "www",
        zoneId=outside["zoneId"],
        name="www.example.org",
        type="A",
        ttl=60,
        records=["192.0.2.1"],
    )
    assert made.outputs["fqdn"] == "www.example.org"
    zone = cloud.make("route53/zone:Zone", "zone", name="example.org")
    assert ask("route53/getZone:getZone", cloud.direct.world, name="example.org.")["zoneId"] == zone.id
    assert ask("route53/getZone:getZone", cloud.direct.world, zoneId=zone.id)["name"] == "example.org"
    assert ask("route53/getZone:getZone", cloud.direct.world, zoneId="Z0000000000").path == "zoneId"
    assert ask("route53/getZone:getZone").path == "name"


def test_keys_and_aliases() -> None:
    cloud = Cloud()
    key = cloud.make("kms/key:Key", "key", description="mail")
    cloud.make("kms/alias:Alias", "alias", name="alias/mail", targetKeyId=key.id)
    world = cloud.direct.world
    assert ask("kms/getAlias:getAlias", world, name="alias/mail")["targetKeyId"] == key.id
    for by in (key.id, key.outputs["arn"], "alias/mail"):
        assert ask("kms/getKey:getKey", world, keyId=by)["arn"] == key.outputs["arn"]
    assert ask("kms/getAlias:getAlias", name="alias/aws/rds")["targetKeyArn"].startswith(
        "arn:aws:kms:eu-central-1:123456789012:key/"
    )
    assert ask("kms/getKey:getKey", keyId="alias/aws/rds")["keyManager"] == "AWS"
    assert ask("kms/getAlias:getAlias", name="alias/mine").path == "name"
    assert ask("kms/getKey:getKey", keyId="0a1b").path == "keyId"
    assert ask("kms/getKey:getKey", keyId="alias/mine").path == "keyId"


@pytest.mark.parametrize("function", ["secretsmanager/getRandomPassword:getRandomPassword", "nothing/getNothing:getNothing"])
def test_what_is_not_simulated_is_said(function: str) -> None:
    found = ask(function)
    assert isinstance(found, Problem)
    assert found.reason.endswith("is not simulated; use a resource's output, or a value of the stack file instead")


def test_other_things_are_found_by_name() -> None:
    cloud = Cloud()
    queue = cloud.make("sqs/queue:Queue", "jobs", name="jobs")
    assert ask("sqs/getQueue:getQueue", cloud.direct.world, name="jobs")["url"] == queue.id
    assert ask("sqs/getQueue:getQueue", cloud.direct.world, name="other").path == "name"


def test_an_image_is_known_by_its_tag_and_has_a_digest() -> None:
    one = ask("ecr/getImage:getImage", repositoryName="penguinmails/api", imageTag="0123456789abcdef")
    other = ask("ecr/getImage:getImage", repositoryName="penguinmails/api", imageTag="fedcba9876543210")
    assert one["imageDigest"].startswith("sha256:")
    assert one["imageDigest"] != other["imageDigest"]
    home = "123456789012.dkr.ecr.eu-central-1.amazonaws.com"
    assert one["imageUri"] == f"{home}/penguinmails/api@{one['imageDigest']}"
    assert ask("ecr/getImage:getImage", repositoryName="penguinmails/api").path == "imageTag"


def test_a_repository_is_found_by_its_name() -> None:
    cloud = Cloud()
    cloud.make("ecr/repository:Repository", "api", name="penguinmails/api")
    found = ask("ecr/getRepository:getRepository", cloud.direct.world, name="penguinmails/api")
    assert found["repositoryUrl"].endswith(".amazonaws.com/penguinmails/api")
    assert ask("ecr/getRepository:getRepository", name="penguinmails/api").path == "name"
