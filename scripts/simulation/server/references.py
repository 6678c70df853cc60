"""Inputs that name other resources: what they name must exist and be of the right kind, and cannot be deleted while named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scripts.simulation.clouds.model import Candidate, Cloud, Reference
from scripts.simulation.values import Problem, Properties, select, walk
from scripts.simulation.world import Resource, World


def problems(cloud: Cloud, candidate: Candidate, world: World) -> Iterator[Problem]:
    """What is wrong with the references of something that is about to be made or changed."""
    seen = set[str]()
    for reference in cloud.references(candidate.token):
        for path, value in select(candidate.inputs, reference.path):
            if isinstance(value, str) and value and not value.startswith(reference.foreign or ("\0",)):
                seen.add(path)
                yield from _checked(path, value, reference, candidate, world)
    for path, value in walk(candidate.inputs):
        token = cloud.recognise(value) if isinstance(value, str) and path not in seen else None
        if token is not None and not _known(value, world):
            yield Problem(path, f"{_shown(value)} does not exist; it looks like {_article(token)} {_kind(token)}")


def _checked(path: str, value: str, reference: Reference, candidate: Candidate, world: World) -> Iterator[Problem]:
    found = [thing for thing in world.named(value) if thing.place.cloud == candidate.place.cloud]
    fitting = [thing for thing in found if thing.token in reference.tokens]
    wanted = " or ".join(dict.fromkeys(_kind(token) for token in reference.tokens))
    article = _article(reference.tokens[0])
    if not found:
        yield Problem(
            path, f"{_shown(value)} does not exist; give the {' or '.join(reference.attributes)} of {article} {wanted}"
        )
    elif not fitting:
        yield Problem(path, f"{_shown(value)} is {_article(found[0].token)} {_kind(found[0].token)}; give {article} {wanted}")
    elif not any(_by(thing, attribute) == value for thing in fitting for attribute in reference.attributes):
        given = next((name for name in ("id", "arn", "selfLink", "name") if _by(fitting[0], name) == value), "value")
        yield Problem(path, f"{_shown(value)} is the {given} of the {fitting[0].label}; give its {reference.attributes[0]}")


def _by(thing: Resource, attribute: str) -> object:
    return thing.id if attribute == "id" else thing.outputs.get(attribute)


def _known(value: str, world: World) -> bool:
    return bool(world.named(value)) or bool(value.endswith(":*") and world.named(value.removesuffix(":*")))


def holders(cloud: Cloud, resource: Resource, world: World) -> Iterator[tuple[Resource, str]]:
    """What still names a resource by a reference that holds it, with the path of the input."""
    names = {resource.id, *(value for key, value in resource.outputs.items() if isinstance(value, str) and value)}
    for token in world.tokens():
        if token.split(":", 1)[0] != cloud.package:
            continue
        for reference in cloud.references(token):
            if not reference.holds or resource.token not in reference.tokens:
                continue
            for other in world.of(token):
                if other.id != resource.id:
                    yield from _held(other, reference, resource, names)


def _held(other: Resource, reference: Reference, resource: Resource, names: set[str]) -> Iterator[tuple[Resource, str]]:
    for path, value in select(other.inputs, reference.path):
        if value in names and any(_by(resource, attribute) == value for attribute in reference.attributes):
            yield other, path


def still_held(cloud: Cloud, resource: Resource, world: World) -> Sequence[Problem]:
    """One sentence for what holds a resource that is to be deleted."""
    found = list(holders(cloud, resource, world))
    if not found:
        return ()
    named = ", ".join(dict.fromkeys(f"{other.label} ({path})" for other, path in found[:3]))
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    return (Problem("", f"the {resource.label} is still used by {named}{more}; change or delete those first"),)


def strings(properties: Properties) -> set[str]:
    """All strings anywhere in properties."""
    return {value for _, value in walk(properties) if isinstance(value, str)}


def _kind(token: str) -> str:
    return f"{token.rsplit(':', 1)[-1]} ({token})"


def _article(token: str) -> str:
    return "an" if token.rsplit(":", 1)[-1][:1] in "AEIO" else "a"


def _shown(value: str) -> str:
    return value if len(value) <= 120 else f"{value[:117]}..."
