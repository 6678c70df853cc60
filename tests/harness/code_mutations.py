"""Breaks a target's code on purpose, one place at a time, and tells which layer notices it first, and by what.

    python -m tests.harness.code_mutations aws --count 10

Each mutation is made in a copy of the checkout. A mutation that nobody notices is a hole in the tests, or code without effect.
"""

from __future__ import annotations

import argparse
import ast
import gc
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("components", "images", "policies", "scripts", "stacks", "tests", "Pulumi.yaml", "__main__.py", "pyproject.toml")
_PYTEST = ("-m", "pytest", "-x", "-q", "-p", "no:cacheprovider")
LAYERS: Mapping[str, Sequence[Sequence[str]]] = {
    "types": [["-m", "mypy", "--no-error-summary", "--cache-dir", str(ROOT / ".mypy_cache" / "mutations"), "components"]],
    "contract": [
        [*_PYTEST, "tests/contract/test_{target}*.py"],
        [*_PYTEST, "tests/contract/test_targets.py", "-k", "{target}"],
    ],
    "unit": [[*_PYTEST, "tests/unit/components/{target}"]],
    "preview": [[*_PYTEST, "tests/preview/test_lifecycle.py", "-k", "{target} and once"]],
}
"""Layer -> its commands, quick ones first. A part with `*` stands for all files that it matches."""
SECONDS = 300


@dataclass(frozen=True)
class Mutation:
    """`file`: relative to the checkout. Columns are bytes, as the parser counts them."""

    file: str
    line: int
    what: str
    source: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.what}"


def mutations(target: str, root: Path = ROOT) -> list[Mutation]:
    """All mutations of a target's modules, in the order of the files."""
    files = sorted((root / "components" / target).glob("*.py"))
    return [mutation for file in files for mutation in _of_file(file, root)]


def _of_file(file: Path, root: Path) -> Iterator[Mutation]:
    text = file.read_bytes()
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))

    def replaced(node: ast.expr, new: str) -> str:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        begin, end = starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset
        return (text[:begin] + new.encode() + text[end:]).decode()

    def place(node: ast.expr, what: str, new: str) -> Mutation:
        return Mutation(str(file.relative_to(root)), node.lineno, what, replaced(node, new))

    for node in ast.walk(_parsed(text)):
        for value, name, new in _changes(node):
            yield place(value, name, new)


def _changes(node: ast.AST) -> Iterator[tuple[ast.expr, str, str]]:
    """What may be written instead of the arguments of a call and the numbers and truths of a mapping: place, words, text."""
    if isinstance(node, ast.Call):
        for keyword in node.keywords:
            value, name = keyword.value, keyword.arg
            if name is None:
                continue
            if isinstance(value, ast.Attribute | ast.Name | ast.Call | ast.List):
                yield value, f"{name} is None", "None"
            elif isinstance(value, ast.Constant):
                yield from _constants(value, name)
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(value, ast.Constant) and isinstance(value.value, int):
                yield from _constants(value, str(key.value))


def _constants(value: ast.Constant, name: str) -> Iterator[tuple[ast.expr, str, str]]:
    if isinstance(value.value, bool):
        yield value, f"{name} is {not value.value}", str(not value.value)
    elif isinstance(value.value, int):
        yield value, f"{name} is {value.value + 1}", str(value.value + 1)
    elif isinstance(value.value, str):
        yield value, f"{name} is another text", repr(f"{value.value}-x")


def _parsed(text: bytes) -> ast.Module:
    """The tree of a module. What the garbage collector ends meanwhile may parse too, which Python 3.11 does not survive."""
    gc.disable()
    try:
        return ast.parse(text)
    finally:
        gc.enable()


@dataclass(frozen=True)
class Noticed:
    """`by`: the first test that failed, or what the type checker said."""

    layer: str
    by: str


def caught_by(mutation: Mutation, target: str, layers: Sequence[str] = tuple(LAYERS)) -> Noticed | None:
    """The first layer that notices a mutation; None when all pass."""
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        copy = Path(folder)
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
            elif source.exists():
                shutil.copy2(source, copy / name)
        (copy / ".venv").symlink_to(ROOT / ".venv")
        (copy / mutation.file).write_text(mutation.source, encoding="utf-8")
        for layer in layers:
            for command in LAYERS[layer]:
                by = _failure([part.format(target=target) for part in command], copy)
                if by is not None:
                    return Noticed(layer, by)
    return None


def _failure(command: Sequence[str], copy: Path) -> str | None:
    """What failed in a command, None when nothing did.

    Exit code 5 of pytest is that no test was chosen: a layer that a target does not have yet notices nothing.
    """
    parts = [file for part in command for file in (sorted(map(str, copy.glob(part))) if "*" in part else [part])]
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONSAFEPATH": "1"}
    try:
        done = subprocess.run(
            [sys.executable, *parts], cwd=copy, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return f"nothing within {SECONDS} s"
    if done.returncode in {0, 5}:
        return None
    lines = done.stdout.strip().splitlines() or done.stderr.strip().splitlines() or ["no output"]
    return next((line for line in lines if line.startswith(("FAILED ", "ERROR "))), lines[0]).replace(f"{copy}/", "")[:160]


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints a line for each mutation; 1 when one was not noticed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target")
    parser.add_argument("--count", type=int, default=10, help="how many, chosen at random (default 10)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed chooses the same ones (default 1)")
    parser.add_argument("--layers", default=",".join(LAYERS), help="which layers to ask, in this order")
    asked = parser.parse_args(arguments)
    every = mutations(asked.target)
    chosen = random.Random(asked.seed).sample(every, min(asked.count, len(every)))
    missed = 0
    for mutation in chosen:
        noticed = caught_by(mutation, asked.target, asked.layers.split(","))
        missed += noticed is None
        layer, by = (noticed.layer, noticed.by) if noticed else ("NOBODY", "")
        sys.stdout.write(f"{layer:10} {mutation}\n{'':11}{by}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{len(chosen) - missed} of {len(chosen)} noticed, {len(every)} possible\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
