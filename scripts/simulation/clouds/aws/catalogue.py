"""What AWS offers: engines of RDS with their versions, classes and storage, and sizes of Fargate.

Versions and classes come from cfn-lint's data; storage and sizes from the services' documentation, as each table says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scripts.simulation.clouds.aws import cloudformation

PORTS: Mapping[str, int] = {"postgres": 5432, "mysql": 3306, "mariadb": 3306, "oracle": 1521, "sqlserver": 1433, "aurora": 3306}
"""Port that RDS chooses by engine; `port_of` finds the family of an engine."""

LICENCES: Mapping[str, str] = {
    "postgres": "postgresql-license",
    "mysql": "general-public-license",
    "mariadb": "general-public-license",
}

FARGATE: Mapping[int, Sequence[int]] = {
    256: (512, 1024, 2048),
    512: tuple(range(1024, 4097, 1024)),
    1024: tuple(range(2048, 8193, 1024)),
    2048: tuple(range(4096, 16385, 1024)),
    4096: tuple(range(8192, 30721, 1024)),
    8192: tuple(range(16384, 61441, 4096)),
    16384: tuple(range(32768, 122881, 8192)),
    32768: tuple(range(61440, 249857, 4096)),
}
"""CPU units -> memory in MiB that go together, from the table of task sizes of Amazon ECS; 32 vCPU by analogy of its range."""


@dataclass(frozen=True)
class Storage:
    """What a storage type of RDS takes, for PostgreSQL, MySQL and MariaDB. GiB, operations a second, MiB a second.

    `striped`: size from which the volume is striped and takes its own operations; below it gp3's are fixed.
    """

    smallest: int
    largest: int
    operations: tuple[int, int] | None = None
    throughput: tuple[int, int] | None = None
    striped: int = 0
    needs_operations: bool = False


STORAGE: Mapping[str, Storage] = {
    "standard": Storage(5, 3072),
    "gp2": Storage(20, 65536),
    "gp3": Storage(20, 65536, (12000, 64000), (500, 4000), striped=400),
    "io1": Storage(100, 65536, (1000, 256000), needs_operations=True),
    "io2": Storage(100, 65536, (1000, 256000), needs_operations=True),
}
"""From "Amazon RDS DB instance storage" of the RDS user guide."""

PLAIN_ENGINES = frozenset({"postgres", "mysql", "mariadb"})
"""Engines that an installation of the platform uses; sizes of storage are known for these."""


def engines() -> Sequence[str]:
    """All engines of RDS."""
    return sorted(cloudformation.engines()["versions"])


def versions(engine: str) -> Sequence[str]:
    """The versions of an engine that new instances can have, oldest first; empty for an engine of which nothing is known."""
    known = cloudformation.engines()
    retired = set(known["retired"].get(engine, ()))
    return sorted((one for one in known["versions"].get(engine, ()) if one not in retired), key=version_key)


def exists(engine: str, version: str) -> bool:
    """Whether a version is or was offered, in full (`17.6`) or as the beginning of one (`17`)."""
    return bool(_matching(cloudformation.engines()["versions"].get(engine, ()), version))


def resolve(engine: str, version: str | None) -> str | None:
    """The newest version for new instances that a version names: `17` is `17.11`, None the newest of all."""
    found = _matching(versions(engine), version) if version else versions(engine)
    return found[-1] if found else None


def _matching(known: Sequence[str], version: str) -> list[str]:
    exact = [one for one in known if one == version]
    longer = sorted((one for one in known if one.startswith(f"{version}.")), key=version_key)
    return longer or exact


def version_key(version: str) -> tuple[int, ...]:
    """So that 17.10 comes after 17.9."""
    return tuple(int(part) for part in re.findall(r"\d+", version))


def classes(engine: str, region: str) -> Sequence[str]:
    """The instance classes of an engine in a region; empty where nothing is known."""
    known = cloudformation.engines()
    index = known["classes"].get(region, {}).get(engine)
    found: Sequence[str] = () if index is None else known["lists"][index]
    return found


def port_of(engine: str) -> int:
    """The port that RDS chooses for an engine."""
    if engine == "aurora-postgresql":
        return PORTS["postgres"]
    return next((port for family, port in PORTS.items() if engine.startswith(family)), 0)


def family(engine: str, version: str) -> str:
    """The family of parameter groups that goes with an engine's version: `postgres17`, `mysql8.4`, `mariadb11.8`."""
    major = version.split(".")
    first = int(major[0]) if major[0].isdigit() else 0
    if engine in {"postgres", "aurora-postgresql"} and first >= 10:
        return f"{engine}{major[0]}"
    return f"{engine}{'.'.join(major[:2])}"
