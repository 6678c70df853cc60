"""The pack for every platform: what no environment goes without."""

from __future__ import annotations

from typing import Final

from policies.model import Rule
from policies.rules.containers import HARDENED, NO_PLAIN_SECRETS
from policies.rules.durability import KEPT
from policies.rules.encryption import ENCRYPTED
from policies.rules.exposure import PRIVATE
from policies.rules.labels import LABELLED

RULES: Final[tuple[Rule, ...]] = (ENCRYPTED, PRIVATE, KEPT, HARDENED, NO_PLAIN_SECRETS, LABELLED)
