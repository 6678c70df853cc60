"""How AWS answers what rules ask."""

from __future__ import annotations

from typing import Final

from policies.properties import Property, StackProperty
from policies.readers.aws.containers import CONTAINERS
from policies.readers.aws.data import DATA
from policies.readers.aws.identity import IDENTITY
from policies.readers.aws.network import NETWORK
from policies.readers.aws.operations import OPERATIONS
from policies.readers.aws.stack import STACK
from policies.readers.model import Target, merged

AWS: Final = Target(
    readers=merged(DATA, NETWORK, IDENTITY, CONTAINERS, OPERATIONS),
    stack=STACK,
    absent={
        Property.SECRET_FILE_PRIVATE: "ECS hands secrets over by reference, as variables of one process; there is no file",
        Property.ONE_WRITER: "RDS and SQS keep their data themselves; no container has a volume",
        StackProperty.PINNED: "RDS and SQS keep their data themselves; no container has a volume",
    },
)
