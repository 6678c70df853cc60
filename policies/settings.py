"""What an operator may set for a rule: a number of days, a list of regions. Pure, and without a library on purpose.

`pulumi up --policy-pack-config FILE` gives values by the rule's name, `{"logs-are-kept": {"minimum_days": 60}}`; the engine
checks them against `schema`, and `checked` does where there is no engine. A process that serves rules starts for every
preview, so a library of models, which costs more time than all rules together, is not imported here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

REGION: Final = r"^[a-z]{2}(-[a-z]+)+-?[0-9]+$"
"""Names of regions of AWS and GCP (`eu-central-1`, `europe-west3`)."""


class BadConfiguration(ValueError):
    """A value that a rule does not take; one sentence that names the field and does not repeat the value."""


@dataclass(frozen=True)
class Setting:
    """One value. `kind`: a whole number from `least` to `most`, or a list of regions.

    `stricter`: which of two values wins where several packs ask for the same rule: the larger, the smaller, or what both
    lists have in common.
    """

    name: str
    description: str
    default: Any
    stricter: Literal["larger", "smaller", "common"]
    least: int = 1
    most: int = 36500

    @property
    def schema(self) -> Mapping[str, Any]:
        """The JSON schema of the value, as the engine takes it."""
        if self.stricter == "common":
            items = {"type": "string", "pattern": REGION}
            return {"type": "array", "items": items, "minItems": 1, "description": self.description, "default": self.default}
        return {
            "type": "integer",
            "minimum": self.least,
            "maximum": self.most,
            "description": self.description,
            "default": self.default,
        }

    def checked(self, rule: str, value: Any) -> Any:
        """The value as a rule reads it.

        Raises `BadConfiguration`.
        """
        where = f"{rule}.{self.name}"
        if self.stricter == "common":
            if isinstance(value, list) and value and all(isinstance(one, str) and re.match(REGION, one) for one in value):
                return value
            raise BadConfiguration(f"{where}: give a list of regions such as eu-central-1, one at least.")
        whole = isinstance(value, int | float) and not isinstance(value, bool) and float(value).is_integer()
        if whole and self.least <= value <= self.most:
            return int(value)
        raise BadConfiguration(f"{where}: give a whole number from {self.least} to {self.most}.")

    def strictest(self, values: Iterable[Any]) -> Any:
        """One value that satisfies whoever asked for any of them."""
        found = list(values)
        if self.stricter == "common":
            return [one for one in found[0] if all(one in other for other in found)]
        return max(found) if self.stricter == "larger" else min(found)


def checked(rule: str, settings: Iterable[Setting], given: Mapping[str, Any]) -> dict[str, Any]:
    """The given values, each as its setting wants it; those that are not given are left out.

    Raises `BadConfiguration`, for a name that the rule does not know too.
    """
    known = {setting.name: setting for setting in settings}
    for name in given:
        if name not in known:
            takes = f"it takes {', '.join(known)}" if known else "it takes no settings"
            raise BadConfiguration(f"{rule}.{name}: the rule has no such setting; {takes}.")
    return {name: known[name].checked(rule, value) for name, value in given.items()}
