"""Secrets that services need and no other capability makes, in Secrets Manager under a key of their own.

How each is rotated:
- Keys of KMS rotate every year by themselves; what is encrypted stays readable.
- The application's role in the database has no password where it logs in with tokens of its identity: nothing to rotate.
- API keys, the database owner's password and what a relay for mail wants are set anew in the stack's configuration
  (`pulumi config set --secret`), and the next run stores them. The reference that a container definition has names the version
  of the secret, so that a new value is a new definition and new containers start with it; those that run keep the old
  value until they are replaced, which is what a rotation without a gap needs.

Rotation by a function of Secrets Manager is left out: it would change values behind the configuration's back, and the next run
would put the old ones in again.
"""

from __future__ import annotations

import pulumi
from pulumi import ResourceOptions

from components.aws.keys import key
from components.aws.stored_secret import stored_secret
from components.binding import Binding
from components.contract import SecretsArgs, SecretsOutputs


class Secrets(pulumi.ComponentResource):
    def __init__(self, name: str, args: SecretsArgs, opts: ResourceOptions) -> None:
        super().__init__("penguinmails:aws:Secrets", name, None, opts)
        purpose, identity = "Secrets of the services", args.identity
        own = key(name, identity, "secrets", "secrets", purpose, self, services=("secretsmanager",))
        references = {}
        for variable, value in args.values.items():
            role = variable.lower().replace("_", "-")
            references[variable] = stored_secret(
                f"{name}-{role}", identity, "secrets", f"secret-{role}", f"{variable} of the services", value, own, self
            )
        self.outputs = SecretsOutputs(Binding(secrets=references))
        self.register_outputs({variable: reference.name for variable, reference in references.items()})
