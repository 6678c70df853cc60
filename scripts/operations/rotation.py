"""How each secret of a platform is renewed. Pure.

A secret that two sides know is renewed with both values for a while: the new one is written above the old one, everything is
released, and a second release takes the old one away. What an interrupted run left is seen from the value itself. Where clients
outside have to be told, a person says in between that they know.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from components.docker import pki

Kind = Literal["overlap", "clients", "swap", "authority", "refused"]
"""overlap: two values for the time of a release. clients: two until the clients have the new one. swap: at once. authority: the
new one is trusted a release before it signs, and the old one a release longer than it signs."""


@dataclass(frozen=True)
class Rotation:
    """`note`: what a person has to do or know."""

    kind: Kind
    note: str = ""

    def waits(self, edge_certificate: str) -> bool:
        """Whether clients have to be told before the old value goes: they verify an internal edge by the authority."""
        return self.kind == "clients" or (self.kind == "authority" and edge_certificate == "internal")


_ROTATIONS = {
    "apiKey": Rotation("clients", note="both keys are accepted until scripts/rotate STACK apiKey --finish"),
    "databaseAppPassword": Rotation("overlap"),
    "databaseOwnerPassword": Rotation("swap"),
    "brokerSecret": Rotation("swap", note="the broker restarts once: messages wait in the database meanwhile"),
    "certificateAuthority": Rotation(
        "authority",
        note="with an internal edge it signs nothing before scripts/rotate STACK certificateAuthority --finish: "
        "give clients the new ca.pem first",
    ),
    "monitoringSecret": Rotation("swap"),
    "statusPassword": Rotation("swap"),
    "alertsWebhookSecret": Rotation("swap", note="give the new one to whoever verifies the webhooks"),
    "backupPassphrase": Rotation(
        "refused", note="what is backed up can be read with the old one only; take the repository away, set another and back up"
    ),
}


def rotation(name: str) -> Rotation:
    """How the secret `name` is renewed; what only a person has is refused."""
    ours = Rotation(
        "refused", note=f"comes from you: pulumi config set --secret {name} --stack STACK < FILE, then scripts/up STACK"
    )
    return _ROTATIONS.get(name, ours)


def is_open(kind: Kind, value: str) -> bool:
    """Whether a value holds its successor already."""
    if kind == "authority":
        return len(pki.authorities(value)) > 1
    return "\n" in value.strip()


def steps(kind: Kind, value: str, new: str) -> list[str]:
    """The values to release, one after the other. `new` is not used where a rotation is open: that one is ended first.

    An open one begins with the value that is there: the run that wrote it may have been cut off before all of it was deployed,
    and who still has only the old value would be refused by the next. Where it was deployed, its release changes nothing.
    Of what waits for clients (`Rotation.waits`) the first alone is for the beginning, and all of them for `--finish`.
    """
    if kind == "swap":
        return [new]
    if kind == "authority":
        return authority_steps(value, new)
    if is_open(kind, value):
        return [value, value.strip().split("\n", 1)[0]]
    return [f"{new}\n{value}", new]


def authority_steps(value: str, new: str) -> list[str]:
    """Trust both and sign with the old one; sign with the new one; forget the old one."""
    authorities = pki.authorities(value)
    if len(authorities) == 2 and authorities[1].key_pem:
        return [value, *authority_steps(pki.authority_bundle(authorities[0]), pki.authority_bundle(authorities[1]))[1:]]
    if len(authorities) == 2:
        return [value, pki.authority_bundle(authorities[0])]
    old_certificate = authorities[0].certificate_pem
    return [value.rstrip("\n") + "\n" + new, new.rstrip("\n") + "\n" + old_certificate, new]


def fresh(kind: Kind, stack: str, now: datetime, password: str) -> str:
    """A new value: an authority for one, else `password`."""
    if kind == "authority":
        return pki.authority_bundle(pki.new_authority(f"PenguinMails {stack}"[:64], now))
    return password
