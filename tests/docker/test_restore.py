"""Backups, drills and restores of the platform that `conftest` brought up, as a person does them."""

from __future__ import annotations

import json
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.docker.conftest import STACK, Running, container, docker, until

pytestmark = [pytest.mark.docker, pytest.mark.timeout(600)]
RPO_SECONDS, RTO_SECONDS = 60, 120
FOLDER = "/var/lib/pgbackrest"
OBJECT = "/var/lib/penguinmails/objects/tests/of-a-restore"


def keeper(*command: str) -> str:
    return docker("exec", container("backup"), *command)


def sql(statement: str) -> str:
    return docker("exec", container("database"), "psql", "-X", "-A", "-t", "-q", "-d", "penguinmails", "-c", statement).strip()


def write_object(text: str) -> None:
    docker("exec", container("api"), "/bin/sh", "-c", 'mkdir -p "${1%/*}" && printf %s "$2" > "$1"', "sh", OBJECT, text)


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def facts() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(keeper("cat", f"{FOLDER}/facts.json"))
    return found


def test_the_first_backup_comes_by_itself(running: Running) -> None:
    until(lambda: facts()["successes"].get("full"), 90, "the first full backup")


def test_a_backup_takes_the_stack_s_own_state_along(running: Running, tmp_path: Path) -> None:
    done = running.checkout.run("backup", STACK, "--json")
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["kind"] == "differential"
    archive = Path(found["archive"])
    assert archive.stat().st_mode & 0o077 == 0
    phrase = tmp_path / "phrase"
    phrase.write_text(running.checkout.pulumi("config", "get", "backupPassphrase").stdout.strip())
    opened = ["openssl", "enc", "-d", "-aes-256-cbc", "-md", "sha256", "-pbkdf2", "-iter", "600000", "-in", str(archive)]
    plain = subprocess.run([*opened, "-pass", f"file:{phrase}"], check=True, capture_output=True).stdout
    listed = subprocess.run(["tar", "-tzf", "-"], input=plain, check=True, capture_output=True).stdout.decode().split()
    assert set(listed) == {f"stacks/Pulumi.{STACK}.yaml", "state.json", "passphrase"}
    state = subprocess.run(["tar", "-xzOf", "-", "state.json"], input=plain, check=True, capture_output=True).stdout
    kept = {resource["urn"].rpartition("::")[2] for resource in json.loads(state)["deployment"]["resources"]}
    assert "penguinmails-queue-definitions" in kept, "the broker's users, queues and rights are a secret of the stack"


def test_a_drill_passes_and_its_evidence_can_be_verified(running: Running, tmp_path: Path) -> None:
    with running.client() as client:
        running.post(client, "before-the-drill")
    before = sql("SELECT count(*) FROM messages")
    done = running.checkout.run("drill", STACK, "--json")
    found = json.loads(done.stdout.splitlines()[-1])
    print(f"RPO {found['rpo_seconds']:.1f} s, RTO {found['rto_seconds']:.1f} s")
    assert found["passed"]
    assert found["rpo_seconds"] <= RPO_SECONDS
    assert found["rto_seconds"] <= RTO_SECONDS
    assert {table["name"]: table["rows"] for table in found["tables"]}["public.messages"] >= 1
    assert sql("SELECT count(*) FROM messages") == before
    for kind, words in (("json", ('"passed": true', '"passed": false')), ("html", ("drill: passed", "drill: failed"))):
        file = Path(found["files"][kind])
        assert running.checkout.run("drill", STACK, "--verify", str(file)).returncode == 0
        changed = tmp_path / file.name
        assert words[0] in file.read_text()
        changed.write_text(file.read_text().replace(*words))
        refused = running.checkout.run("drill", STACK, "--verify", str(changed), check=False)
        assert refused.returncode == 1
        assert "is not what the platform wrote" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--to", "2020-01-01T00:00:00Z", "--confirm", STACK], "cannot be brought back: choose a moment from 20"),
        (["--to", "2999-01-01T00:00:00Z", "--confirm", STACK], "cannot be brought back: choose a moment from 20"),
        (["--to", "yesterday", "--confirm", STACK], "'yesterday' is no moment"),
        (["--to", "NOW"], f"give --confirm {STACK}"),
        (["--to", "NOW", "--confirm", "another"], "another is not the stack's name; nothing was changed"),
        ([], "--to: say which moment"),
    ],
)
def test_a_restore_is_refused(running: Running, arguments: list[str], sentence: str) -> None:
    before = container("database")
    given = [now() if argument == "NOW" else argument for argument in arguments]
    done = running.checkout.run("restore", STACK, *given, check=False)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert container("database") == before


def test_a_restore_brings_back_a_deleted_row_and_keeps_nothing_later(running: Running) -> None:
    with running.client() as client:
        write_object("kept until the restore")
        running.checkout.run("backup", STACK)
        write_object("written after it")
        lost = running.post(client, "lost-and-found")
        until(lambda: running.sent(client, lost), 30, "the message is sent")
        time.sleep(1.1)
        moment = now()
        time.sleep(1.1)
        sql(f"DELETE FROM messages WHERE id = '{lost}'")
        later = running.post(client, "too-late")
        until(lambda: running.sent(client, later), 30, "the message is sent")
        assert client.get(f"/v1/messages/{lost}").status_code == 404
        done = running.checkout.run("restore", STACK, "--to", moment, "--confirm", STACK, "--with-objects", "--json")
        assert docker("exec", container("api"), "cat", OBJECT) == "kept until the restore"
        found = json.loads(done.stdout.splitlines()[-1])
        print(f"restored after {found['seconds']} s, in service after {found['seconds_in_all']} s")
        until(lambda: running.sent(client, lost), 30, "the deleted message is back")
        assert client.get(f"/v1/messages/{later}").status_code == 404
        assert sql(f"SELECT count(*) FROM messages WHERE created_at > '{moment}'") == "0"
        assert keeper("ls", "/var/lib/postgresql/17").split() == ["main"]
        after = running.post(client, "after-the-restore")
        until(lambda: running.sent(client, after), 30, "the platform works on")


def test_a_new_timeline_gets_its_backup(running: Running) -> None:
    running.checkout.run("backup", STACK, "--full")
    newest = json.loads(keeper("python", "-m", "penguinmails_backup", "list"))[0]
    assert newest["type"] == "full"


def test_a_stale_socket_does_no_harm(running: Running) -> None:
    killed = container("database")
    docker("kill", killed)
    healthy = ("--filter", f"name=^penguinmails-{STACK}-database\\.", "--filter", "health=healthy")
    until(lambda: docker("ps", "-q", *healthy), 90, "up")
    assert container("database") != killed
    assert sql("SELECT 1") == "1"
    running.checkout.run("backup", STACK)


def test_a_drill_fails_on_a_damaged_repository(running: Running) -> None:
    script = (
        f"cd {FOLDER}/database/backup/main && newest=$(ls -d 2* | tail -1) && base=$(echo $newest | cut -c1-16)"
        " && for file in $(find $newest $base -path '*bundle/*' -o -path '*pg_data/*' -type f);"
        " do printf damaged | dd of=$file bs=1 seek=64 conv=notrunc status=none; done"
    )
    keeper("sh", "-c", script)
    done = running.checkout.run("drill", STACK, "--json", check=False)
    assert done.returncode == 1
    assert "The drill failed: " in done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["passed"] is False
    assert sql("SELECT 1") == "1"
    running.checkout.run("backup", STACK, "--full")
