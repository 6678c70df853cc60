"""What only one target understands; refused on every other."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from components.spec.base import PORT_PATTERN, Email, Model, Name, Port, ScrapeTarget, SubnetId


class SmtpRelay(Model):
    """The mail server that alerts go out through, over TLS (STARTTLS); its password is the secret smtpRelayPassword."""

    host: str = Field(pattern=r"^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$")
    port: Port = 587
    sender: Email = Field(description="Whom alerts come from.")
    username: str | None = Field(default=None, min_length=1, max_length=256, description="null: the relay asks for no login.")


class S3Repository(Model):
    """A bucket of S3 or what speaks its language; its keys are the secrets backupRepositoryKey and backupRepositorySecret."""

    kind: Literal["s3"]
    endpoint: str = Field(pattern=rf"^[a-z0-9.-]+(:{PORT_PATTERN})?$", description="Host, and a port where it is not 443.")
    region: str = Field(pattern=r"^[a-z0-9-]{1,63}$")
    bucket: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")
    path: str = Field(default="/penguinmails", pattern=r"^/[A-Za-z0-9/_.-]*$")


class SftpRepository(Model):
    """A folder of another host; the private key is the secret backupRepositoryKey."""

    kind: Literal["sftp"]
    host: str = Field(pattern=r"^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$")
    port: Port = 22
    user: str = Field(pattern=r"^[a-z_][a-z0-9_-]{0,31}$")
    path: str = Field(pattern=r"^/[A-Za-z0-9/_.-]*$")
    host_key_sha256: str = Field(
        pattern=r"^[0-9a-f]{64}$",
        description="SHA-256, in hexadecimal digits, of the host's ECDSA key, or of its Ed25519 key where it has no ECDSA one.",
    )


class Acme(Model):
    """The authority that certificate: acme asks, by HTTP on port 80 (HTTP-01)."""

    directory_url: str = Field(
        default="https://acme-v02.api.letsencrypt.org/directory", pattern=r"^https://[^\s]+$", description="RFC 8555."
    )
    email: Email = Field(description="Who is told of trouble by the authority.")
    agree_to_terms: bool = Field(default=False, description="That you have read the authority's terms and agree; needed.")
    authority_pem: str | None = Field(
        default=None,
        max_length=65536,
        description="Certificates, in PEM, of a private authority: its directory and what it issues are verified with them; "
        "null: the public ones.",
    )


class DockerSection(Model):
    """What only the Docker target understands."""

    host: str = Field(
        default="unix:///var/run/docker.sock",
        pattern=r"^(unix:///.+|ssh://.+|tcp://.+)$",
        description="Address of the engine, a manager of a Swarm.",
    )
    engine_folder: str = Field(
        default="/var/lib/docker",
        pattern=r"^/[A-Za-z0-9/_.-]*[A-Za-z0-9_-]$",
        description="Where the engine keeps its data on the host; `docker info` calls it Docker Root Dir.",
    )
    node: str | None = Field(
        default=None, min_length=1, description="Host name of the node that keeps the data; null on one host."
    )
    smtp_relay: SmtpRelay | None = Field(default=None, description="alerts.emails needs one.")
    scrape_targets: dict[Name, ScrapeTarget] = Field(
        default={}, description="What else is watched: host:port/path that gives figures in Prometheus' format."
    )
    second_repository: S3Repository | SftpRepository | None = Field(
        default=None, discriminator="kind", description="Where backups go too; null: the host's own disk only."
    )
    authorities_pem: str | None = Field(
        default=None,
        max_length=65536,
        description="Certificates, in PEM, of private authorities: trusted beside the public ones by what tells alerts and by "
        "what writes to a second repository of kind s3.",
    )
    acme: Acme | None = Field(default=None, description="certificate: acme needs it.")


class ExistingNetwork(Model):
    """A network that is there already: nothing in it is changed. Each tier has subnets in two zones or more."""

    vpc_id: str = Field(pattern=r"^vpc-[0-9a-f]{8,17}$")
    public_subnet_ids: tuple[SubnetId, ...] = Field(min_length=2, description="For the edge, with a way to the internet.")
    private_subnet_ids: tuple[SubnetId, ...] = Field(min_length=2, description="For services, with a way out only.")
    isolated_subnet_ids: tuple[SubnetId, ...] = Field(min_length=2, description="For data, with no way out.")


class AwsSection(Model):
    """What only the AWS target understands."""

    region: str = Field(pattern=r"^[a-z]{2,4}(-[a-z]+)+-[1-9]$", description="Where everything is deployed.")
    cidr: str | None = Field(
        default=None,
        pattern=r"^\d{1,3}(\.\d{1,3}){3}/(1[6-9]|2[0-2])$",
        description="Private addresses of a new network, /16 to /22; null is 10.20.0.0/16.",
    )
    zones: int | None = Field(default=None, ge=2, le=3, description="Availability zones of a new network; null is 3.")
    existing_network: ExistingNetwork | None = None
    account_id: str | None = Field(
        default=None, pattern=r"^\d{12}$", description="The only account that this may be deployed to; null: any."
    )
    certificate_arn: str | None = Field(
        default=None,
        pattern=r"^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate/[0-9a-f-]{36}$",
        description="The certificate of ACM that a supplied one is.",
    )
    backup_region: str | None = Field(
        default=None,
        pattern=r"^[a-z]{2,4}(-[a-z]+)+-[1-9]$",
        description="A second region that backups are copied to; null: none, so that data leaves the first only if asked.",
    )
    guardduty: Literal["create", "existing"] | None = Field(
        default=None, description="existing: the account has it; null: created outside development."
    )
    cloudtrail: Literal["create", "existing"] | None = Field(
        default=None, description="existing: the account has a trail; null: created outside development."
    )
