"""The simulated Azure as a whole: one subscription a provider. What each part says is in the module of its name."""

from __future__ import annotations

from typing import Final

from scripts.simulation.clouds.azure import checks, ids, invokes, names, outputs, place, references, replacement, rules
from scripts.simulation.clouds.azure.types import PACKAGE
from scripts.simulation.clouds.model import Cloud

CLOUD: Final = Cloud(
    package=PACKAGE,
    place=place.place,
    defaults=names.defaults,
    check=checks.check,
    replaces=replacement.TABLE.get,
    references=references.of,
    recognise=ids.recognise,
    admit=rules.admit,
    release=rules.release,
    identifier=ids.identifier,
    outputs=outputs.outputs,
    invoke=invokes.invoke,
    assumed=ids.assumed,
)
