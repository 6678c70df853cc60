"""Sizes of tasks: the smallest of Fargate that is not smaller than asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.aws.fargate import SMALLEST, TABLE, UNITS, TaskSize, misfit, size
from components.spec import Service
from scripts.simulation.clouds.aws import catalogue

CPUS = st.integers(10, 1600).map(lambda hundredths: hundredths / 100)
MEMORIES = st.integers(64, 122880)


@pytest.mark.parametrize(
    ("cpu", "memory", "found"),
    [
        (0.1, 64, TaskSize(256, 512)),
        (0.25, 513, TaskSize(256, 1024)),
        (0.25, 2049, TaskSize(512, 3072)),
        (0.26, 512, TaskSize(512, 1024)),
        (1, 8192, TaskSize(1024, 8192)),
        (1, 8193, TaskSize(2048, 9216)),
        (4, 30721, TaskSize(8192, 32768)),
        (8.01, 1, TaskSize(16384, 32768)),
        (16, 122880, TaskSize(16384, 122880)),
    ],
)
def test_a_size_is_the_next_that_there_is(cpu: float, memory: int, found: TaskSize) -> None:
    assert size(cpu, memory) == found


@given(CPUS, MEMORIES)
def test_a_size_is_never_smaller_than_asked_and_always_one_of_aws(cpu: float, memory: int) -> None:
    found = size(cpu, memory)
    assert found.cpu >= cpu * UNITS
    assert found.memory_mib >= memory
    assert found.memory_mib in catalogue.FARGATE[found.cpu]


@given(CPUS, MEMORIES)
def test_no_smaller_size_would_do(cpu: float, memory: int) -> None:
    found = size(cpu, memory)
    for units, memories in TABLE.items():
        for one in memories:
            if units >= cpu * UNITS and one >= memory:
                assert (units, one) >= (found.cpu, found.memory_mib)


def test_what_is_above_the_largest_is_refused() -> None:
    with pytest.raises(ValueError, match="above the largest"):
        size(16, 122881)


def test_every_size_that_a_description_may_ask_for_is_there() -> None:
    limits = Service.model_json_schema()["properties"]
    size(limits["cpu"]["maximum"], limits["memory_mib"]["maximum"])
    assert TaskSize(256, 512) == SMALLEST


@pytest.mark.parametrize(("cpu", "memory"), [(0.1, 2048), (0.25, 4096), (0.5, 16384), (1, 30720), (4, 122880)])
def test_memory_for_its_processors_is_given(cpu: float, memory: int) -> None:
    assert misfit(cpu, memory) is None


def test_memory_that_comes_with_many_more_processors_is_a_slip() -> None:
    assert misfit(0.5, 122880) == (
        "122880 MiB come with 16 vCPU on aws, and cpu is 0.5; lower it, or set cpu to 4 or more if that is meant"
    )


@given(CPUS, MEMORIES)
def test_what_the_sentence_says_helps(cpu: float, memory: int) -> None:
    if misfit(cpu, memory) is not None:
        assert misfit(size(cpu, memory).cpu / UNITS / 4, memory) is None
