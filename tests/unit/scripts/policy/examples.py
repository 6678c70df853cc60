"""Reports with one of everything, for the tests of formats. Rules of their own, so that no change of a pack breaks them."""

from __future__ import annotations

from datetime import date

from scripts.policy import reports
from scripts.policy.events import PolicyFinding
from scripts.policy.places import Places
from scripts.policy.reports import Mishap, PolicyReport, RuleFacts
from scripts.policy.settings import Waiver

TODAY = date(2026, 11, 25)
FILE = "stacks/Pulumi.test.yaml"
STACK_FILE = """\
config:
  pulumi:disable-default-providers: ["*"]
  penguinmails:platform:
    target: aws
    aws: { region: eu-central-1 }
    database:
      size: small
      pooling: { client_connections: 100 }
    queues:
      outbound: {}
      outbound-late:
        max_deliveries: 3
    services:
      api: { image: api }
      worker:
        image: api
  penguinmails:policies:
    waivers:
      - { rule: kept, resource: penguinmails-worker-*, reason: a <b>spare</b> copy, owner: platform team, expires: 2027-01-31 }
      - { rule: kept, resource: penguinmails-gone, reason: no reason, owner: me, expires: 2027-01-31 }
      - rule: private
        resource: penguinmails-api-*
        reason: until the move
        owner: network team
        expires: 2026-11-24
      - { rule: of-another-pack, resource: x, reason: r, owner: o, expires: 2027-01-31 }
"""


def urn(component: str, name: str, token: str = "aws:rds/instance:Instance") -> str:
    return f"urn:pulumi:test::penguinmails::penguinmails:index:Platform$penguinmails:aws:{component}${token}::{name}"


RULES = [
    RuleFacts("kept", "Data is kept.", "mandatory", "high", "Keep it & more.", ("SOC 2 A1.2", "GDPR Art. 32"), ("a", "b")),
    RuleFacts("private", "Nothing is open.", "mandatory", "critical", "Close it.", ("SOC 2 CC6.6",), ("a",)),
    RuleFacts("cheap", "Nothing is wasted.", "advisory", "low", "Take less.", ("SOC 2 A1.1",), ("b",)),
    RuleFacts("quiet", "Nothing is said.", "mandatory", "medium", "Nothing.", ("SOC 2 CC7.2",), ("b",)),
]
DATABASE = urn("Database", "penguinmails-database-server")
WORKER = urn("Service", "penguinmails-worker-copies")
API = urn("Service", "penguinmails-api-copies")
SAID = [
    PolicyFinding("p", "cheap", "advisory", DATABASE, 'size: take <less> & "fewer"', "violation"),
    PolicyFinding("p", "kept", "mandatory", DATABASE, "deletionProtection: set it to true", "violation"),
    PolicyFinding("p", "kept", "mandatory", WORKER, "deletionProtection: set it to true", "violation"),
    PolicyFinding("p", "kept", "mandatory", WORKER, "x is not known before deployment", "could_not_evaluate"),
    PolicyFinding("p", "private", "mandatory", API, "publiclyAccessible: set it to false", "violation"),
    PolicyFinding("", "", "mandatory", "", "no policy pack was started", "error"),
]


def waivers() -> list[Waiver]:
    def waiver(rule: str, resource: str, reason: str, owner: str, expires: str) -> Waiver:
        return Waiver(rule=rule, resource=resource, reason=reason, owner=owner, expires=expires)

    return [
        waiver("kept", "penguinmails-worker-*", "a <b>spare</b> copy", "platform team", "2027-01-31"),
        waiver("kept", "penguinmails-gone", "no reason", "me", "2027-01-31"),
        waiver("private", "penguinmails-api-*", "until the move", "network team", "2026-11-24"),
        waiver("of-another-pack", "x", "r", "o", "2027-01-31"),
    ]


def full() -> PolicyReport:
    findings, judged = reports.weigh(SAID, RULES, waivers(), Places(FILE, STACK_FILE), TODAY)
    errors = [Mishap("preview", "aws:rds/instance:Instance penguinmails-database-server", "it & <that> fails")]
    return PolicyReport("test", FILE, ["a", "b"], RULES, findings, judged, errors, 1.25)


def right() -> PolicyReport:
    return PolicyReport("other", "stacks/Pulumi.other.yaml", ["a"], RULES[:2], seconds=0.5)
