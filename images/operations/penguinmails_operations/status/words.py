"""Times, numbers and curves as a person reads them. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

CURVE_WIDTH, CURVE_HEIGHT = 240, 44


@dataclass(frozen=True)
class Moment:
    """`ago`: from now, in words; `text`: in UTC; `iso`: for machines. All empty for no time."""

    ago: str = ""
    text: str = ""
    iso: str = ""


def moment(time: str | float | None, now: datetime) -> Moment:
    """Reads RFC 3339 with up to nine digits of a second, or Unix time."""
    at = parse(time)
    if at is None:
        return Moment()
    seconds = (now - at).total_seconds()
    ago = "just now" if abs(seconds) < 5 else f"{duration(now - at)} ago" if seconds > 0 else f"in {duration(at - now)}"
    return Moment(ago, f"{at:%Y-%m-%d %H:%M:%S} UTC", f"{at:%Y-%m-%dT%H:%M:%SZ}")


def parse(time: str | float | None) -> datetime | None:
    if isinstance(time, int | float):
        return datetime.fromtimestamp(time, UTC) if time > 0 else None
    if not time:
        return None
    text = time.removesuffix("Z")
    if "." in text:
        head, _, rest = text.partition(".")
        digits = rest[: len(rest) - len(rest.lstrip("0123456789"))]
        text = f"{head}.{digits[:6]:0<6}{rest[len(digits) :]}"
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return at if at.year > 1 else None


def duration(span: timedelta) -> str:
    """Its greatest unit, rounded down: 3 min, 2 h, 5 days."""
    seconds = abs(int(span.total_seconds()))
    for unit, name in ((86400, "day"), (3600, "h"), (60, "min")):
        if seconds >= unit:
            count = seconds // unit
            return f"{count} {name}{'s' if name == 'day' and count > 1 else ''}"
    return f"{seconds} s"


def number(value: float) -> str:
    """Three digits that count, with a letter for thousands and millions."""
    if not math.isfinite(value):
        return "–"
    for unit, name in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= unit:
            return f"{value / (1000 if name == 'k' else unit):.3g} {name}"
    return f"{value:.0f}" if value == int(value) or abs(value) >= 100 else f"{value:.2g}"


def size(count: float) -> str:
    """Bytes in binary units."""
    value = float(count)
    for name in ("B", "KiB", "MiB", "GiB"):
        if value < 1024:
            return f"{value:.0f} {name}" if name == "B" else f"{value:.1f} {name}"
        value /= 1024
    return f"{value:.1f} TiB"


def curve(points: Sequence[tuple[float, float]]) -> str:
    """Points of a polyline of SVG, from the oldest; empty for fewer than two."""
    known = [(at, value) for at, value in points if math.isfinite(value)]
    if len(known) < 2:
        return ""
    first, span = known[0][0], (known[-1][0] - known[0][0]) or 1.0
    top = max(value for _, value in known) or 1.0
    shares = [((at - first) / span, value / top) for at, value in known]
    return " ".join(f"{across * CURVE_WIDTH:.1f},{CURVE_HEIGHT - 2 - up * (CURVE_HEIGHT - 4):.1f}" for across, up in shares)
