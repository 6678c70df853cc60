"""Where data is and moves: database, pooler and broker. Pure."""

from __future__ import annotations

from components.docker.dashboards.panels import Board, Panel, Query, Row

_OWN = 'datname="penguinmails"'
_HITS = f"sum(rate(pg_stat_database_blks_hit{{{_OWN}}}[5m]))"
_READS = f"sum(rate(pg_stat_database_blks_read{{{_OWN}}}[5m]))"
DATA = Board(
    "penguinmails-data",
    "PenguinMails: data",
    [
        Row(
            "Database",
            [
                Panel(
                    "Transactions",
                    [
                        Query(f"sum(rate(pg_stat_database_xact_commit{{{_OWN}}}[5m]))", "committed"),
                        Query(f"sum(rate(pg_stat_database_xact_rollback{{{_OWN}}}[5m]))", "rolled back"),
                    ],
                    unit="ops",
                ),
                Panel(
                    "Connections",
                    [
                        Query("sum(pg_stat_database_numbackends)", "in use"),
                        Query("max(pg_settings_max_connections)", "most"),
                    ],
                ),
                Panel("Size", [Query("sum by (datname) (pg_database_size_bytes)", "{{datname}}")], unit="bytes"),
            ],
        ),
        Row(
            "Within the database",
            [
                Panel(
                    "Reads from memory",
                    [
                        Query(
                            f"{_HITS} / ({_HITS} + {_READS} > 0)",
                            "of all reads",
                            "nothing is read while nobody works",
                        )
                    ],
                    unit="percentunit",
                    most=1,
                ),
                Panel("Locks", [Query(f"sum by (mode) (pg_locks_count{{{_OWN}}})", "{{mode}}")]),
                Panel("Write-ahead log", [Query("max(pg_wal_size_bytes)", "on disk")], unit="bytes"),
                Panel(
                    "Longest transaction",
                    [Query("max(pg_stat_activity_max_tx_duration)", "seconds")],
                    unit="s",
                ),
            ],
        ),
        Row(
            "Pooler",
            [
                Panel(
                    "Clients",
                    [
                        Query("sum(pgbouncer_pools_client_active_connections)", "active"),
                        Query("sum(pgbouncer_pools_client_waiting_connections)", "waiting"),
                    ],
                ),
                Panel(
                    "Connections to the database",
                    [
                        Query("sum(pgbouncer_pools_server_active_connections)", "active"),
                        Query("sum(pgbouncer_pools_server_idle_connections)", "idle"),
                    ],
                ),
                Panel(
                    "Longest wait for a connection", [Query("max(pgbouncer_pools_client_maxwait_seconds)", "wait")], unit="s"
                ),
            ],
        ),
        Row(
            "Broker",
            [
                Panel("Messages that wait", [Query("sum by (queue) (rabbitmq_detailed_queue_messages_ready)", "{{queue}}")]),
                Panel(
                    "Messages",
                    [
                        Query("sum(rate(rabbitmq_global_messages_received_total[5m]))", "received"),
                        Query("sum(rate(rabbitmq_global_messages_delivered_total[5m]))", "delivered"),
                        Query("sum(rate(rabbitmq_global_messages_redelivered_total[5m]))", "again"),
                    ],
                    unit="ops",
                ),
                Panel(
                    "Memory",
                    [
                        Query("max(rabbitmq_process_resident_memory_bytes)", "used"),
                        Query("max(rabbitmq_resident_memory_limit_bytes)", "limit"),
                    ],
                    unit="bytes",
                ),
                Panel("Consumers", [Query("sum by (queue) (rabbitmq_detailed_queue_consumers)", "{{queue}}")]),
            ],
        ),
    ],
)
