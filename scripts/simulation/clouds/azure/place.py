"""Where an Azure provider works: subscription and location."""

from __future__ import annotations

import difflib
import re
from typing import Final

from scripts.simulation.clouds.azure import catalogue
from scripts.simulation.values import Problem, Properties
from scripts.simulation.world import Place

SUBSCRIPTION: Final = "00000000-0000-4000-8000-000000000000"
"""Used where the provider's configuration names none: a real one takes the one that `az login` has chosen."""

GUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def place(config: Properties) -> Place | Problem:
    """Subscription from `subscriptionId`; `location` may be left out, because each resource can name its own."""
    subscription, location = config.get("subscriptionId"), config.get("location")
    if isinstance(subscription, str) and subscription and not GUID.fullmatch(subscription):
        return Problem("subscriptionId", f"{subscription} is no GUID; give the id of the subscription, not its name")
    if isinstance(location, str) and location:
        wrong = location_problem("location", location)
        if wrong is not None:
            return wrong
    return Place("azure-native", _given(subscription) or SUBSCRIPTION, normal(_given(location)))


def _given(value: object) -> str:
    return value if isinstance(value, str) else ""


def normal(location: str) -> str:
    """A location as Azure compares it: `West Europe` is `westeurope`."""
    return location.replace(" ", "").lower()


def location_problem(path: str, location: object, *, elsewhere: bool = False) -> Problem | None:
    """None for a location that exists and for what is not known yet. `elsewhere`: `global` fits too."""
    if not isinstance(location, str) or normal(location) in catalogue.LOCATIONS or (elsewhere and normal(location) == "global"):
        return None
    near = difflib.get_close_matches(normal(location), catalogue.LOCATIONS, n=1, cutoff=0.0)
    return Problem(path, f"{location or 'an empty text'} is no location of Azure; use one such as {near[0]}")
