"""Several packs as one folder for the engine: one process, each rule once.

Five packs of 12 rules as five processes cost 3.6 s over 150 resources, one pack of 60 rules 0.8 s.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import typer
import yaml

from components.stackfile import StackFileError
from policies import packs as available
from policies.model import AnyRule
from policies.settings import BadConfiguration
from scripts.policy import settings
from scripts.toolchain import paths
from scripts.toolchain.process import Failure

NAME: Final = "penguinmails"
VERSION: Final = "0.1.0"

_MAIN: Final = """\
import sys

sys.path.insert(0, {root})

from policies.serving import serve

serve({name}, {packs}, enforce={enforce}, configuration={configuration})
"""


def rules(packs: Sequence[str], configuration: Mapping[str, Mapping[str, Any]]) -> tuple[AnyRule, ...]:
    """The rules of several packs, each once. `configuration`: name of a pack -> its settings.

    Raises `StackFileError` for settings that a pack refuses.
    """
    try:
        return available.merged(packs, configuration)
    except BadConfiguration as problem:
        raise StackFileError([f"policies.packs.{problem}"]) from None


def packs_config(file: Path | None) -> Mapping[str, Mapping[str, Any]]:
    """The settings of packs in a file of their own, as `--packs-config` names it; nothing without one.

    Raises `Failure` with what is wrong.
    """
    if file is None:
        return {}
    found = settings.packs_in(file, available.names())
    try:
        rules(list(found), found)
    except StackFileError as error:
        wrong = "; ".join(problem.removeprefix("policies.packs.").rstrip(".") for problem in error.problems)
        raise Failure(f"--packs-config: {wrong}.") from None
    return found


def rule_names() -> set[str]:
    """The rules of all packs that there are."""
    return {rule.name for pack in available.names() for rule in available.rules(pack)}


def chosen_packs(text: str) -> list[str]:
    """The packs in a list with commas. Raises `BadParameter` for one that does not exist."""
    asked = [pack.strip() for pack in text.split(",") if pack.strip()]
    for pack in asked:
        if pack not in available.names():
            raise typer.BadParameter(
                f"--packs: {pack}: there is no such policy pack; there are {', '.join(available.names())}."
            )
    return list(dict.fromkeys(asked))


def compose(
    packs: Sequence[str],
    folder: Path | None = None,
    *,
    enforce: bool = True,
    configuration: Mapping[str, Mapping[str, Any]] | None = None,
) -> Path:
    """A folder for `--policy-pack`; a new temporary one, which the caller removes, where none is given.

    `enforce=False`: the engine reports every violation and stops at none; `events.verdicts` restores the levels. For a
    simulated `up`, in which everything is to be judged. `configuration`: name of a pack -> its settings.

    Raises `UnknownPack` for a pack that does not exist, `StackFileError` for settings that it refuses, and `ValueError` for no
    pack at all.
    """
    if not packs:
        raise ValueError("name one policy pack at least")
    chosen = list(dict.fromkeys(packs))
    rules(chosen, configuration or {})
    made = Path(tempfile.mkdtemp(prefix="penguinmails-policies-")) if folder is None else folder
    made.mkdir(parents=True, exist_ok=True)
    main = _MAIN.format(
        root=json.dumps(str(paths.ROOT)),
        name=json.dumps(NAME),
        packs=json.dumps(chosen),
        enforce=enforce,
        configuration=repr(dict(configuration or {})),
    )
    (made / "__main__.py").write_text(main, encoding="utf-8")
    description = {
        "name": NAME,
        "description": f"The packs {', '.join(chosen)}.",
        "version": VERSION,
        "runtime": {"name": "python", "options": {"virtualenv": str(paths.VENV)}},
    }
    (made / "PulumiPolicy.yaml").write_text(yaml.safe_dump(description, sort_keys=False), encoding="utf-8")
    return made
