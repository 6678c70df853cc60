"""Sizes of tasks on Fargate: what a description asks for -> the smallest that AWS has, never smaller. Pure.

The table is that of the ECS developer guide, "Task CPU and memory" of Fargate. A vCPU costs about 32 dollars a month and a GiB
3.5 (eu-central-1, Linux on x86), so the smallest in price is the one with the fewest vCPU.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

UNITS = 1024
"""CPU units of a vCPU."""

TABLE: Mapping[int, Sequence[int]] = {
    256: (512, 1024, 2048),
    512: range(1024, 4096 + 1, 1024),
    1024: range(2048, 8192 + 1, 1024),
    2048: range(4096, 16384 + 1, 1024),
    4096: range(8192, 30720 + 1, 1024),
    8192: range(16384, 61440 + 1, 4096),
    16384: range(32768, 122880 + 1, 8192),
}
"""CPU units -> the MiB of memory that go with them."""


SPARE = 4
"""A task may come with so many times the vCPU that were asked for; beyond that a slip is likelier than a wish."""


@dataclass(frozen=True)
class TaskSize:
    """`cpu`: units of 1/1024 vCPU. `memory_mib`: of the whole task."""

    cpu: int
    memory_mib: int


def size(cpu: float, memory_mib: int) -> TaskSize:
    """The smallest size with at least `cpu` vCPU and `memory_mib`.

    Raises `ValueError` beyond 16 vCPU or 122880 MiB; the description's own limits are the same.
    """
    for units, memories in TABLE.items():
        if units < cpu * UNITS:
            continue
        enough = [memory for memory in memories if memory >= memory_mib]
        if enough:
            return TaskSize(units, enough[0])
    raise ValueError(f"{cpu} vCPU with {memory_mib} MiB is above the largest task of Fargate, 16 vCPU with 122880 MiB")


def misfit(cpu: float, memory_mib: int) -> str | None:
    """Why a task of that memory is no bargain, in words that follow its field: it would come with `SPARE` times the vCPU that
    were asked for, and their price. None for one that is."""
    found = size(cpu, memory_mib).cpu / UNITS
    if found <= SPARE * max(cpu, 0.25):
        return None
    return (
        f"{memory_mib} MiB come with {found:g} vCPU on aws, and cpu is {cpu:g}; "
        f"lower it, or set cpu to {found / SPARE:g} or more if that is meant"
    )


SMALLEST = size(0.25, 512)
