from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.simulation.clouds.azure import CLOUD, names
from scripts.simulation.clouds.azure.types import BY_TOKEN
from scripts.simulation.values import UNKNOWN
from scripts.simulation.world import Place

SEED = "0123456789abcdef0123456789abcdef"
HERE = Place("azure-native", "00000000-0000-4000-8000-000000000001", "westeurope")


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("resources:ResourceGroup", {"resourceGroupName": "mail01234567"}),
        ("dbforpostgresql:Server", {"serverName": "mail01234567"}),
        ("storage:StorageAccount", {"accountName": "mail01234567"}),
        ("keyvault:Vault", {"vaultName": "mail01234567"}),
        ("network:Subnet", {"subnetName": "mail"}),
        ("servicebus:Queue", {"queueName": "mail"}),
        ("cdn:AFDEndpoint", {"endpointName": "mail01234567"}),
        ("authorization:RoleAssignment", {"roleAssignmentName": "01234567-89ab-4def-a123-456789abcdef"}),
        ("storage:BlobServiceProperties", {"blobServicesName": "default"}),
        ("dns:DnssecConfig", {}),
        ("nowhere:Thing", {}),
    ],
)
def test_a_name_that_is_left_out_is_made_as_the_provider_does(token: str, expected: dict[str, str]) -> None:
    assert CLOUD.defaults(f"azure-native:{token}", "mail", {}, {}, SEED) == expected


def test_a_name_is_kept_and_one_that_is_given_is_left_alone() -> None:
    token = "azure-native:keyvault:Vault"
    assert CLOUD.defaults(token, "mail", {}, {"vaultName": "mailffffffff"}, SEED) == {"vaultName": "mailffffffff"}
    assert CLOUD.defaults(token, "mail", {"vaultName": "own"}, {}, SEED) == {}
    assert CLOUD.defaults(token, "mail", {"vaultName": UNKNOWN}, {}, SEED) == {}


@pytest.mark.parametrize(
    ("token", "name", "says"),
    [
        ("keyvault:Vault", "mail--vault", "single hyphens"),
        ("keyvault:Vault", "a" * 25, "25 characters"),
        ("storage:StorageAccount", "mail-store", "lower-case letters and digits only"),
        ("dbforpostgresql:Server", "Mail", "lower-case"),
        ("dbforpostgresql:Server", "ab", "3 to 63"),
        ("containerregistry:Registry", "mail-images", "letters and digits only"),
        ("servicebus:Namespace", "mail-sb", "-sb"),
        ("app:ContainerApp", "a" * 33, "2 to 32"),
        ("privatedns:PrivateZone", "mail", "at least two labels"),
        ("authorization:RoleAssignment", "reader", "no GUID"),
        ("storage:BlobServiceProperties", "mine", "only default"),
    ],
)
def test_a_name_that_the_service_refuses_is_named(token: str, name: str, says: str) -> None:
    field = BY_TOKEN[f"azure-native:{token}"].named_by
    found = list(names.problems(f"azure-native:{token}", {field: name}))
    assert [problem.path for problem in found] == [field]
    assert says in found[0].reason


@pytest.mark.parametrize("token", sorted(BY_TOKEN))
def test_what_is_not_known_yet_is_passed_over(token: str) -> None:
    kind = BY_TOKEN[token]
    assert not list(names.problems(token, {kind.named_by: UNKNOWN}))


@given(st.sampled_from(sorted(names.RULES)), st.from_regex(r"[a-z][a-z]{2,12}", fullmatch=True))
def test_plain_words_make_names_that_are_accepted(token: str, word: str) -> None:
    kind = BY_TOKEN[token]
    made = {kind.named_by: f"{word}.example.com"} if re.search("Zone$", token) else names.defaults(token, word, {}, {}, SEED)
    assert not list(names.problems(token, made))
