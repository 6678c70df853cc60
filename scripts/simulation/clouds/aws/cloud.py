"""The simulated AWS as pulumi-aws 7 sees it, put together."""

from __future__ import annotations

from typing import Final

from scripts.simulation.clouds.aws import defaults, ids, invokes, outputs, place, references, replacement, rules
from scripts.simulation.clouds.aws.types import PACKAGE
from scripts.simulation.clouds.model import Cloud

CLOUD: Final = Cloud(
    package=PACKAGE,
    place=place.place,
    defaults=defaults.defaults,
    check=rules.check,
    replaces=replacement.replaces,
    references=references.references,
    recognise=ids.recognise,
    admit=rules.admit,
    release=rules.release,
    identifier=ids.identifier,
    outputs=outputs.outputs,
    invoke=invokes.invoke,
    assumed=ids.assumed,
)
