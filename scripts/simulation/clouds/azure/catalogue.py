"""What Azure offers: locations, sizes and versions of databases, Service Bus, Container Apps.

Figures are those of the services' documentation ("Compute options", "Storage options" and "Limits" of each service); a size is
known by the form of its name, because which sizes a location has changes weekly.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_ZONED: Final = (
    "australiaeast brazilsouth canadacentral centralindia centralus eastasia eastus eastus2 francecentral germanywestcentral "
    "indonesiacentral israelcentral italynorth japaneast japanwest koreacentral malaysiawest mexicocentral newzealandnorth "
    "northeurope norwayeast polandcentral qatarcentral southafricanorth southcentralus southeastasia spaincentral "
    "swedencentral switzerlandnorth uaenorth uksouth westeurope westus2 westus3 austriaeast chilecentral belgiumcentral"
)
_WITHOUT_ZONES: Final = (
    "australiacentral australiacentral2 australiasoutheast brazilsoutheast canadaeast francesouth germanynorth "
    "jioindiacentral jioindiawest koreasouth northcentralus norwaywest southafricawest southindia swedensouth "
    "switzerlandwest uaecentral ukwest westcentralus westindia westus"
)
ZONED: Final = frozenset(_ZONED.split())
"""Locations with availability zones."""

LOCATIONS: Final = tuple(sorted({*ZONED, *_WITHOUT_ZONES.split()}))

DATA_LOCATIONS: Final = (
    "Africa", "Asia Pacific", "Australia", "Brazil", "Canada", "Europe", "France", "Germany", "India", "Japan", "Korea",
    "Norway", "Switzerland", "UAE", "UK", "United States", "usgov",
)  # fmt: skip
"""Where Communication Services keeps data (`dataLocation`)."""


@dataclass(frozen=True)
class Tier:
    """Sizes of a tier of Flexible Server: a form of `sku.name`."""

    sizes: re.Pattern[str]
    example: str


POSTGRESQL_TIERS: Final[Mapping[str, Tier]] = {
    "Burstable": Tier(re.compile(r"Standard_B(1ms|2s|2ms|4ms|8ms|12ms|16ms|20ms)", re.IGNORECASE), "Standard_B2s"),
    "GeneralPurpose": Tier(
        re.compile(r"Standard_D(2|4|8|16|32|48|64|96)(d?s_v[3-6]|ads_v5|ds_v[45])", re.IGNORECASE), "Standard_D2ds_v5"
    ),
    "MemoryOptimized": Tier(
        re.compile(r"Standard_E(2|4|8|16|20|32|48|64|96)(d?s_v[3-6]|ads_v5|i?ds_v[45])", re.IGNORECASE), "Standard_E2ds_v5"
    ),
}
MYSQL_TIERS: Final[Mapping[str, Tier]] = {
    "Burstable": POSTGRESQL_TIERS["Burstable"],
    "GeneralPurpose": Tier(
        re.compile(r"Standard_D(2|4|8|16|32|48|64|96)(ds_v[456]|ads_v[56])", re.IGNORECASE), "Standard_D2ads_v5"
    ),
    "MemoryOptimized": Tier(
        re.compile(r"Standard_E(2|4|8|16|20|32|48|64|80|96)(i?ds_v[456]|i?ads_v[56])", re.IGNORECASE), "Standard_E2ads_v5"
    ),
}

POSTGRESQL_VERSIONS: Final = ("11", "12", "13", "14", "15", "16", "17", "18")
MYSQL_VERSIONS: Final = ("5.7", "8.0.21", "8.4", "9.3")

POSTGRESQL_STORAGE_GIB: Final = (32, 64, 128, 256, 512, 1024, 2048, 4095, 4096, 8192, 16384, 32767)
"""Premium SSD; PremiumV2_LRS takes any size from 32 to 65536."""

MYSQL_STORAGE_GIB: Final = (20, 16384)
BACKUP_DAYS: Final[Mapping[str, tuple[int, int]]] = {"postgresql": (7, 35), "mysql": (1, 35)}

RESERVED_LOGINS: Final = frozenset(
    {"azure_superuser", "azuresu", "azure_pg_admin", "admin", "administrator", "root", "guest", "public", "sa"}
)
"""Names of an administrator that both databases refuse; PostgreSQL refuses any that begin with pg_ too."""

PASSWORD: Final = (8, 128)

SUBNET_SMALLEST: Final[Mapping[str, int]] = {
    "Microsoft.DBforPostgreSQL/flexibleServers": 28,
    "Microsoft.DBforMySQL/flexibleServers": 29,
    "Microsoft.App/environments": 27,
}
"""Delegation -> the longest prefix that a subnet for it may have."""

WITHOUT_PROFILES: Final = 23
"""The longest prefix of the subnet of an environment that has no workload profiles."""

APP_SIZES: Final = tuple((number * 0.25, f"{number * 0.5:g}Gi") for number in range(1, 17))
"""Cores and memory that go together on the Consumption profile; the upper half needs an environment with workload profiles."""

LOCK_LONGEST_SECONDS: Final = 300
QUEUE_SIZES_MIB: Final = (1024, 2048, 3072, 4096, 5120)
PREMIUM_QUEUE_SIZES_MIB: Final = (*QUEUE_SIZES_MIB, 10240, 20480, 40960, 81920)

PREMIUM_CAPACITY: Final = (1, 2, 4, 8, 16)

PRIVATE_LINK_GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "Microsoft.App/managedEnvironments": ("managedEnvironments",),
    "Microsoft.ContainerRegistry/registries": ("registry",),
    "Microsoft.DBforMySQL/flexibleServers": ("mysqlServer",),
    "Microsoft.DBforPostgreSQL/flexibleServers": ("postgresqlServer",),
    "Microsoft.KeyVault/vaults": ("vault",),
    "Microsoft.Monitor/accounts": ("prometheusMetrics",),
    "Microsoft.ServiceBus/namespaces": ("namespace",),
    "Microsoft.Storage/storageAccounts": tuple(
        f"{part}{second}" for part in ("blob", "dfs", "file", "queue", "table", "web") for second in ("", "_secondary")
    ),
}
"""Type of the thing behind a private endpoint -> its sub-resources (`groupIds`)."""

WINDOWS: Final = ("PT1M", "PT5M", "PT15M", "PT30M", "PT1H", "PT6H", "PT12H", "P1D")
"""Windows of a metric alert; its frequency is one of the first five."""

QUERY_WINDOWS: Final = (
    "PT1M", "PT5M", "PT10M", "PT15M", "PT30M", "PT45M", "PT1H", "PT2H", "PT3H", "PT4H", "PT5H", "PT6H", "P1D", "P2D", "PT24H",
    "PT48H",
)  # fmt: skip
"""Windows of a log alert: two days at most."""
