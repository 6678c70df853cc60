"""What is read from the installed SDKs, held to facts known from their sources and to the Docker provider's own schema."""

from __future__ import annotations

import json
import sys
import types
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Optional, Union  # as the generated classes write it

import pulumi
import pytest
from pulumi import _types

from scripts.simulation.schema import installed, sdk, text
from scripts.simulation.schema.model import Property, ResourceSchema, Shape

DOCKER = json.loads(
    (Path(__file__).parents[5] / "scripts" / "toolchain" / "docker-plugin" / "schema.json").read_text(encoding="utf-8")
)
WEB_ACL = "aws:wafv2/webAcl:WebAcl"
CONTAINER_APP = "azure-native:app:ContainerApp"
POSTGRESQL = "azure-native:dbforpostgresql:Server"
CLOUD_RUN = "gcp:cloudrunv2/service:Service"


TWIN = """
import pulumi
from typing import Sequence

@pulumi.output_type
class Inner(dict):
    pass

@pulumi.output_type
class Outer(dict):
    @property
    @pulumi.getter
    def items(self) -> Sequence['Inner']:
        return pulumi.get(self, "items")
"""


def read(token: str) -> ResourceSchema:
    found = sdk.resource(token)
    assert found is not None
    return found


def at(schema: ResourceSchema, path: str, *, outputs: bool = False) -> Property:
    """The property at a path of wire names, through lists and maps."""
    *outer, last = path.split(".")
    properties = schema.outputs if outputs else schema.inputs
    for name in outer:
        shape = properties[name].shape
        while shape.element is not None:
            shape = shape.element
        properties = schema.types[shape.type]
    return properties[last]


@pytest.mark.parametrize(
    ("token", "inputs", "required"),
    [
        ("aws:rds/instance:Instance", 73, {"instanceClass"}),
        ("aws:ec2/subnet:Subnet", 22, {"vpcId"}),
        (POSTGRESQL, 23, {"resourceGroupName"}),
        (CONTAINER_APP, 14, {"resourceGroupName"}),
        (CLOUD_RUN, 25, {"location", "template"}),
        ("docker:index/service:Service", 9, {"taskSpec"}),
        ("pulumi:providers:aws", 35, set()),
        ("pulumi:providers:gcp", 221, set()),
    ],
)
def test_inputs(token: str, inputs: int, required: set[str]) -> None:
    schema = read(token)
    assert schema.token == token
    assert len(schema.inputs) == inputs
    assert {name for name, found in schema.inputs.items() if found.required} == required


@pytest.mark.parametrize(
    ("token", "path", "kind", "required"),
    [
        ("aws:rds/instance:Instance", "allocatedStorage", "integer", False),
        ("aws:rds/instance:Instance", "restoreToPointInTime.useLatestRestorableTime", "boolean", False),
        ("aws:rds/instance:Instance", "tags", "map", False),
        ("aws:s3/bucketObjectv2:BucketObjectv2", "source", "asset", False),
        (CONTAINER_APP, "template.containers.probes.httpGet.port", "integer", True),
        (CONTAINER_APP, "template.containers.resources.cpu", "number", False),
        (CONTAINER_APP, "template.scale.rules.custom.metadata", "map", False),
        (CONTAINER_APP, "template.containers", "list", False),
        (POSTGRESQL, "identity.type", "string", True),
        (CLOUD_RUN, "template.containers.ports.containerPort", "integer", False),
        ("docker:index/service:Service", "taskSpec.containerSpec.image", "string", True),
        ("pulumi:providers:aws", "defaultTags.tags", "map", False),
        ("azure-native:app:DaprComponent", "metadata", "list", False),
    ],
)
def test_nested_inputs(token: str, path: str, kind: str, required: bool) -> None:
    found = at(read(token), path)
    assert (found.shape.kind, found.required) == (kind, required)


def test_the_init_class_is_the_resource_where_there_is_one() -> None:
    """`SubnetArgs` of Azure is the subnet inside a virtual network: it has an id and no resource group."""
    schema = read("azure-native:network:Subnet")
    assert {"resourceGroupName", "virtualNetworkName", "delegations"} <= set(schema.inputs)
    assert "type" in read("azure-native:network:VirtualNetwork").types["network._inputs.SubnetArgs"]


def test_outputs_say_what_always_has_a_value() -> None:
    schema = read("aws:rds/instance:Instance")
    assert schema.outputs["arn"] == Property(Shape("string"), required=True)
    assert schema.outputs["password"] == Property(Shape("string"))
    assert at(schema, "masterUserSecrets.secretArn", outputs=True) == Property(Shape("string"))
    service = read("docker:index/service:Service")
    assert at(service, "taskSpec.containerSpec.image", outputs=True) == Property(Shape("string"), required=True)
    assert schema.outputs.keys() - schema.inputs.keys() >= {"address", "endpoint", "status"}
    assert "id" not in schema.outputs
    assert "urn" not in schema.outputs


def test_an_enumeration_is_closed_only_without_text_beside_it() -> None:
    storage = read("azure-native:storage:StorageAccount")
    assert storage.inputs["accessTier"].shape.values == ("Hot", "Cool", "Premium", "Cold")
    assert at(storage, "sku.name") == Property(Shape("string"), required=True)
    assert at(read("azure-native:servicebus:Namespace"), "sku.name").shape.values == ("Basic", "Standard", "Premium")


def test_a_union_has_all_its_options() -> None:
    policy = read("aws:iam/role:Role").inputs["assumeRolePolicy"]
    assert policy.required
    assert policy.shape.options == (Shape("string"), Shape("object", type="iam._inputs.PolicyDocumentArgs"))
    activities = read("azure-native:datafactory:Pipeline").inputs["activities"].shape.element
    assert activities is not None
    assert len(activities.options) > 30


def test_types_that_contain_themselves_come_to_an_end() -> None:
    schema = read(WEB_ACL)
    assert len(schema.types) > 1000
    statement = schema.types["wafv2._inputs.WebAclRuleStatementArgs"]
    assert statement["andStatement"].shape.kind == "object"
    assert text.loads(text.dumps(schema)) == schema
    assert len(text.dumps(schema)) < 400_000
    pipeline = read("azure-native:datafactory:Pipeline")
    inner = pipeline.types["datafactory._inputs.ForEachActivityArgs"]["activities"].shape
    assert inner == pipeline.inputs["activities"].shape


@pytest.mark.parametrize("token", ["aws:nothing/here:Here", "random:index/id:Id", "pulumi:providers:random", "aws", ""])
def test_what_no_sdk_has(token: str) -> None:
    assert sdk.resource(token) is None


def test_what_was_read_before_makes_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two modules that write the same text mean their own class by it, whichever was read first."""
    hints = {}
    for name in ("first", "second"):
        module = types.ModuleType(f"pulumi_toy.{name}")
        monkeypatch.setitem(sys.modules, module.__name__, module)
        exec(compile(TWIN, name, "exec"), vars(module))
        hints[name] = sdk._Reader("")._outputs(module.Outer)["items"].shape.element
    assert hints == {name: Shape("object", type=f"{name}.Inner") for name in hints}


def test_every_nested_type_is_there() -> None:
    for token in ("aws:rds/instance:Instance", CONTAINER_APP, CLOUD_RUN, "docker:index/container:Container"):
        schema = read(token)
        for properties in (schema.inputs, schema.outputs, *schema.types.values()):
            for found in properties.values():
                assert {shape.type for shape in parts(found.shape) if shape.kind == "object"} <= schema.types.keys()
                assert all(shape.kind != "any" for shape in parts(found.shape)), token


def parts(shape: Shape) -> Iterator[Shape]:
    yield shape
    for inner in (*shape.options, *filter(None, [shape.element])):
        yield from parts(inner)


class TestDocker:
    """The real provider's schema, of which this kit has the text, and the classes made from it say the same."""

    @pytest.mark.parametrize("token", DOCKER["resources"])
    def test_resource(self, token: str) -> None:
        schema, wanted = read(token), DOCKER["resources"][token]
        self.compare(schema, schema.inputs, wanted["inputProperties"], wanted.get("requiredInputs", []))
        self.compare(schema, schema.outputs, wanted["properties"], wanted.get("required", []))

    def test_provider(self) -> None:
        schema = read("pulumi:providers:docker")
        self.compare(schema, schema.inputs, DOCKER["provider"]["inputProperties"], [])

    def compare(self, schema: ResourceSchema, read: Mapping[str, Property], wanted: Any, required: list[str]) -> None:
        assert set(read) == set(wanted)
        assert {name for name, found in read.items() if found.required} == set(required)
        for name, found in read.items():
            self.compare_shape(schema, found.shape, wanted[name])

    def compare_shape(self, schema: ResourceSchema, read: Shape, wanted: Any) -> None:
        if "$ref" in wanted:
            assert read.kind == "object"
            nested = DOCKER["types"][wanted["$ref"].removeprefix("#/types/")]
            self.compare(schema, schema.types[read.type], nested["properties"], nested.get("required", []))
        elif read.element is not None:
            assert read.kind == {"array": "list", "object": "map"}[wanted["type"]]
            self.compare_shape(schema, read.element, wanted.get("items") or wanted.get("additionalProperties"))
        else:
            assert read.kind == wanted["type"]


def test_the_tables_of_all_sdks_are_read_without_importing_them() -> None:
    assert {package: len(installed.classes(package)) for package in installed.SDKS} == {
        "aws": 1749,
        "azure-native": 2289,
        "gcp": 1496,
        "docker": 13,
    }
    assert installed.classes("azure-native")["azure-native:app:ContainerApp"] == ("pulumi_azure_native.app", "ContainerApp")


class Size(StrEnum):
    SMALL = "small"


@pulumi.input_type
class ThingArgs:
    """Stands for all generated classes: what is used of `pulumi._types`, which is private, has to go on working like this."""

    def __init__(self, *, disk_size: pulumi.Input[int], size: Optional[pulumi.Input[Union[str, Size]]] = None) -> None:  # noqa: UP007, UP045
        pulumi.set(self, "disk_size", disk_size)
        if size is not None:
            pulumi.set(self, "size", size)

    @property
    @pulumi.getter(name="diskSize")
    def disk_size(self) -> pulumi.Input[int]:
        raise NotImplementedError

    @property
    @pulumi.getter
    def size(self) -> Optional[pulumi.Input[Union[str, Size]]]:  # noqa: UP007, UP045
        raise NotImplementedError


@pulumi.output_type
class Thing(dict):  # type: ignore[type-arg]
    @property
    @pulumi.getter(name="diskSize")
    def disk_size(self) -> int:
        raise NotImplementedError


def test_the_private_parts_that_are_used_work_as_they_did() -> None:
    assert _types.input_type_py_to_pulumi_names(ThingArgs) == {"disk_size": "diskSize", "size": "size"}
    assert set(_types.input_type_types(ThingArgs)) == {"diskSize", "size"}
    assert _types.is_input_type(ThingArgs)
    assert not _types.is_input_type(Thing)
    assert _types.is_output_type(Thing)
    assert not _types.is_output_type(ThingArgs)
    assert getattr(vars(Thing)["disk_size"].fget, _types._PULUMI_NAME) == "diskSize"
    reader = sdk._Reader("")
    assert reader._inputs(ThingArgs) == {
        "diskSize": Property(Shape("integer"), required=True),
        "size": Property(Shape("string")),
    }
    assert reader._outputs(Thing) == {"diskSize": Property(Shape("integer"), required=True)}
