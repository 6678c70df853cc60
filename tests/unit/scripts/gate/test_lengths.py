"""Whether files of code are short enough to be read at once."""

from __future__ import annotations

from scripts.toolchain import paths

LIMIT = 300
CODE = ("components", "images", "policies", "scripts")


def test_no_file_of_code_is_longer_than_300_lines() -> None:
    files = [file for folder in CODE for file in sorted((paths.ROOT / folder).rglob("*.py"))]
    assert len(files) > 200
    lengths = {str(file.relative_to(paths.ROOT)): len(file.read_text(encoding="utf-8").splitlines()) for file in files}
    assert {name: lines for name, lines in lengths.items() if lines > LIMIT} == {}
