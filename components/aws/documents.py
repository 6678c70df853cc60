"""Policies as JSON text, and the statement that several of them share. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

Statement = Mapping[str, Any]


def document(statements: Sequence[Statement]) -> str:
    """The same text for the same statements, whatever order their keys were written in."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, sort_keys=True)


def tls_only(action: str, resource: str | Sequence[str]) -> Statement:
    """Nobody, whatever their rights, without TLS."""
    return {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": action,
        "Resource": resource,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
