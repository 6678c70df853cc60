"""Which figures stand on the status page: on one where nothing answers there are dashes and "None yet" in their place."""

from __future__ import annotations

import re

_FIGURE = r'<h3>{}</h3>\s*<p class="figure">{}</p>'


def missing(text: str, *, role: str, release: str, backup: str) -> list[str]:
    """What of a page with figures `text` does not show: of each part one. `role`: a service, which runs `release`."""
    wanted = {
        "availability": _FIGURE.format("Availability", r"\d+\.\d{3} %"),
        "error budget": r"% of the error budget is left|Error budget used up",
        "response time": _FIGURE.format("Response time, 95 of 100", r"\d+ ms"),
        "requests": _FIGURE.format("Requests", r"[\d.]+ a second"),
        "burn rate": r'<th scope="row">1h</th><td class="right">[^–]*?\d\.\d',
        "release": rf'<th scope="row">{role}</th>.{{,200}}?<td>\d of \d</td><td><code>{release}</code></td>',
        "backup": rf"(full|differential) {backup}",
        "drill": r'<h3>Drills</h3><ul class="rows">.{,400}?passed.{,200}?back after \d',
    }
    return [name for name, pattern in wanted.items() if re.search(pattern, text, re.DOTALL) is None]
