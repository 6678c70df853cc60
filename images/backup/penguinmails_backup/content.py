"""The content of a database as figures that two servers can be compared by: rows and checksums of every table, and the schema.

A table's checksum is of two sums over 64-bit hashes of each row's text, so neither the order of rows nor where they lie counts;
rows that are there twice do. It finds damage and loss; it is no protection from somebody who makes up rows with the same sums.
Left out: the last values of sequences, which are no part of a transaction.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from psycopg import sql

from penguinmails_backup.live import Connection

_TABLES = """
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = ANY (%s) AND c.relpersistence = 'p'
  AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname !~ '^pg_temp'
ORDER BY 1, 2
"""

_SCHEMA = """
SELECT string_agg(line, E'\\n' ORDER BY line COLLATE "C") FROM (
  SELECT format('column %I.%I.%I %s %s %s', n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                a.attnotnull, pg_get_expr(d.adbin, d.adrelid)) AS line
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'm', 'v', 'p')
    AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname !~ '^pg_temp'
  UNION ALL
  SELECT format('constraint %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
  FROM pg_constraint WHERE conrelid <> 0
  UNION ALL
  SELECT format('index %s', indexdef) FROM pg_indexes WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
  UNION ALL
  SELECT format('owner %I.%I %s %s', n.nspname, c.relname, pg_get_userbyid(c.relowner), c.relacl)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname !~ '^pg_temp'
) AS lines
"""


@dataclass(frozen=True)
class Table:
    rows: int
    checksum: str


@dataclass(frozen=True)
class Content:
    """`tables`: schema and name -> what it holds. `schema`: SHA-256 of all definitions, owners and rights."""

    tables: dict[str, Table]
    schema: str

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())


def names(connection: Connection, kinds: str = "rm") -> list[tuple[str, str]]:
    """Schema and name of everything that keeps rows: tables (r) and materialized views (m)."""
    return [(str(row[0]), str(row[1])) for row in connection.execute(_TABLES, (list(kinds),)).fetchall()]


def read(connection: Connection) -> Content:
    """Reads every row, within whatever snapshot the connection has."""
    tables = {}
    for schema, name in names(connection):
        query = sql.SQL(
            "SELECT count(*), coalesce(sum(hashtextextended(r::text, 0)::numeric), 0),"
            " coalesce(sum(hashtextextended(r::text, 1)::numeric), 0) FROM ONLY {} AS r"
        ).format(sql.Identifier(schema, name))
        row = connection.execute(query).fetchone()
        assert row is not None
        digest = hashlib.sha256(f"{row[0]} {row[1]} {row[2]}".encode()).hexdigest()
        tables[f"{schema}.{name}"] = Table(int(row[0]), digest)
    definitions = connection.execute(_SCHEMA).fetchone()
    assert definitions is not None
    return Content(tables, hashlib.sha256(str(definitions[0]).encode()).hexdigest())


def differences(live: Content, restored: Content) -> list[str]:
    """One sentence for everything that is not the same."""
    found = []
    for name in sorted({*live.tables, *restored.tables}):
        here, there = live.tables.get(name), restored.tables.get(name)
        if here is None or there is None:
            found.append(f"{name} is only in the {'restored' if here is None else 'live'} database")
        elif here.rows != there.rows:
            found.append(f"{name} has {here.rows} rows live and {there.rows} restored")
        elif here.checksum != there.checksum:
            found.append(f"{name} has other content in its {here.rows} rows")
    if live.schema != restored.schema:
        found.append("definitions, owners or rights differ")
    return found
