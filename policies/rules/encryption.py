"""Data is encrypted where it is kept and on its way.

Left out: the disks of Docker's hosts, whose encryption no resource shows.
"""

from __future__ import annotations

from typing import Final

from policies.properties import Property, StackProperty
from policies.rules.make import at_least, rule
from policies.settings import Setting

ENCRYPTED: Final = rule(
    "encrypted-at-rest",
    "Databases, queues, topics, stores, disks and backups encrypt what they keep.",
    "high",
    Property.ENCRYPTED_AT_REST,
    controls=("SOC 2 CC6.1", "SOC 2 CC6.7", "SOC 2 C1.1", "GDPR Art. 5(1)(f)", "GDPR Art. 32(1)(a)", "CCPA 1798.150"),
    remediation=(
        "The components encrypt everything that they make and no field of the stack file turns that off. Where a resource of "
        "your own is named, turn its encryption on; an existing database needs an encrypted copy of a snapshot."
    ),
)

OWN_KEY: Final = rule(
    "keys-are-own",
    "Databases, logs, secrets and backups are encrypted with keys of the platform, which can be taken away.",
    "medium",
    Property.OWN_KEY,
    controls=("SOC 2 CC6.1", "GDPR Art. 32(1)(a)", "CCPA 1798.150"),
    remediation="Give the resource the key that its component makes (components/aws/keys.py).",
)

KEYS_ROTATE: Final = rule(
    "keys-rotate",
    "Keys are renewed by themselves.",
    "medium",
    Property.KEY_ROTATES,
    controls=("SOC 2 CC6.1", "GDPR Art. 32(1)(a)"),
    remediation="Make keys with components/aws/keys.py, which turns rotation on; what was encrypted before stays readable.",
)

DELETION_WAITS: Final = rule(
    "deletion-of-keys-waits",
    "A key or a secret that is deleted by mistake can be had back for some days.",
    "high",
    Property.DELETION_DELAY_DAYS,
    controls=("SOC 2 CC6.1", "SOC 2 A1.2", "GDPR Art. 32(1)(b)", "GDPR Art. 32(1)(c)"),
    remediation="Set environment in the stack file to production, for which the components wait 30 days.",
    accepts=at_least("minimum_days"),
    demand="wait {minimum_days} days at least; without the key everything that it encrypts is lost",
    settings=(Setting("minimum_days", "Days until a deletion is final.", 30, "larger", least=7, most=30),),
)

TLS_REQUIRED: Final = rule(
    "encrypted-in-transit",
    "Databases, brokers, stores, topics, listeners and mail refuse to speak without TLS.",
    "high",
    Property.TLS_REQUIRED,
    controls=("SOC 2 CC6.1", "SOC 2 CC6.6", "SOC 2 CC6.7", "GDPR Art. 5(1)(f)", "GDPR Art. 32(1)(a)", "CCPA 1798.150"),
    remediation=(
        "Keep the settings that the components render; clients get the certificate authority as a file. A listener without TLS "
        "may redirect to one that has it."
    ),
)

TLS_VERSION: Final = rule(
    "tls-is-recent",
    "Whoever speaks TLS refuses versions older than 1.2.",
    "high",
    Property.TLS_VERSION,
    controls=("SOC 2 CC6.7", "GDPR Art. 32(1)(a)", "CCPA 1798.150"),
    remediation="Keep the load balancer's policy, or the versions in the rendered configuration, as the component has them.",
)

VERIFIED: Final = rule(
    "servers-are-verified",
    "Clients of a database check its certificate, so that nobody stands in for it.",
    "high",
    Property.SERVER_VERIFIED,
    controls=("SOC 2 CC6.7", "GDPR Art. 32(1)(a)"),
    remediation="Use the address of the database that the component gives, which ends with sslmode=verify-full.",
)

STORE_TLS: Final = rule(
    "stores-refuse-plain-http",
    "Every store of objects has a policy, in which clients without TLS are denied.",
    "medium",
    StackProperty.STORE_TLS,
    controls=("SOC 2 CC6.7", "GDPR Art. 32(1)(a)", "CCPA 1798.150"),
    remediation="Make buckets with components/aws/buckets.py, which gives each such a policy.",
)

RULES: Final = (ENCRYPTED, OWN_KEY, KEYS_ROTATE, DELETION_WAITS, TLS_REQUIRED, TLS_VERSION, VERIFIED, STORE_TLS)
