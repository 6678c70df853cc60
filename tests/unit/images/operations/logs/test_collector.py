"""Lines are kept once each, through rotation, restarts and crashes, and counted as they are kept."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from penguinmails_operations.logs import collector as module
from penguinmails_operations.logs import discover
from penguinmails_operations.logs.collector import Alarm, Collector, Limits
from penguinmails_operations.logs.journal import MAXIMUM_GROUPS
from prometheus_client import generate_latest

from tests.unit.images.operations.logs.conftest import Make
from tests.unit.images.operations.logs.engine import BEGAN, Engine


def kept(collector: Collector) -> list[str]:
    folder = collector.archive._folder
    return [
        json.loads(line)["line"] for day in sorted(folder.iterdir()) for line in gzip.decompress(day.read_bytes()).splitlines()
    ]


def metrics(collector: Collector) -> str:
    return generate_latest(collector.measures.registry).decode()


def test_lines_are_kept_once_with_their_origin(engine: Engine, make: Make) -> None:
    engine.write("one", "two")
    collector = make()
    collector.run_pass()
    engine.write("three")
    collector.run_pass()
    collector.run_pass()
    assert kept(collector) == ["one", "two", "three"]
    found = collector.archive.search(collector.sizes, service="api", text="TWO", since=BEGAN - timedelta(1), limit=5, seconds=5)
    [line] = [json.loads(text) for text in found.lines]
    assert found.complete
    assert (line["service"], line["release"], line["stream"], line["container"]) == ("api", "r1", "stderr", "a1" * 6)
    assert 'penguinmails_log_lines_total{level="info",service="api"} 3.0' in metrics(collector)


def test_a_half_written_line_waits_for_its_end(engine: Engine, make: Make) -> None:
    engine.write("one", "two")
    whole = engine.file.read_bytes()
    engine.file.write_bytes(whole[:-20])
    collector = make()
    collector.run_pass()
    assert kept(collector) == ["one"]
    engine.file.write_bytes(whole)
    collector.run_pass()
    assert kept(collector) == ["one", "two"]


@pytest.mark.parametrize("restart", [False, True])
def test_rotation_loses_and_doubles_nothing(engine: Engine, make: Make, restart: bool) -> None:
    collector = make()
    expected = []
    for number in range(12):
        engine.write(text := f"line {number}")
        expected.append(text)
        if number % 3 == 1:
            engine.rotate()
        if number % 2:
            collector.run_pass()
        if restart and number % 4 == 3:
            collector = make()
    collector.run_pass()
    assert kept(collector) == expected
    assert "penguinmails_log_gaps_total 0.0" in metrics(collector)


def test_what_was_rotated_away_is_told(engine: Engine, make: Make) -> None:
    engine.write("one")
    collector = make()
    collector.run_pass()
    for number in range(3):
        engine.rotate()
        engine.write(f"line {number}")
    collector.run_pass()
    assert kept(collector) == ["one", "line 0", "line 1", "line 2"]
    assert "penguinmails_log_gaps_total 1.0" in metrics(collector)


def test_a_crash_between_writing_and_recording_doubles_nothing(
    engine: Engine, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.tell("ERROR", "it broke")
    collector = make()
    collector.run_pass()
    engine.tell("ERROR", "it broke")

    def crash() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(collector._state, "commit", crash)
    with pytest.raises(KeyboardInterrupt):
        collector.run_pass()
    assert len(kept(collector)) == 2
    collector._state.close()
    again = make()
    assert len(kept(again)) == 1
    again.run_pass()
    again.run_pass()
    assert len(kept(again)) == 2
    [group] = again.journal.groups.values()
    assert group.count == 2


def test_a_pass_that_fails_is_taken_back(engine: Engine, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.tell("ERROR", "it broke")
    collector = make()
    real = collector._state.commit

    def fail() -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr(collector._state, "commit", fail)
    with pytest.raises(OSError, match="no space"):
        collector.run_pass()
    collector._reload()
    assert kept(collector) == []
    monkeypatch.setattr(collector._state, "commit", real)
    collector.run_pass()
    assert len(kept(collector)) == 1
    assert [group.count for group in collector.journal.groups.values()] == [1]


def test_long_lines_and_tracebacks_are_put_together_across_a_restart(engine: Engine, make: Make) -> None:
    engine.write("a" * 10, end="")
    engine.write("Traceback (most recent call last):", '  File "a.py", line 1, in x', stream="stdout")
    collector = make()
    collector.run_pass()
    assert kept(collector) == []
    collector._state.close()
    again = make()
    engine.write("b" * 10)
    engine.write("ValueError: 5 is bad", stream="stdout")
    again.run_pass()
    lines = kept(again)
    assert lines[0] == "a" * 10 + "b" * 10
    assert lines[1].endswith("ValueError: 5 is bad")
    [group] = again.journal.groups.values()
    assert group.kind == "ValueError"


def test_a_traceback_that_nothing_follows_is_told(engine: Engine, make: Make) -> None:
    engine.write("Traceback (most recent call last):", '  File "a.py", line 1, in x')
    collector = make()
    collector.run_pass()
    collector.run_pass()
    assert len(kept(collector)) == 1


def test_old_days_go_and_others_stay(engine: Engine, make: Make) -> None:
    now = datetime.now(UTC)
    for days in (0, 2, 9):
        engine.write(f"{days} days", at=now - timedelta(days=days))
    collector = make(retention_days=3)
    collector.run_pass()
    assert kept(collector) == ["2 days", "0 days"]
    collector._limits = Limits("test", 1, 10**9)
    collector._next_expiry = 0
    collector.run_pass()
    assert kept(collector) == ["0 days"]
    assert list(collector._state.days()) == [f"{now:%Y-%m-%d}"]


def test_want_of_room_removes_the_oldest_day_and_says_so(engine: Engine, make: Make) -> None:
    now = datetime.now(UTC)
    engine.write("old", at=now - timedelta(days=1))
    engine.write("new", at=now)
    collector = make(maximum_bytes=1)
    collector.run_pass()
    assert kept(collector) == ["new"]
    assert "penguinmails_log_days_removed_early_total 1.0" in metrics(collector)


def test_other_platforms_are_left_alone(engine: Engine, tmp_path: Path, make: Make) -> None:
    other = Engine(engine.root, "b2" * 32)
    other.write("theirs")
    text = other.file.read_text().replace('"penguinmails.stack": "test"', '"penguinmails.stack": "other"')
    other.file.write_text(text)
    engine.write("ours")
    collector = make()
    collector.run_pass()
    assert kept(collector) == ["ours"]


def test_secrets_are_not_kept_and_not_shown(engine: Engine, make: Make) -> None:
    engine.tell("ERROR", "cannot reach amqps://api:hunter22@broker", password="hunter22")
    collector = make()
    collector.run_pass()
    [group] = collector.journal.groups.values()
    assert "hunter22" not in str(kept(collector)) + group.example + group.title


def test_groups_are_bounded(engine: Engine, make: Make) -> None:
    for number in range(MAXIMUM_GROUPS + 20):
        engine.tell("ERROR", "failed", exception={"type": f"Error{number}", "text": "", "frames": ["a.py:1 f"]})
    collector = make()
    collector.run_pass()
    assert len(collector.journal.groups) == MAXIMUM_GROUPS + 1
    assert collector.journal.groups["other-api"].count == 20
    assert metrics(collector).count("penguinmails_errors_total{") == MAXIMUM_GROUPS + 1


def test_without_the_gate_known_containers_are_still_read(engine: Engine, make: Make) -> None:
    engine.write("one")
    answers = [{engine.container: "api"}]

    def found() -> dict[str, str]:
        if not answers:
            raise discover.Unavailable("the gate is away")
        return answers.pop()

    collector = make(found=found)
    collector.run_pass()
    engine.write("two")
    collector.run_pass()
    assert kept(collector) == ["one", "two"]
    assert "penguinmails_log_discovery_up 0.0" in metrics(collector)


def test_alarms_of_the_users_own_count_their_lines(engine: Engine, make: Make) -> None:
    engine.write("quota exceeded for 5", "all is well")
    collector = make(
        alarms=[Alarm("quota", "api", "quota exceeded"), Alarm("other", "worker", "quota"), Alarm("any", None, "well")]
    )
    collector.run_pass()
    for name, count in (("quota", 1), ("other", 0), ("any", 1)):
        assert f'penguinmails_log_matches_total{{alarm="{name}"}} {count}.0' in metrics(collector)


def test_much_is_read_in_bounded_passes(engine: Engine, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CONTAINER_BYTES", 1000)
    engine.write(*(f"line {number}" for number in range(50)))
    collector = make()
    assert collector.run_pass() is True
    while collector.run_pass():
        pass
    assert kept(collector) == [f"line {number}" for number in range(50)]
