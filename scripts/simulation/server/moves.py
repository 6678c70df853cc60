"""What a provider that works somewhere else now makes anew, although no input of the resource says so.

AWS 7 gives each regional resource a region, and Google each resource a project, region and zone of its own; left out, they are
the provider's, and a provider that moves replaces what it made. Left out here: zones, and accounts of AWS, subscriptions of
Azure and hosts of Docker, which replace nothing (`scripts.previews.holdings` tells of a host).
"""

from __future__ import annotations

from scripts.simulation.schema.model import ResourceSchema
from scripts.simulation.server.differences import Difference
from scripts.simulation.values import Properties
from scripts.simulation.world import Place, Resource


def moved(found: Difference, thing: Resource | None, place: Place, schema: ResourceSchema, new: Properties) -> Difference:
    """The difference with what follows from where a thing is and where its provider works, `place`."""
    if thing is None:
        return found
    places = {"region": (thing.place.region, place.region), "project": (thing.place.account, place.account)}
    names = [
        name
        for name, (old, now) in places.items()
        if name in schema.inputs and new.get(name) is None and old and now and old != now
    ]
    return Difference({**found.changed, **dict.fromkeys(names, "update")}, found.replacing | set(names))
