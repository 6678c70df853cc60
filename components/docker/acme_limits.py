"""What must be so before an ACME authority is asked for a certificate, each with its field and a sentence. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from components.docker.authorities import holds_certificates
from components.spec import Acme, PlatformSpec
from components.target import Unsupported

NOWHERE: Final = ("localhost", "invalid")
"""Names that no authority finds, be it a private one (RFC 6761)."""
PRIVATE: Final = ("arpa", "corp", "home", "internal", "lan", "local", "onion", "test")
"""Names that a public authority gives no certificate for; a private one may."""


def acme_limits(spec: PlatformSpec) -> Iterator[Unsupported]:
    asked = spec.docker.acme if spec.docker is not None else None
    if (spec.edge.certificate == "acme") != (asked is not None):
        yield Unsupported("belongs to platform.edge.certificate: acme, which needs it with an email", "platform.docker.acme")
    if spec.edge.certificate != "acme" or asked is None:
        return
    top = spec.domain.rpartition(".")[2]
    if top in NOWHERE:
        yield Unsupported(f"an authority cannot find {spec.domain}; use the name that clients use", "platform.domain")
    elif top in PRIVATE and asked.directory_url == Acme.model_fields["directory_url"].default:
        reason = (
            f"a public authority gives no certificate for {spec.domain}; name your own in platform.docker.acme.directory_url"
        )
        yield Unsupported(reason, "platform.domain")
    if spec.edge.http_port is None:
        reason = "is null, and the authority asks on port 80; give the port that port 80 of the domain leads to"
        yield Unsupported(reason, "platform.edge.http_port")
    if not asked.agree_to_terms:
        reason = "say true when you have read the authority's terms, which no certificate is given without"
        yield Unsupported(reason, "platform.docker.acme.agree_to_terms")
    if asked.authority_pem is not None and not holds_certificates(asked.authority_pem):
        reason = "holds no certificate in PEM, or something besides; leave it out for a public authority"
        yield Unsupported(reason, "platform.docker.acme.authority_pem")
