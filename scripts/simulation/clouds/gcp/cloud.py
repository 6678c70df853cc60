"""The simulated Google Cloud as a whole: one project a provider. What each part says is in the module of its name."""

from __future__ import annotations

from typing import Final

from scripts.simulation.clouds.gcp import checks, defaults, ids, invokes, outputs, place, references, replacement, rules
from scripts.simulation.clouds.gcp.types import PACKAGE
from scripts.simulation.clouds.model import Cloud

CLOUD: Final = Cloud(
    package=PACKAGE,
    place=place.place,
    defaults=defaults.defaults,
    check=checks.check,
    replaces=replacement.of,
    references=references.of,
    recognise=ids.recognise,
    admit=rules.admit,
    release=rules.release,
    identifier=ids.identifier,
    outputs=outputs.outputs,
    invoke=invokes.invoke,
    assumed=ids.assumed,
)
