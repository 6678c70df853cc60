"""Secrets and files in Swarm that a release which went back leaves behind.

The engine makes a new secret first and removes the old one when all is done. A run that fails in between leaves the old one
marked for removal, and the next run would begin by removing it, which Swarm refuses while the service that went back uses it:
nothing could be deployed any more. So after a failed run the engine forgets these, and after the next good one they are removed
here, once no service names them.
"""

from __future__ import annotations

import json
from typing import Any

from scripts.operations import engine
from scripts.operations.stack import PROJECT
from scripts.toolchain import docker

_KINDS = {"docker:index/secret:Secret": "secret", "docker:index/serviceConfig:ServiceConfig": "config"}


def forget(stack: str) -> int:
    """Has the engine forget old secrets and files that it would remove at the next run; returns how many."""
    state = engine.state(stack)
    resources = state["deployment"].get("resources") or []
    kept = [one for one in resources if not (one.get("delete") and one["type"] in _KINDS)]
    if len(kept) != len(resources):
        state["deployment"]["resources"] = kept
        engine.quiet("stack", "import", stack=stack, given=json.dumps(state))
    return len(resources) - len(kept)


def remove(stack: str) -> list[str]:
    """Removes secrets and files of the stack that neither a service nor the engine knows; returns their names."""
    there = {kind: _listed(kind, stack) for kind in _KINDS.values()}
    used = _used(stack)
    unused = {(kind, identifier) for kind, ids in there.items() for identifier in ids if identifier not in used}
    if not unused:
        return []
    known = _known(engine.state(stack))
    gone = []
    for kind, identifier in sorted(unused):
        if identifier not in known and docker.output(kind, "rm", identifier) is not None:
            gone.append(there[kind][identifier])
    return gone


def _known(state: dict[str, Any]) -> set[str]:
    return {str(one.get("id")) for one in state["deployment"].get("resources") or [] if one["type"] in _KINDS}


def _listed(kind: str, stack: str) -> dict[str, str]:
    """Id -> name of everything of the stack."""
    filters = ["--filter", f"label=penguinmails.stack={stack}", "--filter", f"label=penguinmails.project={PROJECT}"]
    text = docker.output(kind, "ls", "--format", "{{.ID}} {{.Name}}", *filters) or ""
    return dict(line.split(" ", 1) for line in text.splitlines())


def _used(stack: str) -> set[str]:
    """Ids of what the services name."""
    found = set()
    for service in docker.services(stack) or []:
        container = service["Spec"]["TaskTemplate"]["ContainerSpec"]
        found |= {one["SecretID"] for one in container.get("Secrets") or []}
        found |= {one["ConfigID"] for one in container.get("Configs") or []}
    return found
