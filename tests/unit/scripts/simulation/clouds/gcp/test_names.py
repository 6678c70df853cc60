from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.simulation.clouds.gcp import CLOUD, names
from scripts.simulation.clouds.gcp.types import BY_TOKEN
from scripts.simulation.values import UNKNOWN
from tests.unit.scripts.simulation.clouds.gcp.platform import whole

ROLE = "gcp:projects/iAMCustomRole:IAMCustomRole"
SEED = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("token", "logical", "expected"),
    [
        ("sql.DatabaseInstance", "mail", {"name": "mail-0123456", "deletionProtection": True}),
        ("pubsub.Topic", "Mail", {"name": "Mail-0123456"}),
        ("serviceaccount.Account", "mail", {"accountId": "mail-0123456", "disabled": False}),
        ("kms.KeyRing", "mail", {"name": "mail-0123456"}),
        ("nowhere.Thing", "mail", {}),
    ],
)
def test_a_name_that_is_left_out_is_made_as_the_provider_does(token: str, logical: str, expected: dict[str, object]) -> None:
    assert CLOUD.defaults(f"gcp:{whole(token)}", logical, {}, {}, SEED) == expected


def test_some_names_are_put_into_lower_case() -> None:
    found = CLOUD.defaults("gcp:compute/network:Network", "Mail", {}, {}, SEED)
    assert found["name"] == "mail-0123456"
    assert found["autoCreateSubnetworks"] is True


def test_records_and_secrets_are_named_by_hand() -> None:
    assert CLOUD.defaults("gcp:dns/recordSet:RecordSet", "mail", {}, {}, SEED) == {}
    assert "secretId" not in CLOUD.defaults("gcp:secretmanager/secret:Secret", "mail", {}, {}, SEED)


def test_a_name_is_kept_and_one_that_is_given_is_left_alone() -> None:
    token = "gcp:pubsub/topic:Topic"
    assert CLOUD.defaults(token, "mail", {}, {"name": "mail-fffffff"}, SEED) == {"name": "mail-fffffff"}
    assert CLOUD.defaults(token, "mail", {"name": "own"}, {}, SEED) == {}
    assert CLOUD.defaults(token, "mail", {"name": UNKNOWN}, {}, SEED) == {}


@pytest.mark.parametrize(
    ("token", "field", "name", "says"),
    [
        ("compute.Network", "name", "Mail", "lower-case"),
        ("compute.Network", "name", "a" * 64, "1 to 63"),
        ("cloudrunv2.Service", "name", "a" * 50, "1 to 49"),
        ("serviceaccount.Account", "accountId", "mail", "6 to 30"),
        ("pubsub.Topic", "name", "google-mail", "goog"),
        ("storage.Bucket", "name", "Mail", "lower-case"),
        ("storage.Bucket", "name", "my-google-bucket", "google"),
        ("storage.Bucket", "name", "a" * 64, "63 characters"),
        ("secretmanager.Secret", "secretId", "smtp.password", "letters, digits"),
        ("sql.DatabaseInstance", "name", "mail_db", "hyphens"),
    ],
)
def test_a_name_that_the_service_refuses_is_named(token: str, field: str, name: str, says: str) -> None:
    found = list(names.problems(f"gcp:{whole(token)}", {field: name}))
    assert [problem.path for problem in found] == [field]
    assert says in found[0].reason


@pytest.mark.parametrize("token", sorted(BY_TOKEN))
def test_what_is_not_known_yet_is_passed_over(token: str) -> None:
    assert not list(names.problems(token, dict.fromkeys(("name", "secretId", "accountId", "repositoryId", "roleId"), UNKNOWN)))


def test_the_provider_s_own_name_of_a_role_is_one_that_google_refuses() -> None:
    """It puts a hyphen before its digits (pulumi-gcp, `resources.go`): a role needs an id of its own."""
    found = list(names.problems(ROLE, names.defaults(ROLE, "mail", {}, {}, SEED)))
    assert [problem.path for problem in found] == ["roleId"]


@given(st.sampled_from(sorted({*BY_TOKEN} - {ROLE})), st.from_regex(r"[a-z][a-z]{5,12}", fullmatch=True))
def test_plain_words_make_names_that_are_accepted(token: str, word: str) -> None:
    assert not list(names.problems(token, names.defaults(token, word, {}, {}, SEED)))
