"""What the engine's events say: which resource changes and how, and what is wrong. Pure.

An event is one object of the engine's event log (`sdk/go/common/apitype/events.go`); the engine writes `[secret]` for every
secret value in it. Components, the stack and providers are places in the tree and not counted as resources.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from scripts.previews import holdings
from scripts.previews.placeholders import redacted

Event = Mapping[str, Any]
Action = Literal["create", "update", "replace", "delete", "same"]

_ACTIONS: Final[Mapping[str, Action]] = {
    "create": "create",
    "import": "create",
    "update": "update",
    "replace": "replace",
    "import-replacement": "replace",
    "delete": "delete",
    "same": "same",
}
"""The engine's steps; those that are left out (create-replacement, delete-replaced, refresh, read) belong to another or change
nothing."""

_CHECK: Final = re.compile(r"^(?P<token>\S+) resource '(?P<name>[^']*)' has a problem: (?P<text>.*)$", re.DOTALL)
_PLACE: Final = re.compile(r"\.? Examine values at '(?:[^'.]*)\.(?P<path>[^']+)'\.?$")
_PATH: Final = re.compile(r"^(?P<path>[A-Za-z_$][\w$]*(?:\.[\w$-]+|\[\d+\]|\[\"[^\"]*\"\])*): (?P<text>.+)$", re.DOTALL)
_FAILED: Final = re.compile(
    r"^(?:creating|updating|deleting|refreshing|reading) (?:urn:\S+|<\S+>): (?:\d+ errors? occurred:\s*\* )?", re.DOTALL
)
_OPERATION: Final = re.compile(
    r"^(?:sdk-v2/\S+ )?(?:\d+ errors? occurred:\s*\* )?(?:(?:creating|updating|deleting) urn:\S+: )?", re.DOTALL
)
_ENDINGS: Final = (
    "preview failed",
    "update failed",
    "refresh failed",
    "an unhandled error occurred: Program exited with non-zero exit code",
    "no changes were expected",
    "resource registration failed",
    "resource monitor shut down",
    "BAIL: ",
)
"""How the engine says that something else went wrong, which has an event of its own."""


@dataclass(frozen=True)
class Change:
    """What becomes of one resource.

    `parent`: URN, empty at the top. `paths`: the inputs that differ. `replacing`: those that force a new resource.
    `lost`: what is lost with it (`holdings`), empty for nothing. `counted`: false for what is no resource of a cloud.
    """

    urn: str
    token: str
    name: str
    parent: str
    action: Action
    paths: Sequence[str]
    replacing: Sequence[str]
    lost: str
    counted: bool


@dataclass(frozen=True)
class Trouble:
    """An error. `phase`: when it showed. `urn`, `path`: where, as far as it is known. `message`: as it was given."""

    phase: str
    urn: str
    path: str
    message: str


def changes(events: Iterable[Event]) -> list[Change]:
    """The last word of a run about each resource, in the order in which it came to them."""
    found: dict[str, Change] = {}
    for event in events:
        metadata = event.get("resourcePreEvent", {}).get("metadata")
        if metadata is None or metadata["op"] not in _ACTIONS:
            continue
        change = _change(metadata, _ACTIONS[metadata["op"]])
        earlier = found.get(change.urn)
        if earlier is None or earlier.action == "same" or change.action == "replace":
            found[change.urn] = change
    return list(found.values())


def _change(metadata: Mapping[str, Any], action: Action) -> Change:
    old, new = metadata.get("old") or {}, metadata.get("new") or {}
    token = str(metadata["type"])
    detailed = metadata.get("detailedDiff") or {}
    replacing = sorted(path for path, found in detailed.items() if str(found.get("diffKind", "")).endswith("-replace"))
    kept = action == "delete" and old.get("retainOnDelete", False)
    return Change(
        urn=metadata["urn"],
        token=token,
        name=str(metadata["urn"]).rsplit("::", 1)[-1],
        parent=str(new.get("parent") or old.get("parent") or ""),
        action=action,
        paths=tuple(sorted(detailed or metadata.get("diffs") or metadata.get("keys") or ())),
        replacing=tuple(replacing or metadata.get("keys") or ()) if action == "replace" else (),
        lost="" if kept else holdings.lost(token, action, old.get("inputs") or {}, new.get("inputs") or {}),
        counted=bool(new.get("custom") or old.get("custom")) and not token.startswith("pulumi:"),
    )


def troubles(events: Iterable[Event], phase: str) -> list[Trouble]:
    """The errors of a run, each once; what only repeats that there were errors is left out unless it is all there is."""
    found = list(dict.fromkeys(_errors(events, phase)))
    telling = [trouble for trouble in found if not trouble.message.startswith(_ENDINGS)]
    return telling or found


def _errors(events: Iterable[Event], phase: str) -> Iterator[Trouble]:
    for event in events:
        diagnostic = event.get("diagnosticEvent") or {}
        if diagnostic.get("severity") != "error":
            continue
        urn = str(diagnostic.get("urn") or "")
        for message in _split(str(diagnostic["message"]).strip()):
            yield _trouble(phase, urn, message)


def _split(message: str) -> list[str]:
    """A refused description has one sentence a line; anything else is one error."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    return lines if lines and all(line.startswith(("platform", "penguinmails:")) for line in lines) else [message]


def _trouble(phase: str, urn: str, message: str) -> Trouble:
    path = ""
    checked = _CHECK.match(message)
    text = checked["text"] if checked else _OPERATION.sub("", _FAILED.sub("", message))
    place = _PLACE.search(text)
    if place is not None:
        path, text = place["path"], text[: place.start()]
    elif (named := _PATH.match(text)) is not None:
        path, text = named["path"], named["text"]
    return Trouble(phase, urn, path, redacted(" ".join(text.split()) if checked else text.strip()))


def warnings(events: Iterable[Event]) -> list[str]:
    """What the engine, the program or a provider warns of, each once."""
    found = (event.get("diagnosticEvent") or {} for event in events)
    return list(dict.fromkeys(redacted(str(each["message"]).strip()) for each in found if each.get("severity") == "warning"))
