"""The regions that are accepted are those whose authorities of RDS the image has."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from cryptography import x509

from components import stackfile
from components.aws.data_limits import AUTHORITY_REGIONS, data_limits

BUNDLE = Path(__file__).resolve().parents[4] / "images" / "api" / "rds-global-bundle.pem"


def test_every_region_has_the_authority_that_servers_are_given() -> None:
    names = [one.subject.rfc4514_string() for one in x509.load_pem_x509_certificates(BUNDLE.read_bytes())]
    found = {match[1] for name in names if (match := re.search(r"Amazon RDS (\S+) Root CA RSA2048 G1", name))}
    assert found == set(AUTHORITY_REGIONS)


@pytest.mark.parametrize(("region", "image", "refused"), [("il-central-1", "api", True), ("eu-west-1", "api", False)])
def test_a_region_whose_database_cannot_be_verified_is_refused(region: str, image: str, refused: bool) -> None:
    spec = stackfile.parse(
        json.dumps(
            {
                "target": "aws",
                "environment": "production",
                "domain": "mail.example.com",
                "aws": {"region": region},
                "services": {"api": {"image": "api", "public_path": "/"}},
                "migration": {"image": image},
            }
        )
    )
    assert [gap.field for gap in data_limits(spec)] == (["platform.aws.region"] if refused else [])
