"""The place for a team's state and images, by the real engine against the simulated AWS: made, kept, taken over, taken away."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from scripts.backends import operate
from scripts.backends import state as local
from scripts.backends.operate import Plan
from scripts.backends.state import STACK, Asked, State
from scripts.operations import engine
from scripts.simulation.server.faults import Fault
from scripts.simulation.server.serve import Simulation
from scripts.simulation.world import Resource, World
from scripts.toolchain.environment import environment
from scripts.toolchain.process import Failure
from scripts.toolchain.progress import Progress

ASKED = Asked("penguinmails", "eu-central-1", "111122223333")
BUCKET = "penguinmails-state-111122223333-eu-central-1"


@dataclass
class Account:
    """One account of AWS and one machine's state of a backend in it."""

    folder: Path
    asked: Asked = ASKED
    faults: Sequence[Fault] = ()

    @property
    def state(self) -> State:
        return State(self.folder / "state")

    @property
    def world(self) -> World:
        return World(self.folder / "clouds.journal")

    def one(self, token: str) -> Resource:
        [found] = self.world.of(f"aws:{token}")
        return found

    def during(self, work: Callable[[Mapping[str, str]], Any]) -> Any:
        with Simulation(self.folder / "clouds.journal", self.faults, packages=["aws"]) as clouds:
            return work(local.variables(self.state, {**environment(), **clouds.environment()}))

    def plan(self) -> Plan:
        found: Plan = self.during(lambda env: operate.plan(self.asked, self.state, env, Progress(quiet=True)))
        return found

    def make(self) -> Plan:
        planned = self.plan()
        self.during(lambda env: operate.apply(self.asked, self.state, env, planned))
        return planned

    def engine(self, *arguments: str) -> str:
        with local.project(self.asked) as folder:
            said: str = self.during(lambda env: engine.quiet(*arguments, stack=STACK, folder=folder, variables=env))
        return said


@pytest.fixture
def account(tmp_path: Path) -> Account:
    return Account(tmp_path)


def test_a_backend_is_made_kept_taken_over_and_taken_away(account: Account) -> None:
    """One story, since each of its steps needs the ones before and a run of the engine takes seconds."""
    assert account.make().said == "14 to create"
    nothing_is_public(account)
    state_is_kept_and_encrypted(account)
    images_stay_what_they_are(account)
    the_commands_that_follow(account)
    account.engine("preview", "--refresh", "--expect-no-changes")
    before = identifiers(account)
    with pytest.raises(Failure):
        account.engine("destroy", "--yes", "--skip-preview")
    assert identifiers(account) == before
    shutil.rmtree(account.state.folder)
    another_backend_leaves_it_alone(account)
    assert account.make().said == "7 to take over, 7 to create"
    assert identifiers(account) == before
    state_is_kept_and_encrypted(account)
    account.during(lambda env: operate.remove(account.asked, account.state, env))
    assert identifiers(account) == []
    assert account.state.resources == []


def identifiers(account: Account) -> list[str]:
    return sorted(f"{thing.token} {thing.id}" for thing in account.world)


def another_backend_leaves_it_alone(account: Account) -> None:
    other = Account(account.folder, Asked("other", ASKED.region, ASKED.account))
    with pytest.raises(
        Failure, match="penguinmails/api is there and belongs to the backend penguinmails: use --name penguinmails"
    ):
        other.plan()
    shutil.rmtree(other.state.folder)


@pytest.mark.parametrize(
    ("region", "said", "sentence"),
    [
        ("eu-nowhere-1", "", "--region eu-nowhere-1: is no region of AWS"),
        ("eu-central-1", "AWS account ID not allowed: 444455556666", "for another account than 111122223333"),
    ],
)
def test_what_is_wrong_is_one_sentence_before_anything_is_made(account: Account, region: str, said: str, sentence: str) -> None:
    account.asked = Asked(ASKED.name, region, ASKED.account)
    account.faults = [Fault("invoke", "aws:index/getCallerIdentity:*", "fail", message=said)] if said else []
    with pytest.raises(Failure, match=sentence) as caught:
        account.plan()
    assert "\n" not in str(caught.value)
    assert len(account.world) == 0


def nothing_is_public(account: Account) -> None:
    block = account.one("s3/bucketPublicAccessBlock:BucketPublicAccessBlock").inputs
    assert [block[key] for key in ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")] == [
        True
    ] * 4
    assert account.one("s3/bucketOwnershipControls:BucketOwnershipControls").inputs["rule"] == {
        "objectOwnership": "BucketOwnerEnforced"
    }
    policy = json.loads(account.one("s3/bucketPolicy:BucketPolicy").inputs["policy"])
    assert [statement["Effect"] for statement in policy["Statement"]] == ["Deny", "Deny"]
    assert list(account.world.of("aws:ecr/repositoryPolicy:RepositoryPolicy")) == []


def state_is_kept_and_encrypted(account: Account) -> None:
    keys = {key.outputs["arn"]: key for key in account.world.of("aws:kms/key:Key")}
    assert [key.inputs["enableKeyRotation"] for key in keys.values()] == [True, True]
    aliases = {alias.id: alias.inputs["targetKeyId"] for alias in account.world.of("aws:kms/alias:Alias")}
    [rule] = account.one("s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration").inputs["rules"]
    default = rule["applyServerSideEncryptionByDefault"]
    assert default["sseAlgorithm"] == "aws:kms"
    assert keys[default["kmsMasterKeyId"]].id == aliases["alias/penguinmails-state"] != aliases["alias/penguinmails-secrets"]
    assert account.one("s3/bucketVersioning:BucketVersioning").inputs["versioningConfiguration"] == {"status": "Enabled"}
    [kept] = account.one("s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration").inputs["rules"]
    assert kept["noncurrentVersionExpiration"] == {"noncurrentDays": 365}
    assert [one["urn"] for one in account.state.resources if not one.get("protect")] == []
    assert not account.one("s3/bucket:Bucket").inputs["forceDestroy"]


def images_stay_what_they_are(account: Account) -> None:
    repository = account.one("ecr/repository:Repository").inputs
    assert (repository["name"], repository["imageTagMutability"]) == ("penguinmails/api", "IMMUTABLE")
    assert repository["imageScanningConfiguration"] == {"scanOnPush": True}
    assert repository["encryptionConfigurations"] == [{"encryptionType": "KMS"}]


def the_commands_that_follow(account: Account) -> None:
    made = account.state.outputs
    assert made["bucket"] == BUCKET == account.one("s3/bucket:Bucket").id
    assert made["backend_url"] == f"s3://{BUCKET}?region=eu-central-1&awssdk=v2"
    assert made["secrets_provider"] == "awskms://alias/penguinmails-secrets?region=eu-central-1"
    assert made["deployer_policy_arn"] == account.one("iam/policy:Policy").id
    assert made["repositories"] == {"api": "111122223333.dkr.ecr.eu-central-1.amazonaws.com/penguinmails/api"}
