"""Handing over by SMTP, against a server on this host that answers as it is told."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from typing import ClassVar

import pytest
from penguinmails_api.addresses import parse_smtp_url
from penguinmails_api.transport import (
    Letter,
    PermanentFailureError,
    RecordingTransport,
    SmtpTransport,
    TemporaryFailureError,
    compose,
)

LETTER = Letter("0190a8c0", "bob@example.org", ("ann@example.com", "eve@example.com"), "Grüße", "Hällo", "<p>Hällo</p>")


class Relay(socketserver.StreamRequestHandler):
    """Enough of SMTP; ``answers`` overrides a command's answer."""

    answers: ClassVar[dict[str, str]] = {}
    received: ClassVar[list[bytes]] = []

    def handle(self) -> None:
        self.wfile.write(b"220 relay\r\n")
        while line := self.rfile.readline():
            command = line.split()[0].decode().upper() if line.split() else ""
            answer = self.answers.get(line.decode().strip().upper(), self.answers.get(command, "250 ok"))
            if command == "DATA" and answer.startswith("250"):
                self.wfile.write(b"354 go on\r\n")
                lines = iter(self.rfile.readline, b".\r\n")
                self.received.append(b"".join(lines))
                answer = self.answers.get("END", "250 queued")
            self.wfile.write(answer.encode() + b"\r\n")
            if command == "QUIT":
                return


@pytest.fixture
def transport() -> Iterator[SmtpTransport]:
    Relay.answers.clear()
    Relay.received.clear()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Relay) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield SmtpTransport(parse_smtp_url(f"smtp://127.0.0.1:{server.server_address[1]}"), None)
        server.shutdown()


def test_a_letter_is_handed_over(transport: SmtpTransport) -> None:
    assert transport.deliver(LETTER) == {"transport": "smtp", "recipients": 2, "refused": 0}
    (mail,) = Relay.received
    assert b"Message-ID: <0190a8c0@example.org>" in mail


def test_one_refused_recipient_does_not_fail_the_letter(transport: SmtpTransport) -> None:
    Relay.answers["RCPT TO:<EVE@EXAMPLE.COM>"] = "550 no such user"
    assert transport.deliver(LETTER) == {"transport": "smtp", "recipients": 1, "refused": 1}


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "END"])
@pytest.mark.parametrize(("code", "kind"), [(450, TemporaryFailureError), (550, PermanentFailureError)])
def test_the_code_decides_whether_it_is_tried_again(
    command: str, code: int, kind: type[Exception], transport: SmtpTransport
) -> None:
    Relay.answers[command] = f"{code} no"
    with pytest.raises(kind, match=str(code)):
        transport.deliver(LETTER)


def test_no_relay_is_a_temporary_failure() -> None:
    with pytest.raises(TemporaryFailureError):
        SmtpTransport(parse_smtp_url("smtp://127.0.0.1:9"), None).deliver(LETTER)


def test_the_recording_transport_says_what_it_is() -> None:
    assert RecordingTransport().deliver(LETTER) == {"transport": "recording", "recipients": 2}


def test_a_letter_with_both_bodies_is_an_alternative_and_with_one_is_not() -> None:
    assert compose(LETTER).get_content_type() == "multipart/alternative"
    assert compose(Letter("i", "a@b.example", ("c@d.example",), "s", None, "<p>x</p>")).get_content_type() == "text/html"
    assert compose(Letter("i", "a@b.example", ("c@d.example",), "s", "x", None)).get_content_type() == "text/plain"
