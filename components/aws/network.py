"""A VPC with public, private and isolated subnets in each zone, or a network that is there already.

Only the public tier has addresses of the internet; the private tier has a way out, the isolated one has none. Outside
development private endpoints keep the traffic to AWS's own services inside, and flow logs record what was let through.
"""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws
from pulumi import InvokeOptions, Output, ResourceOptions

from components import naming
from components.aws import addresses
from components.aws.endpoints import gateway_endpoint, interface_endpoints
from components.aws.existing_network import look_up
from components.aws.flow_logs import flow_logs
from components.aws.security_groups import allow_out, group
from components.aws.tags import tags
from components.contract import NetworkArgs, NetworkOutputs
from components.spec import AwsSection, Environment

SUBMISSION_PORT = 587
ZONES = 3


class Network(pulumi.ComponentResource):
    """Raises `ValueError` without the section `aws`, which `limits` refuses before."""

    def __init__(self, name: str, args: NetworkArgs, opts: ResourceOptions) -> None:
        super().__init__("penguinmails:aws:Network", name, None, opts)
        if args.aws is None:
            raise ValueError("a network on aws needs the section aws")
        self._name, self._args, self._child = name, args, ResourceOptions(parent=self)
        existing = args.aws.existing_network
        if existing is not None:
            found = look_up(existing, self)
            vpc, tiers = found.vpc_id, found.tiers
        else:
            vpc, tiers = self._create(args.aws)
        clients = self._clients(vpc)
        self.outputs = NetworkOutputs(
            edge=tiers["public"], app=tiers["private"], data=tiers["isolated"], id=vpc, clients=clients
        )
        self.register_outputs({"id": vpc, **tiers})

    def _tags(self, role: str) -> dict[str, str]:
        return tags(self._args.identity, "network", naming.physical(self._args.identity, role, naming.TAG_LIMIT))

    def _clients(self, vpc: Output[str]) -> Output[str]:
        """The group of all services: HTTPS out for webhooks and AWS, submission out for mail, all else by what they use."""
        made = group(f"{self._name}-clients", self._args.identity, "services", "Services of the platform", vpc, self)
        for port, purpose in ((443, "HTTPS, webhooks and AWS"), (SUBMISSION_PORT, "Mail submission")):
            allow_out(f"{self._name}-clients-{port}", self._args.identity, made.id, port, purpose, self)
        return made.id

    def _create(self, section: AwsSection) -> tuple[Output[str], dict[str, Output[Sequence[str]]]]:
        cidr, zones = section.cidr or addresses.DEFAULT, section.zones or ZONES
        vpc = aws.ec2.Vpc(
            f"{self._name}-vpc",
            cidr_block=cidr,
            enable_dns_hostnames=True,
            enable_dns_support=True,
            tags=self._tags("network"),
            opts=self._child,
        )
        aws.ec2.DefaultSecurityGroup(f"{self._name}-default-group", vpc_id=vpc.id, tags=self._tags("unused"), opts=self._child)
        names = self._zones()
        subnets = {
            tier: [self._subnet(tier, index, block, vpc, names) for index, block in enumerate(blocks)]
            for tier, blocks in addresses.plan(cidr, zones).items()
        }
        tables = self._routes(vpc, subnets)
        gateway_endpoint(self._name, self._args.identity, vpc.id, tables, self)
        if self._args.identity.keeps_data:
            interface_endpoints(self._name, self._args.identity, vpc, [subnet.id for subnet in subnets["private"]], self)
            flow_logs(self._name, self._args.identity, vpc.id, self)
        return vpc.id, {tier: Output.all(*(subnet.id for subnet in found)) for tier, found in subnets.items()}

    def _zones(self) -> Output[list[str]]:
        """The region's availability zones in the order of their names; local zones have no databases."""
        found = aws.get_availability_zones_output(
            state="available",
            filters=[{"name": "opt-in-status", "values": ["opt-in-not-required"]}],
            opts=InvokeOptions(parent=self),
        )
        return found.names.apply(sorted)

    def _subnet(self, tier: str, index: int, block: str, vpc: aws.ec2.Vpc, zones: Output[list[str]]) -> aws.ec2.Subnet:
        return aws.ec2.Subnet(
            f"{self._name}-{tier}-{index}",
            vpc_id=vpc.id,
            cidr_block=block,
            availability_zone=zones.apply(lambda names: zone_at(names, index)),
            map_public_ip_on_launch=False,
            tags=self._tags(f"{tier}-{index}"),
            # A region that gets a zone more would otherwise move subnets, and with them the database.
            opts=ResourceOptions(parent=self, ignore_changes=["availabilityZone"]),
        )

    def _routes(self, vpc: aws.ec2.Vpc, subnets: dict[str, list[aws.ec2.Subnet]]) -> list[Output[str]]:
        """Route tables of all tiers; in production each zone has its own way out, so that none depends on another's."""
        internet = aws.ec2.InternetGateway(
            f"{self._name}-internet", vpc_id=vpc.id, tags=self._tags("internet"), opts=self._child
        )
        public = self._table("public", vpc, subnets["public"])
        self._route("public", public, gateway_id=internet.id)
        isolated = self._table("isolated", vpc, subnets["isolated"])
        per_zone = self._args.identity.environment is Environment.PRODUCTION
        entrances = subnets["public"] if per_zone else subnets["public"][:1]
        exits = [self._exit(index, subnet, internet) for index, subnet in enumerate(entrances)]
        tables = [public, isolated]
        for index, subnet in enumerate(subnets["private"]):
            table = self._table(f"private-{index}", vpc, [subnet])
            self._route(f"private-{index}", table, nat_gateway_id=exits[index if per_zone else 0].id)
            tables.append(table)
        return [table.id for table in tables]

    def _table(self, role: str, vpc: aws.ec2.Vpc, subnets: Sequence[aws.ec2.Subnet]) -> aws.ec2.RouteTable:
        table = aws.ec2.RouteTable(f"{self._name}-{role}-routes", vpc_id=vpc.id, tags=self._tags(role), opts=self._child)
        for index, subnet in enumerate(subnets):
            aws.ec2.RouteTableAssociation(
                f"{self._name}-{role}-routes-{index}", route_table_id=table.id, subnet_id=subnet.id, opts=self._child
            )
        return table

    def _route(
        self,
        role: str,
        table: aws.ec2.RouteTable,
        gateway_id: Output[str] | None = None,
        nat_gateway_id: Output[str] | None = None,
    ) -> None:
        aws.ec2.Route(
            f"{self._name}-{role}-out",
            route_table_id=table.id,
            destination_cidr_block="0.0.0.0/0",
            gateway_id=gateway_id,
            nat_gateway_id=nat_gateway_id,
            opts=self._child,
        )

    def _exit(self, index: int, subnet: aws.ec2.Subnet, internet: aws.ec2.InternetGateway) -> aws.ec2.NatGateway:
        """A NAT gateway with a fixed address: about 33 dollars a month and a charge for each GiB."""
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


def zone_at(names: Sequence[str], index: int) -> str:
    """The zone of a subnet.

    Raises `pulumi.RunError` in a region that has fewer zones.
    """
    if index >= len(names):
        raise pulumi.RunError(f"platform.aws.zones: this region has {len(names)} availability zones; ask for no more")
    return names[index]
