"""A right program of every type that the platform uses is taken as it is, changed in place, and deleted in reverse order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from scripts.simulation.clouds.aws import CLOUD
from scripts.simulation.clouds.aws.arns import ARNS
from scripts.simulation.server.direct import Direct, Made
from scripts.simulation.server.provider import Refused
from scripts.simulation.values import walk
from tests.unit.scripts.simulation.clouds.aws import platform, platform_data, platform_edge, platform_services, platform_watch

PARTS = [
    *platform.network(),
    *platform_data.keys_and_logs(),
    *platform_data.database(),
    *platform_data.queues(),
    *platform_edge.edge(),
    *platform_services.services(),
    *platform_services.storage(),
    *platform_watch.mail(),
    *platform_watch.monitoring(),
    *platform_watch.backups(),
]


def resolved(value: Any, made: Mapping[str, Made]) -> Any:
    """A part's inputs with what other parts gave."""
    if isinstance(value, dict):
        if "__of" in value:
            return picked(made[value["__of"]].outputs, value["__output"])
        if "__json" in value:
            return json.dumps(resolved(value["__json"], made))
        if "__join" in value:
            return "/".join(resolved(value["__join"], made))
        return {key: resolved(one, made) for key, one in value.items()}
    return [resolved(one, made) for one in value] if isinstance(value, list) else value


def picked(outputs: Any, path: str) -> Any:
    for part in path.split("."):
        outputs = outputs[int(part)] if part.isdigit() else outputs[part]
    return outputs


@pytest.fixture
def whole() -> tuple[Direct, dict[str, Made]]:
    """Everything made once."""
    direct, made = Direct(), dict[str, Made]()
    for token, name, inputs in PARTS:
        made[name] = direct.make(f"aws:{token}", name, resolved(dict(inputs), made))
    return direct, made


def test_all_of_it_is_taken(whole: tuple[Direct, dict[str, Made]]) -> None:
    direct, made = whole
    assert len(made) == len(PARTS) == len(list(direct.world))


def test_replacement_is_known_for_every_type(whole: tuple[Direct, dict[str, Made]]) -> None:
    assert [token for token, _, _ in PARTS if CLOUD.replaces(f"aws:{token}") is None] == []


def test_outputs_keep_what_was_given(whole: tuple[Direct, dict[str, Made]]) -> None:
    """Or a refresh would find differences that nobody made."""
    _, made = whole
    for _, name, inputs in PARTS:
        for path, value in walk(resolved(dict(inputs), made)):
            if path and not path.startswith("dkim"):
                assert picked(made[name].outputs, path.replace("[", ".").replace("]", "")) == value, (name, path)


def test_an_update_gives_the_same_outputs_again(whole: tuple[Direct, dict[str, Made]]) -> None:
    direct, made = whole
    for _, name, inputs in PARTS:
        before = made[name]
        after = direct.change(before, resolved(dict(inputs), made))
        differing = {key for key in before.outputs if before.outputs[key] != after.outputs.get(key)}
        assert differing == set(), name


def test_ids_are_the_same_on_every_run(whole: tuple[Direct, dict[str, Made]]) -> None:
    _, made = whole
    again, second = Direct(), dict[str, Made]()
    for token, name, inputs in PARTS:
        second[name] = again.make(f"aws:{token}", name, resolved(dict(inputs), second))
    assert {name: one.outputs for name, one in made.items()} == {name: one.outputs for name, one in second.items()}


def begins(token: str) -> str:
    """The part of an ARN by which its type is known; alarms of both kinds share it, and rules of both directions."""
    return ARNS[token].split(":", 5)[2] + ARNS[token].split(":", 5)[5].partition("{")[0]


def test_ids_and_arns_are_recognised_as_their_own_type_or_as_none(whole: tuple[Direct, dict[str, Made]]) -> None:
    _, made = whole
    wrong, found = [], 0
    for token, name, _ in PARTS:
        if f"aws:{token}" in ARNS and "default" not in token:
            for value in (made[name].id, made[name].outputs.get("arn", "")):
                recognised = CLOUD.recognise(str(value))
                found += recognised is not None
                if recognised is not None and begins(recognised) != begins(f"aws:{token}"):
                    wrong.append((name, value, recognised))
    assert wrong == []
    assert found > len(PARTS) // 2


def test_all_of_it_goes_in_reverse_order_once_protection_is_off(whole: tuple[Direct, dict[str, Made]]) -> None:
    direct, made = whole
    with pytest.raises(Refused, match="deletionProtection: is true"):
        direct.delete(made["db"])
    for _, name, inputs in PARTS:
        off = {key: False for key in ("deletionProtection", "enableDeletionProtection") if key in inputs}
        if off:
            made[name] = direct.change(made[name], {**resolved(dict(inputs), made), **off})
    for _, name, _ in reversed(PARTS):
        direct.delete(made[name])
    assert list(direct.world) == []
