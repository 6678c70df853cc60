"""What happens is logged, logs are kept, hold no content, and end; changes of the account are recorded."""

from __future__ import annotations

from typing import Final

from policies.model import Values
from policies.properties import Property, StackProperty
from policies.rules.make import rule
from policies.settings import Setting
from scripts.simulation.values import Value


def _kept(value: Value, values: Values) -> bool:
    """0 is for ever."""
    return bool(value == 0 or value >= values["minimum_days"])


def _ends(value: Value, values: Values) -> bool:
    return bool(0 < value <= values["maximum_days"])


LOGGED: Final = rule(
    "services-are-logged",
    "Databases, entries and containers write logs that are kept somewhere.",
    "medium",
    Property.LOGGED,
    controls=("SOC 2 CC7.2", "SOC 2 CC7.3", "GDPR Art. 32(1)(d)", "GDPR Art. 33"),
    remediation="Leave the database's exports, the entry's access logs and the log driver as the components set them.",
)

LOGS_KEPT: Final = rule(
    "logs-are-kept",
    "Logs are kept long enough to look into what happened.",
    "medium",
    Property.LOG_DAYS_KEPT,
    controls=("SOC 2 CC7.2", "SOC 2 CC7.3", "SOC 2 CC7.4", "GDPR Art. 33"),
    remediation="Set telemetry.log_retention_days in the stack file.",
    accepts=_kept,
    demand="keep logs for {minimum_days} days at least",
    settings=(Setting("minimum_days", "Days that logs are kept at least.", 30, "larger", most=3650),),
)

LOGS_END: Final = rule(
    "logs-end",
    "Logs, which name people by their addresses, are gone after a time.",
    "medium",
    Property.LOG_DAYS_KEPT,
    controls=("SOC 2 C1.2", "GDPR Art. 5(1)(e)", "GDPR Art. 25(2)", "CCPA 1798.100", "CCPA 1798.105"),
    remediation="Set telemetry.log_retention_days in the stack file.",
    accepts=_ends,
    demand="let logs end after {maximum_days} days at most; 0 or nothing is for ever",
    settings=(Setting("maximum_days", "Days that logs are kept at most.", 400, "smaller", most=3650),),
)

LOG_PRIVATE: Final = rule(
    "logs-hold-no-content",
    "Logs hold no statements with their values, no passwords and no mail.",
    "high",
    Property.LOG_PRIVATE,
    controls=("SOC 2 C1.1", "GDPR Art. 5(1)(c)", "GDPR Art. 25(1)", "CCPA 1798.100"),
    remediation="Leave the logging parameters of the database as the component renders them.",
)

AUDITED: Final = rule(
    "changes-are-recorded",
    "Every change of the account is recorded, in every region, and a record cannot be altered unseen.",
    "high",
    Property.AUDITED,
    controls=("SOC 2 CC7.1", "SOC 2 CC7.2", "SOC 2 CC8.1", "GDPR Art. 32(1)(d)", "GDPR Art. 33"),
    remediation="Leave aws.cloudtrail in the stack file at its default, or name the account's own trail as existing.",
)

THREATS: Final = rule(
    "threats-are-looked-for",
    "The account is watched for what attackers do.",
    "medium",
    Property.THREATS_WATCHED,
    controls=("SOC 2 CC6.8", "SOC 2 CC7.1", "SOC 2 CC7.2", "GDPR Art. 33"),
    remediation="Leave aws.guardduty in the stack file at its default.",
)

FLOWS: Final = rule(
    "network-traffic-is-logged",
    "Who spoke to whom in a network of the platform is logged.",
    "medium",
    StackProperty.FLOWS_LOGGED,
    controls=("SOC 2 CC7.2", "SOC 2 CC7.3", "GDPR Art. 33"),
    remediation="Set environment in the stack file to production, for which the network has a flow log.",
)

FIREWALL: Final = rule(
    "firewalls-log",
    "What a firewall refuses is logged.",
    "medium",
    StackProperty.FIREWALL_LOGGED,
    controls=("SOC 2 CC6.6", "SOC 2 CC7.2", "GDPR Art. 33"),
    remediation="Leave the logging of the firewall on (components/aws/waf.py).",
)

RULES: Final = (LOGGED, LOGS_KEPT, LOGS_END, LOG_PRIVATE, AUDITED, THREATS, FLOWS, FIREWALL)
