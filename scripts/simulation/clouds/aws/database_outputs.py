"""Computed outputs of RDS."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from scripts.simulation.clouds.aws import catalogue, place
from scripts.simulation.clouds.aws.forms import digits, uuid
from scripts.simulation.clouds.aws.names import named
from scripts.simulation.clouds.aws.network_outputs import zone_of
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Value


def instance(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    inputs, where = candidate.inputs, candidate.place
    engine = str(inputs.get("engine") or "postgres")
    asked = inputs.get("engineVersion")
    version = catalogue.resolve(engine, asked if isinstance(asked, str) else None) or str(asked or "1")
    port = int(inputs.get("port") or catalogue.port_of(engine))
    address = f"{named(candidate)}.{_tenant(candidate)}.{where.region}.rds.{place.domain(where.region)}"
    family = catalogue.family(engine, version)
    return {
        "identifierPrefix": "",
        "resourceId": identifier,
        "address": address,
        "endpoint": f"{address}:{port}",
        "port": port,
        "hostedZoneId": f"Z{digits('upper', 13, f'rds/{where.region}')}",
        "status": "available",
        "engine": engine,
        "engineVersion": version,
        "engineVersionActual": version,
        "licenseModel": catalogue.LICENCES.get(engine, "license-included"),
        "parameterGroupName": f"default.{family}",
        "optionGroupName": f"default:{family.replace(engine, engine + '-').replace('.', '-')}",
        "dbSubnetGroupName": "default",
        "availabilityZone": zone_of(candidate, identifier),
        "backupRetentionPeriod": 0,
        "backupTarget": "region",
        "backupWindow": "03:00-03:30",
        "maintenanceWindow": "sun:04:00-sun:04:30",
        "caCertIdentifier": "rds-ca-rsa2048-g1",
        "storageType": "io1" if inputs.get("iops") is not None else "gp2",
        "iops": 0,
        "storageThroughput": 0,
        "multiAz": False,
        "networkType": "IPV4",
        "databaseInsightsMode": "standard",
        "engineLifecycleSupport": "open-source-rds-extended-support",
        "kmsKeyId": _key(candidate) if inputs.get("storageEncrypted") is True else "",
        "masterUserSecrets": _master_secret(candidate, identifier),
        "masterUserSecretKmsKeyId": "",
        "performanceInsightsKmsKeyId": _key(candidate) if inputs.get("performanceInsightsEnabled") is True else "",
        "performanceInsightsRetentionPeriod": 7 if inputs.get("performanceInsightsEnabled") is True else 0,
        "latestRestorableTime": "2026-01-01T00:00:00Z" if inputs.get("backupRetentionPeriod") else "",
        "upgradeRolloutOrder": "second",
        **dict.fromkeys(("characterSetName", "ncharCharacterSetName", "timezone", "snapshotIdentifier", "dbName"), ""),
        **dict.fromkeys(("replicaMode", "monitoringRoleArn", "domainFqdn", "username"), ""),
        "listenerEndpoints": [],
        "replicas": [],
        "vpcSecurityGroupIds": [],
    }


def _tenant(candidate: Candidate) -> str:
    """The part of every endpoint that stands for an account in a region."""
    return f"c{digits('lower', 11, f'rds/{candidate.place.account}/{candidate.place.region}')}"


def _key(candidate: Candidate) -> str:
    """AWS's own key for RDS, used where none is named."""
    where = candidate.place
    key = uuid(f"aws/rds/{where.account}/{where.region}")
    return f"arn:{place.partition(where.region)}:kms:{where.region}:{where.account}:key/{key}"


def _master_secret(candidate: Candidate, identifier: str) -> list[Value]:
    if candidate.inputs.get("manageMasterUserPassword") is not True:
        return []
    where = candidate.place
    name = f"rds!{identifier}-{digits('lower', 6, identifier)}"
    return [
        {
            "secretArn": f"arn:{place.partition(where.region)}:secretsmanager:{where.region}:{where.account}:secret:{name}",
            "secretStatus": "active",
            "kmsKeyId": candidate.inputs.get("masterUserSecretKmsKeyId") or _key(candidate),
        }
    ]


def subnet_group(_: Candidate, __: str) -> Mapping[str, Value]:
    return {"supportedNetworkTypes": ["IPV4"]}


def proxy(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    region = candidate.place.region
    host = f"{identifier}.proxy-{_tenant(candidate)}.{region}.rds.{place.domain(region)}"
    return {
        "endpoint": host,
        "defaultAuthScheme": "NONE",
        "idleClientTimeout": 1800,
        "endpointNetworkType": "IPV4",
        "targetConnectionNetworkType": "IPV4",
    }


def proxy_target_group(_: Candidate, __: str) -> Mapping[str, Value]:
    return {"name": "default"}


def proxy_target(candidate: Candidate, _: str) -> Mapping[str, Value]:
    where, target = candidate.place, str(candidate.inputs.get("dbInstanceIdentifier") or "")
    host = f"{target}.{_tenant(candidate)}.{where.region}.rds.{place.domain(where.region)}"
    arn = f"arn:{place.partition(where.region)}:rds:{where.region}:{where.account}:db:{target}"
    return {"endpoint": host, "rdsResourceId": target, "targetArn": arn, "trackedClusterId": "", "type": "RDS_INSTANCE"}


def proxy_endpoint(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    region, name = candidate.place.region, identifier.rpartition("/")[2]
    host = f"{name}.endpoint.proxy-{_tenant(candidate)}.{region}.rds.{place.domain(region)}"
    return {"endpoint": host, "isDefault": False, "targetRole": "READ_WRITE"}


def cluster(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    region, engine = candidate.place.region, str(candidate.inputs.get("engine") or "")
    rest = f"{_tenant(candidate)}.{region}.rds.{place.domain(region)}"
    version = catalogue.resolve(engine, candidate.inputs.get("engineVersion")) or ""
    return {
        "endpoint": f"{identifier}.cluster-{rest}",
        "readerEndpoint": f"{identifier}.cluster-ro-{rest}",
        "clusterResourceId": f"cluster-{digits('upper', 26, identifier)}",
        "engineVersion": version,
        "engineVersionActual": version,
        "port": catalogue.port_of(engine),
        "hostedZoneId": f"Z{digits('upper', 13, f'rds/{region}')}",
        "masterUserSecrets": [],
    }


OUTPUTS: Mapping[str, Callable[[Candidate, str], Mapping[str, Value]]] = {
    "aws:rds/cluster:Cluster": cluster,
    "aws:rds/instance:Instance": instance,
    "aws:rds/proxy:Proxy": proxy,
    "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup": proxy_target_group,
    "aws:rds/proxyEndpoint:ProxyEndpoint": proxy_endpoint,
    "aws:rds/proxyTarget:ProxyTarget": proxy_target,
    "aws:rds/subnetGroup:SubnetGroup": subnet_group,
}
