"""That the breaking of code on purpose works: one break of each target is made and noticed, and each target has many."""

from __future__ import annotations

import pytest

from tests.harness import targets
from tests.harness.code_mutations import caught_by, mutations

KNOWN = {"aws": "storage_encrypted is False", "docker": "read_only is False"}


@pytest.mark.parametrize("name", targets.NAMES)
def test_every_target_can_be_broken_in_many_places(name: str) -> None:
    found = mutations(name)
    assert len(found) > 100
    for mutation in found[:20]:
        assert mutation.source != (targets.ROOT / mutation.file).read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize("name", targets.NAMES)
def test_a_break_that_matters_is_noticed_by_the_contract(name: str) -> None:
    [first, *_] = [mutation for mutation in mutations(name) if mutation.what == KNOWN[name]]
    noticed = caught_by(first, name, ["contract"])
    assert noticed is not None
    assert "tests/contract/test_" in noticed.by
