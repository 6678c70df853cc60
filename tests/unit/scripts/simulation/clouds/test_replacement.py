"""Tables of inputs that make a new resource, as text."""

from __future__ import annotations

import pytest

from scripts.simulation.clouds.replacement import table, with_everywhere

TEXT = """
rds/instance:Instance  engine dbName   # a comment
    storageEncrypted
ec2/internetGateway:InternetGateway
"""


def test_a_table_is_read() -> None:
    assert table("aws", TEXT) == {
        "aws:rds/instance:Instance": {"engine", "dbName", "storageEncrypted"},
        "aws:ec2/internetGateway:InternetGateway": set(),
    }


def test_a_type_stands_in_a_table_once() -> None:
    with pytest.raises(ValueError, match="aws:a/b:C is in the table twice"):
        table("aws", "a/b:C x\na/b:C y")


def test_what_replaces_everywhere_is_added_but_to_exempt_modules() -> None:
    known = {"aws:iam/role:Role": frozenset({"name"}), "aws:sqs/queue:Queue": frozenset({"name"})}
    assert with_everywhere(known, ("region",), but=("aws:iam/",)) == {
        "aws:iam/role:Role": {"name"},
        "aws:sqs/queue:Queue": {"name", "region"},
    }
    assert with_everywhere(known, ("region",))["aws:iam/role:Role"] == {"name", "region"}
