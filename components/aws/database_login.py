"""The right to log in to a database as one of its roles, with a token of IAM for a password.

A token lasts 15 minutes and is for a new connection only. RDS takes about 200 such logins a second (user guide, "IAM database
authentication"), which the pooler keeps far below.
"""

from __future__ import annotations

import pulumi
from pulumi import Output

from components.aws.account import account
from components.binding import Permission


def login(resource_id: Output[str], role: str, reason: str, parent: pulumi.Resource) -> Permission:
    """`resource_id`: of an instance (`db-...`) or of a proxy (`prx-...`), which stays when it is renamed."""
    here = account(parent)
    arn = Output.concat("arn:", here.partition, ":rds-db:", here.region, ":", here.id, ":dbuser:", resource_id, "/", role)
    return Permission(("rds-db:connect",), (arn,), reason)
