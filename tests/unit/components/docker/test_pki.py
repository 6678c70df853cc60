import ipaddress
import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import verification
from hypothesis import given
from hypothesis import strategies as st

from components.docker import pki

NOW = datetime(2026, 2, 11, 10, 30, tzinfo=UTC)
AUTHORITY = pki.new_authority("PenguinMails test authority", NOW)
PERIOD = pki.validity(NOW.date())


def leaf(
    authority: pki.Authority = AUTHORITY,
    name: str = "database",
    dns: tuple[str, ...] = ("database", "tasks.database"),
    ips: tuple[str, ...] = ("10.0.0.7", "::1"),
    period: tuple[datetime, datetime] = PERIOD,
) -> pki.Leaf:
    return pki.issue(authority, name, dns, ips, *period)


def parsed(pem: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate(pem.encode())


def verify(certificate_pem: str, subject: x509.GeneralName, authority: pki.Authority, at: datetime = NOW) -> None:
    assert isinstance(subject, x509.DNSName | x509.IPAddress)
    verifier = (
        verification.PolicyBuilder()
        .store(verification.Store([parsed(authority.certificate_pem)]))
        .time(at)
        .build_server_verifier(subject)
    )
    verifier.verify(parsed(certificate_pem), [])


def test_the_same_request_gives_the_same_bytes_in_any_order() -> None:
    assert leaf() == leaf(dns=("tasks.database", "database", "database"), ips=("::1", "10.0.0.7"))


def test_another_name_has_another_key_and_serial() -> None:
    first, second = leaf(), leaf(name="queue", dns=("queue",))
    assert first.key_pem != second.key_pem
    assert parsed(first.certificate_pem).serial_number != parsed(second.certificate_pem).serial_number


def test_another_authority_has_other_keys() -> None:
    other = pki.new_authority("PenguinMails test authority", NOW)
    assert leaf(other).key_pem != leaf().key_pem
    with pytest.raises(verification.VerificationError):
        verify(leaf(other).certificate_pem, x509.DNSName("database"), AUTHORITY)


def test_a_renewed_leaf_keeps_its_key_and_changes_its_serial() -> None:
    renewed = leaf(period=pki.validity(date(2026, 4, 1)))
    assert renewed.key_pem == leaf().key_pem
    assert parsed(renewed.certificate_pem).serial_number != parsed(leaf().certificate_pem).serial_number


@pytest.mark.parametrize("subject", [x509.DNSName("tasks.database"), x509.IPAddress(ipaddress.ip_address("10.0.0.7"))])
def test_a_leaf_is_accepted_for_its_names(subject: x509.GeneralName) -> None:
    verify(leaf().certificate_pem, subject, AUTHORITY)


@pytest.mark.parametrize("subject", [x509.DNSName("queue"), x509.IPAddress(ipaddress.ip_address("10.0.0.8"))])
def test_a_leaf_is_refused_for_another_name(subject: x509.GeneralName) -> None:
    with pytest.raises(verification.VerificationError):
        verify(leaf().certificate_pem, subject, AUTHORITY)


def test_a_leaf_is_refused_after_its_period() -> None:
    with pytest.raises(verification.VerificationError):
        verify(leaf().certificate_pem, x509.DNSName("database"), AUTHORITY, PERIOD[1] + timedelta(days=1))


def openssl(directory: Path, certificate: pki.Leaf, host: str) -> subprocess.CompletedProcess[str]:
    (directory / "ca.crt").write_text(AUTHORITY.certificate_pem)
    (directory / "leaf.crt").write_text(certificate.certificate_pem)
    command = ["openssl", "verify", "-x509_strict", "-purpose", "sslserver", "-attime", str(int(NOW.timestamp()))]
    command += ["-verify_hostname", host, "-CAfile", "ca.crt", "leaf.crt"]
    return subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)


def test_openssl_accepts_a_leaf_and_refuses_another_host(tmp_path: Path) -> None:
    accepted = openssl(tmp_path, leaf(), "database")
    assert accepted.returncode == 0, accepted.stderr
    refused = openssl(tmp_path, leaf(), "queue")
    assert refused.returncode != 0
    assert "hostname mismatch" in refused.stderr.lower()


def test_a_leaf_may_not_sign(tmp_path: Path) -> None:
    certificate = parsed(leaf().certificate_pem)
    assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert not certificate.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign
    root = parsed(AUTHORITY.certificate_pem).extensions.get_extension_for_class(x509.BasicConstraints).value
    assert (root.ca, root.path_length) == (True, 0)


def test_an_authority_lives_ten_years() -> None:
    root = parsed(AUTHORITY.certificate_pem)
    assert root.not_valid_before_utc == NOW - timedelta(days=1)
    assert root.not_valid_after_utc >= NOW.replace(year=2036)


def test_keys_stay_out_of_repr() -> None:
    assert "PRIVATE" not in repr(AUTHORITY) + repr(leaf())


@pytest.mark.parametrize(
    ("day", "start"),
    [
        (date(2026, 1, 1), datetime(2025, 12, 31, tzinfo=UTC)),
        (date(2026, 3, 31), datetime(2025, 12, 31, tzinfo=UTC)),
        (date(2026, 4, 1), datetime(2026, 3, 31, tzinfo=UTC)),
        (date(2026, 12, 31), datetime(2026, 9, 30, tzinfo=UTC)),
    ],
)
def test_the_period_starts_a_day_before_the_quarter(day: date, start: datetime) -> None:
    assert pki.validity(day) == (start, start + timedelta(days=397))


@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)))
def test_a_half_year_without_updates_never_meets_an_expired_leaf(day: date) -> None:
    not_before, not_after = pki.validity(day)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    assert not_before < noon
    assert not_after > noon + timedelta(days=184)
    assert not_after - not_before < timedelta(days=398)


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2026, 4, 1), date(2026, 12, 31)])
def test_an_internal_leaf_changes_once_a_year(day: date) -> None:
    start = datetime(2025, 12, 31, tzinfo=UTC)
    assert pki.internal_validity(day) == (start, start + timedelta(days=822))
    assert pki.internal_validity(date(2027, 1, 1))[0] == datetime(2026, 12, 31, tzinfo=UTC)


@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)))
def test_a_year_without_updates_never_meets_an_expired_internal_leaf(day: date) -> None:
    not_before, not_after = pki.internal_validity(day)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    assert not_before < noon
    assert not_after > noon + timedelta(days=366)
    assert not_after - not_before < timedelta(days=pki.AUTHORITY_DAYS / 4)


@given(st.from_regex(r"[a-z][a-z0-9-]{0,40}", fullmatch=True), st.dates(date(2026, 3, 1), date(2035, 1, 1)))
def test_any_leaf_is_deterministic_and_holds_together(name: str, day: date) -> None:
    period = pki.validity(day)
    first = leaf(name=name, dns=(name,), ips=(), period=period)
    assert first == leaf(name=name, dns=(name,), ips=(), period=period)
    certificate, key = parsed(first.certificate_pem), load_pem_private_key(first.key_pem.encode(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    assert key.public_key() == certificate.public_key()
    assert 0 < certificate.serial_number < 2**159
    certificate.verify_directly_issued_by(parsed(AUTHORITY.certificate_pem))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"dns": (), "ips": ()}, "at least one DNS name"),
        ({"name": "x" * 65}, "1 to 64 characters"),
        ({"period": (PERIOD[1], PERIOD[0])}, "is not before"),
        ({"period": pki.validity(date(2036, 1, 1))}, "renew it"),
        ({"period": (datetime(2026, 1, 1), datetime(2026, 2, 1))}, "zone"),  # noqa: DTZ001
    ],
)
def test_a_bad_request_is_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        leaf(**change)  # type: ignore[arg-type]


def test_a_bundle_has_the_chain_first_and_refuses_a_foreign_key() -> None:
    own = leaf()
    bundle = pki.pem_bundle(own.certificate_pem + AUTHORITY.certificate_pem, own.key_pem)
    assert bundle.index("BEGIN CERTIFICATE") < bundle.index("BEGIN PRIVATE KEY")
    assert bundle.count("BEGIN CERTIFICATE") == 2
    with pytest.raises(ValueError, match="does not belong"):
        pki.pem_bundle(own.certificate_pem, AUTHORITY.key_pem)
