"""Computed outputs of databases, queues, containers, secrets and monitoring."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from scripts.simulation.clouds.azure.forms import TENANT, digits, guid_of, public_address
from scripts.simulation.clouds.azure.place import normal
from scripts.simulation.clouds.azure.types import PACKAGE
from scripts.simulation.clouds.fields import text
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Value

MOMENT: Final = "2026-01-01T00:00:00Z"


def _name(identifier: str) -> str:
    return identifier.rpartition("/")[2]


def _location(candidate: Candidate) -> str:
    return normal(text(candidate.inputs, "location", candidate.place.region or "westeurope"))


def _database(suffix: str) -> Callable[[Candidate, str], Mapping[str, Value]]:
    def made(_candidate: Candidate, identifier: str) -> Mapping[str, Value]:
        found: dict[str, Value] = {
            "fullyQualifiedDomainName": f"{_name(identifier)}.{suffix}",
            "privateEndpointConnections": [],
            "replicaCapacity": 5,
            "state": "Ready",
        }
        if suffix.startswith("postgres"):
            found["minorVersion"] = "5"
        return found

    return made


def _setting(_candidate: Candidate, _identifier: str) -> Mapping[str, Value]:
    return {"isConfigPendingRestart": False, "isDynamicConfig": True, "isReadOnly": False}


def _namespace(_candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    name = _name(identifier)
    return {
        "createdAt": MOMENT,
        "metricId": f"{identifier.split('/')[2]}:{name}",
        "serviceBusEndpoint": f"https://{name}.servicebus.windows.net:443/",
        "status": "Active",
        "updatedAt": MOMENT,
    }


def vault_uri(name: str) -> str:
    """Where a vault answers."""
    return f"https://{name.lower()}.vault.azure.net/"


def _vault(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    given: Mapping[str, Any] = candidate.inputs.get("properties") or {}
    added = {"vaultUri": vault_uri(_name(identifier)), "provisioningState": "Succeeded", "hsmPoolResourceId": ""}
    return {"properties": {"enableSoftDelete": True, "softDeleteRetentionInDays": 90, **given, **added}}


def _secret(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    given: Mapping[str, Any] = candidate.inputs.get("properties") or {}
    uri = f"{vault_uri(text(candidate.inputs, 'vaultName'))}secrets/{_name(identifier)}"
    version = digits(f"{identifier}/{given.get('value')}")
    kept = {key: value for key, value in given.items() if key != "value"}
    dates = {"created": 1767225600, "enabled": True, "updated": 1767225600}
    return {
        "properties": {
            **kept,
            "attributes": {**dates, **(kept.get("attributes") or {})},
            "secretUri": uri,
            "secretUriWithVersion": f"{uri}/{version}",
        }
    }


def _key(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    uri = f"{vault_uri(text(candidate.inputs, 'vaultName'))}keys/{_name(identifier)}"
    return {
        "keyUri": uri,
        "keyUriWithVersion": f"{uri}/{digits(identifier)}",
        "kty": text(candidate.inputs, "properties.kty", "RSA"),
    }


def _storage(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    name = _name(identifier)
    parts = ("blob", "dfs", "file", "queue", "table")
    ends = {part: f"https://{name}.{part}.core.windows.net/" for part in parts}
    return {
        "creationTime": MOMENT,
        "primaryEndpoints": {**ends, "web": f"https://{name}.z6.web.core.windows.net/"},
        "primaryLocation": _location(candidate),
        "statusOfPrimary": "available",
        "isSkuConversionBlocked": False,
        "privateEndpointConnections": [],
    }


def environment_domain(environment: str, location: str) -> str:
    """The domain under which the apps of an environment answer; depends on the environment's id."""
    return f"simulated-{digits(environment, 8)}.{location}.azurecontainerapps.io"


def _environment(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    location = _location(candidate)
    internal = (candidate.inputs.get("vnetConfiguration") or {}).get("internal") is True
    found: dict[str, Value] = {
        "defaultDomain": environment_domain(identifier, location),
        "eventStreamEndpoint": f"https://{location}.azurecontainerapps.dev{identifier}/eventstream",
        "privateEndpointConnections": [],
        "staticIp": "10.0.0.4" if internal else public_address(identifier),
    }
    verification = digits(identifier.split("/")[2], 64).upper()
    given: Mapping[str, Any] = candidate.inputs.get("customDomainConfiguration") or {}
    shown = {key: value for key, value in given.items() if key not in {"certificatePassword", "certificateValue"}}
    found["customDomainConfiguration"] = {**shown, "customDomainVerificationId": verification}
    return found


def _container_app(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    inputs, name = candidate.inputs, _name(identifier)
    environment = text(inputs, "environmentId") or text(inputs, "managedEnvironmentId")
    domain = environment_domain(environment, _location(candidate))
    revision = f"{name}--{text(inputs, 'template.revisionSuffix') or digits(repr(inputs.get('template')), 7)}"
    found: dict[str, Value] = {
        "customDomainVerificationId": digits(identifier.split("/")[2], 64).upper(),
        "eventStreamEndpoint": f"https://{_location(candidate)}.azurecontainerapps.dev{identifier}/eventstream",
        "latestReadyRevisionName": revision,
        "latestRevisionName": revision,
        "outboundIpAddresses": [public_address(environment)],
        "runningStatus": "Running",
    }
    configuration: Mapping[str, Any] = inputs.get("configuration") or {}
    ingress = configuration.get("ingress")
    if isinstance(ingress, Mapping):
        inner = domain if ingress.get("external") is True else f"internal.{domain}"
        found["latestRevisionFqdn"] = f"{revision}.{inner}"
        shown = {**configuration, "ingress": {**ingress, "fqdn": f"{name}.{inner}"}}
        found["configuration"] = _without_values(shown)
    else:
        found["latestRevisionFqdn"] = ""
        found["configuration"] = _without_values(configuration)
    return found


def _without_values(configuration: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration with the values of its secrets left out, as Azure gives it back."""
    secrets = configuration.get("secrets")
    if not isinstance(secrets, list):
        return dict(configuration)
    shown = [{key: value for key, value in secret.items() if key != "value"} for secret in secrets]
    return {**configuration, "secrets": shown}


def _job(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    configuration: Mapping[str, Any] = candidate.inputs.get("configuration") or {}
    return {
        "configuration": _without_values(configuration),
        "eventStreamEndpoint": f"https://{_location(candidate)}.azurecontainerapps.dev{identifier}/eventstream",
        "outboundIpAddresses": [public_address(text(candidate.inputs, "environmentId"))],
        "runningState": "Ready",
    }


def _certificate(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    given: Mapping[str, Any] = candidate.inputs.get("properties") or {}
    added = {"provisioningState": "Succeeded", "validationToken": digits(f"{identifier}/token")}
    return {"properties": {**given, **added}}


def identity_of(identifier: str) -> dict[str, Value]:
    """The ids of an identity in the directory."""
    return {"clientId": guid_of(f"{identifier}/client"), "principalId": guid_of(f"{identifier}/principal")}


def _identity(_candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    return {**identity_of(identifier), "tenantId": TENANT}


def _registry(_candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    return {
        "creationDate": MOMENT,
        "loginServer": f"{_name(identifier).lower()}.azurecr.io",
        "privateEndpointConnections": [],
    }


def _workspace(_candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    return {"createdDate": MOMENT, "customerId": guid_of(f"{identifier}/customer"), "modifiedDate": MOMENT}


def _component(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    key, location = guid_of(f"{identifier}/key"), _location(candidate)
    ends = f"IngestionEndpoint=https://{location}-0.in.applicationinsights.azure.com/"
    live = f"LiveEndpoint=https://{location}.livediagnostics.monitor.azure.com/"
    app = guid_of(f"{identifier}/app")
    return {
        "appId": app,
        "applicationId": _name(identifier),
        "connectionString": f"InstrumentationKey={key};{ends};{live};ApplicationId={app}",
        "creationDate": MOMENT,
        "instrumentationKey": key,
        "tenantId": TENANT,
    }


def _assignment(_candidate: Candidate, _identifier: str) -> Mapping[str, Value]:
    who = guid_of("deployer")
    return {"createdBy": who, "createdOn": MOMENT, "updatedBy": who, "updatedOn": MOMENT}


def _group(_candidate: Candidate, _identifier: str) -> Mapping[str, Value]:
    return {"properties": {"provisioningState": "Succeeded"}}


def _prometheus(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    name, location = _name(identifier), _location(candidate)
    query = f"https://{name}-{digits(identifier, 4)}.{location}.prometheus.monitor.azure.com"
    return {"accountId": guid_of(identifier), "metrics": {"internalId": digits(identifier), "prometheusQueryEndpoint": query}}


OUTPUTS: Final[Mapping[str, Callable[[Candidate, str], Mapping[str, Value]]]] = {
    f"{PACKAGE}:{token}": make
    for token, make in {
        "app:ContainerApp": _container_app,
        "app:Job": _job,
        "app:ManagedCertificate": _certificate,
        "app:ManagedEnvironment": _environment,
        "applicationinsights:Component": _component,
        "authorization:RoleAssignment": _assignment,
        "containerregistry:Registry": _registry,
        "dbformysql:Configuration": _setting,
        "dbformysql:Server": _database("mysql.database.azure.com"),
        "dbforpostgresql:Configuration": _setting,
        "dbforpostgresql:Server": _database("postgres.database.azure.com"),
        "keyvault:Key": _key,
        "keyvault:Secret": _secret,
        "keyvault:Vault": _vault,
        "managedidentity:UserAssignedIdentity": _identity,
        "monitor:AzureMonitorWorkspace": _prometheus,
        "operationalinsights:Workspace": _workspace,
        "resources:ResourceGroup": _group,
        "servicebus:Namespace": _namespace,
        "storage:StorageAccount": _storage,
    }.items()
}
