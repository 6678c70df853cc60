"""Wrong programs for Google Cloud, in europe-west3."""

from __future__ import annotations

from typing import Any

from tests.preview.wrong.model import ABSENT, Change, Delete, First, Make, Out, Set, Wrong, one

NETWORK, SUBNET = "gcp:compute/network:Network", "gcp:compute/subnetwork:Subnetwork"
ZONE, RECORD = "gcp:dns/managedZone:ManagedZone", "gcp:dns/recordSet:RecordSet"
ADDRESS, CONNECTION = "gcp:compute/globalAddress:GlobalAddress", "gcp:servicenetworking/connection:Connection"
SUBSCRIPTION = "gcp:pubsub/subscription:Subscription"
DATABASE, TOPIC = "gcp:sql/databaseInstance:DatabaseInstance", "gcp:pubsub/topic:Topic"
ACCOUNT, RUN = "gcp:serviceaccount/account:Account", "gcp:cloudrunv2/service:Service"
REGION = "europe-west3"
IMAGE = f"europe-docker.pkg.dev/penguinmails/web/web@sha256:{'0' * 64}"


def network(logical: str = "net", /, **more: Any) -> Make:
    return Make(NETWORK, logical, {"autoCreateSubnetworks": False, **more})


def subnet(logical: str, range_: str, /, **more: Any) -> Make:
    return Make(SUBNET, logical, {"network": Out("net"), "ipCidrRange": range_, "region": REGION, **more})


def database(settings: dict[str, Any] | None = None, /, **more: Any) -> Make:
    """A database that is right, as far as it goes."""
    right = {"tier": "db-custom-2-7680", "edition": "ENTERPRISE", **(settings or {})}
    return Make(
        DATABASE,
        "db",
        {"databaseVersion": "POSTGRES_17", "region": REGION, "deletionProtection": False, "settings": right, **more},
    )


def run(**more: Any) -> Make:
    return Make(
        RUN, "web", {"location": REGION, "template": {"containers": [{"image": IMAGE}]}, "deletionProtection": False, **more}
    )


RESERVED = Make(
    ADDRESS,
    "range",
    {"purpose": "VPC_PEERING", "addressType": "INTERNAL", "prefixLength": 16, "network": Out("net")},
)
JOINED = Make(
    CONNECTION,
    "joined",
    {"network": Out("net"), "service": "servicenetworking.googleapis.com", "reservedPeeringRanges": [Out("range", "name")]},
)

CASES = (
    one("unknown property", "type", network(autoCreateSubnets=False), "autoCreateSubnets", "not a known property", ABSENT),
    one(
        "unknown property, three levels down, in a list",
        "type",
        database({"ipConfiguration": {"authorizedNetworks": [{"cidr": "10.0.0.0/8", "value": "10.0.0.0/8"}]}}),
        "settings.ipConfiguration.authorizedNetworks[0].cidr",
        "not a known property",
        ABSENT,
    ),
    one(
        "text for a boolean",
        "type",
        network(autoCreateSubnetworks="no"),
        "autoCreateSubnetworks",
        "a boolean, not a string",
        False,
    ),
    one(
        "text for a list",
        "type",
        run(template={"containers": IMAGE}),
        "template.containers",
        "a list, not a string",
        [{"image": IMAGE}],
    ),
    one(
        "required input missing",
        "type",
        Make(DATABASE, "db", {"region": REGION, "settings": {"tier": "db-custom-2-7680", "edition": "ENTERPRISE"}}),
        "databaseVersion",
        "required and missing",
        "POSTGRES_17",
    ),
    one(
        "required input missing, nested",
        "type",
        Make(DATABASE, "db", {"databaseVersion": "POSTGRES_17", "region": REGION, "settings": {"edition": "ENTERPRISE"}}),
        "settings.tier",
        "required and missing",
        "db-custom-2-7680",
    ),
    one(
        "a version that there is not",
        "value",
        database(databaseVersion="POSTGRES_99"),
        "databaseVersion",
        "write it as POSTGRES_17",
        "POSTGRES_17",
    ),
    one("a region that there is not", "value", database(region="europe-middle1"), "region", "is no location of Google", REGION),
    one(
        "a storage type that there is not",
        "value",
        database({"diskType": "PD_FAST"}),
        "settings.diskType",
        "use PD_SSD",
        "PD_SSD",
    ),
    one(
        "a size that there is not",
        "value",
        database({"tier": "db-custom-2-1"}),
        "settings.tier",
        "with 2 cores give 3840",
        "db-custom-2-7680",
    ),
    one(
        "a custom size on Enterprise Plus",
        "together",
        database({"edition": "ENTERPRISE_PLUS"}),
        "settings.tier",
        "not possible on ENTERPRISE_PLUS",
        "db-perf-optimized-N-2",
    ),
    one("a name in upper case", "name", network(name="Mail"), "name", "lower-case letters", "mail"),
    one("a name that ends in a hyphen", "name", network(name="mail-"), "name", "not ending in a hyphen", "mail"),
    one(
        "an account with too short a name",
        "name",
        Make(ACCOUNT, "app", {"accountId": "app"}),
        "accountId",
        "6 to 30",
        "app-account",
    ),
    Wrong(
        "a name that is taken",
        "name",
        (Make(TOPIC, "jobs", {"name": "jobs"}), Make(TOPIC, "mail", {"name": "jobs"})),
        "",
        "exists already",
        Set("name", "mail"),
    ),
    Wrong(
        "a network that is not there",
        "reference",
        (network(), subnet("web", "10.0.0.0/24", network="projects/penguinmails-simulated/global/networks/other")),
        "network",
        "of a Network",
        Set("network", Out("net")),
    ),
    Wrong(
        "a range that is not canonical",
        "range",
        (network(), subnet("web", "10.0.0.1/24")),
        "ipCidrRange",
        "no range of addresses",
        Set("ipCidrRange", "10.0.0.0/24"),
    ),
    Wrong(
        "ranges that overlap",
        "range",
        (network(), subnet("web", "10.0.0.0/16"), subnet("app", "10.0.1.0/24")),
        "ipCidrRange",
        "overlaps 10.0.0.0/16",
        Set("ipCidrRange", "10.1.1.0/24"),
    ),
    Wrong(
        "a network deleted with a subnet in it",
        "use",
        (network(), subnet("web", "10.0.0.0/24"), Delete("net")),
        "",
        "still used by Subnetwork web",
        First(Delete("web")),
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
        "more topics than the quota",
        "quota",
        (Make(TOPIC, "jobs", {}), Make(TOPIC, "mail", {})),
        "",
        "quota of 1",
        First(Delete("jobs")),
        most=1,
    ),
    Wrong(
        "a private network without its connection",
        "together",
        (network(), RESERVED, database({"ipConfiguration": {"ipv4Enabled": False, "privateNetwork": Out("net")}})),
        "settings.ipConfiguration.privateNetwork",
        "make a servicenetworking.Connection",
        First(JOINED),
    ),
    Wrong(
        "a subscription that dead-letters to its own topic",
        "together",
        (
            Make(TOPIC, "jobs", {}),
            Make(TOPIC, "dead", {}),
            Make(
                SUBSCRIPTION,
                "sub",
                {"topic": Out("jobs"), "deadLetterPolicy": {"deadLetterTopic": Out("jobs"), "maxDeliveryAttempts": 5}},
            ),
        ),
        "deadLetterPolicy.deadLetterTopic",
        "own topic",
        Set("deadLetterPolicy.deadLetterTopic", Out("dead")),
    ),
    Wrong(
        "a subnet of another region",
        "reference",
        (
            network(),
            subnet("web", "10.0.0.0/24", region="europe-west1"),
            run(template={"containers": [{"image": IMAGE}], "vpcAccess": {"networkInterfaces": [{"subnetwork": Out("web")}]}}),
        ),
        "template.vpcAccess.networkInterfaces[0].subnetwork",
        "needs one there",
        Set("region", REGION, of=1),
    ),
    Wrong(
        "a name under another zone",
        "together",
        (
            Make(ZONE, "zone", {"dnsName": "mail.example.com."}),
            Make(
                RECORD,
                "mx",
                {
                    "managedZone": Out("zone", "name"),
                    "name": "mail.example.org.",
                    "type": "MX",
                    "ttl": 300,
                    "rrdatas": ["10 mx.example.com."],
                },
            ),
        ),
        "name",
        "let it end in",
        Set("name", "mail.example.com."),
    ),
    Wrong(
        "a disk that shrinks",
        "use",
        (database({"diskSize": 100}), Change("db", database({"diskSize": 50}).inputs)),
        "settings.diskSize",
        "cannot shrink from 100 to 50",
        Set("settings.diskSize", 200),
    ),
)
