"""Identifiers, made from a candidate's seed, and what is recognised by its form.

Swarm gives 25 characters of 0-9a-z, the engine 64 hexadecimal digits. Neither form says what a string names, and both are
forms of passwords, tags and checksums too: so `recognise` says nothing, and the references of `references.py` say it all.
"""

from __future__ import annotations

import hashlib
import re
import string
from typing import Final

from scripts.simulation.clouds.docker import catalogue
from scripts.simulation.clouds.fields import text
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.world import Place, Resource

_DIGITS: Final = string.digits + string.ascii_lowercase
_LENGTH: Final = 25
_SWARM: Final = re.compile(rf"(?=.*\d)(?=.*[a-z])[0-9a-z]{{{_LENGTH}}}")

UNTAGGED: Final = "latest"


def swarm(seed: str) -> str:
    """25 characters of 0-9a-z."""
    number, found = int(hashlib.sha256(seed.encode()).hexdigest(), 16), ""
    for _ in range(_LENGTH):
        number, digit = divmod(number, len(_DIGITS))
        found += _DIGITS[digit]
    return found


def local(seed: str) -> str:
    """64 hexadecimal digits."""
    return hashlib.sha256(seed.encode()).hexdigest()


def digest(image: str) -> str:
    """The digest of an image in its registry: of the name alone, because all who pull one tag get one image."""
    given = image.partition("@")[2]
    return given or f"sha256:{local(tagged(image))}"


def tagged(image: str) -> str:
    """An image's name with the tag that is meant where none is given."""
    last = image.rpartition("/")[2]
    return image if ":" in last or "@" in last else f"{image}:{UNTAGGED}"


def repository(image: str) -> str:
    """An image's name without tag and digest."""
    head, slash, last = image.partition("@")[0].rpartition("/")
    return f"{head}{slash}{last.partition(':')[0]}"


def identifier(candidate: Candidate) -> str:
    """The id of something new, in the form that the provider gives it."""
    inputs, seed = candidate.inputs, candidate.seed
    match candidate.token:
        case catalogue.NETWORK:
            return swarm(seed) if text(inputs, "driver") == "overlay" else local(seed)
        case catalogue.VOLUME:
            return text(inputs, "name")
        case catalogue.REMOTE_IMAGE:
            return f"sha256:{local(seed)}{text(inputs, 'name')}"
        case catalogue.PUSHED_IMAGE:
            return f"sha256:{local(seed)}"
        case catalogue.TAG:
            return f"{text(inputs, 'sourceImage')}.{text(inputs, 'targetImage')}"
        case catalogue.CONTAINER | catalogue.PLUGIN:
            return local(seed)
        case _:
            return swarm(seed)


def recognise(_value: str) -> str | None:
    """No form of this cloud is its own; see above."""
    return None


def assumed(value: str) -> Resource | None:
    """A network of the swarm that the stack file names by its id."""
    if not _SWARM.fullmatch(value):
        return None
    outputs = {"id": value, "name": f"existing-{value[:7]}", "driver": "overlay", "scope": "swarm", "attachable": False}
    return Resource(catalogue.NETWORK, value, "", Place("docker", "", ""), {"driver": "overlay"}, outputs)
