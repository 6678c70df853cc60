"""Computed outputs of networks, addresses and load balancers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from scripts.simulation.clouds.aws import ids, place
from scripts.simulation.clouds.aws.forms import digits
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Value

_LB_ZONES = {
    "ap-northeast-1": "Z14GRHDCWA56QT",
    "ap-northeast-2": "ZWKZPGTI48KDX",
    "ap-south-1": "ZP97RAFLXTNZK",
    "ap-southeast-1": "Z1LMS91P8CMLE5",
    "ap-southeast-2": "Z1GM3OXH4ZPM65",
    "ca-central-1": "ZQSVJUPU6J1EY",
    "eu-central-1": "Z215JYRZR1TBD5",
    "eu-north-1": "Z23TAZ6LKFMNIO",
    "eu-west-1": "Z32O12XQLNTSW2",
    "eu-west-2": "ZHURV8PSTC4K8",
    "eu-west-3": "Z3Q77PNBQS71R4",
    "sa-east-1": "Z2P70J7HTTTPLU",
    "us-east-1": "Z35SXDOTRQ7X7K",
    "us-east-2": "Z3AADJGX6KTTL2",
    "us-west-1": "Z368ELLRRE2KJ0",
    "us-west-2": "Z1H1FL5HABSF5",
}
"""Hosted zones of application load balancers, from the service's list of endpoints; other regions get one by form."""


def vpc(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    """What AWS makes with a VPC has ids that depend on the VPC's."""
    table = ids.with_owner("rtb", identifier)
    return {
        "ownerId": candidate.place.account,
        "defaultNetworkAclId": ids.with_owner("acl", identifier),
        "defaultRouteTableId": table,
        "mainRouteTableId": table,
        "defaultSecurityGroupId": ids.with_owner("sg", identifier),
        "dhcpOptionsId": ids.with_owner("dopt", candidate.place.region),
        "enableDnsHostnames": False,
        "enableNetworkAddressUsageMetrics": False,
        "ipv6AssociationId": "",
        "ipv6CidrBlock": "",
        "ipv6CidrBlockNetworkBorderGroup": "",
    }


def subnet(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    """A subnet with neither zone nor zone id gets a zone of the region."""
    zone = zone_of(candidate, identifier)
    return {
        "ownerId": candidate.place.account,
        "availabilityZone": zone,
        "availabilityZoneId": place.zone_id(zone),
        "ipv6CidrBlock": "",
        "ipv6CidrBlockAssociationId": "",
        "privateDnsHostnameTypeOnLaunch": "ip-name",
    }


def zone_of(candidate: Candidate, identifier: str) -> str:
    """The zone of a subnet or an instance: as given by name or by id, or one of the region's."""
    zones = place.zones(candidate.place.region) or (f"{candidate.place.region}a",)
    given = candidate.inputs.get("availabilityZone")
    if isinstance(given, str):
        return given
    by_id = {place.zone_id(zone): zone for zone in zones}
    chosen = zones[int(digits("number", 4, identifier)) % len(zones)]
    return by_id.get(str(candidate.inputs.get("availabilityZoneId")), chosen)


def nat_gateway(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    public = candidate.inputs.get("connectivityType") != "private"
    return {
        "publicIp": public_address(str(candidate.inputs.get("allocationId") or identifier)) if public else "",
        "privateIp": _private_address(identifier),
        "networkInterfaceId": f"eni-0{digits('hex', 16, identifier)}",
        "associationId": f"eipassoc-0{digits('hex', 16, identifier)}" if public else "",
        "secondaryAllocationIds": [],
        "secondaryPrivateIpAddresses": [],
        "secondaryPrivateIpAddressCount": 0,
        **dict.fromkeys(("autoProvisionZones", "autoScalingIps", "regionalNatGatewayAutoMode", "routeTableId"), ""),
        "availabilityMode": "zonal",
    }


def eip(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    address = public_address(identifier)
    region = candidate.place.region
    host = "compute-1" if region == "us-east-1" else f"{region}.compute"
    return {
        "allocationId": identifier,
        "publicIp": address,
        "publicDns": f"ec2-{address.replace('.', '-')}.{host}.{place.domain(region)}",
        "domain": "vpc",
        "publicIpv4Pool": "amazon",
        "networkBorderGroup": region,
        **dict.fromkeys(("associationId", "privateIp", "privateDns", "instance", "networkInterface", "ptrRecord"), ""),
        **dict.fromkeys(("carrierIp", "customerOwnedIp", "customerOwnedIpv4Pool", "ipamPoolId"), ""),
    }


def public_address(seed: str) -> str:
    """An address of a range that is kept for documentation (RFC 5737), so that it belongs to nobody."""
    return f"203.0.113.{int(digits('number', 6, seed)) % 254 + 1}"


def _private_address(seed: str) -> str:
    return f"10.0.{int(digits('number', 4, seed)) % 250}.{int(digits('number', 6, seed)) % 250 + 4}"


def vpc_endpoint(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    region, inputs = candidate.place.region, candidate.inputs
    service = str(inputs.get("serviceName") or "").rpartition(".")[2]
    gateway = inputs.get("vpcEndpointType") in {None, "Gateway"}
    interfaces = [] if gateway else list(inputs.get("subnetIds") or ())
    names = [] if gateway else [f"{identifier}-{digits('lower', 8, identifier)}.{service}.{region}.vpce.{place.domain(region)}"]
    return {
        "state": "available",
        "ownerId": candidate.place.account,
        "requesterManaged": False,
        "prefixListId": ids.with_owner("pl", f"{region}/{service}") if gateway else "",
        "cidrBlocks": ["52.92.0.0/17"] if gateway else [],
        "dnsEntries": [{"dnsName": name, "hostedZoneId": f"Z{digits('upper', 13, name)}"} for name in names],
        "networkInterfaceIds": [f"eni-0{digits('hex', 16, f'{identifier}/{subnet}')}" for subnet in interfaces],
        "ipAddressType": "" if gateway else "ipv4",
        "policy": '{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}],"Version":"2008-10-17"}',
        "privateDnsEnabled": False,
        "serviceRegion": region,
        **{key: [] for key in ("routeTableIds", "securityGroupIds", "subnetIds", "subnetConfigurations")},
    }


def load_balancer(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    region, inputs = candidate.place.region, candidate.inputs
    name, number = identifier.split("/")[-2:]
    inside = "internal-" if inputs.get("internal") is True else ""
    balanced = inputs.get("loadBalancerType") or "application"
    host = f"elb.{region}" if balanced == "network" else f"{region}.elb"
    return {
        "arnSuffix": identifier.partition(":loadbalancer/")[2],
        "dnsName": f"{inside}{name}-{int(number[:8], 16)}.{host}.{place.domain(region)}",
        "zoneId": balancer_zone(region),
        "internal": False,
        "ipAddressType": "ipv4",
        "enablePrefixForIpv6SourceNat": "",
        "enforceSecurityGroupInboundRulesOnPrivateLinkTraffic": "",
        "namePrefix": "",
    }


def balancer_zone(region: str) -> str:
    """The hosted zone that an alias to a load balancer names."""
    return _LB_ZONES.get(region, f"Z{digits('upper', 13, region)}")


def target_group(_: Candidate, identifier: str) -> Mapping[str, Value]:
    return {
        "arnSuffix": identifier.rpartition(":")[2],
        "loadBalancerArns": [],
        "ipAddressType": "ipv4",
        "loadBalancingAlgorithmType": "round_robin",
        "loadBalancingAnomalyMitigation": "off",
        "preserveClientIp": "",
        "protocolVersion": "HTTP1",
        "stickiness": {"type": "lb_cookie", "cookieDuration": 86400, "cookieName": "", "enabled": False},
        "namePrefix": "",
        "loadBalancingCrossZoneEnabled": "use_load_balancer_configuration",
    }


_REQUEST = (
    *(f"XAmznMtlsClientcert{part}" for part in ("", "Issuer", "Leaf", "SerialNumber", "Subject", "Validity")),
    *("XAmznTlsCipherSuite", "XAmznTlsVersion"),
)
_RESPONSE = (
    *(f"AccessControl{part}" for part in ("AllowCredentials", "AllowHeaders", "AllowMethods", "AllowOrigin")),
    *("AccessControlExposeHeaders", "AccessControlMaxAge", "ContentSecurityPolicy", "StrictTransportSecurity"),
    *("XContentTypeOptions", "XFrameOptions"),
)


def listener(candidate: Candidate, _: str) -> Mapping[str, Value]:
    tls = candidate.inputs.get("protocol") in {"HTTPS", "TLS"}
    return {
        "sslPolicy": "ELBSecurityPolicy-2016-08" if tls else "",
        "port": 80,
        "protocol": "HTTP",
        "tcpIdleTimeoutSeconds": 350,
        "mutualAuthentication": {"mode": "off", "trustStoreArn": "", "ignoreClientCertificateExpiry": False},
        **{f"routingHttpRequest{name}HeaderName": "" for name in _REQUEST},
        **{f"routingHttpResponse{name}HeaderValue": "" for name in _RESPONSE},
    }


def listener_rule(_: Candidate, identifier: str) -> Mapping[str, Value]:
    return {"priority": int(digits("number", 4, identifier)) + 1}


OUTPUTS: Mapping[str, Callable[[Candidate, str], Mapping[str, Value]]] = {
    "aws:ec2/eip:Eip": eip,
    "aws:ec2/natGateway:NatGateway": nat_gateway,
    "aws:ec2/subnet:Subnet": subnet,
    "aws:ec2/vpc:Vpc": vpc,
    "aws:ec2/vpcEndpoint:VpcEndpoint": vpc_endpoint,
    "aws:lb/listener:Listener": listener,
    "aws:lb/listenerRule:ListenerRule": listener_rule,
    "aws:lb/loadBalancer:LoadBalancer": load_balancer,
    "aws:lb/targetGroup:TargetGroup": target_group,
}
