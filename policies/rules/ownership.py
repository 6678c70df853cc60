"""Everything says whose it is: by labels and by its name.

What removes a platform, counts its cost or looks for strangers finds its parts by them.
"""

from __future__ import annotations

from typing import Final

from policies.properties import Property
from policies.rules.make import rule

LABELLED: Final = rule(
    "labelled",
    "Everything says by its labels or tags which platform, part and environment it belongs to.",
    "medium",
    Property.LABELLED,
    controls=("SOC 2 CC6.1", "SOC 2 CC7.1", "GDPR Art. 30"),
    remediation="Give the resource the labels that components/naming.py makes; every component passes them on.",
)

NAMED: Final = rule(
    "named-after-the-platform",
    "Resources whose names are free begin with the names of project and stack.",
    "low",
    Property.NAMED,
    level="advisory",
    controls=("SOC 2 CC7.1",),
    remediation="Take every physical name from components/naming.py.",
    demand="begin with the names of project and stack, as components/naming.py does",
)

RULES: Final = (LABELLED, NAMED)
