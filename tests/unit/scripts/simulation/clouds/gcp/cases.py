"""What `check` takes and what it refuses: type, right inputs, changes, path of the refusal, words of its sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.unit.scripts.simulation.clouds.gcp.platform import CONTAINER, SETTINGS

SQL: dict[str, Any] = {
    "databaseVersion": "POSTGRES_17",
    "settings": {**SETTINGS, "ipConfiguration": {"ipv4Enabled": False, "privateNetwork": "net"}},
}
RUN: dict[str, Any] = {"location": "europe-west3", "template": {"containers": [CONTAINER]}}
SUBSCRIPTION: dict[str, Any] = {
    "topic": "out",
    "ackDeadlineSeconds": 600,
    "expirationPolicy": {"ttl": ""},
    "deadLetterPolicy": {"deadLetterTopic": "dead", "maxDeliveryAttempts": 5},
    "retryPolicy": {"minimumBackoff": "10s", "maximumBackoff": "600s"},
}
SLO: dict[str, Any] = {"service": "s", "goal": 0.99, "rollingPeriodDays": 28, "requestBasedSli": {}}
UPTIME: dict[str, Any] = {"displayName": "d", "timeout": "10s", "period": "60s", "httpCheck": {}, "monitoredResource": {}}
RECORD: dict[str, Any] = {"name": "a.example.com.", "type": "TXT", "rrdatas": ['"v=spf1 -all"']}
NAT: dict[str, Any] = {"natIpAllocateOption": "AUTO_ONLY", "sourceSubnetworkIpRangesToNat": "ALL_SUBNETWORKS_ALL_IP_RANGES"}
RANGE: dict[str, Any] = {"purpose": "VPC_PEERING", "addressType": "INTERNAL", "prefixLength": 20, "network": "net"}
LARGE = {**CONTAINER, "resources": {"limits": {"cpu": "4", "memory": "16Gi"}}}
DEFAULT = {"action": "allow", "priority": 2147483647}

RIGHT: list[tuple[str, Mapping[str, Any]]] = [
    ("sql.DatabaseInstance", SQL),
    ("cloudrunv2.Service", RUN),
    ("cloudrunv2.Service", {**RUN, "template": {"containers": [LARGE]}}),
    ("cloudrunv2.WorkerPool", {**RUN, "scaling": {"scalingMode": "MANUAL", "manualInstanceCount": 1}}),
    ("cloudrunv2.Job", {"location": "europe-west3", "template": {"template": {"containers": [CONTAINER], "timeout": "600s"}}}),
    ("pubsub.Subscription", SUBSCRIPTION),
    ("pubsub.Topic", {"messageRetentionDuration": "86400s"}),
    ("secretmanager.Secret", {"secretId": "smtp", "replication": {"auto": {}}}),
    ("kms.CryptoKey", {"keyRing": "r", "rotationPeriod": "7776000s"}),
    ("monitoring.Slo", SLO),
    ("monitoring.UptimeCheckConfig", UPTIME),
    ("monitoring.AlertPolicy", {"conditions": [{"conditionThreshold": {"filter": 'resource.type = "x"', "duration": "0s"}}]}),
    ("dns.RecordSet", RECORD),
    ("dns.ManagedZone", {"dnsName": "example.com.", "dnssecConfig": {"state": "on"}}),
    ("compute.RouterNat", NAT),
    ("compute.GlobalAddress", RANGE),
    ("compute.Subnetwork", {"ipCidrRange": "10.1.0.0/20", "region": "europe-west3"}),
    ("compute.SecurityPolicy", {"rules": [DEFAULT, {"action": "throttle", "priority": 1000}]}),
    (
        "compute.TargetHttpsProxy",
        {"certificateMap": "//certificatemanager.googleapis.com/projects/p/locations/global/certificateMaps/m"},
    ),
    ("certificatemanager.Certificate", {"managed": {"domains": ["example.com"]}}),
    ("certificatemanager.CertificateMapEntry", {"hostname": "example.com"}),
    ("pubsub.TopicIAMMember", {"role": "roles/pubsub.publisher", "member": "serviceAccount:a@b.iam.gserviceaccount.com"}),
]

WRONG: list[tuple[str, Mapping[str, Any], Mapping[str, Any], str, str]] = [
    ("pubsub.Subscription", SUBSCRIPTION, {"ackDeadlineSeconds": 5}, "ackDeadlineSeconds", "10 to 600"),
    ("pubsub.Subscription", SUBSCRIPTION, {"expirationPolicy": {"ttl": "3600s"}}, "expirationPolicy.ttl", "86400s"),
    ("pubsub.Subscription", SUBSCRIPTION, {"messageRetentionDuration": "14d"}, "messageRetentionDuration", "604800s"),
    (
        "pubsub.Subscription",
        SUBSCRIPTION,
        {"deadLetterPolicy": {"deadLetterTopic": "d", "maxDeliveryAttempts": 3}},
        "deadLetterPolicy.maxDeliveryAttempts",
        "5 to 100",
    ),
    (
        "pubsub.Subscription",
        SUBSCRIPTION,
        {"retryPolicy": {"minimumBackoff": "60s", "maximumBackoff": "10s"}},
        "retryPolicy.minimumBackoff",
        "longer",
    ),
    ("pubsub.Topic", {}, {"messageRetentionDuration": "60s"}, "messageRetentionDuration", "600s"),
    (
        "secretmanager.Secret",
        {},
        {"secretId": "s", "replication": {"auto": {}, "userManaged": {}}},
        "replication",
        "exactly one",
    ),
    ("secretmanager.SecretVersion", {}, {"secretData": "x" * 65537}, "secretData", "64 KiB"),
    ("kms.CryptoKey", {"keyRing": "r"}, {"rotationPeriod": "3600s"}, "rotationPeriod", "86400s"),
    (
        "kms.CryptoKey",
        {"keyRing": "r"},
        {"purpose": "ASYMMETRIC_SIGN", "rotationPeriod": "7776000s"},
        "rotationPeriod",
        "ASYMMETRIC_SIGN",
    ),
    ("monitoring.Slo", SLO, {"goal": 1}, "goal", "0.9999"),
    ("monitoring.Slo", SLO, {"rollingPeriodDays": 60}, "rollingPeriodDays", "1 to 30"),
    ("monitoring.Slo", SLO, {"basicSli": {}}, "requestBasedSli", "exactly one"),
    ("monitoring.UptimeCheckConfig", UPTIME, {"period": "120s"}, "period", "300s"),
    ("monitoring.UptimeCheckConfig", UPTIME, {"tcpCheck": {}}, "httpCheck", "exactly one"),
    ("monitoring.UptimeCheckConfig", UPTIME, {"monitoredResource": None}, "monitoredResource", "uptime_url"),
    (
        "monitoring.AlertPolicy",
        {},
        {"conditions": [{"conditionThreshold": {"filter": 'metric.type = "x"', "duration": "0s"}}]},
        "conditions[0].conditionThreshold.filter",
        "resource.type",
    ),
    (
        "monitoring.AlertPolicy",
        {},
        {"conditions": [{"conditionThreshold": {"filter": 'resource.type = "x"', "duration": "90s"}}]},
        "conditions[0].conditionThreshold.duration",
        "whole minutes",
    ),
    ("monitoring.AlertPolicy", {}, {"conditions": [{}]}, "conditions[0]", "conditionThreshold"),
    ("dns.RecordSet", RECORD, {"name": "a.example.com"}, "name", "write a.example.com."),
    ("dns.RecordSet", RECORD, {"rrdatas": ["v=spf1 -all"]}, "rrdatas[0]", "quotes"),
    ("dns.RecordSet", RECORD, {"rrdatas": ["x" * 256]}, "rrdatas[0]", "255 bytes"),
    ("dns.RecordSet", RECORD, {"type": "CNAME", "rrdatas": ["mail.example.com"]}, "rrdatas[0]", "mail.example.com."),
    ("dns.RecordSet", RECORD, {"rrdatas": None}, "rrdatas", "missing"),
    ("dns.ManagedZone", {}, {"dnsName": "example.com"}, "dnsName", "example.com."),
    ("dns.ManagedZone", {}, {"dnsName": "a.internal.", "visibility": "private", "dnssecConfig": {}}, "dnssecConfig", "public"),
    ("compute.RouterNat", NAT, {"sourceSubnetworkIpRangesToNat": "LIST_OF_SUBNETWORKS"}, "subnetworks", "missing"),
    ("compute.RouterNat", NAT, {"natIps": ["x"]}, "natIps", "MANUAL_ONLY"),
    ("compute.GlobalAddress", RANGE, {"addressType": "EXTERNAL"}, "addressType", "INTERNAL"),
    ("compute.GlobalAddress", RANGE, {"prefixLength": None}, "prefixLength", "missing"),
    ("compute.GlobalAddress", RANGE, {"prefixLength": 28}, "prefixLength", "8 to 24"),
    ("compute.Subnetwork", {"region": "europe-west3"}, {"ipCidrRange": "10.1.0.1/20"}, "ipCidrRange", "10.10.0.0/20"),
    ("compute.Subnetwork", {"region": "europe-west3"}, {"ipCidrRange": "10.1.0.0/30"}, "ipCidrRange", "/29"),
    ("compute.Subnetwork", {"ipCidrRange": "10.1.0.0/20"}, {"region": "mars"}, "region", "no location"),
    ("compute.SecurityPolicy", {}, {"rules": [{"action": "allow", "priority": 1}]}, "rules", "2147483647"),
    ("compute.SecurityPolicy", {}, {"rules": [DEFAULT, DEFAULT]}, "rules[1].priority", "rules[0]"),
    ("compute.TargetHttpsProxy", {}, {"urlMap": "u"}, "certificateMap", "missing"),
    (
        "compute.TargetHttpsProxy",
        {},
        {"certificateMap": "projects/p/locations/global/certificateMaps/m"},
        "certificateMap",
        "//certificatemanager.googleapis.com/",
    ),
    ("certificatemanager.Certificate", {}, {"managed": {}, "selfManaged": {}}, "managed", "exactly one"),
    ("certificatemanager.CertificateMapEntry", {}, {"hostname": "a", "matcher": "PRIMARY"}, "hostname", "exactly one"),
    ("pubsub.TopicIAMMember", {"role": "roles/x"}, {"member": "a@example.com"}, "member", "serviceAccount:"),
    ("pubsub.TopicIAMMember", {"member": "user:a@example.com"}, {"role": "publisher"}, "role", "roles/pubsub.publisher"),
    ("logging.ProjectBucketConfig", {}, {"retentionDays": 0}, "retentionDays", "1 to 3650"),
    ("storage.Bucket", {"location": "EU"}, {"storageClass": "HOT"}, "storageClass", "NEARLINE"),
]
