"""The engine's files of logs, written as it writes them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

BEGAN = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
CONTAINER = "a1" * 32


class Engine:
    """One container's log in a folder of containers."""

    def __init__(self, root: Path, container: str = CONTAINER, service: str = "api", release: str = "r1") -> None:
        self.root, self.container, self.service, self.release = root, container, service, release
        self.file = root / container / f"{container}-json.log"
        self.file.parent.mkdir(parents=True)
        self._number = 0

    def write(self, *texts: str, stream: str = "stderr", end: str = "\n", at: datetime = BEGAN) -> None:
        with self.file.open("a") as handle:
            for text in texts:
                self._number += 1
                moment = at + timedelta(milliseconds=self._number)
                attributes = {
                    "penguinmails.component": self.service,
                    "penguinmails.release": self.release,
                    "penguinmails.stack": "test",
                }
                line = {"log": text + end, "stream": stream, "attrs": attributes, "time": f"{moment:%Y-%m-%dT%H:%M:%S.%f}000Z"}
                handle.write(json.dumps(line) + "\n")

    def tell(self, level: str, message: str, **more: Any) -> None:
        self.write(json.dumps({"level": level, "role": self.service, "logger": "x", "message": message, **more}))

    def rotate(self) -> None:
        for old, new in ((".1", ".2"), ("", ".1")):
            source = self.file.with_name(self.file.name + old)
            if source.exists():
                source.rename(self.file.with_name(self.file.name + new))
        self.file.touch()
