"""Without a broker messages are taken all the same, and sent when it is back."""

from __future__ import annotations

import pytest

from tests.docker.conftest import STACK, Running
from tests.docker.measured import bench

pytestmark = [pytest.mark.docker, pytest.mark.timeout(600)]


def test_messages_outlast_the_broker(running: Running) -> None:
    [fault] = bench(running.checkout, "faults", STACK, "--only", "broker", "--away", "10", "--rate", "10")
    assert fault["acknowledged"] > 0
    assert fault["failed"] == 0
    assert fault["lost"] == 0
    assert fault["all_sent_after_s"] is not None
