"""The whole platform's zone, certificate, load balancer and firewall."""

from __future__ import annotations

from tests.unit.scripts.simulation.clouds.aws.platform import Part, out


def edge() -> list[Part]:
    return [
        ("route53/zone:Zone", "zone", {"name": "example.org"}),
        (
            "acm/certificate:Certificate",
            "certificate",
            {"domainName": "example.org", "subjectAlternativeNames": ["*.example.org"], "validationMethod": "DNS"},
        ),
        (
            "route53/record:Record",
            "proof",
            {
                "zoneId": out("zone", "zoneId"),
                "name": out("certificate", "domainValidationOptions.0.resourceRecordName"),
                "type": "CNAME",
                "records": [out("certificate", "domainValidationOptions.0.resourceRecordValue")],
                "ttl": 300,
            },
        ),
        (
            "acm/certificateValidation:CertificateValidation",
            "valid",
            {"certificateArn": out("certificate", "arn"), "validationRecordFqdns": [out("proof", "fqdn")]},
        ),
        (
            "lb/loadBalancer:LoadBalancer",
            "balancer",
            {
                "subnets": [out(f"public-{number}") for number in range(3)],
                "securityGroups": [out("edge")],
                "dropInvalidHeaderFields": True,
                "enableDeletionProtection": True,
            },
        ),
        (
            "lb/targetGroup:TargetGroup",
            "targets",
            {
                "namePrefix": "mail-",
                "port": 8000,
                "protocol": "HTTP",
                "targetType": "ip",
                "vpcId": out("vpc"),
                "healthCheck": {"path": "/readyz", "interval": 10, "timeout": 5, "matcher": "200"},
            },
        ),
        (
            "lb/listener:Listener",
            "https",
            {
                "loadBalancerArn": out("balancer", "arn"),
                "port": 443,
                "protocol": "HTTPS",
                "sslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
                "certificateArn": out("valid", "certificateArn"),
                "defaultActions": [{"type": "forward", "targetGroupArn": out("targets", "arn")}],
            },
        ),
        (
            "lb/listener:Listener",
            "http",
            {
                "loadBalancerArn": out("balancer", "arn"),
                "port": 80,
                "protocol": "HTTP",
                "defaultActions": [
                    {"type": "redirect", "redirect": {"port": "443", "protocol": "HTTPS", "statusCode": "HTTP_301"}}
                ],
            },
        ),
        (
            "route53/record:Record",
            "www",
            {
                "zoneId": out("zone", "zoneId"),
                "name": "www",
                "type": "A",
                "aliases": [
                    {
                        "name": out("balancer", "dnsName"),
                        "zoneId": out("balancer", "zoneId"),
                        "evaluateTargetHealth": True,
                    }
                ],
            },
        ),
        (
            "wafv2/webAcl:WebAcl",
            "firewall",
            {
                "scope": "REGIONAL",
                "defaultAction": {"allow": {}},
                "visibilityConfig": {
                    "cloudwatchMetricsEnabled": True,
                    "metricName": "mail",
                    "sampledRequestsEnabled": True,
                },
                "rules": [
                    {
                        "name": "common",
                        "priority": 1,
                        "overrideAction": {"none": {}},
                        "statement": {
                            "managedRuleGroupStatement": {"name": "AWSManagedRulesCommonRuleSet", "vendorName": "AWS"}
                        },
                        "visibilityConfig": {
                            "cloudwatchMetricsEnabled": True,
                            "metricName": "common",
                            "sampledRequestsEnabled": True,
                        },
                    }
                ],
            },
        ),
        (
            "wafv2/webAclAssociation:WebAclAssociation",
            "firewalled",
            {"webAclArn": out("firewall", "arn"), "resourceArn": out("balancer", "arn")},
        ),
    ]
