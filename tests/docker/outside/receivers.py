"""Takes alerts by HTTPS on 8443 and mail by SMTP on 587, and writes down what came, a line of JSON each.

While /srv/refuse is there, everything is refused for a while (500, 451), and that is written down too.
"""

from __future__ import annotations

import base64
import json
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

SEEN, REFUSE = Path("/srv/seen/lines"), Path("/srv/refuse")
CERTIFICATE = "/run/secrets/tls.pem"
_writing = threading.Lock()


def note(way: str, **facts: Any) -> bool:
    """Whether it shall be taken."""
    taken = not REFUSE.exists()
    with _writing, SEEN.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps({"way": way, "taken": taken, **facts}) + "\n")
    return taken


class Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._answer(200)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        facts = {"path": self.path, "headers": dict(self.headers), "body": base64.b64encode(body).decode()}
        self._answer(200 if note(self.path.split("/")[1], **facts) else 500)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")


class Mails:
    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the name that is called
        text = envelope.content.decode() if isinstance(envelope.content, bytes) else str(envelope.content)
        facts = {"user": session.auth_data, "tls": session.ssl is not None, "to": envelope.rcpt_tos, "text": text}
        return "250 OK" if note("mail", **facts) else "451 come again"


def authenticator(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword) -> AuthResult:
    right = data.password == Path("/run/secrets/smtp-password").read_bytes()
    return AuthResult(success=right, handled=right, auth_data=data.login.decode())


def main() -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    mail = Controller(
        Mails(),
        hostname="0.0.0.0",
        port=587,
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        auth_exclude_mechanism=["LOGIN"],  # its questions are not those that clients know
        authenticator=authenticator,
    )
    mail.start()
    server = ThreadingHTTPServer(("0.0.0.0", 8443), Pages)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.serve_forever()


if __name__ == "__main__":
    main()
