"""Wrong programs for AWS, in eu-central-1."""

from __future__ import annotations

import json
from typing import Any

from tests.preview.wrong.model import ABSENT, Delete, First, Make, Out, Replace, Set, Wrong, one

VPC, SUBNET = "aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet"
GROUP, SUBNETS, DATABASE = "aws:ec2/securityGroup:SecurityGroup", "aws:rds/subnetGroup:SubnetGroup", "aws:rds/instance:Instance"
PARAMETERS = "aws:rds/parameterGroup:ParameterGroup"
QUEUE, BUCKET, ROLE = "aws:sqs/queue:Queue", "aws:s3/bucket:Bucket", "aws:iam/role:Role"
TARGETS = "aws:lb/targetGroup:TargetGroup"
TASK, LOGS = "aws:ecs/taskDefinition:TaskDefinition", "aws:cloudwatch/logGroup:LogGroup"

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
)


def vpc(logical: str = "vpc", /, **more: Any) -> Make:
    return Make(VPC, logical, {"cidrBlock": "10.0.0.0/16", **more})


def subnet(logical: str, number: int, /, **more: Any) -> Make:
    """A subnet of `vpc`, in zone a, b or c by its number."""
    inside = {"vpcId": Out("vpc"), "cidrBlock": f"10.0.{number}.0/24", "availabilityZone": f"eu-central-1{'abc'[number % 3]}"}
    return Make(SUBNET, logical, {**inside, **more})


def database(logical: str = "db", /, **more: Any) -> Make:
    """A database that is right, as far as it goes."""
    right = {
        "engine": "postgres",
        "engineVersion": "17",
        "instanceClass": "db.t4g.medium",
        "allocatedStorage": 20,
        "username": "penguin",
        "manageMasterUserPassword": True,
        "skipFinalSnapshot": True,
    }
    return Make(DATABASE, logical, {**right, **more})


SUBNET_A, SUBNET_B = subnet("a", 0), subnet("b", 1)
POOL = Make(SUBNETS, "pool", {"subnetIds": [Out("a"), Out("b")]})

CASES = (
    one("unknown property", "type", vpc(cidr="10.0.0.0/16"), "cidr", "did you mean cidrBlock", ABSENT),
    one(
        "unknown property, one level down",
        "type",
        database(restoreToPointInTime={"latest": True, "sourceDbInstanceIdentifier": "old", "useLatestRestorableTime": True}),
        "restoreToPointInTime.latest",
        "not a known property",
        ABSENT,
    ),
    one(
        "text for a number", "type", database(allocatedStorage="20 GiB"), "allocatedStorage", "a whole number, not a string", 20
    ),
    one(
        "text for a list",
        "type",
        database(enabledCloudwatchLogsExports="postgresql"),
        "enabledCloudwatchLogsExports",
        "a list, not a string",
        ["postgresql"],
    ),
    one("required input missing", "type", Make(ROLE, "role", {}), "assumeRolePolicy", "required and missing", TRUST),
    one("an engine that there is not", "value", database(engine="postgresql"), "engine", "no engine of RDS", "postgres"),
    one(
        "a version that there is not",
        "value",
        database(engineVersion="17.99"),
        "engineVersion",
        "does not exist; use one such as",
        "17",
    ),
    one(
        "a class that there is not",
        "value",
        database(instanceClass="db.t9.medium"),
        "instanceClass",
        "is not offered for postgres in eu-central-1",
        "db.t4g.medium",
    ),
    one(
        "a storage type that there is not",
        "value",
        database(storageType="gp4"),
        "storageType",
        "is no storage type; use gp2",
        "gp3",
    ),
    one(
        "a policy that is no document",
        "value",
        Make(ROLE, "role", {"assumeRolePolicy": "{'Version': 1}"}),
        "assumeRolePolicy",
        "write a policy document",
        TRUST,
    ),
    one(
        "CPU and memory that do not go together",
        "together",
        Make(
            TASK,
            "task",
            {
                "family": "web",
                "cpu": "256",
                "memory": "8192",
                "networkMode": "awsvpc",
                "requiresCompatibilities": ["FARGATE"],
                "containerDefinitions": json.dumps([{"name": "web", "image": "web:1"}]),
            },
        ),
        "memory",
        "does not go with 256",
        "512",
    ),
    one(
        "a retention that there is not",
        "value",
        Make(LOGS, "logs", {"retentionInDays": 31}),
        "retentionInDays",
        "31 is not taken",
        30,
    ),
    one(
        "a bucket in upper case",
        "name",
        Make(BUCKET, "mail", {"bucket": "Mail-Archive"}),
        "bucket",
        "lower-case",
        "mail-archive",
    ),
    one("an identifier that ends in a hyphen", "name", database(identifier="mail-"), "identifier", "hyphen", "mail"),
    Wrong(
        "a name that is too long",
        "name",
        (
            vpc(),
            Make(TARGETS, "web", {"name": "w" * 33, "port": 80, "protocol": "HTTP", "targetType": "ip", "vpcId": Out("vpc")}),
        ),
        "name",
        "32",
        Set("name", "web"),
    ),
    one(
        "a FIFO queue without its suffix",
        "name",
        Make(QUEUE, "jobs", {"name": "jobs", "fifoQueue": True}),
        "name",
        ".fifo",
        "jobs.fifo",
    ),
    Wrong(
        "a name that is taken",
        "name",
        (Make(QUEUE, "jobs", {"name": "jobs"}), Make(QUEUE, "mail", {"name": "jobs"})),
        "name",
        "is taken by the Queue jobs",
        Set("name", "mail"),
    ),
    Wrong(
        "a subnet's id for a network's",
        "reference",
        (vpc(), SUBNET_A, Make(GROUP, "web", {"vpcId": Out("a")})),
        "vpcId",
        "give a Vpc",
        Set("vpcId", Out("vpc")),
    ),
    Wrong(
        "a network that is not there",
        "reference",
        (vpc(), Make(GROUP, "web", {"vpcId": "vpc-0a1b2c3d4e5f60718"})),
        "vpcId",
        "does not exist",
        Set("vpcId", Out("vpc")),
    ),
    Wrong(
        "a security group of another network",
        "reference",
        (
            vpc(),
            SUBNET_A,
            SUBNET_B,
            POOL,
            vpc("other", cidrBlock="10.1.0.0/16"),
            Make(GROUP, "group", {"vpcId": Out("other")}),
            database(dbSubnetGroupName=Out("pool", "name"), vpcSecurityGroupIds=[Out("group")]),
        ),
        "vpcSecurityGroupIds[0]",
        "use a group of that VPC",
        Set("vpcId", Out("vpc"), of=-2),
    ),
    Wrong(
        "a zone of another region",
        "reference",
        (vpc(), subnet("a", 0, availabilityZone="eu-west-1a")),
        "availabilityZone",
        "is no zone of eu-central-1",
        Set("availabilityZone", "eu-central-1a"),
    ),
    one("a range that is not canonical", "range", vpc(cidrBlock="10.0.0.1/16"), "cidrBlock", "10.0.0.0/16", "10.0.0.0/16"),
    Wrong(
        "a range outside its network",
        "range",
        (vpc(), subnet("a", 0, cidrBlock="10.1.0.0/24")),
        "cidrBlock",
        "is not within 10.0.0.0/16",
        Set("cidrBlock", "10.0.1.0/24"),
    ),
    Wrong(
        "ranges that overlap",
        "range",
        (vpc(), SUBNET_A, subnet("b", 1, cidrBlock="10.0.0.128/25")),
        "cidrBlock",
        "overlaps 10.0.0.0/24",
        Set("cidrBlock", "10.0.1.0/25"),
    ),
    Wrong(
        "a database in one zone only",
        "together",
        (vpc(), SUBNET_A, subnet("b", 3), Make(SUBNETS, "pool", {"subnetIds": [Out("a"), Out("b")]})),
        "subnetIds",
        "at least 2",
        Set("availabilityZone", "eu-central-1b", of=-2),
    ),
    Wrong(
        "a family that does not fit the engine",
        "together",
        (Make(PARAMETERS, "mysql", {"family": "mysql8.4"}), database(parameterGroupName=Out("mysql", "name"))),
        "parameterGroupName",
        "use one of postgres17",
        Set("family", "postgres17", of=0),
    ),
    one("too many tags", "value", vpc(tags={f"key-{number}": "x" for number in range(51)}), "tags", "50", {"Name": "vpc"}),
    Wrong(
        "a network deleted with a subnet in it",
        "use",
        (vpc(), SUBNET_A, Delete("vpc")),
        "",
        "still used by Subnet a",
        First(Delete("a")),
    ),
    Wrong(
        "a database deleted under protection",
        "use",
        (database(deletionProtection=True), Delete("db")),
        "deletionProtection",
        "set it to false",
        Set("deletionProtection", False, of=0),
    ),
    Wrong(
        "a group replaced that a database uses",
        "use",
        (
            Make(PARAMETERS, "params", {"family": "postgres17", "name": "mail"}),
            database(parameterGroupName=Out("params", "name")),
            Replace("params", {"family": "postgres16", "name": "mail"}),
        ),
        "",
        "still used by Instance db",
        First(Delete("db")),
    ),
    Wrong(
        "more networks than the quota",
        "quota",
        (vpc(), vpc("second", cidrBlock="10.1.0.0/16")),
        "",
        "quota of 1",
        First(Delete("vpc")),
        most=1,
    ),
)
