"""Changes a platform by hand in many ways: does `pulumi preview --refresh` show each, and does scripts/up heal it?

    .venv/bin/python -m scripts.bench.drift STACK

Edits are made in batches, one edit a service, so that what the preview says of a service is about one edit. Healed means that
the service's whole specification in Docker is what it was before. An edit with which a copy does not come up is taken back by
Swarm itself before anybody looks, and counts apart. What the provider does not read no preview shows, and scripts/up says it.
What is not healed is put back here, so that the next batch starts from what is described.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Annotated, Any

import httpx
import typer

from scripts.bench.drift_edits import EDITS, REMOVED, Edit
from scripts.bench.load import machine_load
from scripts.bench.subject import Subject, as_line, docker, until
from scripts.toolchain.process import Failure

SOCKET = "/var/run/docker.sock"
SETTLE_SECONDS = 90
"""For Swarm to finish what an edit began, or to take it back."""
Row = dict[str, Any]


class Drift:
    """Edits on one stack, and objects that they need: a secret, a config and a network."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._object = f"by-hand-{subject.name}"
        self._raw: dict[str, Any] = {}
        self._described: dict[str, Any] = {}

    def prepare(self) -> None:
        for kind in ("secret", "config"):
            with suppress(Failure):
                docker(kind, "create", self._object, "/etc/hostname")
        with suppress(Failure):
            docker("network", "create", "--driver", "overlay", self._object)
        self._raw = {role: self._read(role) for role in self._subject.roles()}
        self._described = {role: comparable(spec) for role, spec in self._raw.items()}

    def tidy(self) -> None:
        for kind in ("secret", "config", "network"):
            until(lambda kind=kind: self._gone(kind), 30, 1)  # type: ignore[misc]

    def batch(self, edits: Sequence[Edit]) -> list[Row]:
        """Applies edits of different services, looks at the preview, heals, and compares."""
        rows: list[Row] = [{"edit": edit.what, "service": edit.role} for edit in edits]
        for edit, row in zip(edits, rows, strict=True):
            try:
                self._apply(edit)
            except Failure as failure:
                row["refused"] = str(failure)[-160:]
        until(lambda: not any(self._update(edit.role) in {"updating", "rollback_started"} for edit in edits), SETTLE_SECONDS, 1)
        for edit, row in zip(edits, rows, strict=True):
            if edit.arguments and "refused" not in row and self._healed(edit.role):
                row["taken_back_by_swarm"] = True
        shown = self._shown()
        ran = self._subject.up()
        for edit, row in zip(edits, rows, strict=True):
            if "refused" in row:
                continue
            if "taken_back_by_swarm" not in row:
                said = f"Changed by hand: {self._subject.service(edit.role)} (" in ran.text
                row["shown"], row["as"] = said if edit.unread else edit.role in shown, shown.get(edit.role, "")[:160]
                row["unread"] = edit.unread
            row["healed"] = ran.code == 0 and self._healed(edit.role)
            if not row["healed"]:
                row["differs"] = self._differs(edit.role)
            row["up_s"] = round(ran.seconds, 1)
            if ran.code != 0:
                row["said"] = ran.text[-600:]
        self._put_back()
        return rows

    def _apply(self, edit: Edit) -> None:
        service = self._subject.service(edit.role)
        if edit.role not in self._raw:
            raise Failure("there is no such service")
        if not edit.arguments:
            self._remove(edit.role)
            return
        spec = self._raw[edit.role]["TaskTemplate"]
        container = spec["ContainerSpec"]
        words = {
            "image": self._other_image(container["Image"]),
            "secret": self._object,
            "config": self._object,
            "network": self._object,
            "own_secret": (container.get("Secrets") or [{}])[0].get("SecretName", ""),
            "own_config": (container.get("Configs") or [{}])[0].get("ConfigName", ""),
            "own_network": spec["Networks"][0]["Target"],
        }
        docker("service", "update", "--detach", "--quiet", *(part.format(**words) for part in edit.arguments), service)
        if self._healed(edit.role) and self._update(edit.role) != "rollback_completed":
            raise Failure("Docker took it and changed nothing")

    def _update(self, role: str) -> str:
        """Swarm's word for how the newest update of a service is; empty when there was none, or no service."""
        with suppress(Failure):
            return docker(
                "service",
                "inspect",
                "--format",
                "{{if .UpdateStatus}}{{.UpdateStatus.State}}{{end}}",
                self._subject.service(role),
            )
        return ""

    def _remove(self, role: str) -> None:
        container = self._raw[role]["TaskTemplate"]["ContainerSpec"]
        docker("service", "rm", self._subject.service(role))
        for kind, word in (("Secret", "secret"), ("Config", "config")):
            for reference in container.get(f"{kind}s") or []:
                with suppress(Failure):  # another service uses it
                    docker(word, "rm", reference[f"{kind}ID"])

    def _shown(self) -> Mapping[str, str]:
        """Role -> what the preview would do to its service."""
        ran = self._subject.pulumi("preview", "--refresh", "--json")
        steps = json.JSONDecoder().raw_decode(ran.text, ran.text.index("{"))[0]["steps"]
        found = {}
        for step in steps:
            state = step.get("newState") or step.get("oldState") or {}
            if step["op"] in {"same", "refresh"} or not state.get("type", "").endswith(":Service"):
                continue
            name = str((state.get("inputs") or {}).get("name", ""))
            paths = sorted(step.get("detailedDiff") or step.get("diffReasons") or [])
            found[name.removeprefix(self._subject.service("x")[:-1])] = f"{step['op']} {', '.join(paths)}"
        return found

    def _healed(self, role: str) -> bool:
        try:
            return bool(comparable(self._read(role)) == self._described[role])
        except Failure:
            return False

    def _differs(self, role: str) -> list[str]:
        """Where the service is not as it was; nothing for one that is gone."""
        with suppress(Failure):
            return sorted(different(comparable(self._read(role)), self._described[role]))
        return []

    def _read(self, role: str) -> dict[str, Any]:
        text = docker("service", "inspect", "--format", "{{json .Spec}}", self._subject.service(role))
        spec: dict[str, Any] = json.loads(text)
        return spec

    def _put_back(self) -> None:
        """What was not healed goes back to what it was, so that it does not spoil the next batch."""
        for role, spec in self._raw.items():
            if self._healed(role):
                continue
            text = docker("service", "inspect", "--format", "{{json .}}", self._subject.service(role))
            current = json.loads(text)
            current["Spec"]["TaskTemplate"] = {**spec["TaskTemplate"], "ContainerSpec": self._container(current, spec)}
            body = {**spec, "TaskTemplate": current["Spec"]["TaskTemplate"]}
            with httpx.Client(transport=httpx.HTTPTransport(uds=SOCKET), base_url="http://docker") as client:
                params = {"version": current["Version"]["Index"]}
                client.post(f"/services/{current['ID']}/update", params=params, json=body).raise_for_status()

    def _container(self, current: Mapping[str, Any], spec: Mapping[str, Any]) -> dict[str, Any]:
        now = current["Spec"]["TaskTemplate"]["ContainerSpec"]
        kept = {name: now[name] for name in ("Secrets", "Configs") if name in now}
        return {**spec["TaskTemplate"]["ContainerSpec"], **kept}

    def _gone(self, kind: str) -> bool:
        with suppress(Failure):
            docker(kind, "rm", self._object)
        return not docker(kind, "ls", "--quiet", "--filter", f"name={self._object}")

    def _other_image(self, current: str) -> str:
        name = current.split("@", maxsplit=1)[0]
        own = docker("image", "inspect", "--format", "{{.Id}}", current)
        lines = docker("image", "ls", "--no-trunc", "--format", "{{.ID}} {{.Repository}}:{{.Tag}}", name).splitlines()
        others = [line.split()[1] for line in lines if line.split()[0] != own and "<none>" not in line]
        return others[0] if others else lines[0].split()[1]


def comparable(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A specification without what may differ though nothing has changed: ids and names of secrets and files, for removed ones
    come back under others, the order of these, of variables, mounts and ports, where the provider has none, and the engine's
    note of an image's platform, which it makes with a service and forgets at the next change."""
    spec: dict[str, Any] = json.loads(json.dumps(raw))
    container = spec["TaskTemplate"]["ContainerSpec"]
    for kind in ("Secret", "Config"):
        for entry in container.get(f"{kind}s") or []:
            entry[f"{kind}Name"] = entry[f"{kind}ID"] = "any"
        container[f"{kind}s"] = sorted(container.get(f"{kind}s") or [], key=lambda entry: str(entry["File"]["Name"]))
    container["Env"] = sorted(container.get("Env") or [])
    container["Mounts"] = sorted(container.get("Mounts") or [], key=lambda mount: str(mount["Target"]))
    endpoint = spec.get("EndpointSpec") or {}
    endpoint["Ports"] = sorted(endpoint.get("Ports") or [], key=lambda port: int(port["TargetPort"]))
    spec["TaskTemplate"].pop("ForceUpdate", None)
    spec["TaskTemplate"].get("Placement", {}).pop("Platforms", None)
    return json.loads(json.dumps(spec, sort_keys=True), object_hook=_plain)  # type: ignore[no-any-return]


def different(now: Any, before: Any, path: str = "") -> Iterator[str]:
    """Paths at which two specifications are not the same, with what is there."""
    if isinstance(now, dict) and isinstance(before, dict):
        for key in {*now, *before}:
            yield from different(now.get(key), before.get(key), f"{path}.{key}")
    elif now != before:
        yield f"{path[1:]}: {str(now)[:200]}, was {str(before)[:200]}"


def _plain(entry: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty: Docker writes some defaults after an update that it left out before."""
    return {key: value for key, value in entry.items() if value not in (None, {}, [], "", 0, False)}


def batches(edits: Sequence[Edit]) -> list[list[Edit]]:
    """No service twice in one batch."""
    made: list[list[Edit]] = []
    for edit in edits:
        free = next((batch for batch in made if all(other.role != edit.role for other in batch)), None)
        if free is None:
            made.append([edit])
        else:
            free.append(edit)
    return made


def main(
    name: Annotated[str, typer.Argument(metavar="STACK", help="A stack of development on Docker, on this machine.")],
    only: Annotated[str, typer.Option(help="Names of edits, separated by commas; all by default.")] = "",
) -> None:
    """Edit a platform by hand and let scripts/up heal it: a line of JSON for each edit, and one for all."""
    chosen = [edit for edit in (*EDITS, *REMOVED) if not only or edit.what in only.split(",")]
    subject = Subject(name)
    subject.must(subject.up())
    drift = Drift(subject)
    drift.prepare()
    rows = []
    try:
        for batch in batches(chosen):
            for row in drift.batch(batch):
                typer.echo(as_line(row))
                rows.append(row)
    finally:
        drift.tidy()
    facts = summary(rows)
    typer.echo(as_line({**facts, "machine": machine_load()}))
    if facts["not_shown"] or facts["not_healed"]:
        raise typer.Exit(1)


def summary(rows: Sequence[Row]) -> dict[str, Any]:
    """How many edits there were, and the names of those with which something is wrong."""
    made = [row for row in rows if "refused" not in row]
    seen = [row for row in made if "taken_back_by_swarm" not in row]
    return {
        "edits": len(made),
        "shown": sum(row["shown"] for row in seen),
        "healed": sum(row["healed"] for row in made),
        "taken_back_by_swarm": len(made) - len(seen),
        "unread": sum(row["unread"] for row in seen),
        "refused": len(rows) - len(made),
        "not_shown": [row["edit"] for row in seen if not row["shown"]],
        "not_healed": [row["edit"] for row in made if not row["healed"]],
    }


if __name__ == "__main__":
    try:
        typer.run(main)
    except Failure as failure:
        sys.stderr.write(f"drift: {failure}\n")
        sys.exit(1)
