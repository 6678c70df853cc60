"""What may be handed over to the edge."""

from __future__ import annotations

from datetime import timedelta

import pytest
from penguinmails_operations.acme.chain import NotSound, bundle, read

from tests.unit.images.operations.acme.made import DOMAIN, NOW, pair


def test_a_sound_bundle_is_read() -> None:
    chain, key = pair()
    found = read(bundle(chain, key), DOMAIN)
    assert (found.begins, found.ends) == (NOW, NOW + timedelta(days=90))
    assert found.leaf_pem.decode().count("BEGIN CERTIFICATE") == 1
    assert "PRIVATE KEY" not in found.pem
    assert "PRIVATE KEY" not in repr(found)


@pytest.mark.parametrize(
    ("chain", "key", "reason"),
    [
        (pair()[0], pair(number=1)[1], "the key does not belong to the certificate"),
        (*pair(domain="other.example.com"), f"the certificate is not for {DOMAIN}"),
        (pair()[0], "", "it is not a chain of certificates with a key"),
        ("", pair()[1], "it is not a chain of certificates with a key"),
        (pair()[0] + pair(number=1)[0], pair()[1], "the chain is not in order"),
    ],
)
def test_what_is_not_sound_is_a_sentence_without_a_key(chain: str, key: str, reason: str) -> None:
    with pytest.raises(NotSound, match=reason) as error:
        read(bundle(chain, key), DOMAIN)
    assert "PRIVATE" not in str(error.value)
