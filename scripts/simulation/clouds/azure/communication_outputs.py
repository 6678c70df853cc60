"""Computed outputs of what sends mail and of what the web reaches: Communication Services and Front Door."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from scripts.simulation.clouds.azure.forms import digits, guid_of
from scripts.simulation.clouds.azure.types import PACKAGE
from scripts.simulation.clouds.fields import text
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Value

_TTL: Final = 3600


def domain(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    """A domain's names and the records that prove it: ownership, SPF, two keys for DKIM and DMARC."""
    azures = text(candidate.inputs, "domainManagement") == "AzureManaged"
    name = f"{guid_of(identifier)}.azurecomm.net" if azures else identifier.rpartition("/")[2]
    label = name.split(".", maxsplit=1)[0]
    records: dict[str, Any] = {
        "domain": {"name": name, "type": "TXT", "value": f"ms-domain-verification={guid_of(f'{identifier}/domain')}"},
        "sPF": {"name": name, "type": "TXT", "value": "v=spf1 include:spf.protection.outlook.com -all"},
        "dKIM": _selector("selector1", label),
        "dKIM2": _selector("selector2", label),
        "dMARC": {"name": f"_dmarc.{label}", "type": "TXT", "value": "v=DMARC1; p=none"},
    }
    verified = {"status": "Verified" if azures else "NotStarted"}
    return {
        "fromSenderDomain": name,
        "mailFromSenderDomain": name,
        "verificationRecords": {key: {**record, "ttl": _TTL} for key, record in records.items()},
        "verificationStates": dict.fromkeys(records, verified),
    }


def _selector(selector: str, label: str) -> dict[str, Any]:
    name = f"{selector}-azurecomm-prod-net"
    return {"name": f"{name}._domainkey.{label}", "type": "CNAME", "value": f"{name}._domainkey.azurecomm.net"}


def _service(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    area = text(candidate.inputs, "dataLocation", "Europe").lower().replace(" ", "")
    return {
        "hostName": f"{identifier.rpartition('/')[2]}.{area}.communication.azure.com",
        "immutableResourceId": guid_of(identifier),
        "version": "0.2.0",
    }


def _profile(_candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    return {"frontDoorId": guid_of(identifier), "kind": "frontdoor", "resourceState": "Active"}


def _endpoint(_candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    name = identifier.rpartition("/")[2]
    return {"hostName": f"{name}-{digits(identifier, 14)}.z01.azurefd.net", "deploymentStatus": "NotStarted"}


def _custom_domain(_candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    token = {"expirationDate": "2026-01-08T00:00:00Z", "validationToken": digits(f"{identifier}/token")}
    return {
        "deploymentStatus": "NotStarted",
        "domainValidationState": "Pending",
        "validationProperties": token,
    }


OUTPUTS: Final[Mapping[str, Callable[[Candidate, str], Mapping[str, Value]]]] = {
    f"{PACKAGE}:{token}": make
    for token, make in {
        "cdn:AFDCustomDomain": _custom_domain,
        "cdn:AFDEndpoint": _endpoint,
        "cdn:Profile": _profile,
        "communication:CommunicationService": _service,
        "communication:Domain": domain,
    }.items()
}
