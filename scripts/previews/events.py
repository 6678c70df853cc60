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

_CHECK: Final = re.compile(
    r"^\S+ resource '[^']*'(?:: property (?P<path>\S+) value .*?)? has a problem: (?P<text>.*)$", re.DOTALL
)
"""A refusal by a provider's Check. The engine puts the value into it, which may be a secret: it is left out."""

_PATH: Final = r"[A-Za-z_$][\w$]*(?:\.[\w$-]+|\[\d+\]|\[\"[^\"]*\"\])*"
_PLACED: Final = re.compile(rf"^(?P<path>{_PATH}): (?P<text>.+)$", re.DOTALL)
_NEXT: Final = re.compile(rf"; (?={_PATH}: )")
_FRAME: Final = re.compile(r'File "[^"]*/(?:project|base)/(?!\.venv/)([^"]+)", line (\d+)')
_UNHANDLED: Final = "Program failed with an unhandled exception:"
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

_OF_POLICIES: Final = re.compile(r"failed to (?:run policy|get analyzer info|run remediation)|^policy pack not started")
"""What the packs' own findings tell (`scripts.policy.events`); its text may hold values."""

_CONSEQUENCE: Final = "ResourceRegistrationFailed: resource "
"""How the program ends when a resource was refused."""


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
    """What a run does with each resource, sorted by URN: the engine's own order differs from run to run."""
    found: dict[str, Change] = {}
    for event in events:
        metadata = event.get("resourcePreEvent", {}).get("metadata")
        if metadata is None or metadata["op"] not in _ACTIONS:
            continue
        change = _change(metadata, _ACTIONS[metadata["op"]])
        earlier = found.get(change.urn)
        if earlier is None or earlier.action == "same":
            found[change.urn] = change
    return [found[urn] for urn in sorted(found)]


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
    telling = [each for each in found if not each.message.startswith(_ENDINGS) and _CONSEQUENCE not in each.message]
    return telling or found


def _errors(events: Iterable[Event], phase: str) -> Iterator[Trouble]:
    for event in events:
        diagnostic = event.get("diagnosticEvent") or {}
        if diagnostic.get("severity") != "error" or _OF_POLICIES.search(str(diagnostic["message"])):
            continue
        urn = str(diagnostic.get("urn") or "")
        for message in _split(str(diagnostic["message"]).strip()):
            yield _trouble(phase, urn, message)


def _split(message: str) -> list[str]:
    """One error each: of a description that is refused, a sentence a line; of a resource, a sentence a property."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    if lines and all(line.startswith(("platform", "penguinmails:")) for line in lines):
        return lines
    return _NEXT.split(message) if _PLACED.match(message) else [message]


def _trouble(phase: str, urn: str, message: str) -> Trouble:
    if message.startswith(_UNHANDLED):
        return Trouble(phase, urn, "", redacted(_program_failure(message)))
    found = _CHECK.match(message) or _PLACED.match(message)
    if found is None:
        return Trouble(phase, urn, "", redacted(message))
    return Trouble(phase, urn, found["path"] or "", redacted(" ".join(found["text"].split())))


def _program_failure(message: str) -> str:
    """The last line of a traceback, with the last place of the program's own code in it."""
    frames = _FRAME.findall(message)
    where = f" ({frames[-1][0]}, line {frames[-1][1]})" if frames else ""
    return f"the program fails: {message.splitlines()[-1]}{where}"


def warnings(events: Iterable[Event]) -> list[str]:
    """What the engine, the program or a provider warns of, each once."""
    found = (event.get("diagnosticEvent") or {} for event in events)
    return list(dict.fromkeys(redacted(str(each["message"]).strip()) for each in found if each.get("severity") == "warning"))
