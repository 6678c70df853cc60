"""A certificate by ACME on Docker against the contract: who asks, who sees which file, and what is refused with its path."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from components import stackfile
from components.capabilities import refusals
from components.docker import pki
from components.spec import PlatformSpec
from tests.contract.conftest import Deployment
from tests.harness import targets

Deploy = Callable[[PlatformSpec], Deployment]
ACCOUNT, CERTIFICATE = "/var/lib/acme/account", "/var/lib/acme/certificate"
ACME: Mapping[str, Any] = {"email": "hostmaster@example.com", "agree_to_terms": True}
OWN = "https://acme.example.net/directory"


def described(acme: Mapping[str, Any] | None = ACME, **sections: Any) -> PlatformSpec:
    edge = {**targets.base("docker")["edge"], "certificate": "acme", **sections.pop("edge", {})}
    wanted = {"domain": "mail.example.com", "edge": edge, "docker": {"acme": acme}, **sections}
    return stackfile.parse(json.dumps(targets.base("docker", **wanted)))


def containers(deployment: Deployment) -> Mapping[str, Any]:
    found = [resource for resource in deployment.of(":Service") if resource.typ.startswith("docker:")]
    return {
        resource.inputs["name"].removeprefix("penguinmails-test-"): resource.inputs["taskSpec"]["containerSpec"]
        for resource in found
    }


def settings(deployment: Deployment, end: str) -> str:
    [found] = [resource for resource in deployment.of(":ServiceConfig") if resource.name.endswith(end)]
    return base64.b64decode(found.inputs["data"]).decode()


@pytest.fixture
def deployment(deploy: Deploy) -> Deployment:
    return deploy(described())


def test_one_part_asks_as_the_edges_user_and_nobody_else_sees_the_account(deployment: Deployment) -> None:
    found = containers(deployment)
    asks = found["acme"]
    assert asks["user"] == found["edge"]["user"] == "8443:8443"
    assert asks["readOnly"] is True
    assert not asks.get("secrets")
    assert asks["env"]["DOMAIN"] == "mail.example.com"
    assert asks["env"]["DIRECTORY_URL"] == "https://acme-v02.api.letsencrypt.org/directory"
    assert asks["env"]["EMAIL"] == "hostmaster@example.com"
    assert asks["env"]["EDGE_URL"] == "http://edge:8080"
    assert "AUTHORITY_FILE" not in asks["env"]
    mounted = {
        role: {mount["target"]: mount.get("readOnly", False) for mount in container["mounts"] if mount["type"] == "volume"}
        for role, container in found.items()
    }
    assert mounted["acme"] == {ACCOUNT: False, CERTIFICATE: False}
    assert {role for role, seen in mounted.items() if ACCOUNT in seen} == {"acme"}
    assert {role: seen[CERTIFICATE] for role, seen in mounted.items() if CERTIFICATE in seen} == {
        "acme": False,
        "edge-files": True,
    }


def test_the_edge_begins_with_the_platforms_own_certificate(deployment: Deployment) -> None:
    files = containers(deployment)["edge-files"]
    assert files["env"]["ACME_CERTIFICATE"] == f"{CERTIFICATE}/mail.example.com.pem"
    assert [secret["fileName"] for secret in files["secrets"]] == ["tls.pem"]
    [secret] = [found for found in deployment.of(":Secret") if found.name.endswith("certificate-edge")]
    assert "BEGIN CERTIFICATE" in base64.b64decode(secret.inputs["data"]["value"]).decode()


def test_the_edge_brings_challenges_to_it_and_redirects_everything_else(deployment: Deployment, deploy: Deploy) -> None:
    text = settings(deployment, "edge-settings")
    assert "server acme acme:9700 " in text
    assert "code 308 unless is_challenge reads\n  default_backend challenges\n" in text
    usual = settings(deploy(stackfile.parse(json.dumps(targets.base("docker")))), "edge-settings")
    assert "challenge" not in usual


def test_prometheus_asks_it(deploy: Deploy) -> None:
    deployment = deploy(described(alerts={"webhooks": ["https://hooks.example.com/x"]}))
    assert "acme:9700" in settings(deployment, "telemetry-settings")
    rules = settings(deployment, "telemetry-rules")
    assert "alert: CertificateMissing" in rules
    assert "alert: CertificateEndsSoon" not in rules


def test_clients_of_a_public_authority_need_no_file_and_those_of_a_private_one_get_it(
    deployment: Deployment, deploy: Deploy, authority: str
) -> None:
    assert deployment.outputs["ca_certificate"] == ""
    pem = pki.trusted_pem(authority)
    private = deploy(described({**ACME, "directory_url": OWN, "authority_pem": pem}))
    assert private.outputs["ca_certificate"] == pem
    asks = containers(private)["acme"]
    assert asks["env"]["DIRECTORY_URL"] == OWN
    assert asks["env"]["AUTHORITY_FILE"] in {config["fileName"] for config in asks["configs"]}
    assert settings(private, "acme-authority") == pem


def test_nothing_of_it_is_there_otherwise(deploy: Deploy) -> None:
    found = containers(deploy(stackfile.parse(json.dumps(targets.base("docker")))))
    assert "acme" not in found
    assert "ACME_CERTIFICATE" not in found["edge-files"]["env"]


def test_a_private_authority_may_know_private_names() -> None:
    assert refusals(described({**ACME, "directory_url": OWN}, domain="mail.example.internal"), targets.target("docker")) == []


REFUSED: list[tuple[PlatformSpec, str]] = [
    (described(None), "platform.docker.acme: belongs to platform.edge.certificate: acme, which needs it with an email"),
    (described({"email": "a@example.com"}), "platform.docker.acme.agree_to_terms: "),
    (described(edge={"http_port": None}), "platform.edge.http_port: is null, and the authority asks on port 80"),
    (described({**ACME, "authority_pem": "no certificate"}), "platform.docker.acme.authority_pem: holds no certificate"),
]


@pytest.mark.parametrize(("spec", "sentence"), REFUSED)
def test_what_cannot_be_is_refused_with_its_path(spec: PlatformSpec, sentence: str, deploy: Deploy) -> None:
    [refused] = refusals(spec, targets.target("docker"))
    assert refused.startswith(sentence)
    with pytest.raises(stackfile.StackFileError):
        deploy(spec)


@pytest.mark.parametrize(
    ("domain", "directory"),
    [("localhost", None), ("localhost", OWN), ("mail.localhost", OWN), ("mail.invalid", OWN), ("mail.local", None)],
)
def test_a_domain_that_nobody_can_validate_is_refused(domain: str, directory: str | None) -> None:
    acme = ACME if directory is None else {**ACME, "directory_url": directory}
    [refused] = refusals(described(acme, domain=domain), targets.target("docker"))
    assert refused.startswith("platform.domain: ")


def test_a_private_key_among_the_authoritys_certificates_is_refused(authority: str) -> None:
    [refused] = refusals(described({**ACME, "authority_pem": authority}), targets.target("docker"))
    assert refused.startswith("platform.docker.acme.authority_pem: ")
    assert "BEGIN" not in refused


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"acme": {"agree_to_terms": True}}, "platform.docker.acme.email: "),
        ({"acme": {**ACME, "email": "nobody"}}, "platform.docker.acme.email: "),
        ({"acme": {**ACME, "directory_url": "http://acme.example.net/directory"}}, "platform.docker.acme.directory_url: "),
    ],
)
def test_a_mistake_is_one_sentence_with_its_path(change: Mapping[str, Any], path: str) -> None:
    with pytest.raises(stackfile.StackFileError) as error:
        described(change["acme"])
    assert [problem for problem in error.value.problems if problem.startswith(path)], error.value.problems


def test_a_wildcard_is_no_domain() -> None:
    with pytest.raises(stackfile.StackFileError, match=r"^platform\.domain: "):
        described(domain="*.example.com")
