"""Names fit what AWS accepts for every name, account and region that the command lets through."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import images
from scripts.backends.aws.names import Names, problems
from scripts.simulation.clouds.aws import cloudformation, names

NAMES = st.from_regex(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", fullmatch=True).filter(lambda name: 3 <= len(name) <= 24)


@given(NAMES, st.from_regex(r"[0-9]{12}", fullmatch=True), st.sampled_from(sorted(cloudformation.regions())))
def test_every_name_is_accepted(name: str, account: str, region: str) -> None:
    assert list(problems(name, region, account)) == []
    made = Names(name, account, region)
    found = [
        *names.problems("aws:s3/bucket:Bucket", {"bucket": made.bucket}),
        *names.problems("aws:kms/alias:Alias", {"name": made.state_alias}),
        *names.problems("aws:kms/alias:Alias", {"name": made.secrets_alias}),
        *names.problems("aws:iam/policy:Policy", {"name": made.policy}),
        *(
            each
            for one in made.repositories.values()
            for each in names.problems("aws:ecr/repository:Repository", {"name": one})
        ),
    ]
    assert found == []


def test_images_lie_where_the_platform_looks_for_them() -> None:
    assert Names("other", "111122223333", "eu-west-1").repositories == {"api": images.repository("api")}


@pytest.mark.parametrize(
    ("name", "region", "account", "sentence"),
    [
        ("ab", "eu-west-1", None, "--name ab: use 3 to 24"),
        ("a" * 25, "eu-west-1", None, "--name"),
        ("a--b", "eu-west-1", None, "--name"),
        ("Abc", "eu-west-1", None, "--name"),
        ("abc", "europe", None, "--region europe: is no region"),
        ("abc", "eu-west-1", "1234", "--account 1234: an account has twelve digits"),
    ],
)
def test_a_wrong_option_is_named(name: str, region: str, account: str | None, sentence: str) -> None:
    [problem] = problems(name, region, account)
    assert problem.startswith(sentence)
