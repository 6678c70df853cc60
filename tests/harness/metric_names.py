"""The metrics that an expression of Prometheus looks at: one that nobody gives keeps its alert silent for ever."""

from __future__ import annotations

import re

_QUOTED = re.compile(r'"[^"]*"')
_LABELS = re.compile(r"\{[^}]*\}")
_GROUPED = re.compile(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)")
_NAME = re.compile(r"\b(?:up|[a-zA-Z]+[_:][a-zA-Z0-9_:]*)\b(?!\s*\()")
"""No function: that has its brackets behind it. All names of the kit's parts but `up` are of several words."""


def named(expression: str) -> set[str]:
    """Their names."""
    return set(_NAME.findall(_GROUPED.sub("", _LABELS.sub("", _QUOTED.sub("", expression)))))
