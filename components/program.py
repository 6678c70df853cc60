"""The program's way from the stack's configuration to exported outputs; `__main__.py` only calls it.

Nothing below this module reads configuration, the environment or the clock.
"""

from __future__ import annotations

import gc
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import pulumi
from pulumi import Output

from components import stackfile, targets
from components.contract import Identity
from components.platform import Platform, PlatformArgs
from components.spec import PlatformSpec
from components.target import SecretKey


def run() -> None:
    """Builds the platform of the selected stack.

    Raises `pulumi.RunError` with one sentence for each mistake, before anything is deployed.
    """
    # A cloud's SDK makes a million objects that stay; looking through them for garbage meanwhile takes half as long again.
    gc.disable()
    try:
        _build()
    finally:
        gc.freeze()
        gc.enable()


def _build() -> None:
    config = pulumi.Config()
    text = config.get("platform")
    if text is None:
        raise pulumi.RunError(f"platform: is missing in the stack file of {pulumi.get_stack()}")
    try:
        spec = stackfile.parse(text)
        target = targets.choose(spec.target)
        args = PlatformArgs(
            spec=spec,
            target=target,
            identity=_identity(spec),
            secrets=_secrets(config, target.secret_keys(spec)),
            today=datetime.now(UTC).date(),
        )
        platform = Platform(pulumi.get_project(), args)
    except stackfile.StackFileError as error:
        raise pulumi.RunError(str(error)) from None
    for name, output in platform.outputs.items():
        pulumi.export(name, output)


def _identity(spec: PlatformSpec) -> Identity:
    node = spec.docker.node if spec.docker is not None else None
    return Identity(pulumi.get_project(), pulumi.get_stack(), spec.environment, node)


def _secrets(config: pulumi.Config, keys: Sequence[SecretKey]) -> Mapping[str, Output[str]]:
    """Every secret that the target needs.

    Raises `StackFileError` that names all that are missing, blank or stand in plain text.
    """
    found = {key.name: config.get_secret(key.name) for key in keys}
    # Blank, an alert would be signed with nothing, and a login open to everybody.
    missing = [
        f"{config.name}:{key.name}: is {'missing' if found[key.name] is None else 'empty'} ({key.purpose}); "
        f"run scripts/up, or pulumi config set --secret {key.name}"
        for key in keys
        if not str(pulumi.runtime.get_config(f"{config.name}:{key.name}") or "").strip()
    ]
    missing += [
        f"{config.name}:{key.name}: stands in plain text; run pulumi config set --secret {key.name}"
        for key in keys
        if found[key.name] is not None and not pulumi.runtime.is_config_secret(f"{config.name}:{key.name}")
    ]
    if missing:
        raise stackfile.StackFileError(missing)
    return {name: value for name, value in found.items() if value is not None}
