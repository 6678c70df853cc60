"""How Docker answers what rules ask."""

from __future__ import annotations

from typing import Final

from policies.properties import Property, StackProperty
from policies.readers.docker.containers import CONTAINERS
from policies.readers.docker.members import MEMBERS
from policies.readers.docker.settings import SETTINGS
from policies.readers.docker.stack import STACK
from policies.readers.model import Target, merged

_KEYS = "Docker has no service of keys; the passphrase of backups is the platform's own and stands in the stack's secrets"
_ROLES = "Docker has no roles; a process is who has its password"
_OBJECTS = "objects are files in a volume of the host; no address of Docker leads to them"
_HOST = "it is a matter of the host, which no resource of Docker describes"

DOCKER: Final = Target(
    readers=merged(CONTAINERS, MEMBERS, SETTINGS),
    stack=STACK,
    absent={
        Property.OWN_KEY: _KEYS,
        Property.KEY_ROTATES: _KEYS,
        Property.DELETION_DELAY_DAYS: "a secret of Docker is gone when it is removed; its value stays in the stack's secrets",
        Property.OPEN_TO_NAMED: _ROLES,
        Property.TRUST_NAMED: _ROLES,
        Property.NO_SHELL: "who may ask the engine may enter every container, and Docker cannot refuse it",
        Property.COPY_ELSEWHERE: "one host has no second place; docs/docker-backups.md says how to name a second repository",
        Property.SURVIVES_ZONE: "one host is one zone; several hosts are said by the members of a cluster",
        Property.AUDITED: f"who did what to the engine: {_HOST}",
        Property.THREATS_WATCHED: f"what runs on the host: {_HOST}",
        Property.REGION: f"where the host stands: {_HOST}",
        Property.OLD_VERSIONS_GO: "the volume of objects keeps no old versions; backups of them end with BACKUP_END_DAYS",
        StackProperty.BACKUPS_LOCKED: "a volume cannot be locked; a second repository elsewhere can, which its owner says",
        StackProperty.FLOWS_LOGGED: f"traffic of the network: {_HOST}",
        StackProperty.FIREWALL_LOGGED: "the edge has no firewall apart from itself, and its log has every answer",
        StackProperty.STORE_CLOSED: _OBJECTS,
        StackProperty.STORE_TLS: _OBJECTS,
        StackProperty.STORE_VERSIONED: _OBJECTS,
    },
)
