"""What every target must give, written without any cloud's SDK: frozen `*Args` in and `*Outputs` out (`target.py` binds them).

Values that Python must branch on are plain; values that exist only after deployment are `Output`. What only some
targets have is None on the others.
"""

from components.contract.data import (
    DatabaseArgs,
    DatabaseOutputs,
    MailArgs,
    MailOutputs,
    PoolingArgs,
    PoolingOutputs,
    QueueAccess,
    QueueArgs,
    QueueOutputs,
)
from components.contract.foundation import (
    CertificateArgs,
    CertificateOutputs,
    DnsArgs,
    DnsOutputs,
    InternalCertificate,
    NetworkArgs,
    NetworkOutputs,
    SecretsArgs,
    SecretsOutputs,
    StorageArgs,
    StorageOutputs,
    TelemetryArgs,
    TelemetryOutputs,
)
from components.contract.identity import Identity
from components.contract.operations import AlertsArgs, AlertsOutputs, BackupArgs, BackupOutputs, Parts
from components.contract.services import (
    ClusterArgs,
    ClusterOutputs,
    EdgeArgs,
    EdgeOutputs,
    EntryArgs,
    EntryOutputs,
    MigrationArgs,
    MigrationOutputs,
    Route,
    ServiceArgs,
    ServiceOutputs,
)

__all__ = [
    "AlertsArgs",
    "AlertsOutputs",
    "BackupArgs",
    "BackupOutputs",
    "CertificateArgs",
    "CertificateOutputs",
    "ClusterArgs",
    "ClusterOutputs",
    "DatabaseArgs",
    "DatabaseOutputs",
    "DnsArgs",
    "DnsOutputs",
    "EdgeArgs",
    "EdgeOutputs",
    "EntryArgs",
    "EntryOutputs",
    "Identity",
    "InternalCertificate",
    "MailArgs",
    "MailOutputs",
    "MigrationArgs",
    "MigrationOutputs",
    "NetworkArgs",
    "NetworkOutputs",
    "Parts",
    "PoolingArgs",
    "PoolingOutputs",
    "QueueAccess",
    "QueueArgs",
    "QueueOutputs",
    "Route",
    "SecretsArgs",
    "SecretsOutputs",
    "ServiceArgs",
    "ServiceOutputs",
    "StorageArgs",
    "StorageOutputs",
    "TelemetryArgs",
    "TelemetryOutputs",
]
