"""Which values a rotation releases, one after the other, and how an interrupted one goes on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from components import targets
from components.docker import pki
from components.spec import TargetName
from scripts.operations import rotation
from scripts.operations.rotation import fresh, steps
from scripts.operations.rotation import rotation as of
from scripts.operations.stack import read

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def test_a_password_of_two_sides_is_doubled_and_then_the_old_one_goes() -> None:
    assert steps("overlap", "old", "new") == ["new\nold", "new"]
    assert steps("overlap", "new\nold", "newer") == ["new\nold", "new"], "an interrupted one is ended from where it was"


def test_clients_keep_the_old_key_until_a_person_ends_it() -> None:
    assert steps("clients", "old", "new") == ["new\nold", "new"]
    assert steps("clients", "new\nold", "newer") == ["new\nold", "new"]
    assert rotation.is_open("clients", "new\nold")
    assert not rotation.is_open("clients", "old\n")


def test_what_one_side_knows_is_changed_at_once() -> None:
    assert steps("swap", "old", "new") == ["new"]


def test_an_authority_is_trusted_before_it_signs_and_after_it_has_signed() -> None:
    old, new = (fresh("authority", name, NOW, "unused") for name in ("old", "new"))
    both, switched, last = steps("authority", old, new)
    assert last == new
    for text, signer in ((both, old), (switched, new)):
        assert pki.read_authority(text) == pki.read_authority(signer)
        assert sorted(one.certificate_pem for one in pki.authorities(text)) == sorted(map(pki.trusted_pem, (old, new)))
    assert pki.read_authority(old).key_pem not in switched
    assert pki.read_authority(old).certificate_pem not in last


@pytest.mark.parametrize("cut_after", [1, 2])
def test_an_interrupted_rotation_of_an_authority_goes_on(cut_after: int) -> None:
    old, new, unused = (fresh("authority", name, NOW, "") for name in ("old", "new", "unused"))
    released = steps("authority", old, new)
    rest = steps("authority", released[cut_after - 1], unused)
    assert [pki.authorities(text) for text in rest] == [pki.authorities(text) for text in released[cut_after - 1 :]]
    assert rest[0] == released[cut_after - 1], "as it is, so that a release of what is deployed changes nothing"


@pytest.mark.parametrize("name", ["docker-local", "docker-production"])
def test_every_secret_has_a_way_or_a_sentence(name: str) -> None:
    for key in targets.choose(TargetName.DOCKER).secret_keys(read(name).spec):
        found = of(key.name)
        assert found.kind != "refused" or found.note, key.name
        assert key.name in rotation._ROTATIONS, key.name


def test_what_a_person_supplies_is_refused_with_what_to_do() -> None:
    assert of("edgeKey").kind == "refused"
    assert "pulumi config set --secret edgeKey" in of("edgeKey").note
    assert of("backupPassphrase").kind == "refused"
