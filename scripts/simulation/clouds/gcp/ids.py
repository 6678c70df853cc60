"""Ids and self links: made for what is new, recognised by form in what is given."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Final
from urllib.parse import quote

from scripts.simulation.clouds.gcp import iam
from scripts.simulation.clouds.gcp.types import ACCOUNT, BY_TOKEN, PACKAGE, Kind
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Properties
from scripts.simulation.world import Place, Resource

COMPUTE: Final = "https://www.googleapis.com/compute/v1/"
_GAP: Final = re.compile(r"\{(\w+)\}")
_LINK: Final = re.compile(r"https://(?:www|compute)\.googleapis\.com/compute/v1/(projects/.+)")
_EMAIL: Final = re.compile(r"([a-z0-9-]+)@([a-z0-9-]+)\.iam\.gserviceaccount\.com")
_MADE: Final = re.compile(r"(hex|digits|upper|uuid)(\d*)")


def digits(kind: str, count: int, seed: str) -> str:
    """`count` characters out of an alphabet: hex, digits, upper."""
    alphabet = {"hex": "0123456789abcdef", "digits": "0123456789", "upper": "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"}[kind]
    rest, found = int.from_bytes(hashlib.sha512(seed.encode()).digest(), "big"), ""
    for _ in range(count):
        rest, index = divmod(rest, len(alphabet))
        found += alphabet[index]
    return found


def number(project: str) -> str:
    """The number of a project, twelve digits."""
    return f"{int(digits('digits', 11, project)) % 10**11 + 10**11}"


def identifier(candidate: Candidate) -> str:
    """The id of something new."""
    kind, access = BY_TOKEN.get(candidate.token), iam.of(candidate.token)
    if access is not None:
        return fill(access.id_form, _short(candidate.inputs, access.form), candidate)
    if kind is not None:
        return fill(kind.form, candidate.inputs, candidate)
    _, module, _ = candidate.token.split(":")
    name = candidate.inputs.get("name")
    own = name if isinstance(name, str) else f"{candidate.name}-{candidate.seed[:7]}"
    return f"projects/{candidate.place.account}/{module.partition('/')[2]}s/{own}"


def _short(inputs: Properties, form: str) -> Properties:
    """Owners by their last part where the form puts the rest before it."""
    found = dict(inputs)
    for gap in _GAP.findall(form):
        value = inputs.get(gap)
        if form != f"{{{gap}}}" and isinstance(value, str):
            found[gap] = value.rpartition("/")[2]
    return found


def fill(form: str, inputs: Properties, candidate: Candidate) -> str:
    """A form with its gaps filled from inputs, the place and the seed."""
    return _GAP.sub(lambda gap: _value(gap[1], inputs, candidate), form)


def _value(gap: str, inputs: Properties, candidate: Candidate) -> str:
    project = inputs.get("project")
    made = {
        "project": str(project or candidate.place.account),
        "number": number(candidate.place.account),
        "region": candidate.place.region,
        "location": candidate.place.region or "global",
        "host": "",
        "version": "1",
        "accountEmail": str(inputs.get("serviceAccountId", "")).rpartition("/")[2],
        "networkName": str(inputs.get("network", "")).rpartition("/")[2],
        "networkUri": quote(relative(str(inputs.get("network", "")), candidate.place.account), safe=""),
        "secretName": str(inputs.get("secret", "")).rpartition("/")[2],
        "slug": re.sub(r"[^a-z0-9]+", "-", str(inputs.get("displayName", "")).lower()).strip("-"),
    }
    given = inputs.get(gap)
    if isinstance(given, str) and gap not in {"project", "version"}:
        return _part(gap, given)
    if gap in made:
        return made[gap]
    found = _MADE.fullmatch(gap)
    if found is None:
        return digits("hex", 20, f"{candidate.seed}/{gap}")
    if found[1] == "uuid":
        text = digits("hex", 32, candidate.seed)
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"
    return digits(found[1], int(found[2]), f"{candidate.seed}/{gap}")


_NAMES_ONLY: Final = frozenset({"managedZone", "map", "router", "instance", "hostProject"})
"""Gaps that stand behind others: an id given there counts by its last part."""


def _part(gap: str, given: str) -> str:
    return given.rpartition("/")[2] if gap in _NAMES_ONLY else given


def relative(value: str, project: str) -> str:
    """A network by its path, whether it was given by name, path or self link."""
    found = _LINK.fullmatch(value)
    if found:
        return found[1]
    return value if value.startswith("projects/") else f"projects/{project}/global/networks/{value}"


def link(token: str, identifier: str, candidate: Candidate) -> str | None:
    """The self link of a type that has one."""
    inputs, project = candidate.inputs, str(candidate.inputs.get("project") or candidate.place.account)
    module = token.removeprefix(f"{PACKAGE}:").partition("/")[0]
    match module:
        case "compute":
            return f"{COMPUTE}{identifier}"
        case "sql":
            instances = f"https://sqladmin.googleapis.com/sql/v1beta4/projects/{project}/instances/"
            inner = f"{inputs.get('instance')}/databases/{inputs.get('name')}" if "Instance" not in token else identifier
            return f"{instances}{inner}"
        case "storage":
            bucket = inputs.get("bucket")
            inner = f"{bucket}/o/{quote(str(inputs.get('name')), safe='')}" if isinstance(bucket, str) else identifier
            return f"https://www.googleapis.com/storage/v1/b/{inner}"
        case "vpcaccess":
            return identifier
        case _:
            return None


@cache
def _forms() -> list[tuple[re.Pattern[str], Kind]]:
    """Forms that tell a type by themselves, those with the fewest gaps first; what two types share tells neither."""
    plain = Counter(_GAP.sub("{}", kind.form) for kind in BY_TOKEN.values())
    found = []
    for kind in sorted(BY_TOKEN.values(), key=lambda kind: len(kind.gaps)):
        shared = plain[_GAP.sub("{}", kind.form)] > 1 or kind.token in _SHARED
        if kind.form.startswith("projects/") and not shared and not {"number", "uuid"} & set(kind.gaps):
            parts = _GAP.split(kind.form)
            found.append((re.compile("([^/]+)".join(re.escape(part) for part in parts[::2])), kind))
    return found


_SHARED: Final = frozenset({f"{PACKAGE}:sql/sourceRepresentationInstance:SourceRepresentationInstance"})
"""Types whose form is that of another's path, which is no id here: an instance of Cloud SQL has its name for an id."""


def recognise(value: str) -> str | None:
    """The type that a string is an id or a self link of; None for what Google makes by itself and for types not listed."""
    kind = _kind(value)
    return kind.token if kind is not None else None


def _kind(value: str) -> Kind | None:
    found = _LINK.fullmatch(value)
    path = found[1] if found else value
    last = path.rpartition("/")[2]
    if not path.startswith("projects/") or last in {"-", "default", "latest"} or last.startswith("_") or "*" in path:
        return None
    return next((kind for form, kind in _forms() if form.fullmatch(path)), None)


def assumed(value: str) -> Resource | None:
    """Something that a stack file names by its id or self link and that is there already; None for any other string."""
    email = _EMAIL.fullmatch(value)
    if email is not None:
        path = f"projects/{email[2]}/serviceAccounts/{value}"
        known = {"id": path, "name": path, "email": value, "member": f"serviceAccount:{value}"}
        return Resource(ACCOUNT, path, "", Place(PACKAGE, email[2], ""), {"accountId": email[1]}, known)
    kind = _kind(value)
    if kind is None:
        return None
    found = _LINK.fullmatch(value)
    path = found[1] if found else value
    inputs = _inputs(kind, path)
    outputs: dict[str, str] = {"id": path, "name": path.rpartition("/")[2]}
    if kind.token.startswith(f"{PACKAGE}:compute/"):
        outputs["selfLink"] = f"{COMPUTE}{path}"
    place = Place(PACKAGE, inputs.get("project", ""), inputs.get("region", inputs.get("location", "")))
    return Resource(kind.token, path, "", place, inputs, outputs)


def _inputs(kind: Kind, path: str) -> Mapping[str, str]:
    form = next(form for form, other in _forms() if other is kind)
    found = form.fullmatch(path)
    return dict(zip(kind.gaps, found.groups(), strict=True)) if found else {}
