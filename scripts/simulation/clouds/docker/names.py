"""Names: those that the provider makes up, and the rules of each kind, as an engine 20.10 states them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from scripts.simulation.clouds.docker.catalogue import CONFIG, CONTAINER, NETWORK, PLUGIN, PUSHED_IMAGE, SECRET, SERVICE, VOLUME
from scripts.simulation.values import Problem, Properties, Unknown

NAMED: Final = frozenset({CONFIG, CONTAINER, NETWORK, PLUGIN, PUSHED_IMAGE, SECRET, SERVICE, VOLUME})
"""Types whose name the provider makes up where it is left out."""

_DIGITS: Final = 7


@dataclass(frozen=True)
class Rule:
    """`longest`: in characters. `saying`: what the form asks for."""

    form: re.Pattern[str]
    longest: int
    saying: str
    shortest: int = 1


_LABEL: Final = Rule(
    re.compile(r"[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?"),
    63,
    "letters, digits, - and _, beginning and ending with a letter or digit",
)
_STORED: Final = Rule(
    re.compile(r"[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?"),
    64,
    "letters, digits, -, _ and ., beginning and ending with a letter or digit",
)
_LOCAL: Final = Rule(
    re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*"), 255, "letters, digits, _, . and -, beginning with a letter or digit", shortest=2
)
VOLUME_NAME: Final = _LOCAL.form

_ANY: Final = Rule(re.compile(r".*\S.*"), 255, "something that can be seen")

_RULES: Final = {SERVICE: _LABEL, SECRET: _STORED, CONFIG: _STORED, VOLUME: _LOCAL, CONTAINER: _LOCAL}

IMAGE: Final = re.compile(
    r"(?:(?:localhost|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+|[A-Za-z0-9-]+(?=:\d))(?::\d+)?/)?"
    r"[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)*"
    r"(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?"
)
"""A reference of an image: registry, repository in lower case, tag, digest."""

_IMAGE_ID: Final = re.compile(r"(sha256:)?[0-9a-f]{64}")


def defaults(token: str, name: str, inputs: Properties, old: Properties, seed: str) -> Mapping[str, str]:
    """The name that the provider gives: the logical name, a hyphen and seven digits, kept once it is there."""
    if token not in NAMED or inputs.get("name") is not None:
        return {}
    kept = old.get("name")
    return {"name": kept if isinstance(kept, str) and kept.startswith(f"{name}-") else f"{name}-{seed[:_DIGITS]}"}


def problem(token: str, inputs: Properties) -> Problem | None:
    """What is wrong with the name, if anything."""
    name = inputs.get("name")
    rule = _rule(token, inputs)
    if rule is None or not isinstance(name, str) or isinstance(name, Unknown):
        return None
    kind = token.rsplit(":", 1)[-1]
    if len(name) > rule.longest:
        return Problem("name", f"{name} has {len(name)} characters; the name of a {kind} has at most {rule.longest}")
    if len(name) < rule.shortest or not rule.form.fullmatch(name):
        least = f" and at least {rule.shortest} of them" if rule.shortest > 1 else ""
        return Problem("name", f"{name or 'an empty text'} is no name of a {kind}; use {rule.saying}{least}")
    return None


def image_problem(path: str, image: str, *, by_id: bool = False) -> Problem | None:
    """What is wrong with the reference of an image. `by_id`: an image's id may stand there too."""
    if by_id if _IMAGE_ID.fullmatch(image) else IMAGE.fullmatch(image):
        return None
    reason = (
        "its repository is in lower case"
        if any(c.isupper() for c in image.split(":", maxsplit=1)[0])
        else "write registry/repository:tag"
    )
    return Problem(path, f"{image or 'an empty text'} is no reference of an image; {reason}")


def _rule(token: str, inputs: Properties) -> Rule | None:
    if token == NETWORK:
        return _LABEL if inputs.get("driver") == "overlay" else _ANY
    return _RULES.get(token)
