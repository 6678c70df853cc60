"""The figures that alerts and dashboards rely on, by their exact names."""

from __future__ import annotations

from penguinmails_backup import facts, web
from penguinmails_backup.settings import Settings
from prometheus_client import CollectorRegistry, generate_latest

SETTINGS = Settings(stack="test", database_name="d", schedule="30 2 * * *", retention_days=7, drill_every_days=7)


def figures(known: facts.Facts) -> dict[str, float]:
    registry = CollectorRegistry()
    registry.register(web.Figures(SETTINGS, lambda: known))
    lines = [line for line in generate_latest(registry).decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_every_figure_has_its_name() -> None:
    drills = [facts.DrillFact("a", 10, True, 3, 4, "", ""), facts.DrillFact("b", 20, False, 5, None, "", "broken")]
    found = figures(
        facts.Facts(
            successes={"full": 1, "differential": 2},
            failures={"full": 3, "objects": 6},
            archived=4,
            archive_failures=5,
            drills=drills,
        )
    )
    assert found == {
        'penguinmails_backup_last_success_timestamp_seconds{type="full"}': 1,
        'penguinmails_backup_last_success_timestamp_seconds{type="differential"}': 2,
        'penguinmails_backup_failures_total{type="full"}': 3,
        'penguinmails_backup_failures_total{type="differential"}': 0,
        'penguinmails_backup_failures_total{type="objects"}': 6,
        "penguinmails_archive_failures_total": 5,
        "penguinmails_archive_last_success_timestamp_seconds": 4,
        "penguinmails_drill_last_success_timestamp_seconds": 10,
        "penguinmails_drill_passed": 0,
        "penguinmails_drill_rpo_seconds": 5,
        "penguinmails_drill_interval_seconds": 7 * 86400,
        "penguinmails_backup_interval_seconds": 86400,
    }


def test_what_has_not_been_is_no_figure() -> None:
    assert set(figures(facts.Facts())) == {
        'penguinmails_backup_failures_total{type="full"}',
        'penguinmails_backup_failures_total{type="differential"}',
        'penguinmails_backup_failures_total{type="objects"}',
        "penguinmails_archive_failures_total",
        "penguinmails_drill_interval_seconds",
        "penguinmails_backup_interval_seconds",
    }


def test_health_and_unknown_pages() -> None:
    pages = web.Pages(SETTINGS, lambda: False)
    assert pages.answer("/healthz")[0] == 503
    assert pages.answer("/nothing")[0] == 404
