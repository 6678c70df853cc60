"""A certificate with its chain and its key: what must be so before the edge gets it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization


class NotSound(Exception):
    """A sentence: why it must not be served."""


@dataclass(frozen=True)
class Chain:
    """`pem`: the domain's own certificate first, then those above it. `ends`: when the first of them ends."""

    pem: str
    fingerprint: str
    begins: datetime
    ends: datetime

    @property
    def leaf_pem(self) -> bytes:
        end = "-----END CERTIFICATE-----"
        return (self.pem.partition(end)[0] + end + "\n").encode()


def bundle(chain_pem: str, key_pem: str) -> str:
    """One file of both, as HAProxy wants it."""
    return f"{chain_pem.strip()}\n{key_pem.strip()}\n"


def read(pem: str, domain: str) -> Chain:
    """The chain of a bundle.

    Raises `NotSound` unless the key belongs to the first certificate, which is for `domain`, and each was signed by the next.
    """
    try:
        found = x509.load_pem_x509_certificates(pem.encode())
        key = serialization.load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError):
        raise NotSound("it is not a chain of certificates with a key, in PEM") from None
    leaf = found[0]
    if leaf.public_key() != key.public_key():
        raise NotSound("the key does not belong to the certificate")
    if domain not in _names(leaf):
        raise NotSound(f"the certificate is not for {domain}")
    for one, above in pairwise(found):
        try:
            one.verify_directly_issued_by(above)
        except (ValueError, TypeError, InvalidSignature):
            raise NotSound("the chain is not in order: one of its certificates was not signed by the next") from None
    return Chain(
        pem="".join(one.public_bytes(serialization.Encoding.PEM).decode() for one in found),
        fingerprint=leaf.fingerprint(hashes.SHA256()).hex(),
        begins=leaf.not_valid_before_utc,
        ends=min(one.not_valid_after_utc for one in found),
    )


def _names(leaf: x509.Certificate) -> list[str]:
    try:
        alternative = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return [name.lower() for name in alternative.get_values_for_type(x509.DNSName)]
