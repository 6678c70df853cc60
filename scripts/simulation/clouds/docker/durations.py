"""Times in Go's notation, as the provider takes and gives them back."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

_UNITS: Final = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
_PART: Final = re.compile(r"(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)")
_WHOLE: Final = re.compile(rf"[+-]?(0|({_PART.pattern})+)")


def nanoseconds(text: str) -> int | None:
    """The length of a time such as `1m30s`; None where it is not one."""
    if not _WHOLE.fullmatch(text):
        return None
    length = int(sum(Fraction(number) * _UNITS[unit] for number, unit in _PART.findall(text)))
    return -length if text.startswith("-") else length


def read_back(text: str) -> str:
    """A time as the provider reads it from the engine: `60s` comes back as `1m`. A text that is no time stays as it is."""
    length = nanoseconds(text)
    if length is None:
        return text
    sign, length = ("-" if length < 0 else ""), abs(length)
    if length == 0:
        return "0s"
    if length < _UNITS["s"]:
        unit = next(unit for unit in ("ms", "µs", "ns") if length >= _UNITS[unit])
        return f"{sign}{_decimal(Fraction(length, _UNITS[unit]))}{unit}"
    hours, rest = divmod(length, _UNITS["h"])
    minutes, rest = divmod(rest, _UNITS["m"])
    seconds = _decimal(Fraction(rest, _UNITS["s"]))
    parts = ((str(hours), "h"), (str(minutes), "m"), (seconds, "s"))
    shown = [(number, unit) for number, unit in parts]
    while shown[0][0] == "0":
        shown.pop(0)
    while len(shown) > 1 and shown[-1][0] == "0":
        shown.pop()
    return sign + "".join(f"{number}{unit}" for number, unit in shown)


def _decimal(number: Fraction) -> str:
    """A number of at most nine places without zeros at its end."""
    whole, rest = divmod(number, 1)
    places = f"{int(rest * 10**9):09d}".rstrip("0")
    return f"{whole}.{places}" if places else str(whole)
