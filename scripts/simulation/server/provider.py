"""One instance of a simulated provider, without the protocol: what the cloud's rules and the world make of each operation.

The order is that of a real provider: types first, then what the cloud knows by itself (`check`), and only when something is
made or changed what depends on the rest of the world (`admit`).
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from threading import RLock

from scripts.simulation.clouds.model import Candidate, Cloud
from scripts.simulation.schema import check as types
from scripts.simulation.schema import echo, store
from scripts.simulation.schema.model import ResourceSchema
from scripts.simulation.server import completion, differences, moves, references
from scripts.simulation.server.faults import Fault, Faults, Operation
from scripts.simulation.values import UNKNOWN, Problem, Properties, Value, walk
from scripts.simulation.world import Place, Resource, World

_OF_THE_ENGINE = frozenset({"version", "pluginDownloadURL"})
"""Keys of a provider's configuration that are not the provider's own."""


class Refused(Exception):
    """The simulated cloud says no; `problems` holds one sentence for each reason."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = problems
        super().__init__("; ".join(str(problem) for problem in problems))


class Crashed(Exception):
    """The provider was told to die here."""


@dataclass
class Shared:
    """What all provider instances of a simulation have in common."""

    world: World
    faults: Faults
    lock: RLock
    unknown_replacement: Counter[str]


class Provider:
    """A provider instance: one cloud, one place."""

    def __init__(self, cloud: Cloud, shared: Shared) -> None:
        self._cloud, self._shared, self._world = cloud, shared, shared.world
        self._place: Place | None = None
        self._default_tags: Mapping[str, Value] = {}

    def check_config(self, config: Properties) -> list[Problem]:
        """What is wrong with the configuration of a provider."""
        schema = store.schema(f"pulumi:providers:{self._cloud.package}")
        config = {key: value for key, value in config.items() if key not in _OF_THE_ENGINE}
        problems = types.problems(schema, _decoded(config, schema)) if schema is not None else []
        if not problems:
            place = self._cloud.place(_decoded(config, schema))
            problems = [place] if isinstance(place, Problem) else []
        return problems

    def configure(self, config: Properties) -> None:
        """Raises `Refused` where the configuration leads nowhere."""
        decoded = _decoded(config, store.schema(f"pulumi:providers:{self._cloud.package}"))
        place = self._cloud.place(decoded)
        if isinstance(place, Problem):
            raise Refused([place])
        self._place = place
        self._default_tags = (decoded.get("defaultTags") or {}).get("tags") or {}

    def check(self, urn: str, name: str, old: Properties, new: Properties) -> tuple[dict[str, Value], list[Problem]]:
        """The inputs with the provider's own additions, and all that is wrong with them."""
        token = token_of(urn)
        schema = store.schema(token)
        if schema is None:
            return dict(new), [Problem("", f"the SDK has no resource type {token}")]
        self._strike("check", token)
        given = {key: value for key, value in new.items() if value is not None and not key.startswith("__")}
        problems = types.problems(schema, given)
        seed = self._seed(urn)
        inputs = {**given, **self._cloud.defaults(token, name, given, old, seed)}
        if not problems:
            problems = list(self._cloud.check(token, inputs, self._where(inputs, schema)))
        if "tagsAll" in schema.outputs and self._default_tags:
            inputs["tagsAll"] = {**self._default_tags, **(inputs.get("tags") or {})}
        return inputs, problems

    def diff(
        self, urn: str, name: str, old: Properties, new: Properties, identifier: str = ""
    ) -> tuple[differences.Difference, bool]:
        """What changes, and whether the old resource must go before the new one is made (its name is fixed).

        `identifier`: of the old resource; without it nothing is told of where that stands."""
        token = token_of(urn)
        patterns = self._cloud.replaces(token)
        found = differences.compare(old, new, patterns or frozenset())
        if patterns is None and found.changed:
            with self._shared.lock:
                self._shared.unknown_replacement[token] += 1
        schema = self._schema(token)
        found = moves.moved(found, self._world.get(token, identifier), self._where(new, schema), schema, new)
        return found, bool(found.replacing) and (
            self._has_fixed_name(token, name, old, new) or self._is_the_same_again(token, urn, name, old, new)
        )

    def _is_the_same_again(self, token: str, urn: str, name: str, old: Properties, new: Properties) -> bool:
        """Whether the new resource would have the id of the old one, of a type for which the cloud makes no names up."""
        one, other = (self._cloud.defaults(token, name, {}, {}, digit * 32) for digit in "0f")
        if one != other or any(value is UNKNOWN for _, value in walk(new)):
            return False
        place = self._where(new, self._schema(token))
        before = Candidate(token, urn, name, place, old, "0" * 32)
        after = Candidate(token, urn, name, place, new, "f" * 32)
        return self._cloud.identifier(before) == self._cloud.identifier(after)

    def _has_fixed_name(self, token: str, name: str, old: Properties, new: Properties) -> bool:
        """Whether a name was given and stays. Names are what the cloud makes up from the seed; other defaults are none."""
        one, other = (self._cloud.defaults(token, name, {}, {}, digit * 32) for digit in "0f")
        return any(
            isinstance(value, str)
            and value != other.get(key)
            and new.get(key) is not None
            and new.get(key) == old.get(key)
            and not str(new[key]).startswith(_shared(value, str(other.get(key))))
            for key, value in one.items()
        )

    def create(self, urn: str, name: str, inputs: Properties, *, preview: bool) -> tuple[str, dict[str, Value]]:
        """The id and the properties of something new; unknown ones in a preview.

        Raises `Refused` in the words of the cloud, `Crashed` where a fault says so.
        """
        token = token_of(urn)
        schema = self._schema(token)
        if preview:
            return "", completion.unknown(schema, echo.outputs(schema, inputs))
        fault = self._strike("create", token)
        with self._shared.lock:
            seed = self._seed(urn)
            candidate = Candidate(token, urn, name, self._where(inputs, schema), inputs, seed)
            self._admit(candidate)
            identifier = self._cloud.identifier(candidate)
            if (there := self._world.get(token, identifier)) and not (there.urn == urn and self._cloud.overwrites(token)):
                raise Refused([Problem("", f"{identifier} exists already; choose another name, or import it")])
            known = {**echo.outputs(schema, inputs), "id": identifier, **self._cloud.outputs(candidate, identifier)}
            outputs = completion.complete(schema, known, seed)
            self._world.put(Resource(token, identifier, urn, candidate.place, inputs, outputs))
        self._crash_after(fault)
        return identifier, outputs

    def update(
        self, urn: str, name: str, identifier: str, inputs: Properties, state: Properties, *, preview: bool
    ) -> Properties:
        """The properties after a change of inputs.

        Raises `Refused`, `Crashed`.
        """
        token = token_of(urn)
        schema = self._schema(token)
        if preview:
            return {
                **{key: value for key, value in state.items() if key not in schema.inputs},
                **completion.kept(schema, state, inputs),
            }
        fault = self._strike("update", token)
        with self._shared.lock:
            current = self._world.get(token, identifier)
            if current is None:
                raise Refused([Problem("", f"{identifier} does not exist any more; run a refresh")])
            seed = _digest(identifier)
            candidate = Candidate(token, urn, name, current.place, inputs, seed, current)
            self._admit(candidate)
            computed = {key: value for key, value in current.outputs.items() if key not in schema.inputs}
            known = {
                **computed,
                **completion.kept(schema, current.outputs, inputs),
                **self._cloud.outputs(candidate, identifier),
            }
            outputs = completion.complete(schema, {**known, "id": identifier}, seed)
            self._world.put(replace(current, urn=urn, inputs=inputs, outputs=outputs))
        self._crash_after(fault)
        return outputs

    def delete(self, urn: str, identifier: str) -> None:
        """Raises `Refused` while something still holds it, `Crashed`."""
        token = token_of(urn)
        fault = self._strike("delete", token)
        with self._shared.lock:
            current = self._world.get(token, identifier)
            if current is not None:
                problems = [
                    *references.still_held(self._cloud, current, self._world),
                    *self._cloud.release(current, self._world),
                ]
                if problems:
                    raise Refused(problems)
                self._world.remove(token, identifier)
        self._crash_after(fault)

    def read(self, urn: str, identifier: str) -> Resource | None:
        """What is there now; None when it is gone."""
        self._strike("read", token_of(urn))
        return self._world.get(token_of(urn), identifier)

    def invoke(self, token: str, arguments: Properties) -> Mapping[str, Value]:
        """The answer of a data source.

        Raises `Refused` for one that is not simulated or finds nothing.
        """
        self._strike("invoke", token)
        place = self._place or Place(self._cloud.package, "", "")
        if isinstance(arguments.get("region"), str):
            place = replace(place, region=arguments["region"])
        with self._shared.lock:
            answer = self._cloud.invoke(token, arguments, place, self._world)
        if isinstance(answer, Problem):
            raise Refused([answer])
        return answer

    def _admit(self, candidate: Candidate) -> None:
        problems = list(references.problems(self._cloud, candidate, self._world))
        if not problems:
            problems = list(self._cloud.admit(candidate, self._world))
        if problems:
            raise Refused(problems)

    def _strike(self, operation: Operation, token: str) -> Fault | None:
        """Meets the fault of this operation, if there is one; returns one that strikes only afterwards."""
        with self._shared.lock:
            existing = sum(1 for _ in self._world.of(token)) if operation == "create" else 0
            fault = self._shared.faults.meet(operation, token, existing)
        if fault is None:
            return None
        match fault.effect:
            case "slow":
                time.sleep(fault.seconds)
            case "quota":
                raise Refused([Problem("", f"the quota of {fault.limit} {token} is used up; ask for more or delete some")])
            case "fail":
                raise Refused([Problem("", fault.message)])
            case "crash-before":
                raise Crashed
            case "crash-after":
                return fault
        return None

    @staticmethod
    def _crash_after(fault: Fault | None) -> None:
        if fault is not None:
            raise Crashed

    def _schema(self, token: str) -> ResourceSchema:
        schema = store.schema(token)
        if schema is None:
            raise Refused([Problem("", f"the SDK has no resource type {token}")])
        return schema

    def _where(self, inputs: Properties, schema: ResourceSchema) -> Place:
        place = self._place or Place(self._cloud.package, "", "")
        region = inputs.get("region")
        return replace(place, region=region) if "region" in schema.inputs and isinstance(region, str) else place

    def _seed(self, urn: str) -> str:
        return _digest(f"{urn}#{self._world.generation(urn)}")


def token_of(urn: str) -> str:
    """The resource type in a URN: the last of the types between its second and third double colon."""
    return urn.split("::", 3)[2].rsplit("$", 1)[-1]


def _shared(one: str, other: str) -> str:
    """The beginning that two texts have in common."""
    return "".join(first for first, _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _decoded(config: Properties, schema: ResourceSchema | None) -> dict[str, Value]:
    """A provider's configuration with its nested values, which travel as JSON text, as they were."""
    found = dict(config)
    for key, value in config.items():
        shape = schema.inputs[key].shape.kind if schema is not None and key in schema.inputs else "string"
        if isinstance(value, str) and shape != "string":
            try:
                found[key] = json.loads(value)
            except json.JSONDecodeError:
                continue
    return found
