"""Without a broker messages are taken all the same, and sent when it is back; a database gets its lost certificate again."""

from __future__ import annotations

import pytest

from tests.docker.conftest import STACK, Running, container, docker, until
from tests.docker.measured import bench

pytestmark = [pytest.mark.docker, pytest.mark.timeout(600)]


def test_messages_outlast_the_broker(running: Running) -> None:
    [fault] = bench(running.checkout, "faults", STACK, "--only", "broker", "--away", "10", "--rate", "10")
    assert fault["acknowledged"] > 0
    assert fault["failed"] == 0
    assert fault["lost"] == 0
    assert fault["all_sent_after_s"] is not None


def test_a_database_that_lost_what_is_in_memory_gets_its_certificate_again(running: Running) -> None:
    """As after the host started anew: the folder of the certificate is empty then, and who fills it starts at the same time."""
    both = {container("database"), container("database-access")}
    docker("exec", container("database-access"), "touch", "/run/certificate/of-before")
    docker("kill", *both)
    until(lambda: both.isdisjoint(docker("ps", "--quiet").split()), 20, "both are gone")
    with running.client() as client:
        message = running.post(client, "after-the-start")
        until(lambda: running.sent(client, message), 60, "a message is sent")
    assert "of-before" not in docker("exec", container("database-access"), "ls", "/run/certificate"), "it was lost"
