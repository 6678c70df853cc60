from __future__ import annotations

import pytest

from scripts.simulation.clouds.gcp import CLOUD
from tests.unit.scripts.simulation.clouds.azure.account import Account
from tests.unit.scripts.simulation.clouds.gcp.platform import PROJECT, REGION, Platform, whole

COMPUTE = "https://www.googleapis.com/compute/v1"


@pytest.mark.parametrize(
    ("token", "inputs", "expected"),
    [
        ("pubsub.Topic", {"name": "out"}, f"projects/{PROJECT}/topics/out"),
        ("compute.Router", {"name": "r", "network": "net"}, f"projects/{PROJECT}/regions/{REGION}/routers/r"),
        ("cloudrunv2.Service", {"name": "api", "location": "us-east1"}, f"projects/{PROJECT}/locations/us-east1/services/api"),
        ("sql.DatabaseInstance", {"name": "db"}, "db"),
        ("sql.User", {"name": "mail", "instance": "db"}, "mail//db"),
        ("sql.Database", {"name": "mail", "instance": "db"}, f"projects/{PROJECT}/instances/db/databases/mail"),
        ("secretmanager.Secret", {"secretId": "smtp"}, f"projects/{PROJECT}/secrets/smtp"),
        (
            "serviceaccount.Account",
            {"accountId": "worker"},
            f"projects/{PROJECT}/serviceAccounts/worker@{PROJECT}.iam.gserviceaccount.com",
        ),
        ("projects.IAMMember", {"project": PROJECT, "role": "roles/x", "member": "user:a"}, f"{PROJECT}/roles/x/user:a"),
        (
            "pubsub.TopicIAMMember",
            {"topic": "out", "role": "roles/x", "member": "user:a"},
            f"projects/{PROJECT}/topics/out/roles/x/user:a",
        ),
        (
            "secretmanager.SecretIamMember",
            {"secretId": f"projects/{PROJECT}/secrets/smtp", "role": "roles/x", "member": "user:a"},
            f"projects/{PROJECT}/secrets/smtp/roles/x/user:a",
        ),
        ("pubsub.TopicIAMBinding", {"topic": "out", "role": "roles/x"}, f"projects/{PROJECT}/topics/out/roles/x"),
        (
            "servicenetworking.Connection",
            {"network": f"projects/{PROJECT}/global/networks/net", "service": "servicenetworking.googleapis.com"},
            f"projects%2F{PROJECT}%2Fglobal%2Fnetworks%2Fnet:servicenetworking.googleapis.com",
        ),
        (
            "dns.RecordSet",
            {"managedZone": "zone", "name": "a.example.com.", "type": "A"},
            f"projects/{PROJECT}/managedZones/zone/rrsets/a.example.com./A",
        ),
    ],
)
def test_ids_have_the_provider_s_form(account: Account, token: str, inputs: dict[str, str], expected: str) -> None:
    candidate = account._candidate(whole(token), "x", inputs, None)
    assert CLOUD.identifier(candidate) == expected


@pytest.mark.parametrize(
    ("value", "token"),
    [
        (f"projects/{PROJECT}/global/networks/net", "compute.Network"),
        (f"{COMPUTE}/projects/{PROJECT}/regions/{REGION}/subnetworks/db", "compute.Subnetwork"),
        (f"projects/{PROJECT}/locations/global/certificates/c", "certificatemanager.Certificate"),
        (f"projects/{PROJECT}/topics/out", "pubsub.Topic"),
        (f"projects/{PROJECT}/locations/europe-west3/keyRings/r", "kms.KeyRing"),
        (f"projects/{PROJECT}/secrets/s/versions/latest", None),
        (f"projects/{PROJECT}", None),
        ("//certificatemanager.googleapis.com/projects/p/locations/global/certificateMaps/m", None),
        ("mail", None),
    ],
)
def test_an_id_is_recognised_by_its_form(value: str, token: str | None) -> None:
    assert CLOUD.recognise(value) == (f"gcp:{whole(token)}" if token else None)


def test_what_a_stack_file_names_by_its_id_is_there(platform: Platform) -> None:
    value = f"{COMPUTE}/projects/host-project/global/networks/shared"
    found = CLOUD.assumed(value)
    assert found is not None
    platform.account.world.put(found)
    assert (found.id, found.outputs["name"], found.place.account) == (
        "projects/host-project/global/networks/shared",
        "shared",
        "host-project",
    )
    for named in (value, found.id, "shared"):
        assert not platform.problems("compute.Subnetwork", "s", network=named, ipCidrRange="10.1.0.0/24", region=REGION)
    settings = platform.instance()["settings"]
    private = {**settings, "ipConfiguration": {"ipv4Enabled": False, "privateNetwork": found.id}}
    assert not platform.problems("sql.DatabaseInstance", "db", databaseVersion="POSTGRES_17", settings=private)
    assert CLOUD.assumed("mail") is None


def test_an_account_that_a_stack_file_names_by_its_address_is_there(platform: Platform) -> None:
    email = f"deploy@{PROJECT}.iam.gserviceaccount.com"
    access = {"project": PROJECT, "role": "roles/viewer", "member": f"serviceAccount:{email}"}
    assert platform.problems("projects.IAMMember", "m", **access)
    found = CLOUD.assumed(email)
    assert found is not None
    platform.account.world.put(found)
    assert not platform.problems("projects.IAMMember", "m", **access)


def test_ids_differ_from_name_to_name_and_not_from_run_to_run(account: Account) -> None:
    made = account.make(whole("monitoring.NotificationChannel"), "a", {"type": "email"})
    assert made.id == Account(CLOUD, account.place).make(whole("monitoring.NotificationChannel"), "a", {"type": "email"}).id
    assert made.id != account.make(whole("monitoring.NotificationChannel"), "b", {"type": "email"}).id
