"""A certificate that a person supplies for the edge: what must be so before it is used. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from itertools import pairwise

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

RSA_BITS_MIN = 2048


def bundle(chain_pem: str, key_pem: str) -> str:
    """One file of the chain and its key, as HAProxy wants it; not checked here, for a preview has neither."""
    return f"{chain_pem.strip()}\n{key_pem.strip()}\n"


def check(chain_pem: str, key_pem: str, domain: str, today: date) -> None:
    """Raises `ValueError` that begins with the secret's name, `edgeCertificate` or `edgeKey`, and says what to do."""
    chain, key = _chain(chain_pem), _key(key_pem)
    _belongs(chain, key)
    _names(chain[0], domain)
    _valid(chain, today)
    _ordered(chain)


def root_pem(chain_pem: str) -> str:
    """The authority at the end of the chain, where the chain has it; else empty, for a public one that clients know."""
    if "BEGIN CERTIFICATE" not in chain_pem:
        return ""
    last = _chain(chain_pem)[-1]
    return last.public_bytes(serialization.Encoding.PEM).decode() if last.subject == last.issuer else ""


def covers(name: str, domain: str) -> bool:
    """Whether a certificate's name is the domain, or its wildcard for one label (RFC 6125)."""
    name, domain = name.lower(), domain.lower()
    return name == domain or (name.startswith("*.") and domain.partition(".")[2] == name[2:])


def _chain(pem: str) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(pem.encode())
    except ValueError:
        raise ValueError("edgeCertificate: holds no certificate in PEM; give the domain's own with its chain") from None


def _key(pem: str) -> PrivateKeyTypes:
    try:
        key = serialization.load_pem_private_key(pem.encode(), password=None)
    except TypeError:
        raise ValueError("edgeKey: is encrypted; give it without a passphrase, the stack's file encrypts it") from None
    except ValueError:
        raise ValueError("edgeKey: holds no private key in PEM") from None
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size < RSA_BITS_MIN:
        raise ValueError(f"edgeKey: has {key.key_size} bits, and RSA needs {RSA_BITS_MIN}; make a new one")
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise ValueError("edgeKey: should be an RSA or an EC key, which browsers understand")
    return key


def _belongs(chain: list[x509.Certificate], key: PrivateKeyTypes) -> None:
    public = key.public_key()
    if chain[0].public_key() == public:
        return
    if any(one.public_key() == public for one in chain[1:]):
        raise ValueError("edgeCertificate: begins with another's certificate; put the domain's own first, then its chain")
    raise ValueError("edgeKey: does not belong to edgeCertificate; give the key that the certificate was made for")


def _names(leaf: x509.Certificate, domain: str) -> None:
    try:
        alternative = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        names = alternative.get_values_for_type(x509.DNSName)
    except x509.ExtensionNotFound:
        names = []
    if not any(covers(name, domain) for name in names):
        raise ValueError(f"edgeCertificate: is for {', '.join(names) or 'no name'} and not for {domain}, platform.domain")


def _valid(chain: list[x509.Certificate], today: date) -> None:
    now = datetime.combine(today, time(), UTC)
    for number, one in enumerate(chain, start=1):
        which = f"edgeCertificate: certificate {number} of {len(chain)}"
        if one.not_valid_after_utc <= now:
            raise ValueError(f"{which} expired on {one.not_valid_after_utc:%Y-%m-%d}; give a new one")
        if one.not_valid_before_utc.date() > today:
            raise ValueError(f"{which} is valid from {one.not_valid_before_utc:%Y-%m-%d} only; wait, or give another")


def _ordered(chain: list[x509.Certificate]) -> None:
    for number, (one, above) in enumerate(pairwise(chain), start=1):
        try:
            one.verify_directly_issued_by(above)
        except (ValueError, TypeError, InvalidSignature):
            raise ValueError(
                f"edgeCertificate: certificate {number} was not issued by certificate {number + 1}; "
                "order the chain from the domain's own to the authority"
            ) from None
