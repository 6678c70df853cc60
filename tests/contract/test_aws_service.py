"""Services on a simulated AWS: what runs, who reaches it, what it may do, and by what it scales."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pulumi import Output

from components.aws.cluster import Cluster
from components.aws.entry import Entry
from components.aws.migration import Migration
from components.aws.network import Network
from components.aws.service import Service
from components.aws.telemetry import Telemetry
from components.binding import Binding, Permission, SecretReference
from components.contract import (
    CertificateOutputs,
    ClusterArgs,
    EntryArgs,
    MigrationArgs,
    NetworkArgs,
    ServiceArgs,
    TelemetryArgs,
)
from components.spec import Telemetry as TelemetrySpec
from tests.harness.alone import Alone, alone
from tests.harness.targets import base

REGION, ACCOUNT = "eu-central-1", "123456789012"
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:login-abcdef"
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:outbound"
CERTIFICATE = f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/11111111-2222-3333-4444-555555555555"
DIGEST = f"registry.example.com/mail/api@sha256:{'a' * 64}"
NAME = "penguinmails-test"
FRONT = {"image": "api", "public_path": "/front"}
"""Of the description only: each has something that answers."""

SCALED = {"min_replicas": 2, "max_replicas": 6}


def binding() -> Binding:
    reads = Permission(("secretsmanager:GetSecretValue",), (Output.from_input(SECRET),), "read the login")
    login = SecretReference(Output.from_input(f"{SECRET}:::1"), Output.from_input("login"), (reads,))
    sends = Permission(("sqs:SendMessage",), (Output.from_input(QUEUE),), "send messages")
    return Binding(variables={"PORT": "8000"}, secrets={"DATABASE_URL": login}, permissions=(sends,))


def built(environment: str = "production", **service: Any) -> Alone:
    """A service called `api`, public unless it says otherwise, after a migration."""

    def make(spec: Any, identity: Any, opts: Any) -> dict[str, Output[Any]]:
        network = Network("penguinmails-network", NetworkArgs(identity, spec.aws), opts).outputs
        told = TelemetryArgs(identity, TelemetrySpec(), ["api", "migration"], spec, network)
        logs = Telemetry("penguinmails-telemetry", told, opts).outputs
        cluster = Cluster("penguinmails-cluster", ClusterArgs(identity, network, spec.services), opts).outputs
        certificate = SecretReference(Output.from_input(CERTIFICATE), Output.from_input("edge"))
        issued = CertificateOutputs(certificate, Output.from_input(""), {}, None)
        entry = Entry("penguinmails-entry", EntryArgs(identity, spec.edge, spec.domain, network, issued), opts).outputs
        gate = Migration(
            "penguinmails-migration",
            MigrationArgs(identity, spec.migration, network, binding(), cluster, logs.logs["migration"]),
            opts,
        ).outputs
        made = Service(
            "penguinmails-api",
            ServiceArgs(
                identity=identity,
                name="api",
                service=spec.services["api"],
                network=network,
                binding=binding(),
                migration=gate,
                cluster=cluster,
                entry=entry,
                logs=logs.logs["api"],
                queues=[Output.from_input(name) for name in spec.services["api"].consumes],
            ),
            opts,
        ).outputs
        assert made.id is not None
        target = made.target or Output.from_input("")
        return {"id": made.id, "target": target, "entry": entry.id, "door": entry.group, "cluster": cluster.name}

    asked = {"image": "api", "command": ["api"], "public_path": "/api", **service}
    description = base(
        "aws",
        environment=environment,
        services={"api": asked, "front": FRONT},
        migration={"image": "api"},
        aws={"region": REGION},
    )
    return alone(description, make, assume=[SECRET, QUEUE, CERTIFICATE])


def policy(found: Alone, name: str) -> list[dict[str, Any]]:
    statements: list[dict[str, Any]] = json.loads(found.named(name).inputs["policy"])["Statement"]
    return statements


def containers(found: Alone, name: str) -> dict[str, Any]:
    [only] = json.loads(found.named(name).inputs["containerDefinitions"])
    known: dict[str, Any] = only
    return known


@pytest.fixture(scope="module")
def production() -> Alone:
    return built()


def test_copies_run_privately_and_a_release_costs_no_request(production: Alone) -> None:
    service = production.named("penguinmails-api-copies").inputs
    assert service["name"] == f"{NAME}-api" == production.known["id"]
    assert service["networkConfiguration"]["assignPublicIp"] is False
    assert service["availabilityZoneRebalancing"] == "ENABLED"
    assert (service["deploymentMinimumHealthyPercent"], service["deploymentMaximumPercent"]) == (100, 200)
    assert service["deploymentCircuitBreaker"] == {"enable": True, "rollback": True}
    assert service["waitForSteadyState"] is True
    assert service["enableExecuteCommand"] is False
    assert len(service["networkConfiguration"]["securityGroups"]) == 2


def test_the_image_is_named_by_its_digest(production: Alone) -> None:
    image = containers(production, "penguinmails-api-task")["image"]
    repository, digest = image.split("@")
    assert repository == f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/penguinmails/api"
    assert digest.startswith("sha256:")


def test_an_image_of_another_registry_is_taken_as_it_is_and_needs_no_rights() -> None:
    found = built(image=DIGEST)
    assert containers(found, "penguinmails-api-task")["image"] == DIGEST
    actions = {action for one in policy(found, "penguinmails-api-start-policy") for action in one["Action"]}
    assert not [action for action in actions if action.startswith("ecr:")]


def test_the_process_may_do_what_its_bindings_say_and_no_more(production: Alone) -> None:
    [statement] = policy(production, "penguinmails-api-role-policy")
    assert statement == {"Sid": "SendMessages", "Effect": "Allow", "Action": ["sqs:SendMessage"], "Resource": [QUEUE]}


def test_what_starts_a_container_may_pull_log_and_read_its_secrets_only(production: Alone) -> None:
    found = {tuple(one["Action"]): one["Resource"] for one in policy(production, "penguinmails-api-start-policy")}
    assert found == {
        ("ecr:GetAuthorizationToken",): ["*"],
        ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"): [
            f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/penguinmails/api"
        ],
        ("logs:CreateLogStream", "logs:PutLogEvents"): [
            f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/{NAME}-logs-api:log-stream:*"
        ],
        ("secretsmanager:GetSecretValue",): [SECRET],
    }


def test_only_tasks_of_this_account_take_on_the_roles(production: Alone) -> None:
    for name in ("penguinmails-api-role", "penguinmails-api-start", "penguinmails-migration-role"):
        [statement] = json.loads(production.named(name).inputs["assumeRolePolicy"])["Statement"]
        assert statement["Principal"] == {"Service": "ecs-tasks.amazonaws.com"}
        assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": ACCOUNT}
        assert statement["Condition"]["ArnLike"] == {"aws:SourceArn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:*"}


def test_a_secret_is_a_reference_and_no_variable(production: Alone) -> None:
    container = containers(production, "penguinmails-api-task")
    assert container["secrets"] == [{"name": "DATABASE_URL", "valueFrom": f"{SECRET}:::1"}]
    assert {one["name"]: one["value"] for one in container["environment"]} == {"HEALTH_PATH": "/healthz", "PORT": "8000"}


def test_requests_come_from_the_load_balancer_only(production: Alone) -> None:
    rule = production.named("penguinmails-api-requests-8000-in").inputs
    assert (rule["fromPort"], rule["toPort"]) == (8000, 8000)
    assert rule["referencedSecurityGroupId"] == "penguinmails-entry-own-id" or rule["referencedSecurityGroupId"].startswith(
        "sg-"
    )
    assert "cidrIpv4" not in rule
    incoming = [one for one in production.of(":SecurityGroupIngressRule") if one.inputs.get("cidrIpv4")]
    assert {one.inputs["fromPort"] for one in incoming} == {80, 443}


def test_a_public_service_gets_the_requests_of_its_path(production: Alone) -> None:
    rule = production.named("penguinmails-api-route").inputs
    assert rule["conditions"] == [{"pathPattern": {"values": ["/api", "/api/*"]}}]
    targets = production.named("penguinmails-api-targets").inputs
    assert targets["namePrefix"] == "api-"
    assert targets["healthCheck"]["path"] == "/readyz"
    assert targets["deregistrationDelay"] in {30, "30"}
    assert production.known["target"].startswith("targetgroup/api-")


def test_a_database_that_moves_to_its_other_zone_costs_no_copy(production: Alone) -> None:
    """It is away for two minutes at most, and every copy is unready meanwhile."""
    health = production.named("penguinmails-api-targets").inputs["healthCheck"]
    assert health["interval"] * health["unhealthyThreshold"] > 120


def test_another_port_leaves_the_old_way_in_place_until_copies_have_moved(production: Alone) -> None:
    moved = built(port=9000)
    targets = moved.named("penguinmails-api-targets").inputs
    assert targets == production.named("penguinmails-api-targets").inputs
    assert targets["healthCheck"]["port"] == "traffic-port"
    [balancer] = moved.named("penguinmails-api-copies").inputs["loadBalancers"]
    assert balancer["containerPort"] == 9000
    before, after = (
        {rule.name for rule in found.resources if "SecurityGroup" in rule.typ and "-requests-" in rule.name}
        for found in (production, moved)
    )
    assert len(before) == len(after) == 2
    assert not before & after


def test_a_worker_registers_nowhere() -> None:
    found = built(public_path=None)
    assert not found.of(":TargetGroup")
    assert not found.of(":ListenerRule")
    service = found.named("penguinmails-api-copies").inputs
    assert "loadBalancers" not in service
    assert "healthCheckGracePeriodSeconds" not in service
    assert found.known["target"] == ""


@pytest.mark.parametrize(
    ("environment", "path", "capacity"),
    [
        ("development", None, "FARGATE"),
        ("development", "/", "FARGATE"),
        ("staging", None, "FARGATE"),
        ("production", None, "FARGATE"),
    ],
)
def test_what_a_deployment_waits_for_is_never_on_spot(environment: str, path: str | None, capacity: str) -> None:
    service = built(environment, public_path=path).named("penguinmails-api-copies").inputs
    assert [one["capacityProvider"] for one in service["capacityProviderStrategies"]] == [capacity]


@pytest.mark.parametrize(("environment", "spot"), [("development", True), ("production", False)])
def test_only_workers_in_development_scale_out_to_spot(environment: str, spot: bool) -> None:
    service = built(environment, public_path=None, scaling=SCALED).named("penguinmails-api-copies").inputs
    strategy = {one["capacityProvider"]: (one["base"], one["weight"]) for one in service["capacityProviderStrategies"]}
    assert strategy == ({"FARGATE": (2, 1), "FARGATE_SPOT": (0, 4)} if spot else {"FARGATE": (0, 1)})


def test_capacity_waits_for_the_ways_out_of_the_network(production: Alone) -> None:
    """In a new account the role of ECS is made behind the first cluster: these minutes are its time."""
    capacity = production.one("ClusterCapacityProviders")
    waits = {urn.rpartition("::")[2] for urn in capacity.depends}
    assert {f"penguinmails-network-private-{index}-out" for index in range(3)} <= waits
    assert not [urn for urn in production.one("ecs/cluster:Cluster").depends if "network" in urn]


def test_the_migration_comes_first_and_alone(production: Alone) -> None:
    run = production.named("penguinmails-migration-run").inputs
    assert (run["deploymentMinimumHealthyPercent"], run["deploymentMaximumPercent"]) == (0, 100)
    assert run["deploymentCircuitBreaker"] == {"enable": True, "rollback": False}
    assert run["waitForSteadyState"] is True
    assert run["availabilityZoneRebalancing"] == "DISABLED"
    container = containers(production, "penguinmails-migration-task")
    assert container["command"] == ["migrate", "--linger"]
    assert container["healthCheck"]["command"] == ["CMD", "test", "-f", "/tmp/migrated"]
    assert container["portMappings"] == []
    task = production.named("penguinmails-migration-task").inputs
    assert (task["cpu"], task["memory"]) == ("256", "512")
    names = [found.name for found in production.resources]
    assert names.index("penguinmails-migration-run") < names.index("penguinmails-api-copies")


def test_a_fixed_number_of_copies_is_the_descriptions(production: Alone) -> None:
    assert not production.of("appautoscaling/target:Target")
    assert production.named("penguinmails-api-copies").ignored == []


def test_what_scales_a_service_owns_the_number_of_its_copies() -> None:
    found = built(scaling=SCALED)
    assert found.named("penguinmails-api-copies").ignored == ["desiredCount"]
    target = found.one("appautoscaling/target:Target").inputs
    assert (target["minCapacity"], target["maxCapacity"]) == (2, 6)
    assert target["resourceId"] == f"service/{found.known['cluster']}/{NAME}-api"
    [policy] = found.of("appautoscaling/policy:Policy")
    tracking = policy.inputs["targetTrackingScalingPolicyConfiguration"]
    assert tracking["predefinedMetricSpecification"] == {"predefinedMetricType": "ECSServiceAverageCPUUtilization"}
    assert tracking["targetValue"] == 60


def test_requests_are_counted_for_each_copy() -> None:
    found = built(scaling={**SCALED, "requests_per_minute_per_replica": 900})
    [policy] = found.of("appautoscaling/policy:Policy")
    tracking = policy.inputs["targetTrackingScalingPolicyConfiguration"]
    assert tracking["targetValue"] == 900
    label = tracking["predefinedMetricSpecification"]["resourceLabel"]
    assert label == f"{found.known['entry']}/{found.known['target']}"


def test_messages_are_counted_for_each_copy() -> None:
    asked = {**SCALED, "messages_per_replica": 50}
    found = built(public_path=None, consumes=["outbound"], scaling=asked)
    [policy] = found.of("appautoscaling/policy:Policy")
    tracking = policy.inputs["targetTrackingScalingPolicyConfiguration"]
    assert tracking["targetValue"] == 50
    [backlog, copies, queue] = tracking["customizedMetricSpecification"]["metrics"]
    assert backlog["returnData"] is True
    assert copies["metricStat"]["metric"]["namespace"] == "ECS/ContainerInsights"
    assert {one["name"]: one["value"] for one in copies["metricStat"]["metric"]["dimensions"]} == {
        "ClusterName": found.known["cluster"],
        "ServiceName": f"{NAME}-api",
    }
    assert queue["metricStat"]["metric"]["dimensions"] == [{"name": "QueueName", "value": "outbound"}]


@pytest.mark.parametrize(("environment", "insights"), [("development", "enabled"), ("production", "enhanced")])
def test_running_copies_are_counted_everywhere(environment: str, insights: str) -> None:
    cluster = built(environment).one("ecs/cluster:Cluster").inputs
    assert cluster["settings"] == [{"name": "containerInsights", "value": insights}]
