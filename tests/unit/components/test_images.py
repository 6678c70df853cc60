"""A tag changes exactly when an image would."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components import images


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("base", "queue"):
        folder = tmp_path / "images" / name
        folder.mkdir(parents=True)
        (folder / "Dockerfile").write_text("ARG BASE\nFROM ${BASE}\n")
    (tmp_path / "images" / "queue" / "run").write_text("#!/bin/sh\n")
    (tmp_path / "images" / images.SNAPSHOT_FILE).write_text("2026-01-31\n")
    return tmp_path


def test_a_reference_names_the_registry_the_image_and_sixteen_digits(root: Path) -> None:
    name, tag = images.reference("queue", root).rsplit(":", 1)
    assert name == "localhost:5000/penguinmails/queue"
    assert len(tag) == 16
    assert int(tag, 16) >= 0


def test_a_repository_and_a_tag_are_the_same_in_every_registry(root: Path) -> None:
    assert images.reference("queue", root) == f"localhost:5000/{images.repository('queue')}:{images.tag('queue', root)}"
    assert images.repository("queue") == "penguinmails/queue"


def _edit(root: Path) -> None:
    (root / "images/queue/run").write_text("#!/bin/sh\nexit 1\n")


def _rename(root: Path) -> None:
    (root / "images/queue/run").rename(root / "images/queue/start")


def _make_executable(root: Path) -> None:
    (root / "images/queue/run").chmod(0o755)


def _add(root: Path) -> None:
    (root / "images/queue/empty").touch()


def _link(root: Path) -> None:
    (root / "images/queue/link").symlink_to("run")


def _change_base(root: Path) -> None:
    (root / "images/base/Dockerfile").write_text("ARG BASE\nFROM ${BASE}\nRUN true\n")


def _next_day(root: Path) -> None:
    (root / "images/snapshot.txt").write_text("2026-02-01\n")


@pytest.mark.parametrize("change", [_edit, _rename, _make_executable, _add, _link, _change_base, _next_day])
def test_what_changes_an_image_changes_its_tag(root: Path, change: Callable[[Path], None]) -> None:
    before = images.reference("queue", root)
    change(root)
    assert images.reference("queue", root) != before


@pytest.mark.parametrize(
    "unrelated", ["images/other/Dockerfile", "README.md", "images/queue/__pycache__/x.pyc", "images/queue/x.pyc"]
)
def test_what_does_not_go_into_an_image_leaves_its_tag(root: Path, unrelated: str) -> None:
    before = images.reference("queue", root)
    file = root / unrelated
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("different")
    assert images.reference("queue", root) == before


def test_an_image_does_not_change_the_one_it_is_built_on(root: Path) -> None:
    before = images.reference("base", root)
    _edit(root)
    assert images.reference("base", root) == before


def test_a_file_touched_but_not_changed_leaves_the_tag(root: Path) -> None:
    before = images.reference("queue", root)
    os.utime(root / "images/queue/run", (0, 0))
    assert images.reference("queue", root) == before


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(content=st.binary(min_size=1, max_size=40), cut=st.integers(min_value=0, max_value=40))
def test_moving_bytes_from_one_file_to_the_next_changes_the_tag(root: Path, content: bytes, cut: int) -> None:
    at = cut % len(content)
    folder = root / "images" / "queue"
    (folder / "a").write_bytes(content)
    (folder / "b").write_bytes(b"")
    whole = images.reference("queue", root)
    (folder / "a").write_bytes(content[:at])
    (folder / "b").write_bytes(content[at:])
    assert images.reference("queue", root) != whole


def test_images_come_after_what_they_are_built_on(root: Path) -> None:
    folder = root / "images" / "a-first"
    folder.mkdir()
    (folder / "Dockerfile").write_text("# builds-on: queue\nARG BASE\nFROM ${BASE}\n")
    assert images.names(root) == ["base", "queue", "a-first"]
    before = images.reference("a-first", root)
    _edit(root)
    assert images.reference("a-first", root) != before


def test_images_that_build_on_each_other_are_refused(root: Path) -> None:
    (root / "images/queue/Dockerfile").write_text("# builds-on: other\n")
    (root / "images/other").mkdir()
    (root / "images/other/Dockerfile").write_text("# builds-on: queue\n")
    with pytest.raises(ValueError, match="circle: other -> queue -> other"):
        images.names(root)


def test_an_unknown_image_is_named(root: Path) -> None:
    with pytest.raises(images.UnknownImage, match=r"images/nothing/Dockerfile"):
        images.reference("nothing", root)


@pytest.mark.parametrize("text", ["", "yesterday", "2026-1-31", "2026-01-31 2026-02-01"])
def test_a_snapshot_that_is_no_date_is_refused(root: Path, text: str) -> None:
    (root / "images/snapshot.txt").write_text(text)
    with pytest.raises(ValueError, match="must hold one date"):
        images.reference("queue", root)


def test_the_kits_own_images_have_references() -> None:
    names = images.names()
    assert names[0] == "base"
    assert "registry" in names
    assert len({images.reference(name) for name in names}) == len(names)
