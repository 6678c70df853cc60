"""When the certificates of a platform on Docker change, and until when they are valid."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta

import pulumi
import pytest
from cryptography import x509

from components import stackfile
from tests.contract.conftest import Deployment
from tests.harness import targets

Deploy = Callable[..., Deployment]
PARTS = ("database-chain", "pooler-chain", "broker-chain")


def certificates(deploy: Deploy, day: date) -> Mapping[str, x509.Certificate]:
    """What is served on a day: certificates by the end of their secret's name."""
    found = deploy(stackfile.parse(json.dumps(targets.base("docker"))), day).of(":Secret")
    served = {}
    for name in ("edge", *PARTS):
        [secret] = [one for one in found if one.name.endswith(f"certificate-{name}")]
        pem = base64.b64decode(secret.inputs["data"]["value"])
        served[name] = x509.load_pem_x509_certificates(pem)[0]
    return served


def test_internal_certificates_change_once_a_year_for_their_servers_restart(deploy: Deploy) -> None:
    first, later = certificates(deploy, date(2026, 1, 1)), certificates(deploy, date(2026, 12, 31))
    assert [name for name in first if first[name] != later[name]] == ["edge"]
    new_year = certificates(deploy, date(2027, 1, 1))
    assert all(new_year[name] != first[name] for name in PARTS)


def test_internal_certificates_outlive_a_year_without_updates(deploy: Deploy) -> None:
    for name, one in certificates(deploy, date(2026, 12, 31)).items():
        assert one.not_valid_after_utc > datetime(2027, 1, 1, tzinfo=UTC) + timedelta(days=366 if name in PARTS else 184)


@pytest.mark.parametrize(("day", "warned"), [(date(2033, 6, 1), False), (date(2035, 6, 1), True)])
def test_an_authority_in_its_last_years_signs_and_is_warned_of(
    deploy: Deploy, monkeypatch: pytest.MonkeyPatch, day: date, warned: bool
) -> None:
    """It has to sign while its successor becomes known; refusing to would leave no way to renew it."""
    said: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", lambda text, *_: said.append(text))
    ends = datetime(2035, 12, 31, tzinfo=UTC) + timedelta(days=1)
    assert all(one.not_valid_after_utc <= ends for one in certificates(deploy, day).values())
    assert [text for text in said if "ends on 203" in text] == said
    assert bool(said) is warned
