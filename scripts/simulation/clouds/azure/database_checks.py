"""What is wrong with a Flexible Server by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from scripts.simulation.clouds.azure import catalogue
from scripts.simulation.clouds.azure.catalogue import Tier
from scripts.simulation.clouds.azure.place import normal
from scripts.simulation.clouds.fields import numbers, stated, text, texts
from scripts.simulation.values import Problem, Properties, Unknown
from scripts.simulation.world import Place

_NOT_NEW: Final = frozenset({"PointInTimeRestore", "GeoRestore", "Replica", "ReviveDropped", "Update"})
"""Values of `createMode` that take the administrator, version and size from another server."""


def postgresql(inputs: Properties, place: Place) -> Iterator[Problem]:
    """PostgreSQL: version, size, storage, high availability, backups, who administers."""
    yield from _common(inputs, place, catalogue.POSTGRESQL_TIERS, catalogue.POSTGRESQL_VERSIONS, "postgresql")
    for path, size in numbers(inputs, "storage.storageSizeGB"):
        if stated(inputs, "storage.type", "Premium_LRS") == "Premium_LRS" and size not in catalogue.POSTGRESQL_STORAGE_GIB:
            known = ", ".join(str(one) for one in catalogue.POSTGRESQL_STORAGE_GIB)
            yield Problem(path, f"{size} GiB is no size of a disk; use one of {known}")
    if stated(inputs, "authConfig.passwordAuth", "Enabled") == "Enabled" and _is_new(inputs):
        yield from _administrator(inputs)
    delegated = _network(inputs, "delegatedSubnetResourceId")
    zone = _network(inputs, "privateDnsZoneArmResourceId")
    if delegated is not None and zone is None:
        yield Problem(
            "network.privateDnsZoneArmResourceId",
            "is missing; a server in a subnet needs a private zone that ends in .postgres.database.azure.com",
        )
    yield from _delegated_alone(delegated, zone, "network.privateDnsZoneArmResourceId")


def mysql(inputs: Properties, place: Place) -> Iterator[Problem]:
    """MySQL: version, size, storage, high availability, backups, who administers."""
    yield from _common(inputs, place, catalogue.MYSQL_TIERS, catalogue.MYSQL_VERSIONS, "mysql")
    least, most = catalogue.MYSQL_STORAGE_GIB
    for path, size in numbers(inputs, "storage.storageSizeGB"):
        if not least <= size <= most:
            yield Problem(path, f"{size} GiB are not possible; give {least} to {most}")
    if _is_new(inputs):
        yield from _administrator(inputs)
    yield from _delegated_alone(
        _network(inputs, "delegatedSubnetResourceId"),
        _network(inputs, "privateDnsZoneResourceId"),
        "network.privateDnsZoneResourceId",
    )


def _network(inputs: Properties, field: str) -> object:
    network = inputs.get("network")
    return network.get(field) if isinstance(network, Mapping) else network


def _delegated_alone(delegated: object, zone: object, path: str) -> Iterator[Problem]:
    if isinstance(zone, str) and delegated is None:
        yield Problem(path, "is given without delegatedSubnetResourceId; give both, or none for a server with public access")


def _is_new(inputs: Properties) -> bool:
    mode = inputs.get("createMode")
    return not isinstance(mode, Unknown) and mode not in _NOT_NEW


def _common(
    inputs: Properties, place: Place, tiers: Mapping[str, Tier], versions: Sequence[str], engine: str
) -> Iterator[Problem]:
    for path, version in texts(inputs, "version"):
        if version not in versions:
            yield Problem(path, f"{version or 'an empty text'} is no version here; use one of {', '.join(versions)}")
    yield from _size(inputs, tiers)
    yield from _availability(inputs, place)
    least, most = catalogue.BACKUP_DAYS[engine]
    for path, days in numbers(inputs, "backup.backupRetentionDays"):
        if not least <= days <= most:
            yield Problem(path, f"backups cannot be kept for {days} days; give {least} to {most}")
    mode = inputs.get("createMode")
    if mode in _NOT_NEW - {"Update"} and inputs.get("sourceServerResourceId") is None:
        yield Problem("sourceServerResourceId", f"is missing; {mode} needs the id of the server to start from")


def _size(inputs: Properties, tiers: Mapping[str, Tier]) -> Iterator[Problem]:
    tier, size = text(inputs, "sku.tier"), text(inputs, "sku.name")
    if inputs.get("sku") is None and _is_new(inputs):
        yield Problem("sku", "is missing; give name and tier, such as Standard_D2ds_v5 and GeneralPurpose")
    elif tier and tier not in tiers:
        yield Problem("sku.tier", f"{tier} is no tier; use {', '.join(tiers)}")
    elif tier and size and not tiers[tier].sizes.fullmatch(size):
        yield Problem("sku.name", f"{size} is no size of the tier {tier}; use one such as {tiers[tier].example}")


def _availability(inputs: Properties, place: Place) -> Iterator[Problem]:
    mode, tier = text(inputs, "highAvailability.mode", "Disabled"), text(inputs, "sku.tier")
    if mode == "Disabled":
        return
    if tier == "Burstable":
        yield Problem(
            "highAvailability.mode", f"{mode} is not possible with the tier Burstable; use GeneralPurpose, or Disabled"
        )
    location = normal(stated(inputs, "location", place.region) or "")
    if mode == "ZoneRedundant" and location in catalogue.LOCATIONS and location not in catalogue.ZONED:
        yield Problem("highAvailability.mode", f"{location} has no availability zones; use SameZone, or another location")
    zone, other = text(inputs, "availabilityZone"), text(inputs, "highAvailability.standbyAvailabilityZone")
    if mode == "ZoneRedundant" and zone and zone == other:
        yield Problem("highAvailability.standbyAvailabilityZone", f"{other} is the server's own zone; name another, or none")


def _administrator(inputs: Properties) -> Iterator[Problem]:
    login, password = inputs.get("administratorLogin"), inputs.get("administratorLoginPassword")
    if login is None:
        yield Problem("administratorLogin", "is missing; name the administrator")
    if password is None:
        yield Problem("administratorLoginPassword", "is missing; give the administrator a password")
    if isinstance(login, str) and (login.lower() in catalogue.RESERVED_LOGINS or login.lower().startswith("pg_")):
        yield Problem("administratorLogin", f"{login} is reserved; choose another name")
    if isinstance(password, str):
        yield from _password(password)


def _password(password: str) -> Iterator[Problem]:
    """Never says the value."""
    least, most = catalogue.PASSWORD
    kinds = (str.islower, str.isupper, str.isdigit, lambda character: not character.isalnum())
    used = sum(any(kind(character) for character in password) for kind in kinds)
    if not least <= len(password) <= most:
        yield Problem("administratorLoginPassword", f"has {len(password)} characters; use {least} to {most}")
    elif used < 3:
        yield Problem(
            "administratorLoginPassword", "uses too few kinds of characters; mix lower case, upper case, digits, signs"
        )
