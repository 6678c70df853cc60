"""Who may do what: permissions, roles, logins, and secrets that nobody else sees."""

from __future__ import annotations

from typing import Final

from policies.properties import Property
from policies.rules.make import rule

LEAST: Final = rule(
    "permissions-are-least",
    "Permissions name the actions and the resources that are needed.",
    "high",
    Property.LEAST_PRIVILEGE,
    controls=("SOC 2 CC6.1", "SOC 2 CC6.3", "GDPR Art. 25(2)", "GDPR Art. 32(1)(b)", "CCPA 1798.150"),
    remediation="List actions and resources where the component writes the policy; a broker's clients configure nothing.",
)

TRUST: Final = rule(
    "roles-name-who-takes-them-on",
    "A role is taken on by those whom it names, not by everybody.",
    "critical",
    Property.TRUST_NAMED,
    controls=("SOC 2 CC6.1", "SOC 2 CC6.2", "SOC 2 CC6.3", "GDPR Art. 32(1)(b)"),
    remediation="Name the service or the account in the trust of the role (components/aws/roles.py).",
)

LOGIN: Final = rule(
    "logins-are-proved",
    "Databases and brokers ask for a proof: IAM, SCRAM or a certificate.",
    "high",
    Property.LOGIN_PROVED,
    controls=("SOC 2 CC6.1", "SOC 2 CC6.2", "GDPR Art. 32(1)(b)", "CCPA 1798.150"),
    remediation="Keep IAM logins on AWS and scram-sha-256 on Docker, as the components render them.",
)

NO_SHELL: Final = rule(
    "nobody-enters-containers",
    "Nobody opens a shell in a running container through the cloud.",
    "medium",
    Property.NO_SHELL,
    controls=("SOC 2 CC6.1", "SOC 2 CC8.1", "GDPR Art. 32(1)(b)"),
    remediation="Leave enableExecuteCommand off; look at logs and figures, and change by a release.",
)

NO_PLAIN_SECRETS: Final = rule(
    "no-plain-secrets",
    "No container, function or configuration file holds a secret in plain text.",
    "critical",
    Property.VARIABLE_HARMLESS,
    controls=("SOC 2 CC6.1", "GDPR Art. 32(1)(a)", "GDPR Art. 32(1)(b)", "CCPA 1798.150"),
    remediation="Put the value into a secret of the stack (scripts/up asks for it); the component passes it on as a secret.",
)

SECRET_FILES: Final = rule(
    "secrets-are-for-one-process",
    "A file that holds a secret is readable by its process only.",
    "medium",
    Property.SECRET_FILE_PRIVATE,
    controls=("SOC 2 CC6.1", "GDPR Art. 32(1)(b)"),
    remediation="Mount secrets with the mode 0400 and the user of the process, as components/docker/swarm.py does.",
)

RULES: Final = (LEAST, TRUST, LOGIN, NO_SHELL, NO_PLAIN_SECRETS, SECRET_FILES)
