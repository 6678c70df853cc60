"""One line a step on the terminal, with the time it took; a sign of life while a long step runs."""

import sys
import time
from typing import TextIO


class Progress:
    """Writes to `stream`, standard error if none is given.

    Live on a terminal, one line each half minute in a log, nothing but failures when quiet.
    """

    def __init__(self, stream: TextIO | None = None, *, quiet: bool = False) -> None:
        stream = stream or sys.stderr
        self._stream = stream
        self._quiet = quiet
        self._live = stream.isatty()
        self._title = ""
        self._began = time.monotonic()
        self._spoke = self._began

    def begin(self, title: str) -> None:
        """Start a step. On a terminal its line is rewritten until `end`."""
        self._title = title
        self._began = self._spoke = time.monotonic()
        if self._live and not self._quiet:
            self._stream.write(f"\r\033[K  … {title}")
            self._stream.flush()

    def tick(self) -> None:
        """Called often by whatever waits."""
        now = time.monotonic()
        if self._quiet:
            return
        if self._live and now - self._spoke >= 1:
            self._stream.write(f"\r\033[K  … {self._title} ({now - self._began:.0f} s)")
        elif not self._live and now - self._spoke >= 30:
            self._stream.write(f"  … {self._title}: {now - self._began:.0f} s so far\n")
        else:
            return
        self._spoke = now
        self._stream.flush()

    def note(self, text: str) -> None:
        """Say what the running step has turned to."""
        if not self._quiet:
            start = "\r\033[K" if self._live else ""
            self._stream.write(f"{start}    {text}\n")
            self._stream.flush()

    def end(self, outcome: str, *, mark: str = "✓") -> None:
        """Close the step with what was done or found."""
        if self._quiet and mark == "✓":
            return
        start = "\r\033[K" if self._live and not self._quiet else ""
        seconds = time.monotonic() - self._began
        self._stream.write(f"{start}  {mark} {self._title}: {outcome} ({seconds:.1f} s)\n")
        self._stream.flush()
