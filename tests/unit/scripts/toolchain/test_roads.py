"""The first road that is open is taken; when none is, one sentence says why for each."""

from pathlib import Path

import pytest

from scripts.toolchain import download, gobuild, pulumi_cli, versions
from scripts.toolchain.process import Failure
from scripts.toolchain.roads import Closed, Road, take


def closed(reason: str) -> Road:
    def walk() -> Path:
        raise Closed(reason)

    return Road(reason.split(maxsplit=1)[0], walk)


def test_the_first_open_road_is_taken_and_the_later_ones_are_not_walked() -> None:
    said: list[str] = []
    roads = [closed("one is shut"), Road("two", lambda: Path("/two")), closed("three would be an error")]
    assert take("It", roads, advice="walk", announce=said.append) == ("two", Path("/two"))
    assert said == ["one: one is shut"]


def test_when_every_road_is_closed_one_sentence_has_every_reason() -> None:
    with pytest.raises(Failure) as failure:
        take("It", [closed("a is shut"), closed("b is shut")], advice="build a road", announce=lambda _: None)
    assert str(failure.value) == "It could not be had (a: a is shut; b: b is shut): build a road."


def program(folder: Path, name: str, prints: str = "") -> None:
    file = folder / name
    file.write_text(f"#!/bin/sh\necho '{prints}'\n")
    file.chmod(0o755)


@pytest.mark.parametrize(
    ("version", "fits"), [(f"v{versions.PULUMI}", True), ("v3.999.0", True), ("v3.1.0", False), ("v4.0.0", False)]
)
def test_the_cli_on_path_is_taken_only_at_a_fitting_version(tmp_path: Path, version: str, fits: bool) -> None:
    program(tmp_path, "pulumi", version)
    program(tmp_path, "pulumi-language-python")
    if fits:
        assert pulumi_cli.on_path({"PATH": str(tmp_path)}) == tmp_path
    else:
        with pytest.raises(Closed, match=version.removeprefix("v")):
            pulumi_cli.on_path({"PATH": str(tmp_path)})


def test_a_cli_without_its_language_host_is_not_taken(tmp_path: Path) -> None:
    program(tmp_path, "pulumi", f"v{versions.PULUMI}")
    with pytest.raises(Closed, match="comes without pulumi-language-python"):
        pulumi_cli.on_path({"PATH": str(tmp_path)})


def test_no_cli_on_path_is_a_closed_road(tmp_path: Path) -> None:
    with pytest.raises(Closed, match="there is none"):
        pulumi_cli.on_path({"PATH": str(tmp_path)})


def test_offline_forbids_the_download() -> None:
    download.allowed({})
    with pytest.raises(Closed, match="PENGUINMAILS_OFFLINE"):
        download.allowed({"PENGUINMAILS_OFFLINE": "1"})


def test_without_go_there_is_one_clause(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Closed, match="Go is not installed"):
        gobuild.require_go()


def test_a_checksum_is_found_by_the_files_whole_name() -> None:
    text = "AA  pulumi-v1.tar.gz.sig\nBB *pulumi-v1.tar.gz\n"
    assert download.checksum_of("pulumi-v1.tar.gz", text) == "bb"
    with pytest.raises(Closed, match="no checksum is published"):
        download.checksum_of("pulumi-v2.tar.gz", text)


def test_an_archive_that_is_not_what_was_published_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "reachable", lambda url: None)
    content = {"https://h/a.tar.gz": b"tampered", "https://h/sums": b"00  a.tar.gz\n"}
    monkeypatch.setattr(download, "_read", lambda url, tick: content[url])
    with pytest.raises(Closed, match="and 00 is published"):
        download.verified("https://h/a.tar.gz", "https://h/sums", tmp_path, lambda: None)
    assert list(tmp_path.iterdir()) == []
