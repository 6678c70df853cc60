"""The environment is right for a shell and for Python, and what the user chose wins."""

import stat
import subprocess
from pathlib import Path

import pytest

from scripts.toolchain import environment as module
from scripts.toolchain import paths
from scripts.toolchain.environment import additions, environment, exports


@pytest.fixture
def given(tmp_path: Path) -> dict[str, str]:
    home = tmp_path / 'it\'s a $HOME "with" spaces'
    home.mkdir()
    return {"HOME": str(home), "PATH": "/usr/bin:/bin", "PENGUINMAILS_STATE": str(home / "state dir")}


def test_a_shell_gets_what_python_gets_whatever_is_in_the_paths(given: dict[str, str]) -> None:
    script = exports(given) + '\nprintf "%s\\0" "$PULUMI_HOME" "$PULUMI_BACKEND_URL" "$PULUMI_CONFIG_PASSPHRASE_FILE" "$PATH"'
    shell = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, check=True, env=given)
    names = ("PULUMI_HOME", "PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE_FILE", "PATH")
    assert shell.stdout.split("\0")[:-1] == [additions(given)[name] for name in names]


def test_the_passphrase_is_made_once_and_nobody_else_reads_it(given: dict[str, str]) -> None:
    file = Path(additions(given)["PULUMI_CONFIG_PASSPHRASE_FILE"])
    first = file.read_text()
    assert len(first.strip()) >= 32
    assert additions(given)["PULUMI_CONFIG_PASSPHRASE_FILE"] == str(file)
    assert file.read_text() == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert first.strip() not in exports(given)


@pytest.mark.parametrize("name", ["PULUMI_BACKEND_URL", "PULUMI_HOME", "PULUMI_CONFIG_PASSPHRASE_FILE"])
def test_what_the_user_exported_wins(given: dict[str, str], name: str) -> None:
    assert environment({**given, name: "/chosen"})[name] == "/chosen"


def test_a_passphrase_of_the_user_needs_no_file(given: dict[str, str]) -> None:
    values = environment({**given, "PULUMI_CONFIG_PASSPHRASE": ""})
    assert "PULUMI_CONFIG_PASSPHRASE_FILE" not in values
    assert not (Path(given["PENGUINMAILS_STATE"]) / "passphrase").exists()


def test_the_checkouts_programs_come_first_and_once(given: dict[str, str]) -> None:
    once = environment(given)
    assert environment(once)["PATH"] == once["PATH"]
    assert once["PATH"].split(":").index(str(paths.VENV / "bin")) < once["PATH"].split(":").index("/usr/bin")


def test_bytecode_may_be_written(given: dict[str, str]) -> None:
    assert "PYTHONDONTWRITEBYTECODE" not in environment({**given, "PYTHONDONTWRITEBYTECODE": "1"})
    assert "unset PYTHONDONTWRITEBYTECODE" in exports(given)


def test_the_classic_builder_is_asked_for_only_where_buildx_is_missing(
    given: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BUILDX_PLACES", (str(tmp_path / "plugins"),))
    assert additions(given)["DOCKER_BUILDKIT"] == "0"
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "docker-buildx").touch()
    assert "DOCKER_BUILDKIT" not in additions(given)
    assert environment({**given, "DOCKER_BUILDKIT": "1"})["DOCKER_BUILDKIT"] == "1"


@pytest.mark.parametrize(
    ("environ", "cache"),
    [
        ({"HOME": "/h"}, "/h/.cache/penguinmails"),
        ({"HOME": "/h", "XDG_CACHE_HOME": "/x"}, "/x/penguinmails"),
        ({"HOME": "/h", "XDG_CACHE_HOME": "/x", "PENGUINMAILS_CACHE": "/own"}, "/own"),
    ],
)
def test_the_cache_is_where_the_user_says(environ: dict[str, str], cache: str) -> None:
    assert str(paths.cache_dir(environ)) == cache
