"""Rules of the web firewall. Pure: descriptions of rules, in the SDK's names.

Everywhere: limits of the description (requests of a client, size of a body) and paths that are nobody's business outside.
Outside development AWS's own groups too: known attackers, known bad inputs, common attacks, SQL injection. Rules of those that
look into a body only count: the platform's bodies are mail, which may hold a script, an address or a line of SQL, and are
larger than the 8 KiB that the firewall sees of a request to a load balancer.

A body's size is what its Content-Length says, so a request that brings a body without one is refused (411), as on-premise.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from components.spec import Edge

Rule = Mapping[str, Any]

WINDOW_SECONDS = 60
"""Requests of a client are counted over the last minute, every few seconds."""

INTERNAL_PATHS = ("metrics", "internal", "readyz")
"""404 for the public: figures and probes. The load balancer's own probes do not pass the firewall."""

MANAGED: Mapping[str, Sequence[str]] = {
    "AWSManagedRulesAmazonIpReputationList": (),
    "AWSManagedRulesKnownBadInputsRuleSet": ("JavaDeserializationRCE_BODY", "Log4JRCE_BODY", "ReactJSRCE_BODY"),
    "AWSManagedRulesCommonRuleSet": (
        "CrossSiteScripting_BODY",
        "EC2MetaDataSSRF_BODY",
        "GenericLFI_BODY",
        "GenericRFI_BODY",
        "NoUserAgent_HEADER",
        "SizeRestrictions_BODY",
    ),
    "AWSManagedRulesSQLiRuleSet": ("SQLi_BODY", "SQLiExtendedPatterns_BODY"),
}
"""Group -> its rules that only count. Programs that call an API may go without a User-Agent."""

_NONE = [{"priority": 0, "type": "NONE"}]
_LENGTH, _CODING = "content-length", "transfer-encoding"
_BODIES = {411: "Length Required", 413: "Content Too Large", 429: "Too Many Requests", 404: "Not Found"}


def rules(edge: Edge, *, managed: bool) -> list[Rule]:
    """All rules, in the order in which they are asked. `managed`: with AWS's own groups."""
    own = [
        _blocking("requests-of-a-client", 429, _rate(edge.requests_per_minute_per_client), retry=WINDOW_SECONDS),
        _blocking("internal-paths", 404, _internal()),
        _blocking("body-without-length", 411, _unsized()),
        _blocking("body-too-large", 413, _header(_LENGTH, above(edge.max_request_body_kib * 1024))),
    ]
    groups = [_group(name, counted) for name, counted in MANAGED.items()] if managed else []
    return [{**rule, "priority": place} for place, rule in enumerate([*own, *groups])]


def bodies() -> list[Mapping[str, str]]:
    """What a refused client reads, after RFC 9457: key -> content."""
    return [
        {
            "key": _key(status),
            "content_type": "APPLICATION_JSON",
            "content": json.dumps({"type": "about:blank", "title": title, "status": status}, separators=(",", ":")),
        }
        for status, title in sorted(_BODIES.items())
    ]


def above(most: int) -> str:
    """A regular expression of the decimal numbers above `most`, with leading zeros too: the firewall compares texts only."""
    digits = str(most)
    longer = f"[1-9][0-9]{{{len(digits)},}}"
    same = [
        f"{digits[:place]}[{int(digit) + 1}-9]" + (f"[0-9]{{{rest}}}" if (rest := len(digits) - place - 1) else "")
        for place, digit in enumerate(digits)
        if digit != "9"
    ]
    return f"^0*({'|'.join([longer, *same])})$"


def _key(status: int) -> str:
    return f"status-{status}"


def _blocking(name: str, status: int, statement: Mapping[str, Any], retry: int | None = None) -> Rule:
    response: dict[str, Any] = {"response_code": status, "custom_response_body_key": _key(status)}
    if retry is not None:
        response["response_headers"] = [{"name": "Retry-After", "value": str(retry)}]
    return {
        "name": name,
        "action": {"block": {"custom_response": response}},
        "statement": statement,
        "visibility_config": visible(name),
    }


def _group(name: str, counted: Sequence[str]) -> Rule:
    statement: dict[str, Any] = {"name": name, "vendor_name": "AWS"}
    if counted:
        statement["rule_action_overrides"] = [{"name": rule, "action_to_use": {"count": {}}} for rule in counted]
    return {
        "name": name,
        "override_action": {"none": {}},
        "statement": {"managed_rule_group_statement": statement},
        "visibility_config": visible(name),
    }


def visible(name: str) -> Mapping[str, Any]:
    """Figures of a rule, and samples of the requests that it met."""
    return {"cloudwatch_metrics_enabled": True, "metric_name": name, "sampled_requests_enabled": True}


def _rate(limit: int) -> Mapping[str, Any]:
    return {"rate_based_statement": {"limit": limit, "aggregate_key_type": "IP", "evaluation_window_sec": WINDOW_SECONDS}}


def _internal() -> Mapping[str, Any]:
    """The decoded path without regard to case or doubled slashes, as lenient frameworks read it."""
    return {
        "regex_match_statement": {
            "regex_string": f"^/[/.]*({'|'.join(INTERNAL_PATHS)})(/|;|$)",
            "field_to_match": {"uri_path": {}},
            "text_transformations": [
                {"priority": 0, "type": "URL_DECODE"},
                {"priority": 1, "type": "NORMALIZE_PATH"},
                {"priority": 2, "type": "LOWERCASE"},
            ],
        }
    }


def _header(name: str, pattern: str) -> Mapping[str, Any]:
    """Matches a header that is there and fits."""
    return {
        "regex_match_statement": {
            "regex_string": pattern,
            "field_to_match": {"single_header": {"name": name}},
            "text_transformations": _NONE,
        }
    }


def _unsized() -> Mapping[str, Any]:
    """A body in chunks, or a method that brings one and no number of bytes."""
    brings = {
        "regex_match_statement": {
            "regex_string": "^(PATCH|POST|PUT)$",
            "field_to_match": {"method": {}},
            "text_transformations": _NONE,
        }
    }
    sized = {"not_statement": {"statement": _header(_LENGTH, "^[0-9]+$")}}
    return {"or_statement": {"statements": [_header(_CODING, "."), {"and_statement": {"statements": [brings, sized]}}]}}
