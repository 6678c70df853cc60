"""Puts lines together that belong together: those that the engine cut at 16 KiB, and tracebacks. Pure but for its memory."""

from __future__ import annotations

import json
from collections.abc import Iterator

from penguinmails_operations.logs.entry import MAXIMUM_CHARACTERS, Raw

TRACEBACK = "Traceback (most recent call last):"
_TRACEBACK_LINES = 100


class Assembler:
    """Of one container. What is not whole yet is part of its state, so that a restart neither loses nor repeats it."""

    def __init__(self, state: str = "") -> None:
        found = json.loads(state) if state else {}
        self._parts: dict[str, str] = found.get("parts", {})
        self._traces: dict[str, list[str]] = found.get("traces", {})
        self._raws: dict[str, Raw] = {name: Raw(**raw) for name, raw in found.get("raws", {}).items()}

    def state(self) -> str:
        """The memory as text; empty when there is nothing in it."""
        if not self._parts and not self._traces:
            return ""
        raws = {name: vars(raw) for name, raw in self._raws.items()}
        return json.dumps({"parts": self._parts, "traces": self._traces, "raws": raws})

    def feed(self, raw: Raw) -> Iterator[tuple[Raw, str]]:
        """The texts that are whole with `raw`, each with the line that it began with."""
        text = self._parts.pop(raw.stream, "") + raw.text
        if raw.partial and len(text) <= MAXIMUM_CHARACTERS:
            self._parts[raw.stream] = text
            return
        trace = self._traces.get(raw.stream)
        if trace is not None:
            if text.startswith((" ", "\t")) and len(trace) < _TRACEBACK_LINES:
                trace.append(text)
                return
            if not text.startswith(TRACEBACK) and text.strip():
                trace.append(text)
                yield self._flush(raw.stream)
                return
            yield self._flush(raw.stream)
        if text.startswith(TRACEBACK):
            self._traces[raw.stream] = [text]
            self._raws[raw.stream] = raw
            return
        yield raw, text

    def rest(self) -> Iterator[tuple[Raw, str]]:
        """Tracebacks that nothing followed: asked for when a container has been silent."""
        for stream in list(self._traces):
            yield self._flush(stream)

    def _flush(self, stream: str) -> tuple[Raw, str]:
        return self._raws.pop(stream), "\n".join(self._traces.pop(stream))
