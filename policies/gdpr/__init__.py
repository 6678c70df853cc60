"""The pack for the General Data Protection Regulation (EU) 2016/679: every rule that serves one of its articles.

It asks for an end of logs and backups within a year, as storage limitation (article 5(1)(e)) names no number itself.
"""

from __future__ import annotations

from typing import Final

from policies.model import AnyRule
from policies.rules import audit, privacy, serving
from policies.rules.make import configured

_OWN: Final[dict[str, AnyRule]] = {
    rule.name: configured(rule, {"maximum_days": 366}) for rule in (audit.LOGS_END, privacy.BACKUPS_END)
}

RULES: Final[tuple[AnyRule, ...]] = tuple(_OWN.get(rule.name, rule) for rule in serving("GDPR"))
