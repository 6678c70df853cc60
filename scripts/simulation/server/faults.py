"""Faults on demand: what tests let go wrong in the simulated clouds.

A fault meets the operations of one kind on the types that its pattern names, lets the first `after` of them pass, and strikes
`times` times.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal

Operation = Literal["check", "create", "read", "update", "delete", "invoke"]
Effect = Literal["fail", "slow", "crash-before", "crash-after", "quota"]


@dataclass(frozen=True)
class Fault:
    """`token`: a shell pattern (`aws:rds/*`). `times`: None for ever.

    fail: the cloud answers with `message`. slow: it answers after `seconds`. crash-before, crash-after: the provider dies
    before or after the cloud has done it, and the engine never hears. quota: at most `limit` of the type; `on` is create.
    """

    on: Operation
    token: str
    effect: Effect
    after: int = 0
    times: int | None = 1
    seconds: float = 1.0
    limit: int = 0
    message: str = "the simulated cloud was told to fail here"


@dataclass
class Faults:
    """The faults of a simulation and how often each was met."""

    faults: Sequence[Fault] = ()
    _met: dict[int, int] = field(default_factory=dict)

    def meet(self, operation: Operation, token: str, existing: int) -> Fault | None:
        """The fault that strikes this operation. `existing`: resources of the type that are there already."""
        for index, fault in enumerate(self.faults):
            if fault.on != operation or not fnmatchcase(token, fault.token):
                continue
            if fault.effect == "quota":
                if existing >= fault.limit:
                    return fault
                continue
            met = self._met.get(index, 0)
            self._met[index] = met + 1
            if met >= fault.after and (fault.times is None or met < fault.after + fault.times):
                return fault
        return None
