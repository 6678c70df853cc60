"""Where a Google provider works: project and region."""

from __future__ import annotations

import difflib
import re
from typing import Final

from scripts.simulation.clouds.gcp import catalogue
from scripts.simulation.values import Problem, Properties
from scripts.simulation.world import Place

_PROJECT: Final = re.compile(r"([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]")
_ZONE: Final = re.compile(r"([a-z]+-[a-z]+\d+)-[a-f]")


def place(config: Properties) -> Place | Problem:
    """Project from `project`, which must be there; region from `region` or the region of `zone`, which may be left out."""
    project, region, zone = (config.get(name) for name in ("project", "region", "zone"))
    if project is None or project == "":
        return Problem("project", "give the provider a project, by its id")
    if isinstance(project, str) and not _PROJECT.fullmatch(project):
        return Problem("project", f"{project} is no id of a project; it has 6 to 30 lower-case letters, digits and hyphens")
    for path, value in (("region", region), ("zone", zone)):
        wrong = location_problem(path, value)
        if wrong is not None:
            return wrong
    in_zone = _ZONE.fullmatch(zone) if isinstance(zone, str) else None
    found = region if isinstance(region, str) and region else in_zone[1] if in_zone else ""
    return Place("gcp", project if isinstance(project, str) else "", found)


def location_problem(path: str, location: object, *, also: tuple[str, ...] = ()) -> Problem | None:
    """None for a region, for a zone of one, for what stands in `also`, and for what is not known yet."""
    if not isinstance(location, str) or not location or location in also:
        return None
    zone = _ZONE.fullmatch(location)
    if location in catalogue.REGIONS or (zone and zone[1] in catalogue.REGIONS):
        return None
    near = difflib.get_close_matches(location, (*catalogue.REGIONS, *also), n=1, cutoff=0.0)
    return Problem(path, f"{location} is no location of Google; use one such as {near[0]}")
