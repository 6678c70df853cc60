"""A VPC with public, private and isolated subnets in each zone, or a network that is there already.

Only the public tier has addresses of the internet; the private tier has a way out, the isolated one has none. Outside
development private endpoints keep the traffic to AWS's own services inside, and flow logs record what was let through. A
network that is there already gets neither: whoever runs it decides, and what its subnets can reach is not looked at.

Ways out are zonal NAT gateways, about 33 dollars a month each and 4.5 cents a GiB: one a zone in production, so that none
depends on another's, and one for all elsewhere. A regional NAT gateway costs the same a zone and takes up to an hour to reach a
zone that is new to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws
from pulumi import InvokeOptions, Output, ResourceOptions

from components import naming
from components.aws import addresses
from components.aws.endpoints import gateway_endpoint, interface_endpoints
from components.aws.existing_network import UNFIT_ZONES, look_up
from components.aws.flow_logs import flow_logs
from components.aws.security_groups import allow_out, group
from components.aws.tags import tags
from components.contract import NetworkArgs, NetworkOutputs
from components.spec import AwsSection, Environment
from components.stackfile import StackFileError

SUBMISSION_PORT = 587
ZONES = 3


class Network(pulumi.ComponentResource):
    """Raises `ValueError` without the section `aws`, which `limits` refuses before; before anything is made, `StackFileError`
    when the region has too few zones or an existing network does not fit.
    """

    def __init__(self, name: str, args: NetworkArgs, opts: ResourceOptions) -> None:
        super().__init__("penguinmails:aws:Network", name, None, opts)
        if args.aws is None:
            raise ValueError("a network on aws needs the section aws")
        self._name, self._args, self._child = name, args, ResourceOptions(parent=self)
        existing = args.aws.existing_network
        if existing is not None:
            found = look_up(existing, self)
            vpc = Output.from_input(existing.vpc_id)
            tiers = {tier: Output.from_input(list(ids)) for tier, ids in found.items()}
        else:
            vpc, tiers = self._create(args.aws)
        clients = self._clients(vpc)
        self.outputs = NetworkOutputs(
            edge=tiers["public"], app=tiers["private"], data=tiers["isolated"], id=vpc, clients=clients
        )
        self.register_outputs({"id": vpc, **tiers})

    def _tags(self, role: str) -> dict[str, str]:
        return tags(self._args.identity, "network", naming.physical(self._args.identity, role, naming.TAG_LIMIT))

    def _kept(self, ignore_changes: list[str] | None = None) -> ResourceOptions:
        """Another range makes a new network, which the database cannot move to, and takes the rules of the old one away before
        AWS refuses: outside development the engine refuses first, also to take a zone's subnets."""
        return ResourceOptions(parent=self, protect=self._args.identity.keeps_data, ignore_changes=ignore_changes)

    def _clients(self, vpc: Output[str]) -> Output[str]:
        """The group of all services: HTTPS out for webhooks and AWS, submission out for mail, all else by what they use."""
        made = group(f"{self._name}-clients", self._args.identity, "network", "services", "Services of the platform", vpc, self)
        for port, purpose in ((443, "HTTPS, webhooks and AWS"), (SUBMISSION_PORT, "Mail submission")):
            allow_out(f"{self._name}-clients-{port}", self._args.identity, "network", made.id, port, purpose, self)
        return made.id

    def _create(self, section: AwsSection) -> tuple[Output[str], dict[str, Output[list[str]]]]:
        cidr, count = section.cidr or addresses.DEFAULT, section.zones or ZONES
        zones = self._zones(section.region, count)
        vpc = aws.ec2.Vpc(
            f"{self._name}-vpc",
            cidr_block=cidr,
            enable_dns_hostnames=True,
            enable_dns_support=True,
            tags=self._tags("network"),
            opts=self._kept(),
        )
        aws.ec2.DefaultSecurityGroup(f"{self._name}-default-group", vpc_id=vpc.id, tags=self._tags("unused"), opts=self._child)
        subnets = {
            tier: [self._subnet(f"{tier}-{index}", blocks[index], vpc, zone) for index, zone in enumerate(zones)]
            for tier, blocks in addresses.plan(cidr, count).items()
        }
        internet = aws.ec2.InternetGateway(
            f"{self._name}-internet", vpc_id=vpc.id, tags=self._tags("internet"), opts=self._child
        )
        private, tables = self._private_routes(vpc, subnets, internet)
        ways = {
            "public": self._public_routes(vpc, subnets["public"], internet),
            "private": private,
            "isolated": self._table("isolated", vpc, subnets["isolated"])[1],
        }
        gateway_endpoint(self._name, self._args.identity, vpc.id, tables, self)
        if self._args.identity.keeps_data:
            interface_endpoints(self._name, self._args.identity, vpc, [subnet.id for subnet in subnets["private"]], self)
            flow_logs(self._name, self._args.identity, vpc.id, self)
        return vpc.id, {tier: _reachable(found, ways[tier]) for tier, found in subnets.items()}

    def _zones(self, region: str, count: int) -> list[str]:
        """The region's first availability zones in the order of their names; local zones have no databases."""
        found = aws.get_availability_zones(
            state="available",
            exclude_zone_ids=list(UNFIT_ZONES),
            filters=[aws.GetAvailabilityZonesFilterArgs(name="zone-type", values=["availability-zone"])],
            opts=InvokeOptions(parent=self),
        )
        return first_zones(region, found.names, count)

    def _subnet(self, role: str, block: str, vpc: aws.ec2.Vpc, zone: str) -> aws.ec2.Subnet:
        return aws.ec2.Subnet(
            f"{self._name}-{role}",
            vpc_id=vpc.id,
            cidr_block=block,
            availability_zone=zone,
            map_public_ip_on_launch=False,
            tags=self._tags(role),
            # A region that gets a zone more, or has one out of order, would otherwise move subnets, and with them the database.
            opts=self._kept(ignore_changes=["availabilityZone"]),
        )

    def _public_routes(
        self, vpc: aws.ec2.Vpc, subnets: Sequence[aws.ec2.Subnet], internet: aws.ec2.InternetGateway
    ) -> list[pulumi.CustomResource]:
        table, ways = self._table("public", vpc, subnets)
        return [*ways, self._route("public", table, gateway_id=internet.id)]

    def _private_routes(
        self, vpc: aws.ec2.Vpc, subnets: Mapping[str, Sequence[aws.ec2.Subnet]], internet: aws.ec2.InternetGateway
    ) -> tuple[list[pulumi.CustomResource], list[Output[str]]]:
        """A table a zone everywhere, so that a platform that grows up changes routes and no tables; their ids come second."""
        per_zone = self._args.identity.environment is Environment.PRODUCTION
        entrances = subnets["public"] if per_zone else subnets["public"][:1]
        exits = [self._exit(index, subnet, internet) for index, subnet in enumerate(entrances)]
        ways, tables = list[pulumi.CustomResource](), list[Output[str]]()
        for index, subnet in enumerate(subnets["private"]):
            table, made = self._table(f"private-{index}", vpc, [subnet])
            gateway = exits[index if per_zone else 0].id
            ways += [*made, self._route(f"private-{index}", table, nat_gateway_id=gateway)]
            tables.append(table.id)
        return ways, tables

    def _table(
        self, role: str, vpc: aws.ec2.Vpc, subnets: Sequence[aws.ec2.Subnet]
    ) -> tuple[aws.ec2.RouteTable, list[pulumi.CustomResource]]:
        """A table without a route, and what puts subnets under it."""
        table = aws.ec2.RouteTable(f"{self._name}-{role}-routes", vpc_id=vpc.id, tags=self._tags(role), opts=self._child)
        return table, [
            aws.ec2.RouteTableAssociation(
                f"{self._name}-{role}-routes-{index}", route_table_id=table.id, subnet_id=subnet.id, opts=self._child
            )
            for index, subnet in enumerate(subnets)
        ]

    def _route(
        self,
        role: str,
        table: aws.ec2.RouteTable,
        gateway_id: Output[str] | None = None,
        nat_gateway_id: Output[str] | None = None,
    ) -> aws.ec2.Route:
        return aws.ec2.Route(
            f"{self._name}-{role}-out",
            route_table_id=table.id,
            destination_cidr_block="0.0.0.0/0",
            gateway_id=gateway_id,
            nat_gateway_id=nat_gateway_id,
            opts=self._child,
        )

    def _exit(self, index: int, subnet: aws.ec2.Subnet, internet: aws.ec2.InternetGateway) -> aws.ec2.NatGateway:
        """A NAT gateway with a fixed address."""
        address = aws.ec2.Eip(
            f"{self._name}-exit-{index}-address", domain="vpc", tags=self._tags(f"exit-{index}"), opts=self._child
        )
        return aws.ec2.NatGateway(
            f"{self._name}-exit-{index}",
            allocation_id=address.id,
            subnet_id=subnet.id,
            tags=self._tags(f"exit-{index}"),
            opts=ResourceOptions(parent=self, depends_on=[internet]),
        )


def _reachable(subnets: Sequence[aws.ec2.Subnet], ways: Sequence[pulumi.CustomResource]) -> Output[list[str]]:
    """Ids of subnets that are known only once their routes are there: a task without a way out pulls no image."""
    found = Output.all(*(subnet.id for subnet in subnets), *(way.id for way in ways))
    return found.apply(lambda ids: list(ids[: len(subnets)]))


def first_zones(region: str, names: Sequence[str], count: int) -> list[str]:
    """The first zones by name, the same in every run. Pure.

    Raises `StackFileError` in a region that has fewer.
    """
    if count > len(names):
        raise StackFileError([f"platform.aws.zones: {count} is above the {len(names)} that {region} has; use {len(names)}"])
    return sorted(names)[:count]
