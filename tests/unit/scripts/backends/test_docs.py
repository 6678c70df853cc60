"""docs/aws.md says what the command does: its names, its figures, and links that lead somewhere."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path

from scripts.backends.aws import documents, program
from scripts.backends.aws.names import Names

ROOT = Path(__file__).resolve().parents[4]
PAGE = ROOT / "docs" / "aws.md"
TEXT = PAGE.read_text(encoding="utf-8")
NAMES = Names("penguinmails", "111122223333", "eu-central-1")


def anchors(file: Path) -> set[str]:
    """Of the headings of a page, as they are made for links."""
    headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_link_leads_somewhere() -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", TEXT)
    assert links
    for link in links:
        name, _, anchor = link.partition("#")
        file = (PAGE.parent / name).resolve() if name else PAGE
        assert file.is_file(), link
        assert not anchor or anchor in anchors(file), link


def test_the_commands_are_those_that_the_backend_prints() -> None:
    assert f"export PULUMI_BACKEND_URL='{NAMES.backend_url}'" in TEXT
    assert f"--secrets-provider='{NAMES.secrets_provider}'" in TEXT
    assert f"111122223333.dkr.ecr.eu-central-1.amazonaws.com/{NAMES.repositories['api']}" in TEXT
    assert f"pulumi plugin install resource aws {version('pulumi-aws')}" in TEXT


def test_the_figures_are_those_of_the_program() -> None:
    assert f"stay {program.KEPT_DAYS} days" in TEXT
    assert f"the newest {documents.KEPT_IMAGES} stay" in TEXT
    assert f"deleted only after {program.DELETION_DAYS} days" in TEXT


def test_every_script_that_is_named_exists() -> None:
    for name in set(re.findall(r"scripts/([a-z]+)\b(?!/)", TEXT)):
        assert (ROOT / "scripts" / name).is_file(), name
