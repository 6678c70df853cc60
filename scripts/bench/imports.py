"""How much the program's imports cost on each target, as a multiple of `import pulumi` in a process of its own.

    python -m scripts.bench.imports

The SDK loads a module of a cloud when a class of it is first used, so the classes that the target's code names are touched.
Collection of garbage is off, as in the program. Prints medians of fresh processes, measured inside them, and the SDKs that were
loaded.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import sys
from collections.abc import Sequence

from scripts.toolchain import paths

ALONE = "import pulumi"
CLOUDS = {"aws": "pulumi_aws", "docker": "pulumi_docker", "azure": "pulumi_azure_native", "gcp": "pulumi_gcp"}
_TIMED = """
import gc, json, sys, time
began = time.perf_counter()
{first}
{code}
print(json.dumps([time.perf_counter() - began, [name for name in {sdks!r} if name in sys.modules]]))
"""


def program(target: str) -> str:
    """Imports that a run on a target makes: the program, the target, and every class of the SDK that its code names."""
    sdk, alias = CLOUDS[target], {"aws": "aws", "docker": "docker"}[target]
    named = re.compile(rf"\b{alias}\.((?:[a-z0-9_]+\.)?[A-Z]\w+)\(")
    text = "\n".join(file.read_text(encoding="utf-8") for file in sorted((paths.ROOT / "components" / target).glob("*.py")))
    touched = "; ".join(f"sdk.{name}" for name in sorted(set(named.findall(text))))
    return f"import components.program; from components.{target} import TARGET; import {sdk} as sdk; {touched}"


def seconds(code: str, *, collect: bool, runs: int) -> tuple[float, list[str]]:
    """Median time of some imports, and the SDKs of clouds that are loaded afterwards."""
    script = _TIMED.format(first="" if collect else "gc.disable()", code=code, sdks=list(CLOUDS.values()))
    answers = [
        json.loads(subprocess.run([sys.executable, "-c", script], cwd=paths.ROOT, capture_output=True, check=True).stdout)
        for _ in range(runs)
    ]
    return statistics.median(answer[0] for answer in answers), answers[0][1]


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints a line a target."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=7, help="processes a figure is the median of (default 7)")
    asked = parser.parse_args(arguments)
    alone, _ = seconds(ALONE, collect=True, runs=asked.runs)
    sys.stdout.write(f"import pulumi {alone:.3f} s\n")
    for target in ("docker", "aws"):
        took, loaded = seconds(program(target), collect=False, runs=asked.runs)
        sys.stdout.write(f"{target} {took:.3f} s, {took / alone:.1f} times, loaded {', '.join(loaded)}\n")


if __name__ == "__main__":
    main()
