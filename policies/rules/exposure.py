"""No database, broker or store is reachable from the internet; the entry alone is, and it limits what one client may ask."""

from __future__ import annotations

from typing import Final

from policies.properties import Property, StackProperty
from policies.rules.make import rule

PRIVATE: Final = rule(
    "data-is-private",
    "No database or broker is reachable from the internet.",
    "critical",
    Property.DATA_PRIVATE,
    controls=("SOC 2 CC6.1", "SOC 2 CC6.6", "GDPR Art. 25(2)", "GDPR Art. 32(1)(b)", "CCPA 1798.150"),
    remediation=(
        "Reach data through the platform's network: on AWS name the security group of the clients, on Docker join the overlay "
        "network. For administration use a tunnel through the pooler, not a public port."
    ),
)

ENTRY_ONLY: Final = rule(
    "only-the-entry-is-open",
    "The internet reaches the ports of the entry and nothing else.",
    "high",
    Property.ENTRY_ONLY,
    controls=("SOC 2 CC6.6", "GDPR Art. 25(2)", "GDPR Art. 32(1)(b)", "CCPA 1798.150"),
    remediation="Publish a service by public_path in the stack file; the edge then sends requests to it.",
)

NO_ADDRESS: Final = rule(
    "nothing-gets-a-public-address",
    "Machines, services and subnets get no public address by themselves.",
    "high",
    Property.NO_PUBLIC_ADDRESS,
    controls=("SOC 2 CC6.6", "GDPR Art. 25(2)"),
    remediation="Leave addresses to the load balancer and the gateways of the network component.",
)

CLOSED: Final = rule(
    "networks-are-closed",
    "A network lets nothing through that nobody asked for: the default group on AWS, the network for data on Docker.",
    "medium",
    Property.NETWORK_CLOSED,
    controls=("SOC 2 CC6.6", "GDPR Art. 25(2)", "GDPR Art. 32(1)(b)"),
    remediation="Leave the default group without rules and the network for data internal, as the network component makes them.",
)

NAMED_ONLY: Final = rule(
    "stores-are-not-for-everybody",
    "Stores, queues, topics and keys let in those whom their policies name.",
    "critical",
    Property.OPEN_TO_NAMED,
    controls=("SOC 2 CC6.1", "SOC 2 CC6.3", "SOC 2 C1.1", "GDPR Art. 25(2)", "GDPR Art. 32(1)(b)", "CCPA 1798.150"),
    remediation="Name the account, role or service in the policy, or add a condition; block public access to buckets.",
)

STORE_CLOSED: Final = rule(
    "stores-block-public-access",
    "Every store of objects has a block against public access.",
    "critical",
    StackProperty.STORE_CLOSED,
    controls=("SOC 2 CC6.1", "SOC 2 CC6.6", "GDPR Art. 25(2)", "CCPA 1798.150"),
    remediation="Make buckets with components/aws/buckets.py, which gives each a block.",
)

RATE_LIMITED: Final = rule(
    "public-services-are-rate-limited",
    "What the internet reaches limits the requests of one client.",
    "high",
    StackProperty.RATE_LIMITED,
    controls=("SOC 2 CC6.6", "SOC 2 A1.1", "GDPR Art. 32(1)(b)"),
    remediation="Set edge.requests_per_client in the stack file, or leave its default; the edge answers 429 above it.",
)

RULES: Final = (PRIVATE, ENTRY_ONLY, NO_ADDRESS, CLOSED, NAMED_ONLY, STORE_CLOSED, RATE_LIMITED)
