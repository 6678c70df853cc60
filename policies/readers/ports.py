"""Well-known ports. Pure."""

from __future__ import annotations

from typing import Final

DATA_PORTS: Final = frozenset(
    {1433, 2379, 2380, 3306, 4369, 5432, 5433, 5671, 5672, 6379, 6432, 8008, 9092, 9094, 9200, 11211, 15672, 25672, 27017}
)
"""Ports of SQL Server, etcd, MySQL, Erlang's port mapper, PostgreSQL, RabbitMQ, Redis, PgBouncer, Patroni, Kafka,
OpenSearch, Memcached and MongoDB."""

ENTRY_PORTS: Final = frozenset({80, 443})
"""What the internet may reach of a platform's entry."""
