"""Schemas are derived once, kept on disk so that neither races nor rot can harm, and cost no SDK in this process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.simulation.schema import installed, store, text
from scripts.toolchain import paths

VOLUME = "docker:index/volume:Volume"
NETWORK = "docker:index/network:Network"
QUEUE = "aws:sqs/queue:Queue"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(paths, "cache_dir", lambda: tmp_path)
    store.close()
    yield tmp_path
    store.close()


def files(cache: Path) -> dict[str, Path]:
    return {file.name: file for file in cache.rglob("*") if file.is_file()}


def forget(*, processes: bool = True) -> None:
    store._memory.clear()
    if processes:
        store.close()


def test_the_schema_is_what_the_reader_gives(cache: Path) -> None:
    derived = store.schema(VOLUME)
    assert derived is not None
    assert derived.inputs["driverOpts"].shape.kind == "map"
    assert files(cache).keys() == {"docker.index.volume.Volume.json"}
    forget()
    assert store.schema(VOLUME) == derived


def test_what_is_on_disk_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    store.schema(VOLUME)
    forget()
    monkeypatch.setattr(subprocess, "Popen", None)
    assert store.schema(VOLUME) is not None


def test_one_process_reads_many_tokens_of_a_package() -> None:
    store.prepare([VOLUME, NETWORK])
    first = store._readers["docker"]._process
    store.schema("docker:index/tag:Tag")
    assert store._readers["docker"]._process is first
    store.close()
    assert first.returncode == 0
    assert store._readers == {}


def test_a_batch_over_two_packages(cache: Path) -> None:
    store.prepare([VOLUME, QUEUE, VOLUME, "aws:no/such:Such", "pulumi:providers:docker"])
    assert set(store._readers) == {"docker", "aws"}
    assert store._memory["aws:no/such:Such"] is None
    assert len(files(cache)) == 3


@pytest.mark.timeout(30)
def test_more_questions_than_a_pipe_holds() -> None:
    """Were all asked at once, the reader would wait with its first long answer, and this process with its questions."""
    long = "aws:wafv2/webAcl:WebAcl"
    unknown = [f"aws:none/none{number}:{'None' * 20}{number}" for number in range(1200)]
    store.prepare([long, *unknown])
    assert store._memory[long] is not None
    assert store._memory[unknown[-1]] is None


@pytest.mark.parametrize("rot", ["", "{", "null", "[]", '{"token": "x"}', '{"token":"docker:index/volume:Volume","inputs":[]}'])
def test_a_file_that_is_not_a_schema_is_derived_again(cache: Path, rot: str) -> None:
    derived = store.schema(VOLUME)
    (file,) = files(cache).values()
    whole = file.read_text(encoding="utf-8")
    file.write_text(rot, encoding="utf-8")
    forget(processes=False)
    assert store.schema(VOLUME) == derived
    assert file.read_text(encoding="utf-8") == whole


def test_a_file_of_another_type_is_not_taken(cache: Path) -> None:
    store.prepare([VOLUME, NETWORK])
    found = files(cache)
    found["docker.index.volume.Volume.json"].write_bytes(found["docker.index.network.Network.json"].read_bytes())
    forget(processes=False)
    schema = store.schema(VOLUME)
    assert schema is not None
    assert schema.token == VOLUME


def test_another_version_and_another_reader_have_other_files(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store.schema(VOLUME)
    monkeypatch.setattr(store, "_format", lambda: "other")
    forget(processes=False)
    store.schema(VOLUME)
    monkeypatch.setattr(store, "version", lambda package: "9.9.9")
    forget(processes=False)
    store.schema(VOLUME)
    folders = sorted(folder.name for folder in (cache / "schemas").iterdir())
    assert len(folders) == 3
    assert [folder.split("-")[1] for folder in folders] == ["5.2.0", "5.2.0", "9.9.9"]


def test_the_format_follows_the_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = Path(store.__file__).parent
    copies = tmp_path / "copies"
    copies.mkdir()
    for name in ("installed.py", "model.py", "sdk.py", "text.py"):
        (copies / name).write_bytes((here / name).read_bytes())
    monkeypatch.setattr(store, "__file__", str(copies / "store.py"))
    before = store._format.__wrapped__()
    (copies / "sdk.py").write_text("changed", encoding="utf-8")
    assert store._format.__wrapped__() != before


def test_two_processes_at_once(cache: Path) -> None:
    """Both get what they asked for, and no half of a file is left behind."""
    program = (
        "import sys; from scripts.simulation.schema import store\n"
        f"print(sorted(store.schema({VOLUME!r}).inputs), 'pulumi' in sys.modules)"
    )
    environment = {**os.environ, "PENGUINMAILS_CACHE": str(cache), "PYTHONPATH": str(paths.ROOT)}
    running = [
        subprocess.Popen([sys.executable, "-c", program], env=environment, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    answers = {process.communicate(timeout=60)[0] for process in running}
    assert answers == {"['cluster', 'driver', 'driverOpts', 'labels', 'name'] False\n"}
    assert files(cache).keys() == {"docker.index.volume.Volume.json"}
    assert text.loads(files(cache).popitem()[1].read_text(encoding="utf-8")).token == VOLUME


def test_a_reader_ends_with_the_process_that_started_it(cache: Path) -> None:
    """Also when that one is killed and can say nothing any more."""
    program = (
        "import time; from scripts.simulation.schema import store\n"
        f"store.schema({VOLUME!r}); print(store._readers['docker']._process.pid, flush=True); time.sleep(60)"
    )
    environment = {**os.environ, "PENGUINMAILS_CACHE": str(cache), "PYTHONPATH": str(paths.ROOT)}
    with subprocess.Popen([sys.executable, "-c", program], env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        reader = int(process.stdout.readline())
        process.kill()
    deadline = time.monotonic() + 10
    while alive(reader):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def alive(pid: int) -> bool:
    """A process that has ended and waits for a parent to ask is not alive."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return False


def test_a_reader_that_dies_is_said_and_the_next_question_starts_another() -> None:
    store.schema(VOLUME)
    process = store._readers["docker"]._process
    process.kill()
    process.wait()
    with pytest.raises(
        RuntimeError, match=r"^pulumi_docker could not be read for docker:index/network:Network: .* scripts/setup"
    ):
        store.schema(NETWORK)
    assert store.schema(NETWORK) is not None


def test_an_sdk_that_is_not_installed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed, "SDKS", {"moon": "pulumi_moon"})
    with pytest.raises(ModuleNotFoundError, match="the SDK of moon is not installed: run scripts/setup"):
        store.schema("moon:index/base:Base")


@pytest.mark.parametrize("token", ["random:index/id:Id", "docker:index/none:None", "", "docker:\n", "pulumi:providers:random"])
def test_what_no_sdk_has(token: str, cache: Path) -> None:
    assert store.schema(token) is None
    assert files(cache) == {}


@pytest.mark.parametrize(
    ("package", "version"), [("aws", "7.51.1"), ("azure-native", "3.29.0"), ("gcp", "10.2.0"), ("docker", "5.2.0")]
)
def test_versions_are_those_that_are_pinned(package: str, version: str) -> None:
    assert store.version(package) == version
    name = installed.SDKS[package].replace("_", "-")
    pinned = (paths.ROOT / "requirements.txt").read_text(encoding="utf-8") + (paths.ROOT / "requirements-dev.txt").read_text(
        encoding="utf-8"
    )
    assert f"{name}=={version}" in pinned


def test_a_schema_survives_its_text() -> None:
    schema = store.schema("pulumi:providers:docker")
    assert schema is not None
    assert text.loads(text.dumps(schema)) == schema
    assert json.loads(text.dumps(schema))["token"] == schema.token
