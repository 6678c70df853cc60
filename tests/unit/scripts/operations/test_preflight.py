"""What must be so before a deployment."""

from __future__ import annotations

import pytest

from scripts.operations import preflight, stack
from scripts.toolchain.process import Failure


@pytest.mark.parametrize("before", ["production", "staging"])
def test_a_platform_that_keeps_data_does_not_become_one_for_development_by_one_word(before: str) -> None:
    with pytest.raises(Failure, match=f"platform.environment: this platform is {before}.*--less-protection"):
        preflight.keeps_its_protection(stack.read("docker-local"), before)


@pytest.mark.parametrize(("name", "before"), [("docker-local", None), ("docker-local", "development")])
def test_what_never_kept_data_may_stay_so(name: str, before: str | None) -> None:
    preflight.keeps_its_protection(stack.read(name), before)


@pytest.mark.parametrize("before", [None, "development", "staging", "production"])
def test_more_protection_is_always_welcome(before: str | None) -> None:
    preflight.keeps_its_protection(stack.read("docker-production"), before)
