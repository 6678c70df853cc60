"""What the engine is answered when an operation does not end as it should: one sentence, without a secret."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from threading import RLock
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2 as pb

from scripts.simulation.schema import store
from scripts.simulation.server import wire
from scripts.simulation.server.faults import Fault, Faults
from scripts.simulation.server.provider import Provider, Shared
from scripts.simulation.server.service import Service
from scripts.simulation.world import World
from tests.unit.scripts.simulation.server.conftest import NET, Toy, urn

CANARY = "canary-77c1"


class Aborted(Exception):
    """What grpc raises to end a call."""


class Context:
    def __init__(self) -> None:
        self.answer: tuple[grpc.StatusCode, str] | None = None

    def peer(self) -> str:
        return "ipv4:127.0.0.1:1"

    def abort(self, code: grpc.StatusCode, details: str) -> None:
        self.answer = (code, details)
        raise Aborted


@pytest.fixture
def answered(provider: Callable[..., Provider]) -> Callable[..., tuple[grpc.StatusCode, str]]:
    """How a creation of a net ends; `crashes` collects what the service asked its server to do."""
    provider()  # for its schemas

    def ask(*faults: Fault, crashes: list[str] | None = None) -> tuple[grpc.StatusCode, str]:
        shared = Shared(World(), Faults(faults), RLock(), Counter())
        service = Service(Toy(), shared, lambda: crashes.append("crash") if crashes is not None else None)
        request = pb.CreateRequest(urn=urn(NET, "net"), properties=wire.write({"range": "r"}))
        context: Any = Context()
        with pytest.raises(Aborted):
            service.Create(request, context)
        code, sentence = context.answer
        return code, sentence

    return ask


def raising(error: Exception) -> Callable[..., Any]:
    def rule(*_: object) -> Any:
        raise error

    return rule


def test_a_mistake_in_a_rule_is_told_by_kind_and_place_without_its_text(
    answered: Callable[..., tuple[grpc.StatusCode, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Toy, "admit", raising(KeyError(CANARY)))
    code, sentence = answered()
    assert code is grpc.StatusCode.UNKNOWN
    assert sentence.startswith("the simulation itself fails (KeyError at provider.py:")
    assert CANARY not in sentence


def test_a_package_that_is_missing_is_told_in_its_own_words(
    answered: Callable[..., tuple[grpc.StatusCode, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "schema", raising(ModuleNotFoundError("the SDK of toy is not installed: run scripts/setup")))
    assert answered()[1] == "the SDK of toy is not installed: run scripts/setup"


def test_a_refusal_is_told_in_the_words_of_the_cloud(answered: Callable[..., tuple[grpc.StatusCode, str]]) -> None:
    assert answered(Fault("create", NET, "fail", message="no room"))[1] == "no room"


def test_a_crash_ends_the_server(answered: Callable[..., tuple[grpc.StatusCode, str]]) -> None:
    crashes = list[str]()
    assert answered(Fault("create", NET, "crash-before"), crashes=crashes)[0] is grpc.StatusCode.UNAVAILABLE
    assert crashes == ["crash"]
