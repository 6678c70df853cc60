"""Signed evidence: what the keeper writes the scripts verify, and any change is found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from penguinmails_backup import drill, evidence, facts, pgbackrest
from penguinmails_backup.content import Content, Table, differences
from penguinmails_backup.errors import BackupError, Busy
from penguinmails_backup.settings import Settings

from scripts.operations import evidence as verifying
from scripts.toolchain.process import Failure

KEY = evidence.key("a passphrase")
SETTINGS = Settings(stack="tést", database_name="d", schedule="30 2 * * *", retention_days=7, drill_every_days=7)


def record(**changes: Any) -> dict[str, Any]:
    content = Content({"public.messages": Table(2, "ab" * 32)}, "cd" * 32)
    held = pgbackrest.Held("20261124-210142F", "full", 1, 1.0, 2.0, 1, 0, 3, 4, False)
    found = drill.Findings(began=100.5, target=101.25, backup=held, rpo_seconds=12.5, rto_seconds=9.0, live=content)
    found.restored = content
    for name, value in changes.items():
        setattr(found, name, value)
    return drill.document(SETTINGS, found)


@pytest.fixture
def signed(tmp_path: Path) -> dict[str, Path]:
    files = {name: tmp_path / f"drill.{name}" for name in ("json", "html", "pem")}
    files["json"].write_text(evidence.signed(record(), KEY), encoding="utf-8")
    files["html"].write_text(evidence.page(record(), KEY), encoding="utf-8")
    files["pem"].write_text(evidence.public_pem(KEY))
    return files


@pytest.mark.parametrize("kind", ["json", "html"])
def test_what_was_written_is_verified(signed: dict[str, Path], kind: str) -> None:
    verifying.verify(signed[kind], signed["pem"])


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        ("json", "12.5", "11.5"),
        ("json", '"passed": true', '"passed": false'),
        ("json", '"signature"', '"signed"'),
        ("json", '{\n  "evidence"', '{"more": 1,\n  "evidence"'),
        ("html", "12.5 s", "11.5 s"),
        ("html", "</html>", "</html>\n"),
        ("html", "<!-- signature", "<!-- signed"),
        ("html", " -->\n", " --><p>all is well</p>\n"),
    ],
)
def test_any_change_is_found(signed: dict[str, Path], kind: str, old: str, new: str) -> None:
    text = signed[kind].read_text(encoding="utf-8")
    assert old in text
    signed[kind].write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(Failure, match="is not what the platform wrote"):
        verifying.verify(signed[kind], signed["pem"])


def test_another_key_does_not_fit(signed: dict[str, Path]) -> None:
    signed["pem"].write_text(evidence.public_pem(evidence.key("another passphrase")))
    with pytest.raises(Failure, match="signed by another key"):
        verifying.verify(signed["json"], signed["pem"])


def test_the_key_follows_from_the_passphrase_alone() -> None:
    assert evidence.public_pem(evidence.key("a passphrase")) == evidence.public_pem(KEY)


def test_a_failed_drill_says_why_and_proves_nothing() -> None:
    found = record(problems=["rows <b>differ</b>"], restored=None, rto_seconds=None)
    assert found["passed"] is False
    assert found["proves"] == []
    page = evidence.page(found, KEY)
    assert "rows &lt;b&gt;differ&lt;/b&gt;" in page
    assert "not measured" in page


@pytest.mark.parametrize(
    ("repositories", "chosen", "said"),
    [
        ([1, 2], 2, "of repository 2<"),  # its turn: 1 was proved last
        ([1], 1, "of repository 1, because repository 2 has none that could be used<"),
    ],
)
def test_a_drill_takes_its_turn_or_says_why_not(
    monkeypatch: pytest.MonkeyPatch, repositories: list[int], chosen: int, said: str
) -> None:
    known = facts.Facts(drills=[facts.DrillFact("a", 1, True, 1, 1, "", "", 1)])
    monkeypatch.setattr(facts, "read", lambda: known)
    held = [pgbackrest.Held("l", "full", number, 1.0, number * 9, 1, 0, 3, 4, False) for number in repositories]
    findings = drill.Findings(began=100, target=101)
    settings = SETTINGS.model_copy(update={"repositories": 2})
    findings.backup = drill.chosen(settings, findings, held, 1).backup
    assert findings.backup.repository == chosen
    assert said in evidence.page(drill.document(settings, findings), KEY)


def test_every_difference_is_named() -> None:
    live = Content({"a": Table(1, "x"), "b": Table(1, "x"), "c": Table(1, "x")}, "s")
    restored = Content({"a": Table(2, "x"), "b": Table(1, "y"), "d": Table(1, "x")}, "t")
    assert differences(live, live) == []
    assert differences(live, restored) == [
        "a has 1 rows live and 2 restored",
        "b has other content in its 1 rows",
        "c is only in the live database",
        "d is only in the restored database",
        "definitions, owners or rights differ",
    ]


def test_facts_survive_and_two_runs_are_never_at_once(tmp_path: Path) -> None:
    facts.change(lambda known: known.successes.update(full=1.5), tmp_path)
    facts.change(lambda known: known.restores.append(facts.RestoreFact(1, 2, 1, 1, 2)), tmp_path)
    assert facts.read(tmp_path) == facts.Facts(successes={"full": 1.5}, restores=[facts.RestoreFact(1, 2, 1, 1, 2)])
    with facts.alone("drill", tmp_path), pytest.raises(Busy, match="A drill runs already"):
        with facts.alone("backup", tmp_path):
            pass
    with facts.alone("backup", tmp_path):
        pass


def test_the_answer_of_the_repositories_is_read() -> None:
    backup = {
        "label": "20261124-210142F",
        "type": "full",
        "timestamp": {"start": 1, "stop": 6},
        "archive": {"start": "000000010000000000000003", "stop": "0000000A0000000000000003"},
        "lsn": {"start": "0/3000028", "stop": "1/3000158"},
        "database": {"id": 1, "repo-key": 2},
        "info": {"size": 30, "repository": {"delta": 3}},
        "error": False,
    }
    good = {"repo": [{"key": 2, "status": {"code": 0, "message": "ok"}}], "backup": [backup]}
    [held] = pgbackrest.parse(json.dumps([good]))
    assert (held.repository, held.timeline, held.lsn, held.damaged) == (2, 10, (1 << 32) + 0x3000158, False)
    bad = {"repo": [{"key": 1, "status": {"code": 99, "message": "[CryptoError] unable to\nflush"}}], "backup": []}
    with pytest.raises(BackupError, match=r"Repository 1 cannot be read: \[CryptoError\] unable to flush"):
        pgbackrest.parse(json.dumps([bad]))
    other = {"key": 1, "status": {"code": 99, "message": "[HostConnectError] no way"}}
    assert pgbackrest.parse(json.dumps([{**good, "repo": [*good["repo"], other]}])) == [held]
