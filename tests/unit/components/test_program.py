"""What the program takes from the stack's configuration before it builds anything."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping

import pulumi
import pytest

from components import program, stackfile
from components.target import SecretKey
from tests.harness import loops

KEYS = (
    SecretKey("alertsWebhookSecret", "password", "signs what is posted"),
    SecretKey("alertsSlackUrl", "supplied", "the address of Slack"),
)
GIVEN = {"alertsWebhookSecret": "a secret", "alertsSlackUrl": "https://hooks.example.com/x"}


@pytest.fixture(autouse=True)
def _no_configuration_stays() -> Iterator[None]:
    """A secret is an output, which needs a loop; other tests leave none."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    pulumi.runtime.set_all_config({}, [])
    loops.end(loop)


def taken(values: Mapping[str, str]) -> set[str]:
    found = {f"kit:{name}": value for name, value in values.items()}
    pulumi.runtime.set_all_config(found, list(found))
    return set(program._secrets(pulumi.Config("kit"), KEYS))


def test_every_secret_that_is_given_is_taken() -> None:
    assert taken(GIVEN) == set(GIVEN)


@pytest.mark.parametrize("name", list(GIVEN))
@pytest.mark.parametrize(("value", "word"), [(None, "is missing"), ("", "is empty"), (" \n", "is empty")])
def test_one_that_is_missing_or_blank_is_refused_by_its_name(name: str, value: str | None, word: str) -> None:
    values = {key: text for key, text in {**GIVEN, name: value}.items() if text is not None}
    with pytest.raises(stackfile.StackFileError, match=f"kit:{name}: {word}") as told:
        taken(values)
    assert sum(other in str(told.value) for other in GIVEN) == 1
