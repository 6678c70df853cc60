"""Reads the structured value `platform` of a stack file and turns every mistake in it into one sentence with its path.

All mistakes are reported together. Checks that span several sections (a queue that nobody declared, a section of another
target) stand here too, so that no target has to repeat them. No cloud SDK is touched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from components import images
from components.spec import PlatformSpec, TargetName

_TARGET_SECTIONS = {TargetName.AWS: "aws", TargetName.DOCKER: "docker"}
_MIDNIGHT = re.compile(r"^\d{4}-\d{2}-\d{2}T00:00:00Z$")
_KINDS = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "string_type": "a string",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "tuple_type": "a list",
    "list_type": "a list",
}
_RESERVED = {"PORT", "HEALTH_PATH", "QUEUES", "PUBLIC_URL", "OBJECT_STORE_URL", "REQUEST_MAXIMUM_BYTES"}
DASHBOARD_PATH = "/status"
"""Where a target serves its own dashboard through the edge, when alerts are asked for."""
_RESERVED_PREFIXES = ("DATABASE_", "BROKER_", "SMTP_", "API_KEY")
_NAME_HINT = "small letters, digits and single hyphens, a letter first"


class StackFileError(ValueError):
    """The stack file asks for something that cannot be; `problems` holds one sentence for each mistake."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


def parse(text: str) -> PlatformSpec:
    """Reads the JSON text of `platform`.

    Raises `StackFileError` with every mistake, each as `platform.<path>: <what is wrong>`.
    """
    try:
        raw = json.loads(text)
    except json.JSONDecodeError as error:
        raise StackFileError([f"platform: not a structured value ({error.msg} in line {error.lineno})"]) from None
    if not isinstance(raw, dict):
        raise StackFileError([f"platform: should be a mapping, not {_shown(raw)}"])
    problems = list(_unquoted_dates(raw, "platform"))
    try:
        spec = PlatformSpec.model_validate_json(text)
    except ValidationError as error:
        problems += sentences(error)
        raise StackFileError(_unique(problems)) from None
    problems += _references(spec)
    if problems:
        raise StackFileError(_unique(problems))
    return spec


def _unquoted_dates(value: Any, path: str) -> Iterator[str]:
    """YAML turns a bare `2026-12-31` into a point in time, and the engine into another string: neither was written."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _unquoted_dates(item, path + _step(key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _unquoted_dates(item, path + _step(index))
    elif isinstance(value, str) and _MIDNIGHT.match(value):
        yield f'{path}: a date needs quotes in YAML; write "{value[:10]}"'


def _step(part: int | str) -> str:
    """One step of a path, on one line whatever the key holds."""
    return f"[{part}]" if isinstance(part, int) else "." + part.encode("unicode_escape").decode()


def _path(location: tuple[int | str, ...], root: str) -> str:
    path = root
    for part in location:
        if part == "[key]":
            continue
        path += _step(part)
    return path


def _shown(value: Any) -> str:
    """A short value as the user wrote it; longer ones are named by kind only."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else "the given text"


def sentences(error: ValidationError, root: str = "platform") -> list[str]:
    """What pydantic found, in the words of the stack file. `root`: the value of the stack file that was read."""
    return [_sentence(detail, root) for detail in error.errors()]


def _sentence(error: ErrorDetails, root: str) -> str:
    path, kind, context = _path(error["loc"], root), error["type"], error.get("ctx", {})
    if kind == "value_error":
        return f"{path}.{context['error']}"
    return f"{path}: {_complaint(kind, _shown(error['input']), context) or error['msg']}"


def _complaint(kind: str, shown: str, context: dict[str, Any]) -> str:
    """What is wrong with the value `shown`; empty for a kind of error that no field of `spec.py` can give."""
    if kind in _KINDS:
        return f"should be {_KINDS[kind]}, not {shown}"
    complaints = {
        "missing": "is missing",
        "extra_forbidden": "is not a known key",
        "greater_than_equal": f"{shown} is below the minimum of {_number(context.get('ge', 0))}",
        "less_than_equal": f"{shown} is above the maximum of {_number(context.get('le', 0))}",
        "too_short": f"needs at least {context.get('min_length')} entry",
        "string_too_short": "must not be empty",
        "string_too_long": f"{shown} is longer than {context.get('max_length')} characters",
        "enum": f"{shown} is not one of {str(context.get('expected')).replace(chr(39), '')}",
        "literal_error": f"{shown} is not one of {str(context.get('expected')).replace(chr(39), '')}",
        "string_pattern_mismatch": f"{shown} is not valid{_pattern_hint(str(context.get('pattern')))}",
    }
    return complaints.get(kind, "")


def _number(value: Any) -> str:
    return str(int(value)) if float(value).is_integer() else str(value)


_PATTERN_HINTS = (
    ("^[a-z][a-z0-9]*(", f": use {_NAME_HINT}"),
    ("^[A-Z]", ": use capital letters, digits and underscores"),
    ("sha256", ": name a folder of images/, or a full reference with @sha256: and its digest"),
    ("^(localhost", ": use a host name such as mail.example.com"),
    ("^https://", ": use an address that starts with https://"),
    ("@", ": use an address such as postmaster@example.com"),
    ("6553[0-5])/", ": use host:port/path such as mail.internal:9154/metrics, with a port of 65535 at most"),
    ("6553[0-5]))?$", ": use a host name, and :port where it is not 443, of 65535 at most"),
    ("^[0-9a-f]{64}", ": use the 64 hexadecimal digits of a SHA-256"),
    ("^subnet-", ": use an id as AWS shows it"),
    ("^vpc-", ": use an id as AWS shows it"),
    (r"^\d{12}", ": use the twelve digits of the account"),
    ("^arn:", ": use the ARN of a certificate in ACM"),
    ("^[a-z]{2,4}(-", ": use a region such as eu-central-1"),
    ("/(1[6-9]", ": use a range such as 10.20.0.0/16, no smaller than /22"),
    ("^(unix", ": use an address that starts with unix:///, ssh:// or tcp://"),
)
"""A part of a pattern of `spec.py` -> what it asks for, in words; the first that fits."""


def _pattern_hint(pattern: str) -> str:
    found = (hint for part, hint in _PATTERN_HINTS if part in pattern)
    return next(found, ": use a path that starts with /")


def _references(spec: PlatformSpec) -> list[str]:
    """What one section says of another."""
    problems = []
    for target, section in _TARGET_SECTIONS.items():
        if getattr(spec, section) is not None and spec.target is not target:
            problems.append(f"platform.{section}: belongs to the target {target}, and this stack's target is {spec.target}")
    for name, service in spec.services.items():
        for field in ("publishes", "consumes"):
            for index, queue in enumerate(getattr(service, field)):
                if queue not in spec.queues:
                    problems.append(f"platform.services.{name}.{field}[{index}]: {queue} is not one of platform.queues")
        problems += [
            f"platform.services.{name}.environment.{variable}: is set by the platform; use another name"
            for variable in service.environment
            if variable in _RESERVED or variable.startswith(_RESERVED_PREFIXES)
        ]
        problems += _unknown_image(f"platform.services.{name}.image", service.image)
    if spec.migration is not None:
        problems += _unknown_image("platform.migration.image", spec.migration.image)
    problems += _public_paths(spec)
    problems += _operations(spec)
    if spec.edge.http_port == spec.edge.https_port:
        problems.append(f"platform.edge.http_port: {spec.edge.http_port} is platform.edge.https_port too")
    return problems


_OF_SERVICE = ("cpu_percent", "memory_percent", "log_matches_per_minute")
_OF_QUEUE = ("waiting_messages", "oldest_message_seconds")


def _operations(spec: PlatformSpec) -> Iterator[str]:
    """Zone, mail and alarms name what is there."""
    if spec.dns is not None and spec.dns.zone is not None and not f".{spec.domain}".endswith(f".{spec.dns.zone}"):
        yield f"platform.dns.zone: {spec.domain} is not in {spec.dns.zone}; name the domain or a parent of it"
    if spec.mail is not None and spec.mail.events_queue not in {None, *spec.queues}:
        yield f"platform.mail.events_queue: {spec.mail.events_queue} is not one of platform.queues"
    for name, alarm in (spec.alerts.custom if spec.alerts is not None else {}).items():
        path = f"platform.alerts.custom.{name}.of"
        if alarm.measure in _OF_SERVICE and alarm.of not in spec.services:
            yield f"{path}: {alarm.measure} is of a service; name one of platform.services"
        elif alarm.measure in _OF_QUEUE and alarm.of not in spec.queues:
            yield f"{path}: {alarm.measure} is of a queue; name one of platform.queues"
        elif alarm.measure not in (*_OF_SERVICE, *_OF_QUEUE) and alarm.of is not None:
            yield f"{path}: {alarm.measure} is of the whole platform; leave it out"


def _unknown_image(path: str, image: str) -> list[str]:
    if "@" in image or image in images.names():
        return []
    return [f"{path}: there is no images/{image}/Dockerfile"]


def _public_paths(spec: PlatformSpec) -> list[str]:
    """Every path leads to one service, and at least one service can be reached."""
    problems, owners = [], dict[str, str]()
    for name, service in spec.services.items():
        path = service.public_path
        if path is None:
            continue
        if spec.alerts is not None and f"{path}/".startswith(f"{DASHBOARD_PATH}/"):
            problems.append(f"platform.services.{name}.public_path: {DASHBOARD_PATH} is the platform's own; use another path")
        if path in owners:
            problems.append(f"platform.services.{name}.public_path: {path} leads to {owners[path]} already")
        owners.setdefault(path, name)
    if not owners:
        problems.append("platform.services: none has a public_path, so nothing would answer; give one of them /")
    return problems


def _unique(problems: list[str]) -> list[str]:
    return list(dict.fromkeys(problems))
