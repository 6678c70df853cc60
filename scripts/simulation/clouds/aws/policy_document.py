"""`aws.iam.get_policy_document`: a policy as JSON, as Terraform's provider writes it.

From its source: members in the order Version, Id, Statement, and of a statement Sid, Effect, Action, NotAction,
Resource, NotResource, Principal, NotPrincipal, Condition; a list of one is its element; longer lists of actions, resources and
identifiers are sorted downwards, values of conditions keep their order; `&{...}` becomes `${...}`; a later statement takes the
place of an earlier one with its Sid. `<`, `>` and `&` are escaped.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scripts.simulation.values import Problem, Properties, Value, step

_VERSIONS = ("2008-10-17", "2012-10-17")
_LISTS = (("actions", "Action"), ("notActions", "NotAction"), ("resources", "Resource"), ("notResources", "NotResource"))
_PRINCIPALS = (("principals", "Principal"), ("notPrincipals", "NotPrincipal"))
_WITH_VARIABLES = {"Resource", "NotResource"}
_ORDER = ("Sid", "Effect", *(name for _, name in (*_LISTS, *_PRINCIPALS)), "Condition")

Statement = dict[str, Any]


class _Wrong(Exception):
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


def answer(arguments: Properties) -> Mapping[str, Value] | Problem:
    """The data source's answer; a problem for what the provider refuses."""
    try:
        document = _merged(arguments)
    except _Wrong as wrong:
        return wrong.problem
    text = _escaped(json.dumps(document, indent=2, ensure_ascii=False))
    return {
        **{key: value for key, value in arguments.items() if value is not None},
        "version": document["Version"],
        "json": text,
        "minifiedJson": _escaped(json.dumps(document, separators=(",", ":"), ensure_ascii=False)),
        "id": str(zlib.crc32(text.encode())),
    }


def _escaped(text: str) -> str:
    """As Go's encoder writes JSON that may stand in HTML."""
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _merged(arguments: Properties) -> dict[str, Any]:
    version = arguments.get("version") or _VERSIONS[1]
    if version not in _VERSIONS:
        raise _Wrong(Problem("version", f"{version!r} is no version; use {_VERSIONS[1]}"))
    own: dict[str, Any] = {"Version": version, "Id": arguments.get("policyId") or ""}
    own["Statement"] = list(_statements(arguments, str(version)))
    whole: dict[str, Any] = {"Version": "", "Id": "", "Statement": []}
    seen: set[str] = set()
    for index, source in enumerate(arguments.get("sourcePolicyDocuments") or ()):
        document = _read(source, f"sourcePolicyDocuments[{index}]")
        for statement in document["Statement"]:
            sid = statement.get("Sid")
            if sid and sid in seen:
                raise _Wrong(
                    Problem(f"sourcePolicyDocuments[{index}]", f"has the Sid {sid}, as another source has; change one")
                )
            seen.add(sid or "")
        _merge(whole, document)
    _merge(whole, own)
    for index, override in enumerate(arguments.get("overridePolicyDocuments") or ()):
        _merge(whole, _read(override, f"overridePolicyDocuments[{index}]"))
    return {key: value for key, value in whole.items() if value}


def _merge(whole: dict[str, Any], new: Mapping[str, Any]) -> None:
    whole["Id"] = new.get("Id") or whole["Id"]
    whole["Version"] = max(whole["Version"], new.get("Version") or "")
    for statement in new["Statement"]:
        sid = statement.get("Sid")
        place = next((at for at, old in enumerate(whole["Statement"]) if sid and old.get("Sid") == sid), None)
        if place is None:
            whole["Statement"].append(statement)
        else:
            whole["Statement"][place] = statement


def _read(source: object, path: str) -> dict[str, Any]:
    """A document that is given as JSON."""
    try:
        document = json.loads(source) if isinstance(source, str) else None
    except ValueError as error:
        raise _Wrong(Problem(path, f"is no JSON ({error}); give a policy document")) from error
    statements = document.get("Statement", []) if isinstance(document, dict) else None
    if not isinstance(document, dict) or not isinstance(statements, list):
        raise _Wrong(Problem(path, "is no policy with a list Statement; give a policy document"))
    return {**document, "Statement": [_given(statement) for statement in statements]}


def _given(statement: Mapping[str, Any]) -> Statement:
    """A statement of another document, in this document's order and forms."""
    found = {key: statement[key] for key in _ORDER if statement.get(key)}
    for _, name in _PRINCIPALS:
        if isinstance(found.get(name), Mapping):
            kinds = sorted(found[name].items())
            found[name] = {kind: sorted(who, reverse=True) if isinstance(who, list) else who for kind, who in kinds}
    if "Condition" in found:
        tests = ((test, key, value) for test, keys in found["Condition"].items() for key, value in keys.items())
        found["Condition"] = _conditions(
            (test, key, value if isinstance(value, list) else [value]) for test, key, value in tests
        )
    return found


def _statements(arguments: Properties, version: str) -> Iterator[Statement]:
    seen: set[str] = set()
    for index, given in enumerate(arguments.get("statements") or ()):
        path = step("statements", index)
        sid = given.get("sid") or ""
        if not re.fullmatch(r"[A-Za-z0-9]*", sid):
            raise _Wrong(Problem(f"{path}.sid", f"{sid!r} is not taken; use letters and digits only"))
        if sid and sid in seen:
            raise _Wrong(Problem(f"{path}.sid", f"{sid} is used twice; give each statement its own"))
        seen.add(sid)
        effect = given.get("effect") or "Allow"
        if effect not in {"Allow", "Deny"}:
            raise _Wrong(Problem(f"{path}.effect", f"{effect!r} is no effect; use Allow or Deny"))
        yield _statement(given, sid, effect, version, path)


def _statement(given: Properties, sid: str, effect: str, version: str, path: str) -> Statement:
    found: Statement = {"Sid": sid} if sid else {}
    found["Effect"] = effect
    for key, name in _LISTS:
        values = given.get(key)
        if values:
            listed = [_variables(value, version, f"{path}.{key}") if name in _WITH_VARIABLES else value for value in values]
            found[name] = _short(listed)
    for key, name in _PRINCIPALS:
        if given.get(key):
            found[name] = _principals(given[key], version, f"{path}.{key}")
    if given.get("conditions"):
        tests = (
            (
                one["test"],
                one["variable"],
                [_variables(value, version, f"{path}.conditions") for value in one.get("values") or ()],
            )
            for one in given["conditions"]
        )
        found["Condition"] = _conditions(tests)
    return found


def _variables(value: str, version: str, path: str) -> str:
    if version == _VERSIONS[0] and "&{" in value:
        raise _Wrong(Problem(path, f"holds a variable, which version {version} does not know; use {_VERSIONS[1]}"))
    return value.replace("&{", "${")


def _short(values: Sequence[str]) -> str | list[str]:
    """A set of strings: its one element, or all of them sorted downwards."""
    unique = sorted(set(values), reverse=True)
    return unique[0] if len(unique) == 1 else unique


def _principals(given: Sequence[Properties], version: str, path: str) -> str | dict[str, Any]:
    found: dict[str, Any] = {}
    for principal in given:
        who = _short([_variables(value, version, path) for value in principal["identifiers"]])
        kind = principal["type"]
        if kind == "*" and who == "*" and len(given) == 1:
            return "*"
        if kind not in found:
            found[kind] = who
        else:
            before = found[kind] if isinstance(found[kind], list) else [found[kind]]
            found[kind] = [*before, *(who if isinstance(who, list) else [who])]
    return dict(sorted(found.items()))


def _conditions(tests: Iterator[tuple[str, str, list[Any]]]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, list[str]]] = {}
    for test, variable, values in tests:
        listed = [str(value).lower() if isinstance(value, bool) else value for value in values]
        found.setdefault(test, {}).setdefault(variable, []).extend(listed)
    return {
        test: {key: values[0] if len(values) == 1 else values for key, values in sorted(keys.items())}
        for test, keys in sorted(found.items())
    }
