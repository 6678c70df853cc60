"""The platform's own certificate authority: pure functions, the same inputs give the same bytes.

Why deterministic: a certificate that differs at every run would replace a Swarm secret, and so restart every server,
at every `up`. Everything random is therefore derived: the leaf's key by HKDF from the authority's key, the serial
number by a hash of the request, the signature by RFC 6979. Only `new_authority` draws random numbers; its result is
made once and kept as an encrypted secret.

Left out on purpose: intermediates, revocation lists and client certificates. A leaf that must not be trusted any more
means a new authority, which every server and client of the platform receives in the same update.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_DAYS = 3653
"""Ten years, with its leap days."""
LEAF_DAYS = 397
"""The CA/Browser Forum's limit of 398 days (which Apple's clients enforce), less one for rounding."""
INTERNAL_DAYS = 822
"""Two years and a quarter. No browser sees these, and a new one restarts the broker: the fewer the better."""
CLOCK_SKEW_DAYS = 1
"""A leaf is valid one day before its quarter or year, so that a host whose clock is behind accepts it."""
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_PEM_BLOCK = re.compile(r"(-----BEGIN ([A-Z ]+)-----.+?-----END \2-----)", re.DOTALL)
_COMMON_NAME_LIMIT = 64
"""Characters; RFC 5280, ub-common-name."""


@dataclass(frozen=True)
class Authority:
    """A certificate authority as PEM text. The key is left out of `repr`."""

    key_pem: str = field(repr=False)
    certificate_pem: str


@dataclass(frozen=True)
class Leaf:
    """A server's key and certificate as PEM text. The key is left out of `repr`."""

    key_pem: str = field(repr=False)
    certificate_pem: str


def new_authority(common_name: str, now: datetime) -> Authority:
    """Make a new P-256 authority, valid for ten years from `now` (aware), that may sign leaves only (path length 0).

    Every call draws a new key: call it once for a platform and keep the result as a secret.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(common_name)
    start = _whole_second(now) - timedelta(days=CLOCK_SKEW_DAYS)
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(_serial(identifier.digest, common_name.encode(), start.isoformat().encode()))
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=AUTHORITY_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(authority=True), critical=True)
        .add_extension(identifier, critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False)
        .sign(key, hashes.SHA256(), ecdsa_deterministic=True)
    )
    return Authority(_private_pem(key), _public_pem(certificate))


def issue(
    authority: Authority,
    common_name: str,
    dns_names: Sequence[str],
    ip_addresses: Sequence[str],
    not_before: datetime,
    not_after: datetime,
) -> Leaf:
    """Sign a server certificate. The order of the names does not matter; at least one name or address is needed.

    Raises `ValueError` when there is no name, when the period is empty, or when it leaves the authority's own.
    """
    signer = _ec_key(authority.key_pem)
    root = x509.load_pem_x509_certificate(authority.certificate_pem.encode())
    start, end = _period(root, not_before, not_after)
    names: list[x509.GeneralName] = [x509.DNSName(name) for name in sorted(set(dns_names))]
    names += [x509.IPAddress(address) for address in _addresses(ip_addresses)]
    if not names:
        raise ValueError(f"certificate {common_name}: needs at least one DNS name or IP address")
    key = _leaf_key(signer, common_name)
    root_identifier = root.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    request = [common_name, repr(names), start.isoformat(), end.isoformat()]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(_name(common_name))
        .issuer_name(root.subject)
        .public_key(key.public_key())
        .serial_number(_serial(root_identifier.digest, *(part.encode() for part in request)))
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(root_identifier), critical=False)
        .sign(signer, hashes.SHA256(), ecdsa_deterministic=True)
    )
    return Leaf(_private_pem(key), _public_pem(certificate))


def validity(today: date) -> tuple[datetime, datetime]:
    """The period of a leaf that is issued on `today`, (not_before, not_after) in UTC.

    It depends on the calendar quarter only, so a leaf changes at the first update of a quarter and at no other. A quarter
    is at most 92 days, so whenever the last update was, the leaf lives another 397 - 1 - 92 = 304 days: a platform that
    is updated once a half-year (184 days) never meets an expired certificate.
    """
    quarter = datetime(today.year, 3 * ((today.month - 1) // 3) + 1, 1, tzinfo=UTC)
    not_before = quarter - timedelta(days=CLOCK_SKEW_DAYS)
    return not_before, not_before + timedelta(days=LEAF_DAYS)


def internal_validity(today: date) -> tuple[datetime, datetime]:
    """The period of a leaf between the platform's own parts, (not_before, not_after) in UTC; a broker reads it at its start.

    It depends on the year only, so such a leaf, and with it the broker, changes at the first update of a year and at no other.
    A year has at most 366 days, so whenever the last update was, the leaf lives another 822 - 1 - 366 = 455 days.
    """
    not_before = datetime(today.year, 1, 1, tzinfo=UTC) - timedelta(days=CLOCK_SKEW_DAYS)
    return not_before, not_before + timedelta(days=INTERNAL_DAYS)


def authority_bundle(authority: Authority) -> str:
    """Key and certificate in one text, as the stack's configuration keeps them."""
    return authority.key_pem + authority.certificate_pem


def read_authority(bundle: str) -> Authority:
    """The authority that signs: the first of a text that holds its key and its certificate in PEM.

    Raises `ValueError` when one of the two is missing or they do not belong together.
    """
    first = authorities(bundle)[0]
    certificate = x509.load_pem_x509_certificate(first.certificate_pem.encode())
    if _ec_key(first.key_pem).public_key() != certificate.public_key():
        raise ValueError("certificateAuthority: the key does not belong to the certificate")
    return first


def ends(authority: Authority) -> datetime:
    """Until when an authority is valid, in UTC."""
    return x509.load_pem_x509_certificate(authority.certificate_pem.encode()).not_valid_after_utc


def authorities(bundle: str) -> list[Authority]:
    """All authorities of a text, the one that signs first; one that is trusted only has an empty key.

    While an authority is replaced (`scripts/operations/rotation.py`), the text holds both.
    """
    found, key = [], ""
    for block, kind in _PEM_BLOCK.findall(bundle):
        if kind == "PRIVATE KEY":
            key = f"{block}\n"
        elif kind == "CERTIFICATE":
            found.append(Authority(key, f"{block}\n"))
            key = ""
    if not found or not found[0].key_pem:
        raise ValueError("certificateAuthority: should hold a PRIVATE KEY and a CERTIFICATE in PEM")
    return found


def trusted_pem(bundle: str) -> str:
    """The certificates of all authorities: what a client verifies with."""
    return "".join(one.certificate_pem for one in authorities(bundle))


def pem_bundle(certificate_chain_pem: str, key_pem: str) -> str:
    """One file of the chain (leaf first) and the leaf's key, as HAProxy's `crt` wants it.

    Works for the platform's own leaves and for certificates that the operator supplies (RSA or EC). Raises `ValueError`
    when the key is not that of the first certificate.
    """
    leaf = x509.load_pem_x509_certificates(certificate_chain_pem.encode())[0]
    key = serialization.load_pem_private_key(key_pem.encode(), password=None)
    if key.public_key() != leaf.public_key():
        raise ValueError("the key does not belong to the first certificate of the chain")
    return f"{certificate_chain_pem.strip()}\n{key_pem.strip()}\n"


def _leaf_key(signer: ec.EllipticCurvePrivateKey, common_name: str) -> ec.EllipticCurvePrivateKey:
    """Derive a leaf's key from the authority's key and the leaf's name.

    Sound because HKDF (RFC 5869) is a pseudo-random function of a secret with 256 bits of entropy: a leaf's key says
    nothing about the authority's or another leaf's. 48 bytes are drawn and reduced, so the bias is below 2**-64
    (FIPS 186-5, A.2.1). Limits: who holds the authority's key can compute every leaf's key (that person can issue any
    certificate anyway; recorded traffic stays safe, as TLS 1.2+ with ECDHE has forward secrecy), and a leaf's key
    changes only with its name or the authority, so a leaked one means a new authority.
    """
    secret = signer.private_numbers().private_value.to_bytes(32, "big")
    info = b"penguinmails/docker/pki/leaf-key/1\0" + common_name.encode()
    drawn = HKDF(algorithm=hashes.SHA256(), length=48, salt=None, info=info).derive(secret)
    return ec.derive_private_key(int.from_bytes(drawn, "big") % (_P256_ORDER - 1) + 1, ec.SECP256R1())


def _period(root: x509.Certificate, not_before: datetime, not_after: datetime) -> tuple[datetime, datetime]:
    """Whole seconds (X.509 has no finer ones), inside the authority's own period."""
    start, end = _whole_second(not_before), _whole_second(not_after)
    if start >= end:
        raise ValueError(f"not_before {start} is not before not_after {end}")
    if end > root.not_valid_after_utc:
        raise ValueError(f"the authority expires on {root.not_valid_after_utc}, before the leaf ({end}): renew it")
    return max(start, root.not_valid_before_utc), end


def _whole_second(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a time needs its zone")
    return moment.astimezone(UTC).replace(microsecond=0)


def _addresses(texts: Sequence[str]) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    return sorted({ipaddress.ip_address(text) for text in texts}, key=lambda address: (address.version, int(address)))


def _name(common_name: str) -> x509.Name:
    if not 0 < len(common_name) <= _COMMON_NAME_LIMIT:
        raise ValueError(f"common name {common_name!r}: should have 1 to {_COMMON_NAME_LIMIT} characters")
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _serial(*parts: bytes) -> int:
    """A positive number below 2**159 (RFC 5280 allows 20 octets): unique for a request as SHA-256 is."""
    digest = hashlib.sha256(b"".join(len(part).to_bytes(4, "big") + part for part in parts)).digest()
    return (int.from_bytes(digest, "big") >> 97) | 1


def _key_usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _ec_key(pem: str) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("the authority's key should be on the curve P-256")
    return key


def _private_pem(key: ec.EllipticCurvePrivateKey) -> str:
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return key.private_bytes(encoding, form, serialization.NoEncryption()).decode()


def _public_pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()
