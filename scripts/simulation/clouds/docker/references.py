"""Which inputs name other resources.

A service names a network by its id: by its name works once, and every refresh then replaces the service. Volumes are named by
their name and made by the engine where there is none, so one that is missing is no mistake; images likewise are pulled.
"""

from __future__ import annotations

from typing import Final

from scripts.simulation.clouds.docker.catalogue import CONFIG, CONTAINER, NETWORK, SECRET, SERVICE, SPEC, VOLUME
from scripts.simulation.clouds.model import Reference

_ANYTHING: Final = ("",)
"""As prefixes: nothing needs to exist here."""

_ON_SERVICES: Final = ("bridge", "host")
_PREDEFINED: Final = (*_ON_SERVICES, "none")

REFERENCES: Final = {
    SERVICE: (
        Reference("taskSpec.networksAdvanceds[*].id", (NETWORK,), foreign=_ON_SERVICES),
        Reference("taskSpec.networksAdvanceds[*].name", (NETWORK,), ("name", "id"), foreign=_ON_SERVICES),
        Reference(f"{SPEC}.secrets[*].secretId", (SECRET,)),
        Reference(f"{SPEC}.secrets[*].secretName", (SECRET,), ("name",)),
        Reference(f"{SPEC}.configs[*].configId", (CONFIG,)),
        Reference(f"{SPEC}.configs[*].configName", (CONFIG,), ("name",)),
        Reference(f"{SPEC}.mounts[*].source", (VOLUME,), ("name", "id"), foreign=_ANYTHING),
    ),
    CONTAINER: (
        Reference("networksAdvanced[*].name", (NETWORK,), ("name", "id"), foreign=_PREDEFINED),
        Reference("networkMode", (NETWORK,), ("name", "id"), foreign=(*_PREDEFINED, "container:", "default")),
        Reference("mounts[*].source", (VOLUME,), ("name", "id"), foreign=_ANYTHING),
        Reference("volumes[*].volumeName", (VOLUME,), ("name", "id"), foreign=_ANYTHING),
    ),
}
