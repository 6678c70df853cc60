"""What rules ask about, in words that hold on every target. A reader says how a target answers.

A property is true or false where nothing else is said. Rules know these names only: a new target adds a folder with readers
under `policies/readers` and no rule changes. What a target has no answer to is written down there with the reason.
"""

from __future__ import annotations

from enum import StrEnum


class Property(StrEnum):
    """What can be read of one resource."""

    ENCRYPTED_AT_REST = "encrypted at rest"
    OWN_KEY = "encrypted with a key of the platform"
    KEY_ROTATES = "a key is renewed by itself"
    DELETION_DELAY_DAYS = "days until the deletion of a key or a secret is final"
    TLS_REQUIRED = "clients without TLS are refused"
    TLS_VERSION = "TLS older than 1.2 is refused"
    SERVER_VERIFIED = "a client checks the certificate of its server"
    DATA_PRIVATE = "the internet does not reach a database, broker or store"
    OPEN_TO_NAMED = "a policy lets in those whom it names, not everybody"
    ENTRY_ONLY = "the internet reaches the entry's ports only"
    NO_PUBLIC_ADDRESS = "has no public address"
    NETWORK_CLOSED = "a network for data has no way out"
    LEAST_PRIVILEGE = "permissions name actions and resources"
    TRUST_NAMED = "a role names who takes it on"
    LOGIN_PROVED = "a login is proved by more than an address"
    NO_SHELL = "nobody enters a running container"
    VARIABLE_HARMLESS = "a plain variable or file holds no secret"
    SECRET_FILE_PRIVATE = "a secret is readable by its process only"  # noqa: S105
    DELETION_REFUSED = "a mistake does not delete data"
    BACKUP_DAYS = "days that backups are kept"
    BACKUPS_OUTLIVE = "backups stay when the database goes"
    BACKUPS_SCHEDULED = "backups are taken by a schedule"
    COPY_ELSEWHERE = "backups have a copy in another place"
    WRITES_DURABLE = "an acknowledged write is on disk and archived"
    ONE_WRITER = "a volume with data has one container at a time"
    SURVIVES_ZONE = "data and entry survive the loss of a zone"
    COPIES = "smallest number of copies of a service"
    ROLLS_BACK = "a release that fails is taken back"
    LOGGED = "what happens is logged"
    LOG_DAYS_KEPT = "days that logs are kept, 0 for ever"
    LOG_PRIVATE = "logs hold no content of requests and statements"
    AUDITED = "changes of the account are recorded and cannot be altered"
    THREATS_WATCHED = "threats are looked for"
    REGION = "region that data is kept in"
    BACKUP_END_DAYS = "days after which backups are gone, 0 for never"
    OLD_VERSIONS_GO = "deleted objects are gone after a time"
    LARGEST_COPIES = "greatest number of copies of a service"
    GROWTH_BOUNDED = "what grows by itself has an end"
    LABELLED = "carries the kit's labels"
    NAMED = "is named after its platform"
    IMAGE_FIXED = "an image is named by its content"
    NOT_ROOT = "a process is an ordinary user"
    ROOT_READ_ONLY = "a container's file system is read-only"
    UNPRIVILEGED = "a container has no capabilities and no privileges"
    SOCKET_HIDDEN = "a container does not see the engine's socket"
    LIMITED = "a container has a limit of memory"
    HEALTH_CHECKED = "a container's health is checked"
    GRACE_SECONDS = "seconds that a container has to end"


class StackProperty(StrEnum):
    """What only all resources of a stack together tell; each is read of one kind of resource."""

    DATABASE_WATCHED = "an alarm watches a database"
    QUEUE_WATCHED = "an alarm watches the oldest or the waiting messages of a queue"
    SERVICE_WATCHED = "an alarm watches a service"
    DEAD_LETTERED = "a queue has a queue for what it cannot deliver"
    RATE_LIMITED = "requests of one client are limited at a public entry"
    DRILLED = "a drill restores what a backup keeps"
    BACKED_UP = "a backup covers a database"
    BACKUPS_LOCKED = "backups cannot be deleted before their time"
    FLOWS_LOGGED = "traffic of a network is logged"
    ALARM_HEARD = "somebody is told of an alarm"
    FIREWALL_LOGGED = "what a firewall refuses is logged"
    PINNED = "where services name hosts, a member names the one that has its volume"
    STORE_CLOSED = "a store has a block against public access"
    STORE_TLS = "a store refuses clients without TLS"
    STORE_VERSIONED = "a store keeps overwritten objects"
