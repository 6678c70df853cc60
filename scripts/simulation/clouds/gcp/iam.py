"""Who may do what: the members, bindings and policies of access that every kind of resource has.

A member is one role for one principal, a binding one role for all that have it, a policy everything; changes of all but the
principals of a binding and the text of a policy make a new resource (terraform-provider-google, `tpgiamresource`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from scripts.simulation.clouds.gcp.types import (
    ACCOUNT,
    BUCKET,
    KEY,
    KEY_RING,
    PACKAGE,
    RUN_JOB,
    RUN_SERVICE,
    SECRET,
    SUBNETWORK,
    SUBSCRIPTION,
    TOPIC,
    WORKER_POOL,
    ZONE,
)

_FORM: Final = re.compile(r"gcp:(\w+)/\w+:(\w*?)I(?:am|AM)(Member|Binding|Policy)")
_PARTS: Final = ("condition", "member", "members", "policyData", "role")

_REPOSITORY: Final = f"{PACKAGE}:artifactregistry/repository:Repository"

_OWNERS: Final[Mapping[str, tuple[str, str, str]]] = {
    "artifactregistry/repository": (
        _REPOSITORY,
        "repository",
        "projects/{project}/locations/{location}/repositories/{repository}",
    ),
    "cloudrunv2/job": (RUN_JOB, "name", "projects/{project}/locations/{location}/jobs/{name}"),
    "cloudrunv2/service": (RUN_SERVICE, "name", "projects/{project}/locations/{location}/services/{name}"),
    "cloudrunv2/workerPool": (WORKER_POOL, "name", "projects/{project}/locations/{location}/workerPools/{name}"),
    "compute/subnetwork": (SUBNETWORK, "subnetwork", "projects/{project}/regions/{region}/subnetworks/{subnetwork}"),
    "dns/dnsManagedZone": (ZONE, "managedZone", "projects/{project}/managedZones/{managedZone}"),
    "kms/cryptoKey": (KEY, "cryptoKeyId", "{cryptoKeyId}"),
    "kms/keyRing": (KEY_RING, "keyRingId", "{keyRingId}"),
    "projects/": ("", "project", "{project}"),
    "pubsub/subscription": (SUBSCRIPTION, "subscription", "projects/{project}/subscriptions/{subscription}"),
    "pubsub/topic": (TOPIC, "topic", "projects/{project}/topics/{topic}"),
    "secretmanager/secret": (SECRET, "secretId", "projects/{project}/secrets/{secretId}"),
    "serviceaccount/": (ACCOUNT, "serviceAccountId", "{serviceAccountId}"),
    "storage/bucket": (BUCKET, "bucket", "b/{bucket}"),
}
"""Beginning of the type -> what access is given to, the input that names it, its id in the id of the access."""


@dataclass(frozen=True)
class Access:
    """A type of access. `owner`: what it is given to; empty for a project. `field`: the input that names that."""

    owner: str
    field: str
    form: str
    kind: str

    @property
    def id_form(self) -> str:
        """The id that the provider keeps."""
        return self.form + {"Member": "/{role}/{member}", "Binding": "/{role}", "Policy": ""}[self.kind]

    @property
    def replaces(self) -> frozenset[str]:
        """Inputs whose change makes a new one."""
        own = {"Member": ("role", "member", "condition"), "Binding": ("role", "condition"), "Policy": ()}[self.kind]
        return frozenset({self.field, *re.findall(r"\{(\w+)\}", self.form), *own})


def of(token: str) -> Access | None:
    """What a type gives access to; None for a type that is none of access or gives it to what is not listed."""
    found = _FORM.fullmatch(token)
    owner = _OWNERS.get(f"{found[1]}/{found[2][:1].lower()}{found[2][1:]}") if found else None
    return Access(owner[0], owner[1], owner[2], found[3]) if found and owner else None


def members(inputs: Mapping[str, object]) -> list[tuple[str, str]]:
    """The principals of an access, with the path of each."""
    found = [("member", inputs.get("member"))]
    several = inputs.get("members")
    if isinstance(several, list):
        found += [(f"members[{index}]", one) for index, one in enumerate(several)]
    return [(path, one) for path, one in found if isinstance(one, str)]
