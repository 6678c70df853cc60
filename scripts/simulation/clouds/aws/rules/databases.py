"""RDS instances: engine, class, storage and windows that go together."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scripts.simulation.clouds.aws import catalogue
from scripts.simulation.clouds.aws.rules.reading import Rules, missing, nested, number, text
from scripts.simulation.values import Problem, Properties, Unknown
from scripts.simulation.world import Place

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY, _WEEK = 24 * 60, 7 * 24 * 60
_LONGEST_RETENTION = 35
"""Days of automated backups: "Backup retention period" of the RDS user guide."""

_SHORTEST_WINDOW = 30
"""Minutes, of the backup window and of the maintenance window."""

_RESERVED = {"admin", "rdsadmin", "postgres_rds", "rdsrepladmin", "rds_superuser"}
_LOGS = {
    "postgres": {"postgresql", "upgrade", "iam-db-auth-error"},
    "mysql": {"audit", "error", "general", "slowquery", "iam-db-auth-error"},
    "mariadb": {"audit", "error", "general", "slowquery", "iam-db-auth-error"},
}
_PASSWORD = {"postgres": (8, 128), "mysql": (8, 41), "mariadb": (8, 41)}


def is_restored(inputs: Properties) -> bool:
    """Whether the data comes from elsewhere, which then gives engine, user and name."""
    return any(
        not missing(inputs, key) for key in ("replicateSourceDb", "restoreToPointInTime", "snapshotIdentifier", "s3Import")
    )


def check_engine(inputs: Properties, where: Place) -> Iterator[Problem]:
    engine, version, size = text(inputs, "engine"), text(inputs, "engineVersion"), text(inputs, "instanceClass")
    if missing(inputs, "engine") and not is_restored(inputs):
        yield Problem("engine", "is missing; use postgres or mysql")
    if engine is not None and engine not in catalogue.engines():
        yield Problem("engine", f"{engine!r} is no engine of RDS; use postgres, mysql or another of {len(catalogue.engines())}")
        return
    if engine and version and not catalogue.exists(engine, version):
        newest = ", ".join(catalogue.versions(engine)[-3:])
        yield Problem("engineVersion", f"{engine} {version} does not exist; use one such as {newest}")
    offered = catalogue.classes(engine or "", where.region)
    if size and offered and size not in offered:
        near = [name for name in offered if name.rpartition(".")[2] == size.rpartition(".")[2]][-3:] or offered[:3]
        yield Problem(
            "instanceClass", f"{size} is not offered for {engine} in {where.region}; use one such as {', '.join(near)}"
        )


def check_owner(inputs: Properties, _: Place) -> Iterator[Problem]:
    """Who owns the database, and under which name it is made."""
    engine = text(inputs, "engine") or ""
    user, name, password = text(inputs, "username"), text(inputs, "dbName"), text(inputs, "password")
    managed = inputs.get("manageMasterUserPassword")
    if not is_restored(inputs):
        if missing(inputs, "username"):
            yield Problem("username", "is missing; name the master user, such as penguin")
        if all(missing(inputs, key) for key in ("password", "passwordWo")) and managed is not True and managed is None:
            yield Problem("password", "is missing; give a password, or set manageMasterUserPassword to true")
    if managed is True and not missing(inputs, "password"):
        yield Problem("password", "is given besides manageMasterUserPassword; leave one of the two out")
    if user is not None and (not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,62}", user) or len(user) > _longest_user(engine)):
        yield Problem(
            "username", f"{user!r} is not taken; use up to {_longest_user(engine)} letters, digits and _, a letter first"
        )
    elif user is not None and (user.lower() in _RESERVED or (engine == "postgres" and user.lower().startswith("pg_"))):
        yield Problem("username", f"{user!r} is reserved by the engine; use another name")
    if name is not None and engine in catalogue.PLAIN_ENGINES and not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,62}", name):
        yield Problem("dbName", f"{name!r} is not taken; use up to 63 letters, digits and _, not beginning with a digit")
    least, most = _PASSWORD.get(engine, (8, 128))
    if password is not None and not least <= len(password) <= most:
        yield Problem("password", f"has {len(password)} characters; use {least} to {most}")
    elif password is not None and re.search(r"[/@\" ]|[^\x21-\x7e]", password):
        yield Problem("password", 'holds a character that RDS refuses; leave out /, @, ", blanks and anything beyond ASCII')


def _longest_user(engine: str) -> int:
    """Characters of a master user's name."""
    return {"mysql": 16, "mariadb": 16}.get(engine, 63)


def check_storage(inputs: Properties, _: Place) -> Iterator[Problem]:
    engine, size, most = text(inputs, "engine"), number(inputs, "allocatedStorage"), number(inputs, "maxAllocatedStorage")
    if missing(inputs, "allocatedStorage") and not is_restored(inputs) and not (engine or "").startswith("aurora"):
        yield Problem("allocatedStorage", "is missing; give the storage in GiB, 20 or more")
    if size is not None and most is not None and 0 < most <= size:
        yield Problem(
            "maxAllocatedStorage", f"{int(most)} is not above allocatedStorage of {int(size)}; raise it, or leave it out"
        )
    kind = text(inputs, "storageType") or ("io1" if not missing(inputs, "iops") else "gp2")
    if isinstance(inputs.get("storageType"), Unknown):
        return
    storage = catalogue.STORAGE.get(kind)
    if storage is None:
        yield Problem("storageType", f"{kind!r} is no storage type; use {', '.join(sorted(catalogue.STORAGE))}")
        return
    if engine not in catalogue.PLAIN_ENGINES:
        return
    for key, value in (("allocatedStorage", size), ("maxAllocatedStorage", most)):
        if value and not storage.smallest <= value <= storage.largest:
            yield Problem(key, f"{int(value)} GiB is out of range; {kind} takes {storage.smallest} to {storage.largest} GiB")
    yield from _performance(inputs, kind, storage, size, engine)


def _performance(
    inputs: Properties, kind: str, storage: catalogue.Storage, size: float | None, engine: str
) -> Iterator[Problem]:
    for key, span, unit in (("iops", storage.operations, "IOPS"), ("storageThroughput", storage.throughput, "MiB/s")):
        value = number(inputs, key)
        if key == "iops" and storage.needs_operations and missing(inputs, key):
            yield Problem(key, f"is missing; {kind} needs a number of IOPS, 1000 or more")
        if not value:
            continue
        if span is None:
            yield Problem(key, f"is not taken with {kind}; leave it out, or use gp3{' or io2' if key == 'iops' else ''}")
        elif size is not None and size < storage.striped:
            yield Problem(
                key, f"is not taken with {kind} below {storage.striped} GiB for {engine}; leave it out, or provide more storage"
            )
        elif not span[0] <= value <= span[1]:
            yield Problem(key, f"{int(value)} {unit} is out of range; {kind} takes {span[0]} to {span[1]}")


def check_windows(inputs: Properties, _: Place) -> Iterator[Problem]:
    """Both windows last half an hour and do not overlap."""
    backup, maintenance = text(inputs, "backupWindow"), text(inputs, "maintenanceWindow")
    daily = _daily(backup) if backup else None
    weekly = _weekly(maintenance) if maintenance else None
    if backup and daily is None:
        yield Problem("backupWindow", f"{backup!r} is no window; write one of 30 minutes or more in UTC such as 03:00-04:00")
    if maintenance and weekly is None:
        yield Problem("maintenanceWindow", f"{maintenance!r} is no window; write one such as sun:05:00-sun:06:00, in UTC")
    if daily and weekly and any(_meet((start, daily[1]), weekly) for start in range(daily[0], daily[0] + _WEEK, _DAY)):
        yield Problem("maintenanceWindow", f"{maintenance} overlaps the backupWindow {backup}; move one of the two")


def _daily(window: str) -> tuple[int, int] | None:
    """Start in minutes of the day and length in minutes."""
    found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)", window)
    if not found:
        return None
    start, end = (int(found[i]) * 60 + int(found[i + 1]) for i in (1, 3))
    length = (end - start) % _DAY
    return (start, length) if length >= _SHORTEST_WINDOW else None


def _weekly(window: str) -> tuple[int, int] | None:
    """Start in minutes of the week and length in minutes."""
    moment = r"(mon|tue|wed|thu|fri|sat|sun):([01]\d|2[0-3]):([0-5]\d)"
    found = re.fullmatch(rf"{moment}-{moment}", window.lower())
    if not found:
        return None
    start, end = (_DAYS.index(found[i]) * _DAY + int(found[i + 1]) * 60 + int(found[i + 2]) for i in (1, 4))
    length = (end - start) % _WEEK
    return (start, length) if _SHORTEST_WINDOW <= length < _DAY else None


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two spans (start, length) of a week meet, the week being a circle."""
    return (other[0] - one[0]) % _WEEK < one[1] or (one[0] - other[0]) % _WEEK < other[1]


def check_protection(inputs: Properties, _: Place) -> Iterator[Problem]:
    """Backups, encryption, monitoring: what needs what."""
    days = number(inputs, "backupRetentionPeriod")
    if days is not None and not 0 <= days <= _LONGEST_RETENTION:
        yield Problem("backupRetentionPeriod", f"{int(days)} days is out of range; use 0 to {_LONGEST_RETENTION}")
    if not missing(inputs, "kmsKeyId") and inputs.get("storageEncrypted") in (None, False):
        yield Problem("storageEncrypted", "must be true where kmsKeyId is given; set it, or leave the key out")
    if inputs.get("performanceInsightsEnabled") is not True and not missing(inputs, "performanceInsightsKmsKeyId"):
        yield Problem("performanceInsightsEnabled", "must be true where performanceInsightsKmsKeyId is given; set it")
    interval = number(inputs, "monitoringInterval")
    if interval is not None and interval not in {0, 1, 5, 10, 15, 30, 60}:
        yield Problem("monitoringInterval", f"{int(interval)} seconds is not taken; use 0, 1, 5, 10, 15, 30 or 60")
    if interval and missing(inputs, "monitoringRoleArn"):
        yield Problem("monitoringRoleArn", "is missing; a monitoringInterval above 0 needs a role that may write metrics")
    final = text(inputs, "finalSnapshotIdentifier")
    if final and not re.fullmatch(r"(?!.*--)[A-Za-z][A-Za-z0-9-]{0,254}(?<!-)", final):
        yield Problem(
            "finalSnapshotIdentifier", f"{final!r} is not taken; use letters, digits and single hyphens, a letter first"
        )
    logs = _LOGS.get(text(inputs, "engine") or "")
    for index, name in enumerate(inputs.get("enabledCloudwatchLogsExports") or ()):
        if logs and isinstance(name, str) and name not in logs:
            yield Problem(
                f"enabledCloudwatchLogsExports[{index}]", f"{name} is no log of the engine; use {', '.join(sorted(logs))}"
            )


def check_combinations(inputs: Properties, where: Place) -> Iterator[Problem]:
    """What excludes each other."""
    size = text(inputs, "instanceClass") or ""
    if inputs.get("multiAz") is True:
        if not missing(inputs, "availabilityZone"):
            yield Problem("availabilityZone", "is given with multiAz, where RDS chooses two; leave it out")
        if size.startswith("db.t1."):
            yield Problem("multiAz", f"is not supported by {size}; use a newer class such as db.t4g.small")
    zone = text(inputs, "availabilityZone")
    if zone and not zone.startswith(where.region):
        yield Problem("availabilityZone", f"{zone} is no zone of {where.region}; use one of that region")
    if size.rpartition(".")[0] == "db.t2" and inputs.get("storageEncrypted") is True and size.endswith(("micro", "nano")):
        yield Problem("storageEncrypted", f"is not supported by {size}; use a newer class such as db.t4g.micro")
    port = number(inputs, "port")
    if port is not None and not 1150 <= port <= 65535:
        yield Problem("port", f"{int(port)} is out of range; use 1150 to 65535")
    if nested(inputs, "restoreToPointInTime") and missing(inputs, "identifier"):
        yield Problem("identifier", "is missing; a restored instance needs a name of its own")
    if inputs.get("databaseInsightsMode") == "advanced" and (number(inputs, "performanceInsightsRetentionPeriod") or 0) < 465:
        yield Problem(
            "performanceInsightsRetentionPeriod", "is too short; databaseInsightsMode advanced needs 465 days or more"
        )


CHECKS: Rules = {
    "rds/instance:Instance": (
        check_engine,
        check_owner,
        check_storage,
        check_windows,
        check_protection,
        check_combinations,
    )
}
