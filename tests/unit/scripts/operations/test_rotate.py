"""What scripts/rotate writes and releases, and in which order, before an engine that only remembers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from components import targets
from components.docker import pki
from components.spec import PlatformSpec, TargetName
from scripts.operations import engine, rotate
from scripts.operations.rotation import fresh
from scripts.operations.stack import Stack, read
from scripts.toolchain.process import Failure

AUTHORITY = "certificateAuthority"


class Kept:
    """The stack's secrets. `released`: what scripts/up was run with, by secret. `cut_at`: the run that is cut off."""

    def __init__(self, values: dict[str, str]) -> None:
        self.values = values
        self.released: list[tuple[str, str]] = []
        self.cut_at = 0

    def set_secret(self, _: str, key: str, value: str) -> None:
        self.values[key] = value

    def release(self, _: Stack, name: str) -> None:
        self.released.append((name, self.values[name]))
        if len(self.released) == self.cut_at:
            raise Failure("cut off")

    def names(self) -> list[str]:
        return [name for name, _ in self.released]


def spec(certificate: str) -> PlatformSpec:
    local = read("docker-local").spec
    return local.model_copy(update={"edge": local.edge.model_copy(update={"certificate": certificate})})


@pytest.fixture(params=["internal"])
def kept(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Kept:
    described = spec(request.param)
    values = {key.name: "old" for key in targets.choose(TargetName.DOCKER).secret_keys(described)}
    values[AUTHORITY] = fresh("authority", "old", datetime(2026, 1, 2, tzinfo=UTC), "")
    found = Kept(values)
    stack = Stack("docker-local", read("docker-local").file, described)
    monkeypatch.setattr(rotate, "read", lambda _: stack)
    monkeypatch.setattr(engine, "config", lambda _: dict(found.values))
    monkeypatch.setattr(engine, "set_secret", found.set_secret)
    monkeypatch.setattr(rotate, "_release", found.release)
    return found


def run(*names: str, everything: bool = False, finish: bool = False) -> None:
    rotate.rotate("docker-local", list(names), everything=everything, finish=finish, as_json=False)


def test_a_password_whose_run_was_cut_off_is_accepted_twice_before_the_old_one_goes(kept: Kept) -> None:
    kept.cut_at = 1
    with pytest.raises(Failure, match="cut off"):
        run("databaseAppPassword")
    run("databaseAppPassword")
    first, again, last = (value for _, value in kept.released)
    assert first == again == f"{last}\nold"


def test_a_key_whose_run_was_cut_off_is_deployed_before_the_old_one_goes(kept: Kept) -> None:
    kept.cut_at = 1
    with pytest.raises(Failure, match="cut off"):
        run("apiKey")
    run("apiKey")
    run("apiKey", finish=True)
    values = [value for _, value in kept.released]
    both, new = values[0], values[0].split("\n")[0]
    assert values == [both, both, both, new]
    run("apiKey", finish=True)
    assert len(kept.released) == 4, "nothing is left to finish"


def test_clients_of_an_internal_edge_are_told_before_another_authority_signs(kept: Kept) -> None:
    old = kept.values[AUTHORITY]
    run(AUTHORITY)
    [(_, both)] = kept.released
    assert pki.read_authority(both) == pki.read_authority(old)
    assert len(pki.authorities(both)) == 2
    run(AUTHORITY)
    assert kept.values[AUTHORITY] == both, "run again it goes no further"
    kept.released.clear()
    run(AUTHORITY, finish=True)
    signing = [pki.read_authority(value).certificate_pem for _, value in kept.released]
    assert [len(pki.authorities(value)) for _, value in kept.released] == [2, 2, 1]
    assert signing[0] == pki.read_authority(old).certificate_pem
    assert signing[1] == signing[2] != signing[0]


@pytest.mark.parametrize("kept", ["supplied", "acme"], indirect=True)
def test_where_no_client_verifies_by_the_authority_it_is_renewed_at_once(kept: Kept) -> None:
    run(AUTHORITY)
    assert [len(pki.authorities(value)) for _, value in kept.released] == [2, 2, 1]


def test_all_goes_past_a_key_that_waits_for_clients(kept: Kept) -> None:
    kept.values["apiKey"] = "new\nold"
    run(everything=True)
    assert ("apiKey", "new\nold") in kept.released
    assert "databaseAppPassword" in kept.names()


def test_to_finish_all_renews_nothing_else(kept: Kept) -> None:
    kept.values["apiKey"] = "new\nold"
    run(everything=True, finish=True)
    assert kept.released == [("apiKey", "new\nold"), ("apiKey", "new")]


def test_what_waits_for_nobody_is_not_finished(kept: Kept) -> None:
    with pytest.raises(Failure, match="databaseAppPassword waits for no client"):
        run("databaseAppPassword", finish=True)
    assert kept.released == []
