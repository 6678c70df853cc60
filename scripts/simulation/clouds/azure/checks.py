"""What is wrong with values whatever else exists. What is not known yet is passed over."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from scripts.simulation.clouds.azure import app_checks, catalogue, database_checks, names, network_checks
from scripts.simulation.clouds.azure.place import GUID, location_problem
from scripts.simulation.clouds.azure.types import CONTAINER_APP, JOB, MYSQL, PACKAGE, POSTGRESQL
from scripts.simulation.clouds.fields import numbers, stated, text, texts
from scripts.simulation.values import Problem, Properties, select
from scripts.simulation.world import Place

_EVERYWHERE: Final = """
cdn:AFDEndpoint cdn:Policy cdn:Profile communication:CommunicationService communication:Domain communication:EmailService
dns:Zone monitor:ActionGroup monitor:ActivityLogAlert monitor:MetricAlert privatedns:PrivateZone privatedns:VirtualNetworkLink
"""
_GLOBAL: Final = frozenset(f"{PACKAGE}:{token}" for token in _EVERYWHERE.split())
"""Types that have no location of their own: `global`."""

_DURATION: Final = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")


def check(token: str, inputs: Properties, place: Place) -> Sequence[Problem]:
    """All that is wrong with the inputs of one resource."""
    own = _OWN.get(token)
    return [
        *names.problems(token, inputs),
        *_location(token, inputs),
        *(own(inputs, place) if own is not None else ()),
    ]


def _location(token: str, inputs: Properties) -> Iterator[Problem]:
    if token == f"{PACKAGE}:alertsmanagement:SmartDetectorAlertRule":
        return
    wrong = location_problem("location", inputs.get("location"), elsewhere=token in _GLOBAL)
    if wrong is not None:
        yield wrong
        return
    location = inputs.get("location")
    only_global = token in _GLOBAL and not token.endswith((":ActionGroup", ":ActivityLogAlert"))
    if only_global and isinstance(location, str) and location.lower() != "global":
        yield Problem("location", f"{location} is not accepted for a {token.rsplit(':', 1)[-1]}; use global")


def seconds(text: str) -> float | None:
    """The length of a time in ISO 8601's notation (`PT1M`, `P1D`); None for anything else."""
    found = _DURATION.fullmatch(text)
    if found is None or not any(found.groups()):
        return None
    return sum(float(part or 0) * unit for part, unit in zip(found.groups(), (86400, 3600, 60, 1), strict=True))


def _vault(inputs: Properties, _place: Place) -> Iterator[Problem]:
    for path, tenant in texts(inputs, "properties.tenantId"):
        if not GUID.fullmatch(tenant):
            yield Problem(path, f"{tenant or 'an empty text'} is no GUID; give the id of the directory")
    for path, days in numbers(inputs, "properties.softDeleteRetentionInDays"):
        if not 7 <= days <= 90:
            yield Problem(path, f"{days} days are not possible; give 7 to 90")
    for path, value in select(inputs, "properties.enablePurgeProtection"):
        if value is False:
            yield Problem(path, "cannot be false; leave it out, or set it to true, which nothing takes back")
    properties = inputs.get("properties")
    if not isinstance(properties, Mapping) or properties.get("accessPolicies") is not None:
        return
    if properties.get("enableRbacAuthorization") in {None, False} and properties.get("createMode") is None:
        yield Problem(
            "properties.accessPolicies",
            "is missing; set enableRbacAuthorization to true, or say here who may read secrets",
        )


def _secret(inputs: Properties, _place: Place) -> Iterator[Problem]:
    for path, value in texts(inputs, "properties.value"):
        if len(value.encode()) > 25 * 1024:
            yield Problem(path, "is longer than 25 KiB, the most that a secret holds")


def _bus(inputs: Properties, _place: Place) -> Iterator[Problem]:
    tier = stated(inputs, "sku.name", "Standard")
    if tier is None:
        return
    if "sku" in inputs and tier != (stated(inputs, "sku.tier", tier) or tier):
        yield Problem("sku.tier", f"differs from the name {tier}; give both the same word, or leave the tier out")
    for path, units in numbers(inputs, "sku.capacity"):
        if tier == "Premium" and units not in catalogue.PREMIUM_CAPACITY:
            yield Problem(path, f"{units} messaging units are not possible; give 1, 2, 4, 8 or 16")
    for field in ("encryption", "geoDataReplication"):
        if tier != "Premium" and inputs.get(field) is not None:
            yield Problem(field, f"needs the SKU Premium, not {tier}; leave it out, or set sku.name to Premium")
    for path, version in texts(inputs, "minimumTlsVersion"):
        if version != "1.2":
            yield Problem(path, f"{version} is not accepted any more; use 1.2")


def _queue(inputs: Properties, _place: Place) -> Iterator[Problem]:
    for path, value in texts(inputs, "lockDuration"):
        length = seconds(value)
        if length is None or not 5 <= length <= catalogue.LOCK_LONGEST_SECONDS:
            yield Problem(path, f"{value or 'an empty text'} is not possible; give PT5S to PT5M")
    for field in ("defaultMessageTimeToLive", "autoDeleteOnIdle", "duplicateDetectionHistoryTimeWindow"):
        for path, value in texts(inputs, field):
            if seconds(value) is None:
                yield Problem(path, f"{value or 'an empty text'} is no length of time; write it as P14D or PT1H")
            elif field == "autoDeleteOnIdle" and (seconds(value) or 0) < 300:
                yield Problem(path, f"{value} is too short; give at least PT5M")
    for path, count in numbers(inputs, "maxDeliveryCount"):
        if not 1 <= count <= 2000:
            yield Problem(path, f"{count} deliveries are not possible; give 1 to 2000")
    for path, size in numbers(inputs, "maxSizeInMegabytes"):
        if size not in catalogue.PREMIUM_QUEUE_SIZES_MIB:
            known = ", ".join(str(one) for one in catalogue.QUEUE_SIZES_MIB)
            yield Problem(path, f"{size} is no size of a queue; use {known}, or more on Premium")


def _metric_alert(inputs: Properties, _place: Place) -> Iterator[Problem]:
    frequencies = catalogue.WINDOWS[:5]
    for field, known in (("evaluationFrequency", frequencies), ("windowSize", catalogue.WINDOWS)):
        for path, value in texts(inputs, field):
            if value not in known:
                yield Problem(path, f"{value or 'an empty text'} is not possible; use {', '.join(known)}")
    every, window = seconds(text(inputs, "evaluationFrequency")), seconds(text(inputs, "windowSize"))
    if every is not None and window is not None and every > window:
        yield Problem("windowSize", "is shorter than evaluationFrequency, so figures would be missed; make it as long")
    yield from _severity(inputs)


def _query_rule(inputs: Properties, _place: Place) -> Iterator[Problem]:
    for field in ("windowSize", "overrideQueryTimeRange"):
        for path, value in texts(inputs, field):
            if value not in catalogue.QUERY_WINDOWS:
                known = ", ".join(catalogue.QUERY_WINDOWS[:14])
                yield Problem(path, f"{value or 'an empty text'} is not possible; log alerts look back two days: {known}")
    yield from _severity(inputs)


def _severity(inputs: Properties) -> Iterator[Problem]:
    for path, value in numbers(inputs, "severity"):
        if value not in range(5):
            yield Problem(path, f"{value} is no severity; give 0 (critical) to 4 (verbose)")


def _action_group(inputs: Properties, _place: Place) -> Iterator[Problem]:
    for path, name in texts(inputs, "groupShortName"):
        if not 1 <= len(name) <= 12:
            yield Problem(path, f"{name or 'an empty text'} has {len(name)} characters; use 1 to 12")


def _web_test(inputs: Properties, _place: Place) -> Iterator[Problem]:
    for field in ("webTestKind", "kind"):
        for path, kind in texts(inputs, field):
            if kind == "ping":
                yield Problem(path, "ping tests are retired; use standard")
    tags = inputs.get("tags")
    if tags is None or (isinstance(tags, Mapping) and not any(key.startswith("hidden-link:") for key in tags)):
        yield Problem("tags", 'lacks "hidden-link:<id of the Application Insights component>": "Resource"; add it')


def _workspace(inputs: Properties, _place: Place) -> Iterator[Problem]:
    for path, days in numbers(inputs, "retentionInDays"):
        if stated(inputs, "sku.name", "PerGB2018") == "PerGB2018" and not 30 <= days <= 730:
            yield Problem(path, f"{days} days are not possible; give 30 to 730, and keep logs longer in a storage account")


def _mail(inputs: Properties, _place: Place) -> Iterator[Problem]:
    for path, area in texts(inputs, "dataLocation"):
        if area not in catalogue.DATA_LOCATIONS:
            yield Problem(
                path, f"{area or 'an empty text'} is no place for data; use one of {', '.join(catalogue.DATA_LOCATIONS)}"
            )


def _mail_domain(inputs: Properties, _place: Place) -> Iterator[Problem]:
    management, name = text(inputs, "domainManagement"), inputs.get("domainName")
    if management == "AzureManaged" and isinstance(name, str) and name != "AzureManagedDomain":
        yield Problem("domainName", f"{name} is not possible for a domain of Azure; call it AzureManagedDomain")
    if management.startswith("CustomerManaged") and isinstance(name, str) and "." not in name:
        yield Problem("domainName", f"{name} is no domain; give the one that mail is sent from, such as mail.example.com")


_OWN: Final[Mapping[str, Callable[[Properties, Place], Iterator[Problem]]]] = {
    CONTAINER_APP: app_checks.container_app,
    JOB: app_checks.job,
    MYSQL: database_checks.mysql,
    POSTGRESQL: database_checks.postgresql,
    **{
        f"{PACKAGE}:{token}": own
        for token, own in {
            "app:ManagedEnvironment": app_checks.environment,
            "applicationinsights:WebTest": _web_test,
            "communication:CommunicationService": _mail,
            "communication:Domain": _mail_domain,
            "communication:EmailService": _mail,
            "dns:RecordSet": network_checks.record,
            "keyvault:Secret": _secret,
            "keyvault:Vault": _vault,
            "monitor:ActionGroup": _action_group,
            "monitor:MetricAlert": _metric_alert,
            "monitor:ScheduledQueryRule": _query_rule,
            "network:NetworkSecurityGroup": network_checks.security_rules,
            "network:PrivateEndpoint": network_checks.endpoint,
            "network:PublicIPAddress": network_checks.public_address,
            "network:SecurityRule": network_checks.security_rule,
            "network:Subnet": network_checks.subnet,
            "network:VirtualNetwork": network_checks.network,
            "operationalinsights:Workspace": _workspace,
            "servicebus:Namespace": _bus,
            "servicebus:Queue": _queue,
            "servicebus:Subscription": _queue,
            "servicebus:Topic": _queue,
        }.items()
    },
}
