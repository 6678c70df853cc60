"""Neutral sizes of the description -> limits of containers on Docker. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from components.spec import Size

BROKER_MEMORY_MIB = 384
BROKER_CPUS = 1.0
POOLER_MEMORY_MIB = 64
POOLER_CPUS = 0.5
BACKUP_MEMORY_MIB = 512
BACKUP_CPUS = 2.0
EDGE_MEMORY_MIB = 128
EDGE_CPUS = 1.0
ACCESS_MEMORY_MIB = 32
ACCESS_CPUS = 0.2
EDGE_FILES_MEMORY_MIB = 16
EDGE_FILES_ACME_MEMORY_MIB = 48
"""Where it has HAProxy try a certificate before the edge gets it."""
EDGE_FILES_CPUS = 0.1
SCALER_MEMORY_MIB = 96
SCALER_CPUS = 0.25
"""Of the gate and of the autoscaler each."""

RESERVED_CONNECTIONS = 13
"""Of the database's connections: three for the superuser, ten for migrations and people."""


@dataclass(frozen=True)
class DatabaseResources:
    cpus: float
    memory_mib: int
    max_connections: int


_DATABASE = {
    Size.SMALL: DatabaseResources(cpus=1, memory_mib=512, max_connections=100),
    Size.MEDIUM: DatabaseResources(cpus=2, memory_mib=4096, max_connections=200),
    Size.LARGE: DatabaseResources(cpus=4, memory_mib=16384, max_connections=400),
}


def database(size: Size) -> DatabaseResources:
    return _DATABASE[size]
