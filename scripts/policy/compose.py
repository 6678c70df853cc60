"""Several packs as one folder for the engine: one process, each rule once.

Five packs of 12 rules as five processes cost 3.6 s over 150 resources, one pack of 60 rules 0.8 s.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import yaml

from policies import packs as available
from scripts.toolchain import paths

NAME: Final = "penguinmails"
VERSION: Final = "0.1.0"

_MAIN: Final = """\
import sys

sys.path.insert(0, {root})

from policies.serving import serve

serve({name}, {packs}, enforce={enforce})
"""


def compose(packs: Sequence[str], folder: Path | None = None, *, enforce: bool = True) -> Path:
    """A folder for `--policy-pack`; a new temporary one, which the caller removes, where none is given.

    `enforce=False`: the engine reports every violation and stops at none; `events.verdicts` restores the levels. For a
    simulated `up`, in which everything is to be judged.

    Raises `UnknownPack` for a pack that does not exist, and `ValueError` for none at all.
    """
    if not packs:
        raise ValueError("name one policy pack at least")
    chosen = list(dict.fromkeys(packs))
    available.merged(chosen)
    made = Path(tempfile.mkdtemp(prefix="penguinmails-policies-")) if folder is None else folder
    made.mkdir(parents=True, exist_ok=True)
    main = _MAIN.format(root=json.dumps(str(paths.ROOT)), name=json.dumps(NAME), packs=json.dumps(chosen), enforce=enforce)
    (made / "__main__.py").write_text(main, encoding="utf-8")
    description = {
        "name": NAME,
        "description": f"The packs {', '.join(chosen)}.",
        "version": VERSION,
        "runtime": {"name": "python", "options": {"virtualenv": str(paths.VENV)}},
    }
    (made / "PulumiPolicy.yaml").write_text(yaml.safe_dump(description, sort_keys=False), encoding="utf-8")
    return made
