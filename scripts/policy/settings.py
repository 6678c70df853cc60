"""What a stack file says about policies: `penguinmails:policies`, beside `penguinmails:platform`, which no rule ever changes.

    penguinmails:policies:
      waivers:                                  # exceptions, each with somebody who answers for it
        - rule: deletion-is-refused             # the name of a rule
          resource: penguinmails-api-*          # a logical name, or a pattern of one
          reason: Rebuilt from the archive within the hour.
          owner: platform team
          expires: 2027-03-31                   # the last day on which it holds, a year from now at most
      packs:                                    # settings of packs: name of a rule -> name of a setting -> value
        gdpr: { ... }

The value is of the scripts only: the program does not read it, so a waiver changes no resource.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any, Final

import yaml
from pydantic import Field, StringConstraints, ValidationError, field_validator

from components import stackfile
from components.spec.base import Model
from scripts.operations.stack import PROJECT, load
from scripts.toolchain.process import Failure

KEY: Final = f"{PROJECT}:policies"
_ROOT: Final = "policies"
LONGEST: Final = timedelta(days=366)
"""An exception that nobody looks at for longer is no exception."""
_KNOWN: Final = {f"{PROJECT}:platform", KEY}

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class Waiver(Model):
    """An exception from one rule for some resources, until a day."""

    rule: str = Field(min_length=1)
    resource: str = Field(min_length=1, max_length=200, description="A logical name; * and ? stand for any part of one.")
    reason: Text = Field(description="Why the risk is taken, for the person who reads the report.")
    owner: Text = Field(description="Who answers for it.")
    expires: str = Field(description="The last day on which it holds, as 2027-03-31.")

    @field_validator("resource")
    @classmethod
    def _names_something(cls, value: str) -> str:
        if not any(sign.isalnum() for sign in value):
            raise ValueError("resource: a waiver of everything is no exception; name resources")
        return value

    @field_validator("expires")
    @classmethod
    def _is_a_day(cls, value: str) -> str:
        try:
            if date.fromisoformat(value).isoformat() == value:
                return value
        except ValueError:
            pass
        raise ValueError("expires: is no date; write one such as 2027-03-31")

    @property
    def until(self) -> date:
        return date.fromisoformat(self.expires)

    def covers(self, rule: str, resource: str) -> bool:
        return rule == self.rule and fnmatchcase(resource, self.resource)


class _Value(Model):
    waivers: tuple[Waiver, ...] = ()
    packs: dict[str, dict[str, dict[str, Any]]] = Field(default={})


@dataclass(frozen=True)
class Settings:
    """What a stack file asks for. `packs`: name of a pack -> its settings, not checked here."""

    waivers: tuple[Waiver, ...] = ()
    packs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def read(text: str, today: date, rules: Collection[str], packs: Collection[str]) -> Settings:
    """Reads the text of a stack file. `rules`, `packs`: all that exist, chosen or not.

    Raises `StackFileError` with every mistake, each as `policies.<path>: <what is wrong>`.
    """
    try:
        content = load(text)
    except yaml.YAMLError:
        return Settings()  # whoever reads the platform says so
    config = content.get("config") if isinstance(content, dict) else None
    if not isinstance(config, dict):
        return Settings()
    problems = [
        f"{name}: is not a known value of the stack file; there are {' and '.join(sorted(_KNOWN))}"
        for name, value in config.items()
        if str(name).startswith(f"{PROJECT}:") and name not in _KNOWN and isinstance(value, dict) and set(value) != {"secure"}
    ]
    value = config.get(KEY)
    found = _Value()
    if value is not None:
        try:
            found = _Value.model_validate_json(json.dumps(value, default=_plain))
        except ValidationError as error:
            problems += [_placed(line) for line in stackfile.sentences(error, _ROOT)]
    problems += _mistakes(found, today, rules, packs)
    if problems:
        raise stackfile.StackFileError(list(dict.fromkeys(problems)))
    return Settings(found.waivers, found.packs)


def packs_in(file: Path, packs: Collection[str]) -> Mapping[str, Mapping[str, Any]]:
    """The settings of packs in a file of their own (YAML or JSON): name of a pack -> its settings.

    Raises `Failure` with what is wrong with the file.
    """
    try:
        found = load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise Failure(f"--packs-config: {file} cannot be read ({error.strerror}).") from None
    except (yaml.YAMLError, UnicodeDecodeError):
        raise Failure(f"--packs-config: {file} is not valid YAML.") from None
    if not isinstance(found, dict) or not all(isinstance(value, dict) for value in found.values()):
        raise Failure(f"--packs-config: {file} should be a mapping of packs, each with a mapping of rules to their settings.")
    for name in found:
        if name not in packs:
            raise Failure(f"--packs-config: {name}: there is no such policy pack; there are {', '.join(sorted(packs))}.")
    return found


def _placed(line: str) -> str:
    """A validator of one field names it, and so does the path: `waivers[0].expires.expires`."""
    place, _, rest = line.partition(": ")
    *parts, last = place.split(".")
    return f"{'.'.join(parts)}: {rest}" if parts and parts[-1] == last else line


def _mistakes(found: _Value, today: date, rules: Collection[str], packs: Collection[str]) -> Iterator[str]:
    for index, waiver in enumerate(found.waivers):
        path = f"{_ROOT}.waivers[{index}]"
        if waiver.rule not in rules:
            yield f"{path}.rule: there is no rule {waiver.rule}; there are {', '.join(sorted(rules))}"
        if waiver.until > today + LONGEST:
            yield f"{path}.expires: {waiver.expires} is more than a year away; name an earlier day and look at it again then"
    for name in found.packs:
        if name not in packs:
            yield f"{_ROOT}.packs.{name}: there is no such policy pack; there are {', '.join(sorted(packs))}"


def _plain(value: Any) -> str:
    """A day needs no quotes here: YAML's own dates are read as they were written."""
    return value.isoformat() if isinstance(value, date) else str(value)
