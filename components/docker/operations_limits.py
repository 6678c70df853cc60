"""What a description may ask of alerts, backups and certificates and Docker does not give. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from components.docker import authorities
from components.docker.alert_custom import UNMEASURED
from components.spec import DockerSection, PlatformSpec
from components.target import Unsupported


def operations_limits(spec: PlatformSpec) -> Iterator[Unsupported]:
    section = spec.docker or DockerSection()
    emails = spec.alerts.emails if spec.alerts is not None else ()
    if emails and section.smtp_relay is None:
        yield Unsupported("need a mail server; add platform.docker.smtp_relay, or leave them out", "platform.alerts.emails")
    if section.smtp_relay is not None and not emails:
        yield Unsupported("mails nobody; add platform.alerts.emails, or leave it out", "platform.docker.smtp_relay")
    if section.second_repository is not None and spec.backup is None:
        reason = "has nothing to keep without backups; add platform.backup, or leave it out"
        yield Unsupported(reason, "platform.docker.second_repository")
    if section.authorities_pem is not None and not authorities.holds_certificates(section.authorities_pem):
        yield Unsupported("holds no certificate in PEM, or something besides", "platform.docker.authorities_pem")
    for name, alarm in (spec.alerts.custom if spec.alerts is not None else {}).items():
        if alarm.measure in UNMEASURED:
            yield Unsupported(f"{alarm.measure} is not measured on docker", f"platform.alerts.custom.{name}.measure")
