"""Queues, topics, containers, load balancers and scaling: what is refused because of what else exists."""

from __future__ import annotations

from typing import Any

from tests.unit.scripts.simulation.clouds.aws.helpers import Cloud
from tests.unit.scripts.simulation.clouds.aws.service_parts import (
    BALANCER,
    BEHIND,
    LISTENER,
    POLICY,
    QUEUE,
    REDRIVE,
    SCALED,
    SERVICE,
    SIZE,
    SUBSCRIPTION,
    TARGET,
    TARGETS,
    TASK,
    TOPIC,
    TRACKING,
    containers,
    redrive,
)


def test_queues_and_their_dead_letters() -> None:
    cloud = Cloud()
    assert "names the dead-letter queue" in cloud.refused(QUEUE, "jobs", redrivePolicy=redrive())
    dead = cloud.make(QUEUE, "dead", name="dead")
    jobs = cloud.make(QUEUE, "jobs", name="jobs", redrivePolicy=redrive(deadLetterTargetArn=dead.outputs["arn"]))
    assert "jobs is taken by the Queue jobs" in cloud.refused(QUEUE, "again", name="jobs")
    assert "both are FIFO or neither" in cloud.refused(QUEUE, "f", name="f.fifo", fifoQueue=True, redrivePolicy=redrive())
    far = cloud.make(QUEUE, "far", name="far", region="eu-west-1")
    policy = redrive(deadLetterTargetArn=far.outputs["arn"])
    assert "is in the region of its source" in cloud.refused(REDRIVE, "r", queueUrl=jobs.id, redrivePolicy=policy)


def test_fifo_topics_deliver_to_queues_only() -> None:
    cloud = Cloud()
    topic = cloud.make(TOPIC, "t", name="t.fifo", fifoTopic=True)
    plain = cloud.make(TOPIC, "p", name="p")
    queue = cloud.make(QUEUE, "q", name="q.fifo", fifoQueue=True)
    mail = {"protocol": "email", "endpoint": "a@example.org"}
    assert "must be sqs, since the topic is FIFO" in cloud.refused(SUBSCRIPTION, "s", topic=topic.id, **mail)
    by_queue = {"protocol": "sqs", "endpoint": queue.outputs["arn"]}
    assert "is FIFO, the topic is not" in cloud.refused(SUBSCRIPTION, "s", topic=plain.id, **by_queue)
    cloud.make(SUBSCRIPTION, "s", topic=topic.id, **by_queue)
    assert "p is taken by the Topic p" in cloud.refused(TOPIC, "again", name="p")


class Edge(Cloud):
    """A network with a gateway, a balancer, targets and a task that fits them."""

    def __init__(self) -> None:
        super().__init__()
        self.vpc, self.subnets = self.network()
        self.make("ec2/internetGateway:InternetGateway", "gateway", vpcId=self.vpc.id)
        self.balancer = self.make(BALANCER, "balancer", name="mail", subnets=[one.id for one in self.subnets])
        self.targets = self.make(TARGETS, "targets", **{**BEHIND, "vpcId": self.vpc.id})
        self.task = self.make(TASK, "task", **SIZE, containerDefinitions=containers())

    def listen(self, name: str = "http", **more: Any) -> Any:
        action = {"type": "forward", "targetGroupArn": self.targets.id}
        inputs = {"loadBalancerArn": self.balancer.id, "port": 80, "protocol": "HTTP", "defaultActions": [action], **more}
        return self.make(LISTENER, name, **inputs)

    @property
    def service(self) -> dict[str, Any]:
        return {
            "name": "api",
            "taskDefinition": self.task.outputs["arn"],
            "launchType": "FARGATE",
            "networkConfiguration": {"subnets": [one.id for one in self.subnets]},
            "loadBalancers": [{"targetGroupArn": self.targets.id, "containerName": "web", "containerPort": 8000}],
        }


def test_a_balancer_stands_in_two_zones_of_one_vpc_with_a_gateway() -> None:
    cloud = Cloud()
    vpc, [a, b, again] = cloud.network(zones="aba")
    _, [far, *_] = cloud.network("other", "10.1")
    assert "has no internet gateway" in cloud.refused(BALANCER, "x", subnets=[a.id, b.id])
    cloud.make("ec2/internetGateway:InternetGateway", "gateway", vpcId=vpc.id)
    assert "give one subnet a zone" in cloud.refused(BALANCER, "x", subnets=[a.id, again.id])
    assert "use subnets of one VPC" in cloud.refused(BALANCER, "x", subnets=[a.id, b.id, far.id])
    made = cloud.make(BALANCER, "x", name="mail", subnets=[a.id, b.id], enableDeletionProtection=True)
    assert "mail is taken by the LoadBalancer x" in cloud.refused(BALANCER, "y", name="mail", subnets=[a.id, b.id])
    assert cloud.delete_refused(made).startswith("enableDeletionProtection: is true")


def test_listeners_fit_their_balancer() -> None:
    edge = Edge()
    edge.listen()
    assert "80 is taken on this load balancer" in edge.refused(LISTENER, "again", **_inputs(edge, port=80))
    assert "TCP is not spoken by a load balancer of the type application" in edge.refused(
        LISTENER, "tcp", **_inputs(edge, port=25, protocol="TCP")
    )
    other, _ = edge.network("other", "10.1")
    far = edge.make(TARGETS, "far", **{**BEHIND, "vpcId": other.id})
    action = [{"type": "forward", "targetGroupArn": far.id}]
    assert "is in another VPC" in edge.refused(LISTENER, "far", **_inputs(edge, port=81, defaultActions=action))


def test_a_listener_takes_a_certificate_only_once_it_is_valid() -> None:
    edge = Edge()
    pending = edge.make("acm/certificate:Certificate", "cert", domainName="example.org", validationMethod="DNS")
    tls = _inputs(edge, port=443, protocol="HTTPS", certificateArn=pending.id)
    assert "give the certificateArn of its CertificateValidation instead" in edge.refused(LISTENER, "tls", **tls)
    far = edge.make("acm/certificate:Certificate", "far", domainName="example.org", validationMethod="DNS", region="us-east-1")
    assert "use one in eu-central-1" in edge.refused(LISTENER, "tls", **{**tls, "certificateArn": far.id})


def _inputs(edge: Edge, **more: Any) -> dict[str, Any]:
    action = {"type": "forward", "targetGroupArn": edge.targets.id}
    return {"loadBalancerArn": edge.balancer.id, "protocol": "HTTP", "defaultActions": [action], **more}


def test_a_service_fits_task_targets_and_network() -> None:
    edge = Edge()
    right = edge.service
    assert "let this depend on its listener" in edge.refused(SERVICE, "s", **right)
    edge.listen()
    for change, words in (
        ({"containerName": "api"}, "'api' is no container of the task definition; use web"),
        ({"containerPort": 80}, "80 is not among the portMappings of web"),
    ):
        balancer = [{**right["loadBalancers"][0], **change}]
        assert words in edge.refused(SERVICE, "s", **{**right, "loadBalancers": balancer})
    instances = edge.make(TARGETS, "instances", **{**BEHIND, "targetType": "instance", "vpcId": edge.vpc.id})
    balancer = [{**right["loadBalancers"][0], "targetGroupArn": instances.id}]
    assert "awsvpc needs ip" in edge.refused(SERVICE, "s", **{**right, "loadBalancers": balancer})
    other, _ = edge.network("other", "10.1")
    group = edge.make("ec2/securityGroup:SecurityGroup", "far", vpcId=other.id)
    network = {**right["networkConfiguration"], "securityGroups": [group.id]}
    assert "use a group of that VPC" in edge.refused(SERVICE, "s", **{**right, "networkConfiguration": network})
    edge.make(SERVICE, "s", **right)
    assert "api is taken in this cluster" in edge.refused(SERVICE, "t", **right)


def test_a_task_names_secrets_and_log_groups_that_exist() -> None:
    cloud = Cloud()
    secret = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:login-ABCDEF"
    change = {"secrets": [{"name": "A", "valueFrom": f"{secret}:password::"}]}
    found = cloud.refused(TASK, "t", **SIZE, containerDefinitions=containers(change))
    assert f"A names a secret that does not exist: {secret}" in found
    made = cloud.make("secretsmanager/secret:Secret", "login", name="login")
    change["secrets"][0]["valueFrom"] = f"{made.id}:password::"
    cloud.make(TASK, "t", **SIZE, containerDefinitions=containers(change))


def test_scaling_needs_service_target_and_listener() -> None:
    edge = Edge()
    capacity = {**SCALED, "minCapacity": 1, "maxCapacity": 2}
    assert "let this depend on the ECS service" in edge.refused(TARGET, "t", **capacity)
    edge.listen()
    cluster = edge.make("ecs/cluster:Cluster", "cluster", name="mail")
    edge.make(SERVICE, "s", **edge.service, cluster=cluster.id)
    policy = {**SCALED, "policyType": "TargetTrackingScaling", "targetTrackingScalingPolicyConfiguration": TRACKING}
    assert "is no scalable target" in edge.refused(POLICY, "p", **policy)
    edge.make(TARGET, "t", **capacity)
    assert "is registered by the Target t already" in edge.refused(TARGET, "u", **capacity)
    edge.make(POLICY, "p", **policy)
    label = f"{edge.balancer.outputs['arnSuffix']}/targetgroup/other/0123456789abcdef"
    requests = {
        "targetValue": 1,
        "predefinedMetricSpecification": {"predefinedMetricType": "ALBRequestCountPerTarget", "resourceLabel": label},
    }
    found = edge.refused(POLICY, "q", **{**policy, "targetTrackingScalingPolicyConfiguration": requests})
    assert "names targetgroup/other/0123456789abcdef, which does not exist" in found
