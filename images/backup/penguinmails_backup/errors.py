"""What went wrong, in one sentence that is shown as it is."""

from __future__ import annotations


class BackupError(Exception):
    """Raised with a whole sentence that says what to do."""


class Busy(BackupError):
    """Another backup, drill or restore runs."""
