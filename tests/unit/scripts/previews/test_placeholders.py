"""Stand-ins for secrets, and what is taken out of every text."""

from __future__ import annotations

from scripts.previews.placeholders import Placeholders, redacted


def test_a_name_has_one_value_for_a_whole_command() -> None:
    placeholders = Placeholders()
    assert placeholders.value("a") == placeholders.value("a") != placeholders.value("b")


def test_an_authority_is_a_key_with_its_certificate() -> None:
    pem = Placeholders().value("authority", "authority")
    assert "PRIVATE KEY" in pem
    assert "BEGIN CERTIFICATE" in pem


def test_placeholders_private_keys_and_passwords_in_addresses_are_taken_out() -> None:
    placeholders = Placeholders()
    password, pem = placeholders.value("password"), placeholders.value("authority", "authority")
    text = redacted(f"bad {password}\n{pem}\namqps://user:word@host/ and postgres://u:p@h")
    assert password not in text
    assert "PRIVATE KEY" not in text
    assert "word" not in text
    assert "[secret]@host" in text
    assert "BEGIN CERTIFICATE" in text


def test_a_private_key_that_is_cut_off_is_taken_out_too() -> None:
    assert redacted("-----BEGIN PRIVATE KEY-----\nMC4CAQ") == "[secret]"
