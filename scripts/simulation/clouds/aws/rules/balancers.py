"""Load balancers, target groups, listeners and their rules, and the web firewall before them."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.simulation.clouds.aws.rules.membership import groups_in, one_vpc, subnets_of, vpc_of, zones
from scripts.simulation.clouds.aws.rules.reading import (
    Rules,
    complete,
    items,
    missing,
    named,
    nested,
    number,
    others,
    region_of,
    strings,
    text,
)
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Problem, Properties, Unknown
from scripts.simulation.world import Place, Resource, World

_BALANCER, _TARGETS = "lb/loadBalancer:LoadBalancer", "lb/targetGroup:TargetGroup"
_LISTENER, _RULE = "lb/listener:Listener", "lb/listenerRule:ListenerRule"
_APPLICATION, _NETWORK = {"HTTP", "HTTPS"}, {"TCP", "UDP", "TCP_UDP", "TLS", "QUIC", "TCP_QUIC"}
_ACTION_NEEDS = {
    "redirect": ("redirect",),
    "fixed-response": ("fixedResponse",),
    "forward": ("targetGroupArn", "forward"),
    "authenticate-cognito": ("authenticateCognito",),
    "authenticate-oidc": ("authenticateOidc",),
}


def check_balancer(inputs: Properties, _: Place) -> Iterator[Problem]:
    subnets, mappings = complete(inputs, "subnets"), complete(inputs, "subnetMappings")
    if missing(inputs, "subnets") and missing(inputs, "subnetMappings"):
        yield Problem("subnets", "is missing; give subnets of at least two availability zones")
    if subnets and mappings:
        yield Problem("subnetMappings", "is given besides subnets; leave one of the two out")
    if subnets is not None and len(set(subnets)) < 2 and inputs.get("loadBalancerType") == "application":
        yield Problem("subnets", "has fewer than two subnets; an application load balancer needs two availability zones")
    idle = number(inputs, "idleTimeout")
    if idle is not None and not 1 <= idle <= 4000:
        yield Problem("idleTimeout", f"{int(idle)} seconds is out of range; use 1 to 4000")
    if nested(inputs, "accessLogs").get("enabled") is True and missing(nested(inputs, "accessLogs"), "bucket"):
        yield Problem("accessLogs.bucket", "is missing; name the bucket that takes the logs")


def admit_balancer(candidate: Candidate, world: World) -> Iterator[Problem]:
    for pattern in ("subnets[*]", "subnetMappings[*].subnetId"):
        yield from one_vpc(candidate, world, pattern)
        seen: dict[object, str] = {}
        for path, subnet in subnets_of(candidate, world, pattern):
            zone = subnet.outputs.get("availabilityZone")
            if zone is not None and zone in seen:
                yield Problem(path, f"the {subnet.label} is in {zone}, as the {seen[zone]} is; give one subnet a zone")
            seen[zone] = subnet.label
    if candidate.inputs.get("loadBalancerType") == "application":
        yield from zones(candidate, world, "subnets[*]", 2, "an application load balancer")
    yield from groups_in(candidate, world, "securityGroups[*]", vpc_of(subnets_of(candidate, world, "subnets[*]")))
    yield from _taken(candidate, world, _BALANCER)
    yield from _public(candidate, world)


def _public(candidate: Candidate, world: World) -> Iterator[Problem]:
    """A balancer that faces the internet needs a gateway in its VPC."""
    vpc = named(world, "ec2/vpc:Vpc", vpc_of(subnets_of(candidate, world, "subnets[*]")))
    if candidate.inputs.get("internal") is True or vpc is None or not vpc.inputs:
        return
    gateways = list(world.of("aws:ec2/internetGateway:InternetGateway"))
    if not any(gateway.outputs.get("vpcId") in {None, "", vpc.id} for gateway in gateways):
        yield Problem("subnets", f"the {vpc.label} has no internet gateway; make one first, or set internal to true")


def _taken(candidate: Candidate, world: World, kind: str) -> Iterator[Problem]:
    for other in others(world, kind, candidate):
        if other.outputs.get("name") == candidate.inputs.get("name") and region_of(other) == candidate.place.region:
            yield Problem("name", f"{other.outputs.get('name')} is taken by the {other.label}; use another name")


def admit_targets(candidate: Candidate, world: World) -> Iterator[Problem]:
    yield from _taken(candidate, world, _TARGETS)


def check_targets(inputs: Properties, _: Place) -> Iterator[Problem]:
    kind = inputs.get("targetType")
    if kind != "lambda" and not isinstance(kind, Unknown):
        for key in ("port", "protocol", "vpcId"):
            if missing(inputs, key):
                yield Problem(key, f"is missing; targets of the type {kind or 'instance'} need it")
    yield from _health(inputs, nested(inputs, "healthCheck"), "healthCheck")
    delay, slow = number(inputs, "deregistrationDelay"), number(inputs, "slowStart")
    if delay is not None and not 0 <= delay <= 3600:
        yield Problem("deregistrationDelay", f"{int(delay)} seconds is out of range; use 0 to 3600")
    if slow and not 30 <= slow <= 900:
        yield Problem("slowStart", f"{int(slow)} seconds is out of range; use 0, or 30 to 900")


def _health(inputs: Properties, health: Properties, path: str) -> Iterator[Problem]:
    protocol = text(health, "protocol") or "HTTP"
    interval, timeout = number(health, "interval"), number(health, "timeout")
    for key, value, least, most in (("interval", interval, 5, 300), ("timeout", timeout, 2, 120)):
        if value is not None and not least <= value <= most:
            yield Problem(f"{path}.{key}", f"{int(value)} seconds is out of range; use {least} to {most}")
    if interval is not None and timeout is not None and timeout >= interval:
        yield Problem(f"{path}.timeout", f"{int(timeout)} seconds is not below the interval of {int(interval)}; lower it")
    for key in ("healthyThreshold", "unhealthyThreshold"):
        count = number(health, key)
        if count is not None and not 2 <= count <= 10:
            yield Problem(f"{path}.{key}", f"{int(count)} is out of range; use 2 to 10")
    where = text(health, "path")
    if where is not None and not where.startswith("/"):
        yield Problem(f"{path}.path", f"{where!r} must begin with /; add it")
    if protocol == "TCP" and not missing(health, "path"):
        yield Problem(f"{path}.path", "is for HTTP and HTTPS; leave it out, or set the protocol")
    if protocol == "TCP" and inputs.get("protocol") in _APPLICATION:
        yield Problem(f"{path}.protocol", f"cannot be TCP for targets of {inputs['protocol']}; use HTTP or HTTPS")


def check_listener(inputs: Properties, _: Place) -> Iterator[Problem]:
    protocol = text(inputs, "protocol")
    if protocol in {"HTTPS", "TLS"} and missing(inputs, "certificateArn"):
        yield Problem("certificateArn", f"is missing; {protocol} needs a certificate")
    if protocol in {"HTTP", "TCP", "UDP"}:
        for key in ("certificateArn", "sslPolicy"):
            if not missing(inputs, key):
                yield Problem(key, f"is given with {protocol}; leave it out, or use HTTPS")
    policy = text(inputs, "sslPolicy")
    if policy is not None and not policy.startswith("ELBSecurityPolicy-"):
        yield Problem("sslPolicy", f"{policy!r} is no policy; use ELBSecurityPolicy-TLS13-1-2-2021-06 or another of AWS's")
    yield from _actions(inputs, "defaultActions")


def check_rule(inputs: Properties, _: Place) -> Iterator[Problem]:
    yield from _actions(inputs, "actions")
    values = 0
    for path, condition in items(inputs, "conditions"):
        given = [key for key, value in condition.items() if value is not None]
        if len(given) != 1:
            yield Problem(path, f"has {len(given)} kinds; write one condition for each")
        values += len(strings(condition, "pathPattern.values[*]")) + len(strings(condition, "hostHeader.values[*]"))
    if values > 5:
        yield Problem("conditions", f"has {values} values; a rule takes 5, so write another rule")


def _actions(inputs: Properties, key: str) -> Iterator[Problem]:
    """Each action has what its type needs."""
    for path, action in items(inputs, key):
        kind = text(action, "type") or ""
        needs = _ACTION_NEEDS.get(kind, ())
        if needs and all(missing(action, need) for need in needs):
            yield Problem(f"{path}.{needs[0]}", f"is missing; an action of the type {kind} needs it")
        redirect = nested(action, "redirect")
        if kind == "redirect" and redirect and not set(redirect) & {"host", "path", "port", "protocol", "query"}:
            yield Problem(f"{path}.redirect", "changes nothing and would loop; give protocol, port, host, path or query")


def admit_listener(candidate: Candidate, world: World) -> Iterator[Problem]:
    """One listener a port, a protocol that the balancer speaks, a certificate that is issued in the region, one VPC."""
    inputs = candidate.inputs
    balancer = named(world, _BALANCER, inputs.get("loadBalancerArn"))
    for other in others(world, _LISTENER, candidate):
        if other.inputs.get("loadBalancerArn") == inputs.get("loadBalancerArn") and other.inputs.get("port") == inputs.get(
            "port"
        ):
            yield Problem("port", f"{inputs.get('port')} is taken on this load balancer by the {other.label}; use another port")
    kind = balancer.outputs.get("loadBalancerType") if balancer is not None else None
    spoken = {"application": _APPLICATION, "network": _NETWORK}.get(str(kind))
    protocol = text(inputs, "protocol")
    if spoken and protocol and protocol not in spoken:
        yield Problem(
            "protocol", f"{protocol} is not spoken by a load balancer of the type {kind}; use {', '.join(sorted(spoken))}"
        )
    yield from _certificate(candidate, world)
    if balancer is not None:
        yield from _targets_fit(candidate, world, balancer, "defaultActions")


def _certificate(candidate: Candidate, world: World) -> Iterator[Problem]:
    certificate = named(world, "acm/certificate:Certificate", candidate.inputs.get("certificateArn"))
    if certificate is None or not certificate.inputs:
        return
    if region_of(certificate) != candidate.place.region:
        yield Problem(
            "certificateArn", f"the {certificate.label} is in {region_of(certificate)}; use one in {candidate.place.region}"
        )
    validated = any(
        one.inputs.get("certificateArn") == certificate.id
        for one in world.of("aws:acm/certificateValidation:CertificateValidation")
    )
    if certificate.outputs.get("status") == "PENDING_VALIDATION" and not validated:
        yield Problem(
            "certificateArn",
            f"the {certificate.label} is not issued yet; give the certificateArn of its CertificateValidation instead",
        )


def _targets_fit(candidate: Candidate, world: World, balancer: Resource, key: str) -> Iterator[Problem]:
    vpc = vpc_of(subnets_of(Candidate(**{**vars(candidate), "inputs": balancer.outputs}), world, "subnets[*]"))
    spoken = {"application": _APPLICATION, "network": _NETWORK}.get(str(balancer.outputs.get("loadBalancerType")))
    for path, arn in strings(candidate.inputs, f"{key}[*].targetGroupArn"):
        targets = named(world, _TARGETS, arn)
        if targets is None:
            continue
        if vpc and targets.outputs.get("vpcId") not in {None, vpc}:
            yield Problem(path, f"the {targets.label} is in another VPC than the {balancer.label}; use one VPC")
        protocol = targets.outputs.get("protocol")
        if spoken and protocol and protocol not in spoken:
            yield Problem(
                path,
                f"the {targets.label} is of {protocol}, which the {balancer.label} cannot; use {', '.join(sorted(spoken))}",
            )


def admit_rule(candidate: Candidate, world: World) -> Iterator[Problem]:
    inputs = candidate.inputs
    for other in others(world, _RULE, candidate):
        same = other.inputs.get("listenerArn") == inputs.get("listenerArn")
        if same and inputs.get("priority") is not None and other.outputs.get("priority") == inputs["priority"]:
            yield Problem(
                "priority", f"{inputs['priority']} is taken on this listener by the {other.label}; use another number"
            )


def admit_association(candidate: Candidate, world: World) -> Iterator[Problem]:
    """One firewall a resource, of its region."""
    inputs = candidate.inputs
    for other in others(world, "wafv2/webAclAssociation:WebAclAssociation", candidate):
        if other.inputs.get("resourceArn") == inputs.get("resourceArn"):
            yield Problem("resourceArn", f"has a web ACL by {other.label} already; delete that first, a resource takes one")
    acl = named(world, "wafv2/webAcl:WebAcl", inputs.get("webAclArn"))
    if acl is not None and acl.outputs.get("scope") == "CLOUDFRONT":
        yield Problem("webAclArn", f"the {acl.label} has the scope CLOUDFRONT; a load balancer takes one of REGIONAL")


def check_acl(inputs: Properties, where: Place) -> Iterator[Problem]:
    if inputs.get("scope") == "CLOUDFRONT" and where.region != "us-east-1":
        yield Problem(
            "scope", f"is CLOUDFRONT, which is made in us-east-1 only, not in {where.region}; use REGIONAL or that region"
        )
    seen: set[object] = set()
    for path, rule in items(inputs, "rules"):
        for key in ("name", "priority"):
            value = rule.get(key)
            if not isinstance(value, Unknown) and (key, value) in seen:
                yield Problem(f"{path}.{key}", f"{value} is used by another rule; give each its own")
            seen.add((key, value) if not isinstance(value, Unknown) else object())
        actions = [key for key in ("action", "overrideAction") if not missing(rule, key)]
        managed = any(
            not missing(nested(rule, "statement"), key) for key in ("managedRuleGroupStatement", "ruleGroupReferenceStatement")
        )
        wanted = "overrideAction" if managed else "action"
        if actions != [wanted]:
            yield Problem(
                f"{path}.{wanted}", "is needed here, and it alone: groups of rules take overrideAction, other rules action"
            )


def release_balancer(resource: Resource, _: World) -> Iterator[Problem]:
    if resource.outputs.get("enableDeletionProtection") is True:
        yield Problem("enableDeletionProtection", f"is true on the {resource.label}; set it to false and deploy that first")


CHECKS: Rules = {
    _BALANCER: (check_balancer,),
    _TARGETS: (check_targets,),
    _LISTENER: (check_listener,),
    _RULE: (check_rule,),
    "wafv2/webAcl:WebAcl": (check_acl,),
}

ADMITS: Rules = {
    _BALANCER: (admit_balancer,),
    _TARGETS: (admit_targets,),
    _LISTENER: (admit_listener,),
    _RULE: (admit_rule,),
    "wafv2/webAclAssociation:WebAclAssociation": (admit_association,),
}

RELEASES: Rules = {_BALANCER: (release_balancer,)}
