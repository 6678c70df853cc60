"""What is wrong with a Cloud SQL instance by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from scripts.simulation.clouds.fields import numbers, objects, text, texts
from scripts.simulation.clouds.gcp import catalogue
from scripts.simulation.values import Problem, Properties, Unknown, select

_DISKS: Final = ("PD_SSD", "PD_HDD", "HYPERDISK_BALANCED")
_LEAST_MIB: Final = 3840


def instance(inputs: Properties) -> Iterator[Problem]:
    """Version, edition and tier, network, backups, high availability, pooling."""
    version = text(inputs, "databaseVersion")
    kinds = (catalogue.POSTGRESQL, catalogue.MYSQL, catalogue.SQL_SERVER)
    if version and not any(kind.fullmatch(version) for kind in kinds):
        yield Problem("databaseVersion", f"{version} is no version here; write it as POSTGRES_17 or MYSQL_8_4")
    clones = inputs.get("clone") is not None or inputs.get("backupdrBackup") is not None
    settings = inputs.get("settings")
    if settings is None:
        if not clones:
            yield Problem("settings", "is missing; give at least the tier")
        return
    if not isinstance(settings, Mapping):
        return
    yield from _tier(version, inputs, settings)
    yield from _network(settings)
    yield from _backups(version, inputs, settings)
    yield from _disk(inputs)


def _tier(version: str, inputs: Properties, settings: Mapping[str, Any]) -> Iterator[Problem]:
    stated, tier = settings.get("edition"), settings.get("tier")
    if stated is not None and stated not in catalogue.LOG_DAYS and isinstance(stated, str):
        yield Problem("settings.edition", f"{stated} is no edition; use ENTERPRISE or ENTERPRISE_PLUS")
        return
    unknown = isinstance(stated, Unknown) or isinstance(inputs.get("databaseVersion"), Unknown)
    if isinstance(stated, Unknown) or (stated is None and unknown):
        return
    edition = catalogue.edition(version, str(stated or ""))
    if isinstance(tier, str):
        yield from _fitting(tier, edition, stated is None, version)
    pools = [value for _, value in select(settings, "connectionPoolConfigs[*].connectionPoolingEnabled") if value is True]
    if pools and edition != catalogue.POOLING_EDITION:
        yield Problem("settings.connectionPoolConfigs", f"needs the edition {catalogue.POOLING_EDITION}; this is {edition}")
    for path, days in numbers(inputs, "settings.backupConfiguration.transactionLogRetentionDays"):
        if not 1 <= days <= catalogue.LOG_DAYS[edition]:
            yield Problem(path, f"{days} days are not possible on {edition}; give 1 to {catalogue.LOG_DAYS[edition]}")


def _fitting(tier: str, edition: str, by_default: bool, version: str) -> Iterator[Problem]:
    custom = catalogue.CUSTOM_TIER.fullmatch(tier)
    plus = catalogue.PLUS_TIERS.fullmatch(tier)
    small = tier in catalogue.SHARED_TIERS or catalogue.FIXED_TIERS.fullmatch(tier) is not None
    why = f", which {version} has where settings.edition is left out; set it to ENTERPRISE" if by_default else ""
    if not (custom or plus or small):
        yield Problem("settings.tier", f"{tier} is no tier; write it as db-custom-2-7680 or db-perf-optimized-N-2")
    elif edition == "ENTERPRISE_PLUS" and not plus:
        hint = why or "; use one such as db-perf-optimized-N-2"
        yield Problem("settings.tier", f"{tier} is not possible on ENTERPRISE_PLUS{hint}")
    elif edition == "ENTERPRISE" and plus:
        yield Problem("settings.tier", f"{tier} needs settings.edition ENTERPRISE_PLUS; this is ENTERPRISE")
    elif custom:
        yield from _custom(tier, int(custom[1]), int(custom[2]))


def _custom(tier: str, cores: int, memory: int) -> Iterator[Problem]:
    """Cores are 1 or even; memory in MiB is 0.9 to 6.5 GiB a core, in steps of 256, and at least 3840."""
    if cores != 1 and (cores % 2 or not 2 <= cores <= 96):
        yield Problem("settings.tier", f"{tier} has {cores} cores; give 1, or an even number up to 96")
    elif memory % 256 or memory < _LEAST_MIB or not 0.9 * 1024 * cores <= memory <= 6.5 * 1024 * cores:
        least = max(_LEAST_MIB, -(-int(0.9 * 1024 * cores) // 256) * 256)
        most = int(6.5 * 1024 * cores) // 256 * 256
        yield Problem("settings.tier", f"{tier} has {memory} MiB; with {cores} cores give {least} to {most}, in steps of 256")


def _network(settings: Mapping[str, Any]) -> Iterator[Problem]:
    configuration = settings.get("ipConfiguration", {})
    if not isinstance(configuration, Mapping):
        return
    private = configuration.get("privateNetwork")
    endpoints = configuration.get("pscConfigs")
    if configuration.get("ipv4Enabled") is False and private is None and endpoints is None:
        yield Problem(
            "settings.ipConfiguration.privateNetwork", "is missing; without ipv4Enabled nothing could reach the database"
        )
    mode = configuration.get("sslMode")
    known = ("ALLOW_UNENCRYPTED_AND_ENCRYPTED", "ENCRYPTED_ONLY", "TRUSTED_CLIENT_CERTIFICATE_REQUIRED")
    if isinstance(mode, str) and mode not in known:
        yield Problem("settings.ipConfiguration.sslMode", f"{mode} is no way to ask for TLS; use {known[1]}")


def _backups(version: str, inputs: Properties, settings: Mapping[str, Any]) -> Iterator[Problem]:
    backup = settings.get("backupConfiguration", {})
    if not isinstance(backup, Mapping):
        return
    path = "settings.backupConfiguration"
    if catalogue.MYSQL.fullmatch(version) and backup.get("pointInTimeRecoveryEnabled") is True:
        yield Problem(f"{path}.pointInTimeRecoveryEnabled", "is not for MySQL; set binaryLogEnabled to true instead")
    if catalogue.POSTGRESQL.fullmatch(version) and backup.get("binaryLogEnabled") is True:
        yield Problem(f"{path}.binaryLogEnabled", "is for MySQL only; set pointInTimeRecoveryEnabled to true instead")
    replica = inputs.get("masterInstanceName") is not None
    if settings.get("availabilityType") == "REGIONAL" and not replica:
        field = "binaryLogEnabled" if catalogue.MYSQL.fullmatch(version) else "pointInTimeRecoveryEnabled"
        for needed in ("enabled", field):
            if version and backup.get(needed) in {None, False} and not isinstance(backup.get(needed), Unknown):
                yield Problem(f"{path}.{needed}", "must be true where availabilityType is REGIONAL")
    for where, copies in numbers(inputs, f"{path}.backupRetentionSettings.retainedBackups"):
        if not 1 <= copies <= 365:
            yield Problem(where, f"{copies} backups are not possible; give 1 to 365")
    for where, _ in texts(inputs, "settings.version"):
        yield Problem(where, "is the provider's own; leave it out")


def _disk(inputs: Properties) -> Iterator[Problem]:
    for path, kind in texts(inputs, "settings.diskType"):
        if kind not in _DISKS:
            yield Problem(path, f"{kind} is no kind of disk; use {', '.join(_DISKS)}")
    for path, size in numbers(inputs, "settings.diskSize"):
        if size < 10:
            yield Problem(path, f"{size} GiB are too few; give at least 10")
    for path, flag in objects(inputs, "settings.databaseFlags[*]"):
        if flag.get("value") is None:
            yield Problem(path, "has no value; give it as text")
