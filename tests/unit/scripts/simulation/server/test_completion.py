"""What is known of a resource whose objects the cloud fills in, on the types of real providers."""

from __future__ import annotations

from scripts.simulation.schema import store
from scripts.simulation.schema.model import ResourceSchema
from scripts.simulation.server import completion
from scripts.simulation.values import UNKNOWN, Properties

ASKED: Properties = {"emailIdentity": "example.org", "dkimSigningAttributes": {"nextSigningKeyLength": "RSA_2048_BIT"}}


def identity() -> ResourceSchema:
    found = store.schema("aws:sesv2/emailIdentity:EmailIdentity")
    assert found is not None
    return found


def test_parts_that_the_cloud_adds_are_unknown_before_it_is_made() -> None:
    assert completion.unknown(identity(), ASKED)["dkimSigningAttributes"]["tokens"] is UNKNOWN


def test_parts_that_the_cloud_added_stay_when_something_else_changes() -> None:
    before = {**ASKED, "dkimSigningAttributes": {"nextSigningKeyLength": "RSA_1024_BIT", "tokens": ["a", "b", "c"]}}
    after = completion.kept(identity(), before, {**ASKED, "tags": {"environment": "development"}})
    assert after["dkimSigningAttributes"] == {"nextSigningKeyLength": "RSA_2048_BIT", "tokens": ["a", "b", "c"]}
    assert after["tags"] == {"environment": "development"}


def test_an_object_that_is_all_the_users_is_as_it_is_given() -> None:
    schema = store.schema("aws:sqs/queue:Queue")
    assert schema is not None
    after = completion.kept(schema, {"tags": {"old": "1"}, "kmsMasterKeyId": "k"}, {"tags": {"new": "2"}})
    assert after == {"tags": {"new": "2"}, **({"kmsMasterKeyId": "k"} if schema.outputs["kmsMasterKeyId"].required else {})}
