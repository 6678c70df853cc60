"""Wrong programs for Google Cloud, in europe-west3."""

from __future__ import annotations

from typing import Any

from tests.preview.wrong.model import ABSENT, Delete, First, Make, Out, Set, Wrong, one

NETWORK, SUBNET = "gcp:compute/network:Network", "gcp:compute/subnetwork:Subnetwork"
DATABASE, TOPIC = "gcp:sql/databaseInstance:DatabaseInstance", "gcp:pubsub/topic:Topic"
ACCOUNT, RUN = "gcp:serviceaccount/account:Account", "gcp:cloudrunv2/service:Service"
REGION = "europe-west3"


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
        RUN, "web", {"location": REGION, "template": {"containers": [{"image": "web:1"}]}, "deletionProtection": False, **more}
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
        run(template={"containers": "web:1"}),
        "template.containers",
        "a list, not a string",
        [{"image": "web:1"}],
    ),
    one(
        "required input missing",
        "type",
        Make(DATABASE, "db", {"region": REGION}),
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
    one("a version that there is not", "value", database(databaseVersion="POSTGRES_99"), "databaseVersion", "", "POSTGRES_17"),
    one("a region that there is not", "value", database(region="europe-middle1"), "region", "", REGION),
    one("a storage type that there is not", "value", database({"diskType": "PD_FAST"}), "settings.diskType", "", "PD_SSD"),
    one("a size that there is not", "value", database({"tier": "db-custom-2-1"}), "settings.tier", "", "db-custom-2-7680"),
    one(
        "a custom size on Enterprise Plus",
        "together",
        database({"edition": "ENTERPRISE_PLUS"}),
        "settings.tier",
        "",
        "db-perf-optimized-N-2",
    ),
    one("a name in upper case", "name", network(name="Mail"), "name", "", "mail"),
    one("a name that ends in a hyphen", "name", network(name="mail-"), "name", "", "mail"),
    one("an account with too short a name", "name", Make(ACCOUNT, "app", {"accountId": "app"}), "accountId", "", "app-account"),
    Wrong(
        "a name that is taken",
        "name",
        (Make(TOPIC, "jobs", {"name": "jobs"}), Make(TOPIC, "mail", {"name": "jobs"})),
        "name",
        "",
        Set("name", "mail"),
    ),
    Wrong(
        "a network that is not there",
        "reference",
        (network(), subnet("web", "10.0.0.0/24", network="projects/penguinmails-simulated/global/networks/other")),
        "network",
        "",
        Set("network", Out("net")),
    ),
    Wrong(
        "a range that is not canonical",
        "range",
        (network(), subnet("web", "10.0.0.1/24")),
        "ipCidrRange",
        "",
        Set("ipCidrRange", "10.0.0.0/24"),
    ),
    Wrong(
        "ranges that overlap",
        "range",
        (network(), subnet("web", "10.0.0.0/16"), subnet("app", "10.0.1.0/24")),
        "ipCidrRange",
        "",
        Set("ipCidrRange", "10.1.1.0/24"),
    ),
    Wrong(
        "a network deleted with a subnet in it",
        "use",
        (network(), subnet("web", "10.0.0.0/24"), Delete("net")),
        "",
        "",
        First(Delete("web")),
    ),
    Wrong(
        "a database deleted under protection",
        "use",
        (database(deletionProtection=True), Delete("db")),
        "deletionProtection",
        "",
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
)
