"""What the provider's Check adds to inputs: defaults of its schema, at the top and inside.

Source: Check of the real provider, asked for each. Defaults that are zero (`retries`, `readOnly`) it leaves out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from scripts.simulation.clouds.docker.catalogue import CONTAINER, NETWORK, PLUGIN, SERVICE, SPEC, VOLUME
from scripts.simulation.values import Properties, Value

_FILE: Final = {"fileUid": "0", "fileGid": "0", "fileMode": 0o444}
_TIMES: Final = {"interval": "0s", "timeout": "0s", "startPeriod": "0s"}
_PROPAGATION: Final = {"propagation": "rprivate"}
_RELEASE: Final = {
    "delay": "0s",
    "failureAction": "pause",
    "maxFailureRatio": "0.0",
    "monitor": "5s",
    "order": "stop-first",
    "parallelism": 1,
}

_TOP: Final[Mapping[str, Properties]] = {
    CONTAINER: {
        "containerReadRefreshTimeoutMilliseconds": 15000,
        "mustRun": True,
        "networkMode": "bridge",
        "removeVolumes": True,
        "restart": "no",
        "start": True,
        "waitTimeout": 60,
    },
    NETWORK: {"ipamDriver": "default"},
    PLUGIN: {"enabled": True},
}

_INSIDE: Final[Mapping[str, Mapping[str, Properties]]] = {
    CONTAINER: {
        "devices[*]": {"permissions": "rwm"},
        "healthcheck": {**_TIMES, "startInterval": "0s"},
        "mounts[*].bindOptions": _PROPAGATION,
        "ports[*]": {"ip": "0.0.0.0", "protocol": "tcp"},
    },
    SERVICE: {
        SPEC: {"isolation": "default"},
        f"{SPEC}.configs[*]": _FILE,
        f"{SPEC}.healthcheck": _TIMES,
        f"{SPEC}.mounts[*].bindOptions": _PROPAGATION,
        f"{SPEC}.secrets[*]": _FILE,
        "convergeConfig": {"delay": "7s", "timeout": "3m"},
        "endpointSpec.ports[*]": {"protocol": "tcp", "publishMode": "ingress"},
        "mode.replicated": {"replicas": 1},
        "rollbackConfig": _RELEASE,
        "updateConfig": _RELEASE,
    },
    VOLUME: {"cluster": {"availability": "active", "scope": "single", "sharing": "none", "type": "block"}},
}
"""Type -> pattern of an object that is there -> what it gets where that is left out."""


def added(token: str, inputs: Properties) -> Mapping[str, Value]:
    """The top-level inputs that get a default or hold one inside. Inputs of a wrong type are left as they are."""
    found: dict[str, Value] = {key: value for key, value in _TOP.get(token, {}).items() if inputs.get(key) is None}
    filled: Any = dict(inputs)
    for pattern, fields in _INSIDE.get(token, {}).items():
        filled = _fill(filled, pattern.replace("[", ".[").split("."), fields)
    return {**found, **{key: value for key, value in filled.items() if value is not inputs[key]}}


def _fill(value: Value, steps: list[str], fields: Properties) -> Value:
    """The value with `fields` in the objects below it; itself where there are none."""
    if not steps:
        missing = {key: given for key, given in fields.items() if isinstance(value, Mapping) and value.get(key) is None}
        return {**value, **missing} if missing else value
    first, rest = steps[0], steps[1:]
    if first == "[*]" and isinstance(value, list):
        items = [_fill(item, rest, fields) for item in value]
        return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
    if isinstance(value, Mapping) and first in value:
        inner = _fill(value[first], rest, fields)
        return value if inner is value[first] else {**value, first: inner}
    return value
