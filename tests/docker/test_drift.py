"""What somebody changes by hand behind Pulumi's back is shown by a refreshed preview and healed by scripts/up."""

from __future__ import annotations

import pytest

from tests.docker.conftest import STACK, Running
from tests.docker.measured import bench

pytestmark = [pytest.mark.docker, pytest.mark.long, pytest.mark.timeout(600)]
EDITS = "variable added,memory limit,CPU limit,service label changed,DNS server,terminal,ulimit,placement"
"""Half of them are such as Pulumi's provider does not read."""


def test_edits_by_hand_are_shown_and_healed(running: Running) -> None:
    """All that were tried: `python -m scripts.bench.drift`."""
    *edits, total = bench(running.checkout, "drift", STACK, "--only", EDITS)
    assert total["edits"] == len(edits) == 8
    assert all(edit["shown"] and edit["healed"] for edit in edits)
    assert total["not_shown"] == total["not_healed"] == []
