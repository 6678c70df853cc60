"""Takes secrets out of a line before anything else sees it. Pure.

It knows shapes, not values: passwords in addresses, headers that carry a credential, fields with a name such as password,
tokens of known forms and private keys. A secret without any of these signs passes, so programs must not write one in the
first place.
"""

from __future__ import annotations

import json
import re
from typing import Any

HIDDEN = "***"
_NAMES = (
    r"pass(?:word|wd|phrase)|pwd|secret|api[_-]?key|access[_-]?key|private[_-]?key|signing[_-]?key|token|credentials?"
    r"|signature|cookie|authorization"
)
_NAME = re.compile(rf"(?i:{_NAMES})")
_VALUE = r"""\\?"(?:[^"\\]|\\[^"]){0,4000}\\?"|'[^']{0,4000}'|[^\s,;&"'\\)}\]]{1,4000}"""
_FIELD = re.compile(
    rf"""(?P<keep>(?i:[\w.-]{{0,60}}(?:{_NAMES})[\w-]{{0,20}})\\?["']?\s*(?:=>|[:=])\s*)"""
    rf"(?P<scheme>(?i:bearer|basic|digest) )?(?P<value>{_VALUE})"
)
_RULES = (
    # scheme://user:password@host
    (re.compile(r"(?P<keep>[a-zA-Z][a-zA-Z0-9+.-]{0,30}://)[^\s/@\"']{0,300}:[^\s/\"']{1,2000}@"), rf"\g<keep>{HIDDEN}@"),
    (re.compile(r"""(?P<keep>(?i:\b(?:set-)?cookie)\\?["']?\s*[:=]\s*\\?["']?)[^"'\\\n]{1,4000}"""), rf"\g<keep>{HIDDEN}"),
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)", re.DOTALL), HIDDEN),
    (re.compile(r"(?P<keep>(?i:\b(?:bearer|basic|digest)) )[A-Za-z0-9+/=._~-]{8,}"), rf"\g<keep>{HIDDEN}"),
    (re.compile(r"(?P<keep>(?i:\bpassword) )'[^']{0,4000}'"), rf"\g<keep>'{HIDDEN}'"),
    (re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"), HIDDEN),
    (re.compile(r"SCRAM-SHA-256\$[0-9]+:[A-Za-z0-9+/=$:]+"), HIDDEN),
    (re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"), HIDDEN),
    (re.compile(r"https://hooks\.slack\.com/services/[^\s\"']+"), f"https://hooks.slack.com/services/{HIDDEN}"),
)
_SIGNS = re.compile(rf"://|PRIVATE KEY|(?i:bearer|basic|digest|{_NAMES})|eyJ|SCRAM-|AKIA|ASIA")


def scrub(text: str) -> str:
    """`text` without what looks like a secret. Most lines have no sign of one and are given back as they are.

    A line that is a JSON object stays one.
    """
    if _SIGNS.search(text) is None:
        return text
    if text.startswith("{"):
        try:
            found = json.loads(text)
        except ValueError:
            found = None
        if isinstance(found, dict):
            return json.dumps(_inside(found), ensure_ascii=False)
    return _plain(text)


def _inside(value: Any) -> Any:
    if isinstance(value, str):
        return _plain(value)
    if isinstance(value, list):
        return [_inside(item) for item in value]
    if isinstance(value, dict):
        return {key: HIDDEN if _hides(key, item) else _inside(item) for key, item in value.items()}
    return value


def _hides(name: str, value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool) and _NAME.search(name) is not None


def _plain(text: str) -> str:
    if _SIGNS.search(text) is None:
        return text
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return _FIELD.sub(_without_value, text)


def _without_value(match: re.Match[str]) -> str:
    """The name, and the quotes that the value had."""
    value = match["value"]
    quote = next((sign for sign in ('\\"', '"', "'") if value.startswith(sign)), "")
    return f"{match['keep']}{quote}{HIDDEN}{quote}"
