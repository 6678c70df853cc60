"""What a supplied certificate is refused for, each by one sentence."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID

from components.docker import pki
from components.docker.supplied import bundle, check, covers, root_pem

TODAY = date(2026, 3, 4)
DOMAIN = "mail.example.com"
AUTHORITY = pki.new_authority("Company", datetime(2026, 1, 1, tzinfo=UTC))
OTHER = pki.new_authority("Other", datetime(2026, 1, 1, tzinfo=UTC))


def leaf(*names: str, begin: date = TODAY, days: int = 90, authority: pki.Authority = AUTHORITY) -> pki.Leaf:
    start = datetime(begin.year, begin.month, begin.day, tzinfo=UTC)
    return pki.issue(authority, "leaf", names or [DOMAIN], [], start, start + timedelta(days=days))


def own(key: object) -> tuple[str, str]:
    """A self-signed certificate for the domain with a key of any kind."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, DOMAIN)])
    start = datetime(2026, 1, 1, tzinfo=UTC)
    algorithm = None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())  # type: ignore[attr-defined]
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=365))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(DOMAIN)]), critical=False)
        .sign(key, algorithm)  # type: ignore[arg-type]
    )
    private = key.private_bytes(  # type: ignore[attr-defined]
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return certificate.public_bytes(serialization.Encoding.PEM).decode(), private.decode()


def test_a_whole_chain_becomes_one_file() -> None:
    made = leaf()
    chain = made.certificate_pem + AUTHORITY.certificate_pem
    check(chain, made.key_pem, DOMAIN, TODAY)
    text = bundle(chain, made.key_pem)
    assert text == made.certificate_pem + AUTHORITY.certificate_pem + made.key_pem
    assert root_pem(made.certificate_pem + AUTHORITY.certificate_pem) == AUTHORITY.certificate_pem
    assert root_pem(made.certificate_pem) == root_pem("a preview has none") == ""


@pytest.mark.parametrize("key", [rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP384R1())])
def test_rsa_and_ec_are_taken(key: object) -> None:
    certificate, private = own(key)
    check(certificate, private, DOMAIN, TODAY)


LEAF = leaf()
ENCRYPTED = (
    ec.generate_private_key(ec.SECP256R1())
    .private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"secret")
    )
    .decode()
)
REFUSED = {
    "no certificate": ("text", LEAF.key_pem, "edgeCertificate: holds no certificate in PEM"),
    "no key": (LEAF.certificate_pem, "text", "edgeKey: holds no private key in PEM"),
    "encrypted": (LEAF.certificate_pem, ENCRYPTED, "edgeKey: is encrypted"),
    "another key": (LEAF.certificate_pem, leaf(authority=OTHER).key_pem, "edgeKey: does not belong to edgeCertificate"),
    "wrong way round": (AUTHORITY.certificate_pem + LEAF.certificate_pem, LEAF.key_pem, "begins with another's certificate"),
    "another authority": (LEAF.certificate_pem + OTHER.certificate_pem, LEAF.key_pem, "certificate 1 was not issued by"),
    "weak": (*own(rsa.generate_private_key(65537, 1024)), "edgeKey: has 1024 bits, and RSA needs 2048"),
    "unknown kind": (*own(ed25519.Ed25519PrivateKey.generate()), "edgeKey: should be an RSA or an EC key"),
}


@pytest.mark.parametrize(("chain", "key", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_what_does_not_fit_is_refused(chain: str, key: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence) as refused:
        check(chain, key, DOMAIN, TODAY)
    assert "PRIVATE" not in str(refused.value)


def test_another_domain_is_refused() -> None:
    made = leaf("www.example.com", "example.com")
    with pytest.raises(ValueError, match=r"is for example\.com, www\.example\.com and not for mail\.example\.com"):
        check(made.certificate_pem, made.key_pem, DOMAIN, TODAY)


@pytest.mark.parametrize(
    ("begin", "sentence"), [(date(2025, 12, 4), r"expired on 2026-03-04"), (date(2026, 3, 5), "is valid from 2026-03-05 only")]
)
def test_what_is_not_valid_today_is_refused(begin: date, sentence: str) -> None:
    authority = pki.new_authority("Company", datetime(2025, 1, 1, tzinfo=UTC))
    made = leaf(begin=begin, authority=authority)
    with pytest.raises(ValueError, match=sentence):
        check(made.certificate_pem, made.key_pem, DOMAIN, TODAY)


@pytest.mark.parametrize(
    ("name", "fits"),
    [(DOMAIN, True), ("*.example.com", True), ("MAIL.example.com", True), ("*.com", False), ("example.com", False)],
)
def test_names_and_wildcards(name: str, fits: bool) -> None:
    assert covers(name, DOMAIN) is fits
    assert not covers("*.example.com", "a.mail.example.com")
