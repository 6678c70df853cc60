"""Backups and the drills that restore them. Pure."""

from __future__ import annotations

from components.docker.dashboards.panels import Board, Panel, Query, Row

_NONE = "this platform has no backups, or none yet"
_LIMITS_OF_BACKUPS = [(0.0, "green"), (30 * 3600.0, "orange"), (50 * 3600.0, "red")]
BACKUPS = Board(
    "penguinmails-backups",
    "PenguinMails: backups",
    [
        Row(
            "Now",
            [
                Panel(
                    "Newest backup",
                    [Query("time() - max(penguinmails_backup_last_success_timestamp_seconds > 0)", quiet=_NONE)],
                    unit="s",
                    kind="stat",
                    about="Its age.",
                    limits=_LIMITS_OF_BACKUPS,
                ),
                Panel(
                    "Newest archived log",
                    [Query("time() - max(penguinmails_archive_last_success_timestamp_seconds > 0)", quiet=_NONE)],
                    unit="s",
                    kind="stat",
                    about="What would be lost with the database, at most.",
                ),
                Panel(
                    "Newest drill",
                    [Query("time() - max(penguinmails_drill_last_success_timestamp_seconds > 0)", quiet=_NONE)],
                    unit="s",
                    kind="stat",
                ),
                Panel(
                    "Last drill passed",
                    [Query("min(penguinmails_drill_passed)", quiet=_NONE)],
                    kind="stat",
                    limits=[(0, "red"), (1, "green")],
                ),
            ],
        ),
        Row(
            "Drills",
            [
                Panel("Data lost", [Query("max(penguinmails_drill_rpo_seconds)", "at most", _NONE)], unit="s"),
                Panel("Back after", [Query("max(penguinmails_drill_rto_seconds)", "time", _NONE)], unit="s"),
            ],
        ),
        Row(
            "Failures",
            [
                Panel(
                    "Backups within a day",
                    [Query("sum by (type) (increase(penguinmails_backup_failures_total[1d]))", "{{type}}", _NONE)],
                ),
                Panel(
                    "Archived logs within an hour",
                    [Query("sum(increase(penguinmails_archive_failures_total[1h]))", "failed", _NONE)],
                ),
            ],
        ),
    ],
)
