"""The copy of a stack file: as it is written, with placeholders for secrets."""

from __future__ import annotations

import pytest
import yaml

from components.target import SecretKey
from scripts.previews import description
from scripts.previews.placeholders import Placeholders
from scripts.simulation.passphrase import Passphrase
from scripts.toolchain.process import Failure

PASSPHRASE = Passphrase.new()
KEYS = [SecretKey("apiKey", "password", ""), SecretKey("ca", "authority", ""), SecretKey("plain", "password", "")]
TEXT = """\
encryptionsalt: v1:canary-salt:v1:canary:canary
secretsprovider: passphrase
config:
  penguinmails:platform:
    date: 2026-12-31
    octal: 010
    yes: yes
    quoted: "010"
    inner: [{ secure: v1:canary:canary }]
  penguinmails:apiKey: { secure: v1:canary:canary }
  penguinmails:plain: readable
  other:unknown:
    secure: v1:canary:canary
"""


def copied() -> str:
    return description.copy(TEXT, KEYS, Placeholders(), PASSPHRASE)


def test_no_old_ciphertext_and_no_old_salt_is_left() -> None:
    assert "canary" not in copied()
    assert yaml.safe_load(copied())["encryptionsalt"].startswith("v1:")
    assert "secretsprovider" not in copied()


def test_values_stay_as_they_are_written() -> None:
    for written in ("date: 2026-12-31", "octal: 010", "yes: yes", 'quoted: "010"'):
        assert written in copied()


def test_each_secret_is_there_and_plain_text_stays_plain() -> None:
    config = yaml.safe_load(copied())["config"]
    for name in ("penguinmails:apiKey", "penguinmails:ca", "other:unknown"):
        assert config[name]["secure"].startswith("v1:")
    assert config["penguinmails:plain"] == "readable"
    assert config["penguinmails:platform"]["inner"][0]["secure"].startswith("v1:")


@pytest.mark.parametrize("text", ["", "[]", "config: 1", "other: {}"])
def test_a_file_without_config_is_one_sentence(text: str) -> None:
    with pytest.raises(Failure, match="has no mapping config"):
        description.copy(text, KEYS, Placeholders(), PASSPHRASE)
