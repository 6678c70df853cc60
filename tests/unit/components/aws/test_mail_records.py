"""Records for mail fit DNS and say what receivers need, whatever the domain."""

from __future__ import annotations

from urllib.parse import unquote

from hypothesis import given
from hypothesis import strategies as st

from components.aws.mail_records import ROLES, bounce_domain, dkim, records
from scripts.simulation.clouds.aws.rules.domains import check_record
from scripts.simulation.world import Place

DOMAINS = st.from_regex(r"([a-z][a-z0-9]{0,9}\.){1,3}[a-z]{2,6}", fullmatch=True)
ADDRESSES = st.from_regex(r"[^@\s]{1,20}@[a-z]{1,9}\.[a-z]{2,6}", fullmatch=True)


@given(DOMAINS, ADDRESSES)
def test_every_record_is_one_that_dns_takes(domain: str, postmaster: str) -> None:
    made = records(domain, "eu-central-1", postmaster)
    assert tuple(made) == ROLES
    found = [*made.values(), dkim(domain, "a" * 32)]
    for one in found:
        inputs = {"name": one.name, "type": one.type, "records": [one.value], "ttl": 300}
        assert not list(check_record(inputs, Place("aws", "123456789012", "eu-central-1")))
        assert one.name.endswith(f".{domain}"), "at the domain itself others have records"
    assert len({(one.name, one.type) for one in found}) == len(found)
    assert bounce_domain(domain).endswith(f".{domain}")


@given(ADDRESSES)
def test_no_address_adds_a_tag_to_the_policy(postmaster: str) -> None:
    dmarc = records("example.com", "eu-central-1", postmaster)["dmarc"].value
    tags = [part.strip() for part in dmarc.split(";")]
    assert tags[:2] == ["v=DMARC1", "p=quarantine"]
    assert len(tags) == 3
    assert "," not in tags[2]
    assert "!" not in tags[2]
    assert unquote(tags[2]) == f"rua=mailto:{postmaster}"
