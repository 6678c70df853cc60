"""The tables name inputs that the SDK has, and hold what was found out about replacement."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from scripts.simulation.clouds.aws import CLOUD, arns, cloudformation, defaults, names, outputs, references, replacement, types
from scripts.simulation.clouds.aws.rules import _ADMITS, _CHECKS, _RELEASES
from scripts.simulation.schema import store
from scripts.simulation.schema.model import ResourceSchema

DATA = {
    "availabilityZone",
    "dbName",
    "engine",
    "kmsKeyId",
    "storageEncrypted",
    "username",
    "timezone",
    "characterSetName",
    "snapshotIdentifier",
    "restoreToPointInTime",
}


def reaches(schema: ResourceSchema, pattern: str) -> bool:
    """Whether an input lies at the pattern."""
    properties, shape = schema.inputs, None
    for part in pattern.replace("[", ".[").split("."):
        if part == "[*]":
            assert shape is not None
            if shape.kind != "list" or shape.element is None:
                return False
            shape = shape.element
            continue
        if shape is not None:
            properties = schema.types.get(shape.type, {})
        if part not in properties:
            return False
        shape = properties[part].shape
    return True


def astray(table: Iterable[tuple[str, Iterable[str]]]) -> list[tuple[str, str]]:
    found = []
    for token, patterns in table:
        schema = store.schema(token)
        if schema is None:
            found.append((token, ""))
        else:
            found.extend((token, pattern) for pattern in patterns if not reaches(schema, pattern))
    return found


def test_every_pattern_reaches_an_input_of_the_sdk() -> None:
    assert astray(replacement.REPLACED.items()) == []
    assert astray((token, [one.path for one in found]) for token, found in references.REFERENCES.items()) == []
    assert astray((token, values) for token, values in defaults._DEFAULTS.items()) == []
    assert astray((token, [rule.field]) for token, rule in names.RULES.items()) == []


def test_every_type_in_a_table_is_one_of_the_sdk() -> None:
    listed = {*arns.IDS, *types.CLOUDFORMATION, *_CHECKS, *_ADMITS, *_RELEASES, *outputs._BY_FORM, *outputs._BY_CALL}
    assert [token for token in sorted(listed) if store.schema(token) is None] == []


def test_references_name_types_of_the_sdk() -> None:
    named = {token for found in references.REFERENCES.values() for one in found for token in one.tokens}
    assert [token for token in sorted(named) if store.schema(token) is None] == []


def test_what_loses_a_database_is_listed() -> None:
    found = CLOUD.replaces("aws:rds/instance:Instance")
    assert found is not None
    assert found >= DATA
    assert not found & {"instanceClass", "allocatedStorage", "storageType", "engineVersion", "dbSubnetGroupName", "password"}


@pytest.mark.parametrize(
    ("token", "patterns"),
    [
        ("aws:sqs/queue:Queue", {"name", "namePrefix", "fifoQueue", "region"}),
        ("aws:s3/bucket:Bucket", {"bucket", "bucketNamespace", "bucketPrefix", "objectLockEnabled", "region"}),
        ("aws:ec2/internetGateway:InternetGateway", {"region"}),
        ("aws:iam/role:Role", {"name", "namePrefix", "path"}),
        ("aws:alb/listener:Listener", {"loadBalancerArn", "region"}),
    ],
)
def test_replacement_of_a_listed_type(token: str, patterns: set[str]) -> None:
    assert set(CLOUD.replaces(token) or ()) == patterns


def test_replacement_of_other_types_comes_from_cloudformation() -> None:
    assert set(CLOUD.replaces("aws:kinesis/stream:Stream") or ()) == {"name", "region"}
    assert CLOUD.replaces("aws:nothing/known:Known") is None


def test_the_listed_types_know_all_that_cloudformation_fixes() -> None:
    """The differences that are meant: the provider changes these in place, or has them under another name."""
    known = {
        "aws:ec2/routeTableAssociation:RouteTableAssociation": {"routeTableId"},
        "aws:ec2/flowLog:FlowLog": {"resourceType", "tagFieldSpecifications"},
        "aws:ec2/vpcEndpoint:VpcEndpoint": {"dnsOptions.privateDnsPreference", "dnsOptions.privateDnsSpecifiedDomains"},
        "aws:rds/cluster:Cluster": {"clusterScalabilityType", "publiclyAccessible"},
        "aws:rds/instance:Instance": {"dbSubnetGroupName"},
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": {"cidrIpv6", "fromPort", "ipProtocol", "toPort"},
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {"cidrIpv6", "fromPort", "ipProtocol", "toPort"},
    }
    differing = {}
    for token, kind in types.CLOUDFORMATION.items():
        schema, listed = store.schema(token), replacement.REPLACED.get(token)
        if schema is not None and listed is not None:
            fixed = {one for one in cloudformation.fixed().get(kind.lower(), ()) if one.split(".")[0] in schema.inputs}
            if fixed - listed:
                differing[token] = fixed - listed
    assert {
        token: found - known.get(token, set()) for token, found in differing.items() if found - known.get(token, set())
    } == {}
