"""What Google offers: regions, database versions and tiers, sizes of Cloud Run.

Figures are those of the services' documentation (Cloud SQL "About instance settings", Cloud Run "Configure memory limits").
"""

from __future__ import annotations

import re
from typing import Final

_REGIONS: Final = (
    "africa-south1 asia-east1 asia-east2 asia-northeast1 asia-northeast2 asia-northeast3 asia-south1 asia-south2 "
    "asia-southeast1 asia-southeast2 asia-southeast3 australia-southeast1 australia-southeast2 europe-central2 europe-north1 "
    "europe-north2 europe-southwest1 europe-west1 europe-west2 europe-west3 europe-west4 europe-west6 europe-west8 "
    "europe-west9 europe-west10 europe-west12 me-central1 me-central2 me-west1 northamerica-northeast1 "
    "northamerica-northeast2 northamerica-south1 southamerica-east1 southamerica-west1 us-central1 us-east1 us-east4 "
    "us-east5 us-south1 us-west1 us-west2 us-west3 us-west4"
)
REGIONS: Final = tuple(_REGIONS.split())

_OTHER_ZONES: Final = {"us-central1": "abcf", "us-east1": "bcd", "europe-west1": "bcd"}
"""Regions whose zones are not a, b and c."""

MULTI_REGIONS: Final = ("us", "eu", "asia", "europe", "global", "eur3", "eur4", "eur5", "nam4", "nam3", "asia1")
"""Locations of keys, secrets, repositories and logs that are wider than a region."""

STORAGE_LOCATIONS: Final = ("US", "EU", "ASIA", "EUR4", "EUR5", "EUR7", "EUR8", "NAM4", "ASIA1")

POSTGRESQL: Final = re.compile(r"POSTGRES_(9_6|1[0-8])")
MYSQL: Final = re.compile(r"MYSQL_(5_6|5_7|8_0(_\d+)?|8_4)")
SQL_SERVER: Final = re.compile(r"SQLSERVER_(2017|2019|2022|2025)_(EXPRESS|WEB|STANDARD|ENTERPRISE)")

PLUS_BY_DEFAULT: Final = re.compile(r"POSTGRES_1[6-9]|MYSQL_8_4")
"""Versions whose edition is ENTERPRISE_PLUS where none is said."""

PLUS_TIERS: Final = re.compile(r"db-perf-optimized-N-(2|4|8|16|32|48|64|80|96|128)|db-(c4a|n4|c4)-\w+-\d+")
SHARED_TIERS: Final = ("db-f1-micro", "db-g1-small")
CUSTOM_TIER: Final = re.compile(r"db-custom-(?:N4-)?(\d+)-(\d+)")
FIXED_TIERS: Final = re.compile(r"db-n1-(standard|highmem)-\d+")

LOG_DAYS: Final = {"ENTERPRISE": 7, "ENTERPRISE_PLUS": 35}
"""Most days that logs for point-in-time recovery are kept."""

POOLING_EDITION: Final = "ENTERPRISE_PLUS"

RUN_CPU: Final = {"1": 4, "2": 8, "4": 16, "6": 24, "8": 32}
"""CPUs of Cloud Run -> most memory in GiB."""

RUN_LEAST_MEMORY_MIB: Final = {"4": 2048, "6": 4096, "8": 4096}

DEFAULT_RULE: Final = 2147483647
"""Priority of the rule that every security policy ends with."""


def zones(region: str) -> tuple[str, ...]:
    """The zones of a region by name; empty for one that does not exist."""
    letters = _OTHER_ZONES.get(region, "abc")
    return tuple(f"{region}-{letter}" for letter in letters) if region in REGIONS else ()


def edition(version: str, stated: str) -> str:
    """The edition of a Cloud SQL instance."""
    return stated or ("ENTERPRISE_PLUS" if PLUS_BY_DEFAULT.match(version) else "ENTERPRISE")
