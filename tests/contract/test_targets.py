"""Every target against the contract: the same for all, a new one is an entry in `tests/harness/targets.py`."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields as fields_of
from typing import Any

import pytest

from components import stackfile
from components.spec import PlatformSpec
from components.target import Target, Unsupported
from scripts.simulation.schema import store
from tests.contract.conftest import CANARY, Deployment
from tests.harness import fields, mistakes, targets
from tests.harness.simulated import readable

Deploy = Callable[[PlatformSpec], Deployment]
FIELDS = fields.fields()
PATHS = {field.path for field in FIELDS}


def parsed(description: dict[str, Any]) -> PlatformSpec:
    return stackfile.parse(json.dumps(description))


@pytest.fixture(scope="module", params=targets.NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


_DEPLOYED: dict[str, Deployment] = {}


@pytest.fixture
def deployment(name: str, deploy: Deploy) -> Deployment:
    """The target's base description, deployed once for all tests that only look at it."""
    if name not in _DEPLOYED:
        _DEPLOYED[name] = deploy(parsed(targets.base(name)))
    return _DEPLOYED[name]


def registered(deployment: Deployment) -> list[str]:
    """Everything that the engine is asked for, in an order that does not depend on who was first."""
    return sorted(json.dumps([found.typ, found.name, found.inputs], sort_keys=True) for found in deployment.resources)


def own(deployment: Deployment) -> list[Any]:
    """The resources of clouds, without components and providers."""
    return [found for found in deployment.resources if not found.typ.startswith(("pulumi:", "penguinmails:"))]


def test_every_gap_names_a_field_that_the_description_has(name: str) -> None:
    target = targets.target(name)
    for capability in fields_of(Target):
        gap = getattr(target, capability.name)
        if isinstance(gap, Unsupported):
            path = gap.field.removeprefix("platform.")
            assert any(known == path or known.startswith(f"{path}.") for known in PATHS), gap.field
            assert gap.reason


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.path)
def test_every_field_is_honoured_or_refused_by_its_path(
    name: str, field: fields.Field, deployment: Deployment, deploy: Deploy
) -> None:
    """A field of which no value changes anything is a promise that nobody keeps."""
    before, made = targets.base(name), registered(deployment)
    with_context = fields.in_context(before, field)
    if with_context != before and not targets.refused(parsed(with_context)):
        before, made = with_context, registered(deploy(parsed(with_context)))
    assert any(counts(after, field, name, made, deploy) for after in fields.variants(before, field))


def counts(after: dict[str, Any], field: fields.Field, name: str, made: list[str], deploy: Deploy) -> bool:
    """Whether a changed description is deployed differently, or refused in a sentence that names the field."""
    try:
        spec = parsed(after)
    except stackfile.StackFileError as error:
        return any(names(sentence, field) for sentence in error.problems)
    sentences = targets.refused(spec)
    if targets.is_awaited(name, field.path):
        return bool(targets.missing(spec))
    if sentences:
        return any(names(sentence, field) for sentence in sentences)
    return registered(deploy(spec)) != made


def names(sentence: str, field: fields.Field) -> bool:
    """Whether a sentence begins with the path of a field, or of the section around it."""
    path = sentence.split(": ", maxsplit=1)[0].removeprefix("platform.").split("[")[0].split(".")
    wanted = field.path.split(".")
    return all(want in {found, "*"} for found, want in zip(path, wanted, strict=False))


@pytest.mark.parametrize("mistake", mistakes.MISTAKES, ids=lambda mistake: mistake.name)
def test_a_mistake_is_one_sentence_with_its_path(name: str, mistake: mistakes.Mistake) -> None:
    with pytest.raises(stackfile.StackFileError) as error:
        parsed(mistake.applied(targets.base(name)))
    assert [one for one in error.value.problems if one.startswith(mistake.path)], error.value.problems


def test_nothing_changes_without_a_change(name: str, deploy: Deploy) -> None:
    spec = parsed(targets.base(name))
    assert registered(deploy(spec)) == registered(deploy(spec))


def test_every_resource_says_whose_it_is(deployment: Deployment) -> None:
    """Where a type has tags or labels, they are the kit's."""
    told = 0
    for found in own(deployment):
        schema = store.schema(found.typ)
        assert schema is not None
        if "tags" in schema.inputs:
            marks = found.inputs.get("tags", {})
        elif "labels" in schema.inputs:
            marks = {label["label"]: label["value"] for label in found.inputs.get("labels", [])}
        else:
            continue
        told += 1
        assert marks.get("penguinmails.stack") == "test", f"{found.typ} {found.name}"
        assert marks.get("penguinmails.project") == "penguinmails", f"{found.typ} {found.name}"
    assert told > 5


def test_no_secret_can_be_read(deployment: Deployment) -> None:
    """What the stack keeps secret reaches the engine marked as secret only, and is there somewhere."""
    everything = json.dumps([readable(found.inputs) for found in deployment.resources], default=str)
    assert CANARY not in everything
    assert "PRIVATE KEY" not in everything
    assert "[secret]" in everything


def test_a_deployment_fits_its_own_provider_and_nobody_elses(name: str, deployment: Deployment) -> None:
    assert {found.typ.split(":")[0] for found in own(deployment)} == {targets.PACKAGES[name]}
    components = [found for found in deployment.resources if found.typ.startswith("penguinmails:")]
    assert {found.typ.split(":")[1] for found in components} <= {"index", name}
    assert len(components) > 3
