from __future__ import annotations

from typing import Any

import pytest

from scripts.simulation.clouds.gcp import CLOUD, defaults, iam
from scripts.simulation.clouds.gcp.outputs import ANNOTATED, LABELLED, NO_PROJECT, REGIONAL
from scripts.simulation.clouds.gcp.types import BY_TOKEN
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.schema import store
from tests.unit.scripts.simulation.clouds.azure.account import Account
from tests.unit.scripts.simulation.clouds.gcp.platform import PROJECT, REGION, Platform

SEED = "0123456789abcdef0123456789abcdef"


@pytest.mark.slow
def test_every_output_and_default_is_one_of_the_sdk(account: Account) -> None:
    store.prepare(BY_TOKEN)
    for token, kind in BY_TOKEN.items():
        schema = store.schema(token)
        assert schema is not None, token
        added = CLOUD.defaults(token, "x", {}, {}, SEED)
        assert set(added) <= {*schema.inputs}, token
        required = {name: "x" for name, shown in schema.inputs.items() if shown.required and shown.shape.kind == "string"}
        candidate = Candidate(token, f"urn:pulumi:t::p::{token}::x", "x", account.place, {**required, **added}, SEED)
        outputs = CLOUD.outputs(candidate, CLOUD.identifier(candidate))
        assert set(outputs) <= {*schema.outputs}, (token, set(outputs) - {*schema.outputs})
        assert (token in LABELLED) == ("effectiveLabels" in schema.outputs), token
        assert (token in ANNOTATED) == ("effectiveAnnotations" in schema.outputs), token
        assert ("selfLink" in outputs) == ("selfLink" in schema.outputs) or token.startswith("gcp:storage/"), token
        assert (token in NO_PROJECT) == ("project" not in schema.outputs), token
        needs = "region" in schema.inputs and not schema.inputs["region"].required and schema.outputs["region"].required
        assert (token in REGIONAL) == needs or token.endswith(("InstanceTemplate", "Job")), token
        assert kind.is_named == ("name" in schema.inputs and not schema.inputs["name"].required), token


def test_stated_defaults_are_of_listed_types() -> None:
    assert set(defaults.STATED) <= {*BY_TOKEN}


def test_a_database_has_addresses_and_a_name_to_connect_by(platform: Platform) -> None:
    platform.join_services()
    made = platform.make("sql.DatabaseInstance", "db", **platform.instance(name="db"))
    assert made.outputs["connectionName"] == f"{PROJECT}:{REGION}:db"
    assert [item["type"] for item in made.outputs["ipAddresses"]] == ["PRIVATE"]
    assert made.outputs["firstIpAddress"] == made.outputs["privateIpAddress"] != ""
    assert made.outputs["selfLink"].endswith(f"/projects/{PROJECT}/instances/db")


@pytest.mark.parametrize(
    ("token", "inputs", "expected"),
    [
        ("serviceaccount.Account", {"accountId": "worker"}, {"email": f"worker@{PROJECT}.iam.gserviceaccount.com"}),
        (
            "certificatemanager.DnsAuthorization",
            {"domain": "example.com", "name": "a"},
            {"effectiveLabels": {"goog-pulumi-provisioned": "true"}},
        ),
        ("storage.Bucket", {"name": "mail-store", "location": "EU"}, {"url": "gs://mail-store"}),
        ("dns.ManagedZone", {"name": "z", "dnsName": "example.com."}, {"description": "Managed by Pulumi"}),
        (
            "compute.Network",
            {"name": "n"},
            {"selfLink": f"https://www.googleapis.com/compute/v1/projects/{PROJECT}/global/networks/n"},
        ),
        (
            "compute.Subnetwork",
            {"network": "n", "ipCidrRange": "10.1.0.0/20"},
            {"gatewayAddress": "10.1.0.1", "region": REGION},
        ),
        (
            "artifactregistry.Repository",
            {"repositoryId": "images", "format": "DOCKER", "location": REGION},
            {"name": "images", "registryUri": f"{REGION}-docker.pkg.dev/{PROJECT}/images"},
        ),
        (
            "pubsub.Topic",
            {"name": "out", "labels": {"a": "b"}},
            {"pulumiLabels": {"a": "b", "goog-pulumi-provisioned": "true"}},
        ),
    ],
)
def test_outputs_have_the_form_of_the_cloud(
    platform: Platform, token: str, inputs: dict[str, Any], expected: dict[str, Any]
) -> None:
    if token == "compute.Subnetwork":
        inputs = {**inputs, "network": platform.network.id}
    made = platform.make(token, "thing", **inputs)
    assert {key: made.outputs.get(key) for key in expected} == expected


def test_a_record_proves_a_domain(platform: Platform) -> None:
    made = platform.make("certificatemanager.DnsAuthorization", "a", domain="mail.example.com", name="a")
    (record,) = made.outputs["dnsResourceRecords"]
    assert record["name"] == "_acme-challenge.mail.example.com."
    assert record["data"].endswith(".authorize.certificatemanager.goog.")


def test_a_service_answers_at_an_address(platform: Platform) -> None:
    made = platform.make("cloudrunv2.Service", "api", **platform.service(name="api"))
    assert made.outputs["uri"].startswith("https://api-")
    hidden = platform.make("cloudrunv2.Service", "inner", **platform.service(name="inner", defaultUriDisabled=True))
    assert (hidden.outputs["uri"], hidden.outputs["urls"]) == ("", [])


def test_an_update_gives_the_same_values_again(platform: Platform) -> None:
    platform.join_services()
    for made, change in (
        (platform.make("sql.DatabaseInstance", "db", **platform.instance()), {"deletionProtection": False}),
        (platform.make("compute.Network", "n2", autoCreateSubnetworks=False), {"mtu": 1500}),
    ):
        again = platform.account.change(made, {**made.inputs, **change})
        assert {**again.outputs, **dict.fromkeys(change)} == {**made.outputs, **dict.fromkeys(change)}


def test_access_of_listed_owners_is_known() -> None:
    found = iam.of("gcp:pubsub/topicIAMMember:TopicIAMMember")
    assert found is not None
    assert found.replaces == {"member", "role", "condition", "topic", "project"}
    assert iam.of("gcp:pubsub/topic:Topic") is None
