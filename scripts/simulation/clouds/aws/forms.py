"""Texts with gaps that tables of ids, ARNs and outputs are written with: `arn:{partition}:sqs:{region}:{account}:{name}`.

Gaps are an input or a computed value by its wire name, `region`, `account`, `partition`, `domain`, `id`, `name`, or digits that
depend on a seed: `hex17`, `uuid`, `upper20`, `number`. Digits of one seed differ from gap to gap.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scripts.simulation.clouds.aws import place
from scripts.simulation.values import Properties, Value
from scripts.simulation.world import Place

_DIGITS = re.compile(r"(hex|upper|number|lower)(\d+)")
_ALPHABETS: Mapping[str, str] = {
    "hex": "0123456789abcdef",
    "upper": "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
    "lower": "abcdefghijklmnopqrstuvwxyz0123456789",
    "number": "0123456789",
}


def digits(kind: str, count: int, seed: str) -> str:
    """`count` characters of an alphabet (`hex`, `upper`, `lower`, `number`), the same for the same seed."""
    alphabet = _ALPHABETS[kind]
    rest = int.from_bytes(hashlib.sha512(seed.encode()).digest(), "big")
    found = []
    for _ in range(count):
        rest, place_in_alphabet = divmod(rest, len(alphabet))
        found.append(alphabet[place_in_alphabet])
    return "".join(found)


def uuid(seed: str) -> str:
    """A UUID of version 4's form."""
    found = digits("hex", 32, seed)
    return f"{found[:8]}-{found[8:12]}-4{found[13:16]}-a{found[17:20]}-{found[20:]}"


@dataclass
class Gaps(dict[str, Value]):
    """What fills the gaps of a form. Mapping of `str.format_map`: a value that is missing becomes its own name."""

    inputs: Properties
    where: Place
    seed: str

    def __missing__(self, key: str) -> Value:
        general: Mapping[str, Callable[[], str]] = {
            "region": lambda: self.where.region,
            "account": lambda: self.where.account,
            "partition": lambda: place.partition(self.where.region),
            "domain": lambda: place.domain(self.where.region),
            "uuid": lambda: uuid(f"{self.seed}/uuid"),
        }
        if key in general:
            return general[key]()
        found = self.inputs.get(key)
        if found is not None:
            return found
        made = _DIGITS.fullmatch(key)
        return digits(made[1], int(made[2]), f"{self.seed}/{key}") if made else key


def fill(form: str, gaps: Gaps) -> str:
    """The form with its gaps filled."""
    return form.format_map(gaps)
