import base64
import hashlib
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.docker.rabbitmq_conf import BrokerQueue, BrokerUser, definitions, password_hash, rabbitmq_conf

QUEUES = {"send.mail": BrokerQueue(max_deliveries=3), "bounces": BrokerQueue(max_length_bytes=1000)}
USERS = {
    "api": BrokerUser(password="one", publishes=True),
    "worker": BrokerUser(password="two", consumes=("send.mail", "bounces")),
}


def document(**change: Any) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = json.loads(
        definitions(**{"vhost": "mail", "queues": QUEUES, "users": USERS, **change})
    )
    return found


def settings(text: str) -> dict[str, str]:
    rows = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {row.split(" = ", 1)[0]: row.split(" = ", 1)[1] for row in rows}


def test_only_tls_is_listened_on_and_nobody_is_anonymous() -> None:
    found = settings(rabbitmq_conf(memory_mib=512))
    assert found["listeners.tcp"] == "none"
    assert {name for name in found if name.startswith("listeners.")} == {"listeners.tcp", "listeners.ssl.default"}
    assert found["anonymous_login_user"] == "none"
    assert {found["ssl_options.versions.1"], found["ssl_options.versions.2"]} == {"tlsv1.2", "tlsv1.3"}


@given(st.integers(256, 100_000))
def test_limits_stay_inside_the_container(memory: int) -> None:
    found = settings(rabbitmq_conf(memory_mib=memory))
    assert int(found["vm_memory_high_watermark.absolute"].removesuffix("MiB")) <= memory * 0.6
    assert int(found["raft.wal_max_size_bytes"]) <= memory * 1024 * 1024 / 8
    assert int(found["disk_free_limit.absolute"].removesuffix("MiB")) >= 512


def test_too_little_memory_is_refused() -> None:
    with pytest.raises(ValueError, match="memory_mib"):
        rabbitmq_conf(memory_mib=128)


def test_the_order_of_the_arguments_makes_no_change() -> None:
    turned = definitions(vhost="mail", queues=dict(reversed(QUEUES.items())), users=dict(reversed(USERS.items())))
    assert turned == definitions(vhost="mail", queues=QUEUES, users=USERS)


def test_every_queue_is_a_quorum_queue_with_a_dead_letter_queue_and_no_other_argument() -> None:
    queues = {queue["name"]: queue["arguments"] for queue in document()["queues"]}
    assert set(queues) == {"send.mail", "send.mail.dead-letter", "bounces", "bounces.dead-letter"}
    assert all(arguments == {"x-queue-type": "quorum"} for arguments in queues.values())


def test_a_policy_applies_to_its_own_queue_only() -> None:
    found = document()
    names = [queue["name"] for queue in found["queues"]]
    for policy in found["policies"]:
        assert [name for name in [*names, "sendXmail"] if re.search(policy["pattern"], name)] == [policy["name"]]


def test_dead_lettering_loses_nothing() -> None:
    policies = {policy["name"]: policy["definition"] for policy in document()["policies"]}
    live = policies["send.mail"]
    assert live["delivery-limit"] == 2  # and the first delivery
    assert live["dead-letter-strategy"] == "at-least-once"
    assert live["overflow"] == "reject-publish"
    assert (live["dead-letter-exchange"], live["dead-letter-routing-key"]) == ("", "send.mail.dead-letter")
    assert policies["bounces"]["max-length-bytes"] == 1000
    assert policies["bounces.dead-letter"]["delivery-limit"] == -1


def test_a_user_may_do_what_it_says_and_no_more() -> None:
    permissions = {entry["user"]: entry for entry in document()["permissions"]}
    api, worker = permissions["api"], permissions["worker"]
    assert (api["configure"], api["read"]) == ("^$", "^$")
    assert re.search(api["write"], "amq.default")
    assert not re.search(api["write"], "amq.direct")
    assert worker["write"] == "^$"
    reads = ["send.mail", "bounces", "sendXmail", "send.mail.dead-letter", "xbounces", ""]
    assert [name for name in reads if re.search(worker["read"], name)] == ["send.mail", "bounces"]
    assert all(user["tags"] == [] for user in document()["users"])


@given(st.text(min_size=1), st.text(min_size=1))
def test_a_password_hash_is_stable_and_verifies(user: str, password: str) -> None:
    encoded = password_hash(user, password)
    assert encoded == password_hash(user, password)
    raw = base64.b64decode(encoded)
    assert raw[4:] == hashlib.sha256(raw[:4] + password.encode()).digest()


def test_two_users_with_one_password_have_different_hashes() -> None:
    assert password_hash("a", "same") != password_hash("b", "same")


def test_no_password_is_shown() -> None:
    secret = BrokerUser(password="correct horse")
    assert "horse" not in repr(secret) + definitions(vhost="mail", queues=QUEUES, users={"a": secret})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"vhost": "/"}, "should have lower-case"),
        ({"queues": {"amq.x": BrokerQueue()}}, "not start with amq"),
        ({"queues": {"a.dead-letter": BrokerQueue()}}, "reserved"),
        ({"users": {"a": BrokerUser(password="x", consumes=("other",))}}, "other, which is no queue"),
        ({"users": {"a": BrokerUser(password="")}}, "has no password"),
    ],
)
def test_a_bad_name_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        document(**change)


@pytest.mark.parametrize("change", [{"max_deliveries": 0}, {"consumer_timeout_seconds": 59}, {"max_length_bytes": 0}])
def test_a_limit_that_cannot_work_is_refused(change: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=next(iter(change))):
        BrokerQueue(**change)
