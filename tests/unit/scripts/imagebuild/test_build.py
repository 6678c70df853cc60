"""What is built, in which order, and from which files."""

import io
from pathlib import Path

import pytest

from components import images
from scripts.imagebuild import build, wheels
from scripts.toolchain import docker
from scripts.toolchain.process import Failure
from scripts.toolchain.progress import Progress

QUIET = Progress(io.StringIO(), quiet=True)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in {"base": "", "middle": "", "top": "# builds-on: middle\n", "other": ""}.items():
        (tmp_path / "images" / name).mkdir(parents=True)
        (tmp_path / "images" / name / "Dockerfile").write_text(text)
    return tmp_path


def test_an_image_brings_what_it_is_built_on(root: Path) -> None:
    assert build.selection(["top"], root) == ["base", "middle", "top"]
    assert build.selection([], root) == images.names(root)


def test_an_unknown_image_is_answered_with_those_there_are(root: Path) -> None:
    with pytest.raises(Failure, match=r"There is no image nothing; there are base, middle, other, top\."):
        build.selection(["nothing"], root)


def test_a_refresh_moves_every_tag(root: Path) -> None:
    (root / "images" / images.SNAPSHOT_FILE).write_text("2020-01-01\n")
    before = {name: images.reference(name, root) for name in images.names(root)}
    assert build.refresh(root) == images.snapshot(root)
    assert all(images.reference(name, root) != tag for name, tag in before.items())


def test_wheels_are_for_the_images_system_newest_first() -> None:
    tags = wheels.platforms("x86_64")
    assert tags[0] == "manylinux_2_41_x86_64"
    assert {"manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"} <= set(tags)
    assert wheels.platforms("aarch64")[0].endswith("aarch64")


def test_other_requirements_or_another_machine_are_another_entry(tmp_path: Path) -> None:
    file = tmp_path / "requirements.txt"
    file.write_text("a==1")
    entries = {wheels.entry(file, "x86_64"), wheels.entry(file, "aarch64")}
    file.write_text("a==2")
    assert len(entries | {wheels.entry(file, "x86_64")}) == 3


def test_the_context_has_the_wheels_and_the_checkout_stays_clean(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = root / "images" / "top"
    (folder / "requirements.txt").write_text("a==1")
    (folder / "__pycache__").mkdir()
    fetched = tmp_path / "cache" / "wheels"
    fetched.mkdir(parents=True)
    (fetched / "a-1-py3-none-any.whl").write_text("wheel")
    monkeypatch.setattr(images, "folder", lambda name: folder)
    monkeypatch.setattr(wheels, "fetch", lambda *_: fetched)
    with build.build_context("top", QUIET) as context:
        assert sorted(file.name for file in context.iterdir()) == ["Dockerfile", "requirements.txt", "wheels"]
        assert (context / "wheels" / "a-1-py3-none-any.whl").read_text() == "wheel"
    assert not (folder / "wheels").exists()
    assert not context.exists()


@pytest.mark.parametrize("known", [True, False], ids=["the registry's", "built by somebody else at the same time"])
def test_what_the_registry_has_is_what_counts(known: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, ...]] = []
    monkeypatch.setattr(docker, "registry_has", lambda _: True)
    monkeypatch.setattr(docker, "has_digest", lambda _: known)
    monkeypatch.setattr(docker, "must", lambda *arguments, **_: asked.append(arguments))
    assert build.push("api", QUIET) is False
    assert asked == ([] if known else [("pull", "--quiet", images.reference("api"))])
