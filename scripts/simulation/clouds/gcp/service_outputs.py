"""Computed outputs of databases, queues, containers, secrets, accounts and monitoring."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from typing import Any, Final

from scripts.simulation.clouds.fields import text, texts
from scripts.simulation.clouds.gcp.ids import digits, number
from scripts.simulation.clouds.gcp.network_outputs import public_address
from scripts.simulation.clouds.gcp.types import PACKAGE
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Value

MOMENT: Final = "2026-01-01T00:00:00.000000Z"


_AGENT: Final = "gcp-sa-cloud-sql"


def _last(identifier: str) -> str:
    return identifier.rpartition("/")[2]


def private_address(seed: str) -> str:
    """An address out of a range that private services have."""
    found = digits("hex", 6, seed)
    return f"10.{int(found[:2], 16) % 100 + 100}.{int(found[2:4], 16)}.{int(found[4:], 16) % 250 + 2}"


def _instance(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    project, region = candidate.place.account, text(candidate.inputs, "region", candidate.place.region)
    address = candidate.inputs.get("settings") or {}
    configuration: Mapping[str, Any] = address.get("ipConfiguration") or {}
    private = private_address(identifier) if configuration.get("privateNetwork") else ""
    public = public_address(identifier) if configuration.get("ipv4Enabled", True) is not False else ""
    listed = [("PRIMARY", public), ("PRIVATE", private)]
    name = f"{digits('hex', 12, identifier)}.{digits('hex', 13, project)}.{region}.sql.goog."
    return {
        "availableMaintenanceVersions": [],
        "connectionName": f"{project}:{region}:{candidate.inputs.get('name')}",
        "dnsName": name,
        "dnsNames": [],
        "firstIpAddress": public or private,
        "instanceType": "READ_REPLICA_INSTANCE" if candidate.inputs.get("masterInstanceName") else "CLOUD_SQL_INSTANCE",
        "ipAddresses": [{"ipAddress": one, "timeToRetire": "", "type": kind} for kind, one in listed if one],
        "maintenanceVersion": f"{text(candidate.inputs, 'databaseVersion')}.R20260101.01_00",
        "privateIpAddress": private,
        "pscServiceAttachmentLink": "",
        "publicIpAddress": public,
        "serverCaCerts": [_certificate(identifier)],
        "serviceAccountEmailAddress": f"p{number(project)}-{digits('hex', 6, identifier)}@{_AGENT}.iam.gserviceaccount.com",
    }


def _certificate(identifier: str) -> dict[str, str]:
    text = base64.b64encode(hashlib.sha512(identifier.encode()).digest()).decode()
    return {
        "cert": f"-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----",
        "commonName": "C=US,O=Google\\, Inc,CN=Google Cloud SQL Server CA",
        "createTime": MOMENT,
        "expirationTime": "2036-01-01T00:00:00.000000Z",
        "sha1Fingerprint": digits("hex", 40, identifier),
    }


def _user(_candidate: Candidate, _identifier: str) -> Mapping[str, Value]:
    return {"iamEmail": "", "sqlServerUserDetails": []}


def _run(identifier: str) -> Mapping[str, Value]:
    """What services, jobs and worker pools of Cloud Run have in common."""
    return {
        "conditions": [],
        "createTime": MOMENT,
        "creator": "deployer@example.com",
        "deleteTime": "",
        "etag": f'"{digits("upper", 16, identifier)}"',
        "expireTime": "",
        "generation": "1",
        "lastModifier": "deployer@example.com",
        "observedGeneration": "1",
        "reconciling": False,
        "terminalConditions": [{"state": "CONDITION_SUCCEEDED", "type": "Ready"}],
        "uid": digits("hex", 32, identifier),
        "updateTime": MOMENT,
    }


def _service(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    name, location = _last(identifier), text(candidate.inputs, "location")
    uri = f"https://{name}-{digits('hex', 10, candidate.place.account)}-{_short(location)}.a.run.app"
    other = f"https://{name}-{number(candidate.place.account)}.{location}.run.app"
    revision = f"{identifier}/revisions/{name}-00001-{digits('hex', 3, identifier)}"
    hidden = candidate.inputs.get("defaultUriDisabled") is True
    return {
        **_run(identifier),
        "latestCreatedRevision": revision,
        "latestReadyRevision": revision,
        "trafficStatuses": [{"percent": 100, "type": "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST"}],
        "uri": "" if hidden else uri,
        "urls": [] if hidden else [other, uri],
    }


def _short(location: str) -> str:
    """A region as addresses of Cloud Run shorten it: `europe-west3` -> `ew`, roughly."""
    return "".join(part[0] for part in location.split("-") if part)[:2] or "uc"


def _worker_pool(_candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    revision = f"{identifier}/revisions/{_last(identifier)}-00001"
    return {
        **_run(identifier),
        "instanceSplitStatuses": [],
        "latestCreatedRevision": revision,
        "latestReadyRevision": revision,
    }


def _job(_candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    return {**_run(identifier), "executionCount": 0, "latestCreatedExecutions": []}


def _secret(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    return {"createTime": MOMENT, "name": f"projects/{number(candidate.place.account)}/secrets/{_last(identifier)}"}


def _version(_candidate: Candidate, _identifier: str) -> Mapping[str, Value]:
    return {"createTime": MOMENT, "destroyTime": "", "version": "1"}


def _key(_candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    return {"primaries": [{"name": f"{identifier}/cryptoKeyVersions/1", "state": "ENABLED"}]}


def _account(_candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    email = _last(identifier)
    return {"email": email, "member": f"serviceAccount:{email}", "uniqueId": f"1{digits('digits', 20, identifier)}"}


def _account_key(_candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    private = base64.b64encode(digits("hex", 64, identifier).encode()).decode()
    return {
        "privateKey": private,
        "publicKey": base64.b64encode(digits("hex", 32, identifier).encode()).decode(),
        "validAfter": MOMENT,
        "validBefore": "9999-12-31T23:59:59Z",
    }


_AGENTS: Final[Mapping[str, str]] = {
    "artifactregistry.googleapis.com": "gcp-sa-artifactregistry",
    "cloudkms.googleapis.com": "gcp-sa-cloudkms",
    "logging.googleapis.com": "gcp-sa-logging",
    "monitoring.googleapis.com": "gcp-sa-monitoring-notification",
    "pubsub.googleapis.com": "gcp-sa-pubsub",
    "run.googleapis.com": "serverless-robot-prod",
    "secretmanager.googleapis.com": "gcp-sa-secretmanager",
    "sqladmin.googleapis.com": "gcp-sa-cloud-sql",
}
"""Services -> the project in which the account that acts for them lies."""


def _identity(candidate: Candidate, _identifier: str) -> Mapping[str, Value]:
    service = text(candidate.inputs, "service")
    home = _AGENTS.get(service, f"gcp-sa-{service.split('.', maxsplit=1)[0]}")
    email = f"service-{number(candidate.place.account)}@{home}.iam.gserviceaccount.com"
    return {"email": email, "member": f"serviceAccount:{email}"}


def _bucket(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    return {
        "projectNumber": int(number(candidate.place.account)),
        "timeCreated": MOMENT,
        "updated": MOMENT,
        "url": f"gs://{identifier}",
    }


def _object(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    content = text(candidate.inputs, "content").encode()
    digest = hashlib.md5(content, usedforsecurity=False)
    return {
        "crc32c": f"{digits('upper', 6, identifier)}==",
        "generation": 1767225600000000,
        "md5hash": base64.b64encode(digest.digest()).decode(),
        "md5hexhash": digest.hexdigest(),
        "mediaLink": f"https://storage.googleapis.com/download/storage/v1/b/{candidate.inputs.get('bucket')}/o/{_last(identifier)}",
        "outputName": candidate.inputs.get("name"),
    }


def _repository(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    location, project = text(candidate.inputs, "location", candidate.place.region), candidate.place.account
    kind = text(candidate.inputs, "format", "DOCKER").lower()
    return {
        "location": location,
        "name": _last(identifier),
        "registryUri": f"{location}-{'docker' if kind == 'docker' else kind}.pkg.dev/{project}/{_last(identifier)}",
    }


def _uptime(_candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    return {"uptimeCheckId": _last(identifier)}


def _alert(_candidate: Candidate, _identifier: str) -> Mapping[str, Value]:
    who = {"mutateTime": MOMENT, "mutatedBy": "deployer@example.com"}
    return {"creationRecords": [who]}


def _channel(_candidate: Candidate, _identifier: str) -> Mapping[str, Value]:
    return {"verificationStatus": ""}


def _monitored(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    return {} if candidate.inputs.get("serviceId") else {"serviceId": _last(identifier)}


def _slo(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    return {} if candidate.inputs.get("sloId") else {"sloId": _last(identifier)}


def _sink(candidate: Candidate, _identifier: str) -> Mapping[str, Value]:
    shared = candidate.inputs.get("uniqueWriterIdentity") is False
    own = f"service-{number(candidate.place.account)}@gcp-sa-logging.iam.gserviceaccount.com"
    return {"writerIdentity": "serviceAccount:cloud-logs@system.gserviceaccount.com" if shared else f"serviceAccount:{own}"}


def _log_bucket(_candidate: Candidate, _identifier: str) -> Mapping[str, Value]:
    return {"lifecycleState": "ACTIVE"}


def _backup_vault(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    project = number(candidate.place.account)
    return {
        "backupCount": "0",
        "deletable": True,
        "etag": digits("hex", 16, identifier),
        "serviceAccount": f"vault-{project}-{digits('digits', 8, identifier)}@gcp-sa-backupdr-pr.iam.gserviceaccount.com",
        "state": "ACTIVE",
        "totalStoredBytes": "0",
        "uid": digits("hex", 32, identifier),
    }


def _backup_plan(candidate: Candidate, _identifier: str) -> Mapping[str, Value]:
    kinds = [value for _, value in texts(candidate.inputs, "resourceType")]
    return {"supportedResourceTypes": kinds}


OUTPUTS: Final[Mapping[str, Callable[[Candidate, str], Mapping[str, Value]]]] = {
    f"{PACKAGE}:{token}": make
    for token, make in {
        "artifactregistry/repository:Repository": _repository,
        "backupdisasterrecovery/backupPlan:BackupPlan": _backup_plan,
        "backupdisasterrecovery/backupVault:BackupVault": _backup_vault,
        "cloudrunv2/job:Job": _job,
        "cloudrunv2/service:Service": _service,
        "cloudrunv2/workerPool:WorkerPool": _worker_pool,
        "kms/cryptoKey:CryptoKey": _key,
        "logging/projectBucketConfig:ProjectBucketConfig": _log_bucket,
        "logging/projectSink:ProjectSink": _sink,
        "monitoring/alertPolicy:AlertPolicy": _alert,
        "monitoring/customService:CustomService": _monitored,
        "monitoring/notificationChannel:NotificationChannel": _channel,
        "monitoring/slo:Slo": _slo,
        "monitoring/uptimeCheckConfig:UptimeCheckConfig": _uptime,
        "projects/serviceIdentity:ServiceIdentity": _identity,
        "secretmanager/secret:Secret": _secret,
        "secretmanager/secretVersion:SecretVersion": _version,
        "serviceaccount/account:Account": _account,
        "serviceaccount/key:Key": _account_key,
        "sql/databaseInstance:DatabaseInstance": _instance,
        "sql/user:User": _user,
        "storage/bucket:Bucket": _bucket,
        "storage/bucketObject:BucketObject": _object,
    }.items()
}
