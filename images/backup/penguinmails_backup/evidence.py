"""What a drill found, as a file that can be shown to somebody else: JSON and a page, both signed.

The key (Ed25519) follows from the passphrase of the backups, so it is the same after the loss of everything else. The JSON is
signed in its canonical form (sorted keys, no spaces, UTF-8), the page as its bytes up to the line of the signature.
"""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_PURPOSE = b"penguinmails drill evidence"
MARK = "\n<!-- signature (Ed25519, base64): "


def derived(passphrase: str, purpose: bytes) -> bytes:
    """32 bytes for one purpose."""
    return HKDF(hashes.SHA256(), 32, salt=None, info=purpose).derive(passphrase.encode())


def key(passphrase: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(derived(passphrase, _PURPOSE))


def public_pem(private: Ed25519PrivateKey) -> str:
    form = (serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.public_key().public_bytes(*form).decode()


def canonical(evidence: Mapping[str, Any]) -> bytes:
    return json.dumps(evidence, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def signed(evidence: Mapping[str, Any], private: Ed25519PrivateKey) -> str:
    """The JSON file."""
    value = base64.b64encode(private.sign(canonical(evidence))).decode()
    signature = {"algorithm": "Ed25519", "public_key": public_pem(private), "value": value}
    return json.dumps({"evidence": evidence, "signature": signature}, indent=2, ensure_ascii=False) + "\n"


def page(evidence: Mapping[str, Any], private: Ed25519PrivateKey) -> str:
    """The same for a reader: one file that needs nothing else."""
    body = _page(evidence)
    return f"{body}{MARK}{base64.b64encode(private.sign(body.encode())).decode()} -->\n"


def _page(evidence: Mapping[str, Any]) -> str:
    passed = evidence["passed"]
    rows = [
        ("Result", "passed" if passed else f"failed: {evidence['reason']}"),
        ("Platform", evidence["stack"]),
        ("Began", evidence["began"]),
        ("Restored to", evidence["target"]),
        ("Backup", evidence["backup"] and _backup(evidence["backup"])),
        ("Recovery point (RPO)", _seconds(evidence["rpo_seconds"])),
        ("Recovery time (RTO)", _seconds(evidence["rto_seconds"])),
        ("Rows compared", evidence["rows"]),
        ("Objects", evidence["objects"]),
    ]
    facts = "".join(f"<tr><th>{_text(name)}</th><td>{_text(value)}</td></tr>" for name, value in rows)
    tables = "".join(
        f"<tr><td>{_text(table['name'])}</td><td>{_text(table['rows'])}</td><td><code>{_text(table['live'])}</code></td>"
        f"<td>{'equal' if table['live'] == table['restored'] else 'differs'}</td></tr>"
        for table in evidence["tables"]
    )
    proof = "".join(f"<li>{_text(line)}</li>" for line in evidence["proves"])
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>Drill of {_text(evidence['stack'])}, {_text(evidence['began'])}</title><style>{_STYLE}</style></head><body>"
        f"<h1>Restore drill: {'passed' if passed else 'failed'}</h1><table>{facts}</table>"
        f"<h2>What this proves</h2><ul>{proof}</ul>"
        "<h2>Tables</h2><table><tr><th>Table</th><th>Rows</th><th>Checksum</th><th>Restored</th></tr>"
        f"{tables}</table></body></html>"
    )


_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse}th,td{text-align:left;padding:.25rem .75rem;border:1px solid #bbb}"
    "code{font-size:.75rem;word-break:break-all}"
)


def _backup(backup: Mapping[str, Any]) -> str:
    instead = f", because repository {backup['instead_of']} has none that could be used" if backup["instead_of"] else ""
    return f"{backup['label']} ({backup['kind']}) of repository {backup['repository']}{instead}"


def _seconds(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.1f} s"


def _text(value: object) -> str:
    return html.escape("none" if value is None else str(value))
