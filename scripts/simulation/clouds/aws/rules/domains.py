"""Zones, records, certificates and identities for mail."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from typing import Any

from scripts.simulation.clouds.aws.rules.reading import Rules, complete, missing, named, nested, number, others, strings, text
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Problem, Properties
from scripts.simulation.world import Place, Resource, World

_RECORD, _ZONE = "route53/record:Record", "route53/zone:Zone"
_TYPES = (
    "A",
    "AAAA",
    "CAA",
    "CNAME",
    "DS",
    "HTTPS",
    "MX",
    "NAPTR",
    "NS",
    "PTR",
    "SOA",
    "SPF",
    "SRV",
    "SSHFP",
    "SVCB",
    "TLSA",
    "TXT",
)
_LABEL = r"[A-Za-z0-9_*\\-]{1,63}"
_NAME = re.compile(rf"(?=.{{1,255}}$){_LABEL}(\.{_LABEL})*\.?")
_HOST = r"(?:[A-Za-z0-9_-]{1,63}\.)*[A-Za-z0-9_-]{1,63}\.?"
_FORMS: Mapping[str, tuple[str, str]] = {
    "CNAME": (_HOST, "a host name"),
    "NS": (_HOST, "a host name"),
    "PTR": (_HOST, "a host name"),
    "MX": (rf"\d{{1,5}}\s+({_HOST}|\.)", "a preference and a host, such as 10 mail.example.org"),
    "SRV": (rf"\d{{1,5}}\s+\d{{1,5}}\s+\d{{1,5}}\s+({_HOST}|\.)", "priority, weight, port and host"),
    "CAA": (r'\d{1,3}\s+[a-z]+\s+"[^"]*"', 'flags, tag and value, such as 0 issue "amazon.com"'),
    "DS": (r"\d{1,5}\s+\d{1,3}\s+\d{1,3}\s+[0-9A-Fa-f]+", "tag, algorithm, digest type and digest"),
    "TLSA": (r"[0-3]\s+[01]\s+[0-2]\s+[0-9A-Fa-f]+", "usage, selector, matching type and data"),
}
_PUBLIC_KEYS = ("RSA_2048", "EC_prime256v1", "EC_secp384r1")
"""ACM user guide, "Certificate characteristics and limitations"."""

_LONGEST_STRING = 255
"""Characters of one string of a TXT record; longer values are several strings: `""` between parts (RFC 1035)."""


def check_record(inputs: Properties, _: Place) -> Iterator[Problem]:
    name, kind = text(inputs, "name"), text(inputs, "type")
    if name is not None and name and not _NAME.fullmatch(name):
        yield Problem("name", f"{name!r} is no name; use labels of up to 63 letters, digits, - and _ with dots between")
    if kind is not None and kind not in _TYPES:
        yield Problem("type", f"{kind!r} is no type of record; use one of {', '.join(_TYPES)}")
    aliased, listed = inputs.get("aliases"), inputs.get("records")
    if aliased and listed:
        yield Problem("aliases", "is given besides records; leave one of the two out")
    if aliased is None and listed is None:
        yield Problem("records", "is missing; give records, or an alias")
    if aliased and not missing(inputs, "ttl"):
        yield Problem("ttl", "is given for an alias, which has its target's; leave it out")
    if listed and missing(inputs, "ttl"):
        yield Problem("ttl", "is missing; give it in seconds, such as 300")
    ttl = number(inputs, "ttl")
    if ttl is not None and not 0 <= ttl <= 2147483647:
        yield Problem("ttl", f"{int(ttl)} is out of range; use 0 to 2147483647")
    known = complete(inputs, "records")
    if kind == "CNAME" and known is not None and len(known) > 1:
        yield Problem("records", f"has {len(known)} values; a CNAME has one")
    for path, value in strings(inputs, "records[*]"):
        reason = _value(kind or "", value)
        if reason:
            yield Problem(path, reason)
    if any(not missing(inputs, key) for key in inputs if key.endswith(("RoutingPolicies", "RoutingPolicy"))) and missing(
        inputs, "setIdentifier"
    ):
        yield Problem("setIdentifier", "is missing; records of a routing policy are told apart by it")


def _value(kind: str, value: str) -> str | None:
    if kind in {"A", "AAAA"}:
        version = 4 if kind == "A" else 6
        try:
            wrong = ipaddress.ip_address(value).version != version
        except ValueError:
            wrong = True
        return f"{value!r} is no IPv{version} address; a record {kind} holds one" if wrong else None
    if kind in {"TXT", "SPF"}:
        parts = re.findall(r'"((?:[^"\\]|\\.)*)"', value) if value.startswith('"') else re.split(r'""|" "', value)
        longest = max((len(part) for part in parts), default=0)
        if longest > _LONGEST_STRING:
            return f'has a string of {longest} characters; put "" between parts of at most {_LONGEST_STRING}'
        return None
    form = _FORMS.get(kind)
    if form and not re.fullmatch(form[0], value):
        return f"{value!r} does not fit the type {kind}; write {form[1]}"
    return None


def full_name(record: Properties, zone: Resource | None) -> str:
    """A record's name with its zone's, without the last dot; `name` may leave the zone out."""
    name = str(record.get("name") or "").rstrip(".").lower()
    base = str(zone.outputs.get("name") or "").rstrip(".").lower() if zone is not None else ""
    if not base or name == base or name.endswith(f".{base}"):
        return name
    return f"{name}.{base}" if name else base


def admit_record(candidate: Candidate, world: World) -> Iterator[Problem]:
    """Name and type are free; a CNAME stands alone and not at the zone's own name."""
    inputs = candidate.inputs
    zone = named(world, _ZONE, inputs.get("zoneId"))
    name, kind = full_name(inputs, zone), inputs.get("type")
    base = str(zone.outputs.get("name") or "").rstrip(".").lower() if zone is not None else ""
    if kind == "CNAME" and base and name == base:
        yield Problem("type", f"CNAME cannot stand at the zone's own name {name}; use an alias of type A")
    for other in others(world, _RECORD, candidate):
        if other.inputs.get("zoneId") != inputs.get("zoneId") or full_name(other.inputs, zone) != name:
            continue
        same_set = other.inputs.get("setIdentifier") == inputs.get("setIdentifier")
        if other.inputs.get("type") == kind and same_set and inputs.get("allowOverwrite") is not True:
            yield Problem("name", f"{name} has a record {kind} by {other.label} already; put all values into one record")
            return
        if other.inputs.get("type") != kind and "CNAME" in {other.inputs.get("type"), kind}:
            yield Problem("name", f"{name} has a record {other.inputs.get('type')} by {other.label}; a CNAME stands alone")
            return


def admit_zone_key(candidate: Candidate, world: World) -> Iterator[Problem]:
    """DNSSEC signs with a key in us-east-1 of one kind."""
    key = named(world, "kms/key:Key", candidate.inputs.get("keyManagementServiceArn"))
    if key is None or not key.inputs:
        return
    region = key.outputs.get("region") or key.place.region
    wanted = {"customerMasterKeySpec": "ECC_NIST_P256", "keyUsage": "SIGN_VERIFY"}
    if region != "us-east-1":
        yield Problem("keyManagementServiceArn", f"the {key.label} is in {region}; DNSSEC needs a key in us-east-1")
    for name, value in wanted.items():
        if key.outputs.get(name) != value:
            yield Problem(
                "keyManagementServiceArn", f"the {key.label} has {name} {key.outputs.get(name)}; DNSSEC needs {value}"
            )
            return


def admit_signing(candidate: Candidate, world: World) -> Iterator[Problem]:
    """A zone is signed only with an active key."""
    zone = candidate.inputs.get("hostedZoneId")
    keys = [one for one in world.of("aws:route53/keySigningKey:KeySigningKey") if one.inputs.get("hostedZoneId") == zone]
    if not any(key.outputs.get("status") == "ACTIVE" for key in keys):
        yield Problem("hostedZoneId", "has no active key-signing key; make one, and let this depend on it")


def release_zone_key(resource: Resource, _: World) -> Iterator[Problem]:
    if resource.outputs.get("status") == "ACTIVE":
        yield Problem("status", f"is ACTIVE on the {resource.label}; set it to INACTIVE and deploy that first")


def check_certificate(inputs: Properties, _: Place) -> Iterator[Problem]:
    imported = any(not missing(inputs, key) for key in ("privateKey", "privateKeyWo", "certificateBody"))
    if imported:
        for key in ("certificateBody",):
            if missing(inputs, key):
                yield Problem(key, "is missing; an imported certificate has certificateBody and privateKey")
        return
    if missing(inputs, "domainName"):
        yield Problem("domainName", "is missing; give the name that the certificate is for")
    if missing(inputs, "validationMethod") and missing(inputs, "certificateAuthorityArn"):
        yield Problem("validationMethod", "is missing; use DNS")
    method = text(inputs, "validationMethod")
    if method is not None and method not in {"DNS", "EMAIL", "HTTP"}:
        yield Problem("validationMethod", f"{method!r} is no method; use DNS")
    algorithm = text(inputs, "keyAlgorithm")
    if algorithm is not None and missing(inputs, "certificateAuthorityArn") and algorithm not in _PUBLIC_KEYS:
        yield Problem("keyAlgorithm", f"{algorithm!r} is not for public certificates; use one of {', '.join(_PUBLIC_KEYS)}")
    logging = text(nested(inputs, "options"), "certificateTransparencyLoggingPreference")
    if logging is not None and logging not in {"ENABLED", "DISABLED"}:
        yield Problem("options.certificateTransparencyLoggingPreference", f"{logging!r} is unknown; use ENABLED or DISABLED")
    for path, name in [*strings(inputs, "domainName"), *strings(inputs, "subjectAlternativeNames[*]")]:
        if not re.fullmatch(r"(\*\.)?([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}", name) or len(name) > 253:
            yield Problem(path, f"{name!r} is no domain name; write one such as mail.example.org or *.example.org")
    first = text(inputs, "domainName")
    if first is not None and len(first) > 64:
        yield Problem(
            "domainName", f"has {len(first)} characters; the first name takes 64, longer ones go to subjectAlternativeNames"
        )


def admit_validation(candidate: Candidate, world: World) -> Iterator[Problem]:
    """Every name of the certificate has its record, or AWS waits for an hour and gives up."""
    certificate = named(world, "acm/certificate:Certificate", candidate.inputs.get("certificateArn"))
    given = complete(candidate.inputs, "validationRecordFqdns")
    if certificate is None or given is None:
        return
    written = {str(name).rstrip(".").lower() for name in given}
    for option in certificate.outputs.get("domainValidationOptions") or ():
        name = str(option.get("resourceRecordName")).rstrip(".").lower()
        if name not in written:
            yield Problem("validationRecordFqdns", f"lacks {name}, which proves {option.get('domainName')}; add that record")
    zones = {zone.id: zone for zone in world.of(f"aws:{_ZONE}")}
    there = {full_name(one.inputs, zones.get(str(one.inputs.get("zoneId")))) for one in world.of(f"aws:{_RECORD}")}
    for index, name in enumerate(given):
        if zones and str(name).rstrip(".").lower() not in there:
            yield Problem(
                f"validationRecordFqdns[{index}]", f"{name} has no record; make it first, from domainValidationOptions"
            )


def check_identity(inputs: Properties, _: Place) -> Iterator[Problem]:
    name = text(inputs, "emailIdentity")
    if name is not None and not re.fullmatch(
        r"([^@\s]+@)?([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}", name
    ):
        yield Problem("emailIdentity", f"{name!r} is neither a domain nor an address; write one such as example.org")
    signing = nested(inputs, "dkimSigningAttributes")
    own = [key for key in ("domainSigningSelector", "domainSigningPrivateKey") if not missing(signing, key)]
    if len(own) == 1:
        yield Problem("dkimSigningAttributes", f"has {own[0]} alone; give selector and private key together, or neither")
    if own and not missing(signing, "nextSigningKeyLength"):
        yield Problem(
            "dkimSigningAttributes.nextSigningKeyLength", "is for keys that SES makes; leave it out with your own key"
        )
    key = text(signing, "domainSigningPrivateKey")
    if key is not None and not re.fullmatch(r"[A-Za-z0-9+/=\s]+", key):
        yield Problem(
            "dkimSigningAttributes.domainSigningPrivateKey", "is no Base64; give the PEM's lines without its first and last"
        )
    if own and name is not None and "@" in name:
        yield Problem("dkimSigningAttributes", "is given for an address; DKIM keys belong to domains")


def admit_identity(candidate: Candidate, world: World) -> Iterator[Problem]:
    for other in others(world, "sesv2/emailIdentity:EmailIdentity", candidate):
        same_region = (other.outputs.get("region") or other.place.region) == candidate.place.region
        if same_region and other.id == candidate.inputs.get("emailIdentity"):
            yield Problem("emailIdentity", f"{other.id} is an identity by {other.label} already; a region has it once")


def check_mail_from(inputs: Properties, _: Place) -> Iterator[Problem]:
    """The MAIL FROM domain is a subdomain of the identity."""
    name, identity = text(inputs, "mailFromDomain"), text(inputs, "emailIdentity")
    base = identity.rpartition("@")[2] if identity else None
    if name is not None and base is not None and not name.endswith(f".{base}"):
        yield Problem("mailFromDomain", f"{name} is no subdomain of {base}; use one such as bounce.{base}")
    if inputs.get("behaviorOnMxFailure") not in {None, "USE_DEFAULT_VALUE", "REJECT_MESSAGE"} and text(
        inputs, "behaviorOnMxFailure"
    ):
        yield Problem("behaviorOnMxFailure", "is unknown; use USE_DEFAULT_VALUE or REJECT_MESSAGE")


def check_configuration(inputs: Properties, _: Place) -> Iterator[Problem]:
    allowed: Mapping[str, tuple[str, str, set[Any]]] = {
        "deliveryOptions.tlsPolicy": ("deliveryOptions", "tlsPolicy", {"REQUIRE", "OPTIONAL"}),
        "trackingOptions.httpsPolicy": ("trackingOptions", "httpsPolicy", {"REQUIRE", "REQUIRE_OPEN_ONLY", "OPTIONAL"}),
    }
    for path, (outer, inner, values) in allowed.items():
        value = text(nested(inputs, outer), inner)
        if value is not None and value not in values:
            yield Problem(path, f"{value!r} is unknown; use {' or '.join(sorted(values))}")
    for path, value in strings(inputs, "suppressionOptions.suppressedReasons[*]"):
        if value not in {"BOUNCE", "COMPLAINT"}:
            yield Problem(path, f"{value!r} is unknown; use BOUNCE or COMPLAINT")


CHECKS: Rules = {
    "acm/certificate:Certificate": (check_certificate,),
    _RECORD: (check_record,),
    "sesv2/configurationSet:ConfigurationSet": (check_configuration,),
    "sesv2/emailIdentity:EmailIdentity": (check_identity,),
    "sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes": (check_mail_from,),
}

ADMITS: Rules = {
    "acm/certificateValidation:CertificateValidation": (admit_validation,),
    "route53/hostedZoneDnsSec:HostedZoneDnsSec": (admit_signing,),
    "route53/keySigningKey:KeySigningKey": (admit_zone_key,),
    _RECORD: (admit_record,),
    "sesv2/emailIdentity:EmailIdentity": (admit_identity,),
}

RELEASES: Rules = {"route53/keySigningKey:KeySigningKey": (release_zone_key,)}
