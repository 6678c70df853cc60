"""The secrets of a stack's configuration on Docker, and what is derived from them. Pure.

Everything that the broker's users need is derived from one secret by HMAC-SHA-256, so that a service can be added without
a new secret, and one service's password says nothing about another's.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator, Sequence

from components.spec import PlatformSpec
from components.target import SecretKey

_KEYS = (
    SecretKey("databaseOwnerPassword", "password", "the role that owns the schema and runs migrations"),
    SecretKey("databaseAppPassword", "password", "the role of the services, through the pooler"),
    SecretKey("brokerSecret", "password", "every service's password at the broker is derived from it"),
    SecretKey("apiKey", "password", "the first key of the API"),
    SecretKey("certificateAuthority", "authority", "signs the certificates of the platform's parts"),
    SecretKey("monitoringSecret", "password", "the passwords of what measures database and pooler are derived from it"),
)


def secret_keys(spec: PlatformSpec) -> Sequence[SecretKey]:
    """What must stand in the stack's configuration, encrypted, before this description can be deployed."""
    return [*_KEYS, *_of_alerts(spec), *_of_backups(spec), *_of_certificates(spec)]


def _of_alerts(spec: PlatformSpec) -> Iterator[SecretKey]:
    if spec.alerts is None:
        return
    yield SecretKey("statusPassword", "password", "the login of the status page, as operator")
    if spec.alerts.webhooks:
        yield SecretKey("alertsWebhookSecret", "password", "signs what is posted to alerts.webhooks")
    if spec.alerts.slack:
        yield SecretKey("alertsSlackUrl", "supplied", "the address of an incoming webhook of Slack")
    relay = spec.docker.smtp_relay if spec.docker is not None else None
    if relay is not None and relay.username is not None:
        yield SecretKey("smtpRelayPassword", "supplied", f"the password of {relay.username} at {relay.host}")


def _of_backups(spec: PlatformSpec) -> Iterator[SecretKey]:
    if spec.backup is None:
        return
    yield SecretKey("backupPassphrase", "password", "encrypts every backup; without it none can be restored, so keep a copy")
    second = spec.docker.second_repository if spec.docker is not None else None
    if second is not None:
        what = "the access key of the bucket" if second.kind == "s3" else "the private key of the login"
        yield SecretKey("backupRepositoryKey", "supplied", what)
        if second.kind == "s3":
            yield SecretKey("backupRepositorySecret", "supplied", "the secret key of the bucket")


def _of_certificates(spec: PlatformSpec) -> Iterator[SecretKey]:
    if spec.edge.certificate == "supplied":
        yield SecretKey("edgeCertificate", "supplied", "the certificate with its chain, in PEM")
        yield SecretKey("edgeKey", "supplied", "the certificate's private key, in PEM")


def derive(secret: str, purpose: str) -> str:
    """A password of 256 bits for `purpose`, in letters, digits, hyphen and underscore."""
    digest = hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
