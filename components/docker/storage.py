"""Object storage as one volume that every service mounts. Versions are refused in `limits.py`."""

from __future__ import annotations

import pulumi
from pulumi import ResourceOptions

from components import naming
from components.binding import Binding
from components.contract import StorageArgs, StorageOutputs

PATH = "/var/lib/penguinmails/objects"


class Storage(pulumi.ComponentResource):
    """Registers no resource of its own: the engine makes the volume at the first mount, and removing services keeps it."""

    def __init__(self, name: str, args: StorageArgs, opts: ResourceOptions) -> None:
        super().__init__("penguinmails:docker:Storage", name, None, opts)
        volume = naming.physical(args.identity, "objects", naming.DOCKER_LIMIT)
        url = f"file://{PATH}"
        self.outputs = StorageOutputs(Binding(variables={"OBJECT_STORE_URL": url}, volumes={PATH: volume}))
        self.register_outputs({"volume": volume, "url": url})
