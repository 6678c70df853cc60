"""The command as a person or a CI runs it: in a copy of the checkout, with nothing in the environment but PATH and HOME."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from scripts.operations import stack as stacks
from tests.contract.conftest import ROOT
from tests.harness.checkout import MINIMAL, Checkout
from tests.preview.conftest import CANARY, Platform, workspace_of

SWARM, MOUNTS = Path("components/docker/swarm.py"), Path("components/docker/mounts.py")


def test_a_right_stack_is_created_and_nothing_is_touched_or_left_behind(checkout: Checkout) -> None:
    def state() -> Mapping[str, tuple[float, bytes]]:
        files = (checkout.folder / "stacks").iterdir()
        return {file.name: (file.stat().st_mtime_ns, file.read_bytes()) for file in files}

    before = state()
    found = checkout.told()
    assert found["stack"] == stacks.DEFAULT
    assert found["target"] == "docker"
    assert found["counts"]["create"] == len(found["changes"]) > 30
    assert found["errors"] == []
    assert set(found["seconds"]) == {"start", "preview", "up", "second preview"}
    assert state() == before
    assert checkout.git("status", "--porcelain") == ""
    assert list(checkout.temporary.iterdir()) == []


def test_text_shows_components_and_times_on_standard_output_and_progress_beside_it(checkout: Checkout) -> None:
    done = checkout.run("--quick", "--verbose")
    assert done.returncode == 0
    assert "Database penguinmails-database: " in done.stdout
    assert "+ docker:index/service:Service penguinmails-database-server" in done.stdout
    assert "nothing is wrong" in done.stdout
    assert "preview and simulated up: done" in done.stderr


def test_what_a_provider_refuses_is_told_with_its_path_and_in_its_words(checkout: Checkout) -> None:
    checkout.change(SWARM, "id=attachment.network,", 'id="missing",')
    found = checkout.told("--quick", code=1)
    assert found["errors"]
    assert all(re.fullmatch(r"taskSpec\.networksAdvanceds\[\d\]\.id", error["path"]) for error in found["errors"])
    assert {error["phase"] for error in found["errors"]} == {"up"}
    assert all("missing does not exist" in error["message"] for error in found["errors"])


def test_a_broken_mandatory_rule_fails_and_an_up_goes_on_to_its_end(checkout: Checkout) -> None:
    checkout.change(SWARM, 'cap_drops=["ALL"],', "cap_drops=[],")
    found = checkout.told("--quick", code=1)
    assert found["errors"] == []
    assert len(found["policies"]) > 3
    assert {(each["level"], each["kind"], each["pack"]) for each in found["policies"]} == {
        ("mandatory", "violation", "baseline")
    }
    assert checkout.told("--quick", "--packs", "")["policies"] == []


def test_a_program_that_fails_is_told_with_its_line(checkout: Checkout) -> None:
    checkout.change(SWARM, "    physical = naming", '    raise ValueError("no such luck")\n    physical = naming')
    [error] = checkout.told("--quick", code=1)["errors"]
    assert "ValueError: no such luck (components/docker/swarm.py, line " in error["message"]


def test_a_description_that_is_refused_is_told_before_anything_starts(checkout: Checkout) -> None:
    checkout.change("stacks/Pulumi.docker-local.yaml", "storage_gib: 20", "storage_gib: 10")
    found = checkout.told(code=1)
    assert [(error["phase"], error["path"]) for error in found["errors"]] == [("description", "platform.database.storage_gib")]
    assert found["seconds"] == {}


def test_no_secret_and_no_placeholder_is_ever_printed(checkout: Checkout) -> None:
    file = checkout.folder / "stacks" / "Pulumi.docker-local.yaml"
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    content["config"]["penguinmails:apiKey"] = CANARY
    content["config"]["penguinmails:brokerSecret"] = {"secure": f"v1:{CANARY}:{CANARY}"}
    content["encryptionsalt"] = f"v1:{CANARY}"
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    for extra in ((), ("--format", "json"), ("--verbose",)):
        done = checkout.run("--quick", *extra)
        assert done.returncode == 1
        assert "stands in plain text" in done.stdout
        assert CANARY not in done.stdout + done.stderr
        assert "placeholder-" not in done.stdout + done.stderr
    checkout.git("checkout", "--quiet", "stacks")
    checkout.change(SWARM, "    physical = naming", "    raise ValueError(str(workload.variables))\n    physical = naming")
    checkout.change("components/program.py", "    for name, output", "    print(1 / 0)\n    for name, output")
    done = checkout.run("--quick")
    assert done.returncode == 1
    assert "placeholder-" not in done.stdout + done.stderr


def test_a_placeholder_in_an_error_of_the_program_is_taken_out(checkout: Checkout) -> None:
    checkout.change(
        "components/program.py",
        "    return {name: value",
        '    raise ValueError(config.get("apiKey"))\n    return {name: value',
    )
    [error] = checkout.told("--quick", code=1)["errors"]
    assert "ValueError: [secret]" in error["message"]


def test_against_a_revision_only_the_change_is_told(checkout: Checkout) -> None:
    checkout.change("stacks/Pulumi.docker-local.yaml", "command: [worker]", "command: [worker]\n        cpu: 0.75")
    found = checkout.told("--against", "HEAD")
    assert [(change["name"], change["action"]) for change in found["changes"]] == [("penguinmails-worker-copies", "update")]
    assert found["changes"][0]["paths"] == ["taskSpec.resources.limits.nanoCpus"]
    assert found["against"]["commit"] == checkout.git("rev-parse", "HEAD").strip()


def test_a_volume_that_is_lost_fails_unless_it_is_allowed(checkout: Checkout) -> None:
    checkout.change(MOUNTS, "source=volume.name", 'source=Output.concat(volume.name, "-new")')
    found = checkout.told("--quick", "--against", "HEAD", code=1)
    assert {error["phase"] for error in found["errors"]} == {"data"}
    assert any("the volume penguinmails-docker-local-database" in error["message"] for error in found["errors"])
    assert checkout.told("--quick", "--against", "HEAD", "--allow-replacement")["errors"] == []


def test_a_stack_that_the_revision_does_not_have_is_new(checkout: Checkout) -> None:
    shutil.copyfile(checkout.folder / "stacks" / "Pulumi.docker-local.yaml", checkout.folder / "stacks" / "Pulumi.fresh.yaml")
    found = checkout.told("fresh", "--quick", "--against", "HEAD")
    assert found["against"]["is_new"] is True
    assert found["counts"]["create"] > 30


def test_a_revision_whose_program_does_not_run_is_told_in_one_sentence(checkout: Checkout) -> None:
    program = checkout.folder / "components" / "targets.py"
    text = program.read_text(encoding="utf-8")
    program.write_text(
        "import package_of_the_past\n" + text.replace("from __future__ import annotations", ""), encoding="utf-8"
    )
    checkout.git("commit", "--quiet", "--all", "-m", "old")
    program.write_text(text, encoding="utf-8")
    [error] = checkout.told("--against", "HEAD", code=1)["errors"]
    assert "does not run with the packages of this checkout" in error["message"]
    assert "package_of_the_past" in error["message"]


def test_an_exported_state_with_secrets_of_another_passphrase_is_where_it_begins(checkout: Checkout, tmp_path: Path) -> None:
    description = yaml.safe_load((checkout.folder / "stacks" / "Pulumi.docker-local.yaml").read_text(encoding="utf-8"))
    platform = Platform(tmp_path / "live", description["config"]["penguinmails:platform"])
    platform.folder.mkdir()
    workspace_of(platform)
    platform.must("up", "--yes", "--skip-preview")
    checkpoint = json.loads(platform.state())
    text = json.dumps({"version": 3, "deployment": checkpoint["checkpoint"]["latest"]})
    assert "ciphertext" in text
    exported = tmp_path / "state.json"
    exported.write_text(text, encoding="utf-8")
    shutil.copyfile(checkout.folder / "stacks" / "Pulumi.docker-local.yaml", checkout.folder / "stacks" / "Pulumi.test.yaml")
    checkout.change("stacks/Pulumi.test.yaml", "command: [worker]", "command: [worker]\n        cpu: 0.75")
    found = checkout.told("test", "--state", str(exported))
    changed = {change["name"]: change["action"] for change in found["changes"]}
    assert changed["penguinmails-worker-copies"] == "update"
    assert "penguinmails-database-server" not in changed
    done = checkout.run("docker-local", "--state", str(exported))
    assert done.returncode == 1
    assert "is of the stack test; name that stack" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("nix",), "there is no stack nix: choose one of aws-development"),
        (("docker-local", "--all"), "name stacks, or say --all"),
        (("--all", "--state", "x"), "--state is for one stack"),
        (("--format", "xml"), "xml"),
        (("--packs", "nix"), "no such policy pack; there are"),
    ],
)
def test_wrong_usage_is_code_two(checkout: Checkout, arguments: tuple[str, ...], sentence: str) -> None:
    done = checkout.run(*arguments)
    assert done.returncode == 2
    assert sentence in " ".join(done.stderr.split())


def test_all_of_no_stacks_is_wrong_usage_and_not_well(checkout: Checkout) -> None:
    for file in (checkout.folder / "stacks").iterdir():
        file.unlink()
    done = checkout.run("--all")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--all: there is no stack" in " ".join(done.stderr.split())


def test_an_unknown_revision_is_one_sentence(checkout: Checkout) -> None:
    done = checkout.run("--against", "nowhere")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "preview: --against: git knows no revision nowhere; fetch it, or name another.\n"


def test_a_host_that_is_left_is_told_although_no_resource_changes(checkout: Checkout) -> None:
    checkout.change(
        "stacks/Pulumi.docker-local.yaml", "target: docker", "target: docker\n    docker: { host: ssh://ops@example.com }"
    )
    found = checkout.told("--quick", "--against", "HEAD", code=1)
    [error] = found["errors"]
    assert (error["phase"], found["changes"]) == ("data", [])
    assert "all that is on the host that it leaves" in error["message"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interruption_ends_the_engine_and_removes_the_folder(checkout: Checkout, number: signal.Signals) -> None:
    """Again and again, too: who is impatient leaves no engine behind."""
    variables = {**MINIMAL, "TMPDIR": str(checkout.temporary)}
    with subprocess.Popen(
        checkout.command(), env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        until = time.monotonic() + 30
        while not list(checkout.temporary.glob("*/preview.events")) and time.monotonic() < until:
            time.sleep(0.05)
        until = time.monotonic() + 10
        while len(running_below(checkout.temporary)) < 4 and time.monotonic() < until:
            time.sleep(0.05)
        os.kill(child.pid, number)
        while child.poll() is None:
            time.sleep(0.01)
            os.kill(child.pid, number)
        _, errors = child.communicate(timeout=20)
    assert child.returncode == 130
    assert "interrupted" in errors
    assert list(checkout.temporary.iterdir()) == []
    assert running_below(checkout.temporary) == []


def running_below(folder: Path) -> list[str]:
    """The processes whose working directory lies below a folder."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                place = (process / "cwd").readlink()
            except OSError:
                continue
            if str(place).startswith(str(folder)):
                found.append(process.name)
    return found


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_the_commands_of_the_readme_work(checkout: Checkout) -> None:
    checkout.git("branch", "--move", "--force", "main")
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    commands = [line.split("#")[0].split() for line in lines if line.startswith("scripts/preview ")]
    assert len(commands) >= 3
    for command in commands:
        done = checkout.run(*command[1:])
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
