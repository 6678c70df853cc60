"""Tables of the inputs whose change makes a new resource, written as text so that a person can compare them with a source.

One line a type: its token without the package's name, then patterns of `values.select`. A line that begins with a blank goes
on with the type before it, `#` begins a comment. A type with no pattern is one that always changes in place.

    rds/instance:Instance  engine dbName restoreToPointInTime
        storageEncrypted   # a new key needs a new volume
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Table = Mapping[str, frozenset[str]]


def table(package: str, text: str) -> dict[str, frozenset[str]]:
    """Token -> patterns. `package`: first part of each token. A type that is listed twice is a mistake: ValueError."""
    found: dict[str, set[str]] = {}
    token = ""
    for line in text.splitlines():
        words = line.partition("#")[0].split()
        if not words:
            continue
        if not line[0].isspace():
            token = f"{package}:{words.pop(0)}"
            if token in found:
                raise ValueError(f"{token} is in the table twice; write its inputs in one place")
            found[token] = set()
        found[token].update(words)
    return {name: frozenset(patterns) for name, patterns in found.items()}


def with_everywhere(known: Table, patterns: Iterable[str], *, but: Iterable[str] = ()) -> dict[str, frozenset[str]]:
    """The table with `patterns` added to every type, except those of modules (`aws:iam/`) that begin with one of `but`."""
    added, exempt = frozenset(patterns), tuple(but)
    return {token: own if token.startswith(exempt) and exempt else own | added for token, own in known.items()}
