"""Handing a message over.

``RecordingTransport`` only writes down that a message would have been handed over: it is what runs while the platform has
no relay to offer (``SMTP_URL`` unset), and its name stands in the event it leaves. ``SmtpTransport`` hands over for real.
A crash between the relay's acceptance and the commit sends twice: no protocol for mail can prevent that.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from penguinmails_api.addresses import SmtpAddress, is_local

SMTP_TIMEOUT_SECONDS = 15
ID_HEADER = "X-PenguinMails-Message-ID"
"""Our id in the mail: a relay such as SES gives it another Message-ID, and tells of a bounce with the headers it was given."""


class TemporaryFailureError(Exception):
    """Not now: try this message again later."""


class PermanentFailureError(Exception):
    """Never: this message will not be accepted."""


@dataclass(frozen=True)
class Letter:
    """What a transport needs of a message."""

    message_id: str
    sender: str
    recipients: tuple[str, ...]
    subject: str
    text: str | None
    html: str | None


class Transport(Protocol):
    """Hands a letter over; TemporaryFailureError, PermanentFailureError."""

    def deliver(self, letter: Letter) -> dict[str, Any]:
        """Returns what shall be remembered of the hand-over: no addresses, no content."""


class RecordingTransport:
    """Delivers nothing and says so in the event."""

    def deliver(self, letter: Letter) -> dict[str, Any]:
        """See Transport."""
        return {"transport": "recording", "recipients": len(letter.recipients)}


class SmtpTransport:
    """Hands over to the platform's mail relay, which queues, signs and retries; one connection a letter."""

    def __init__(self, address: SmtpAddress, ca_file: Path | None) -> None:
        self._address = address
        self._tls = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)

    def deliver(self, letter: Letter) -> dict[str, Any]:
        """See Transport."""
        try:
            with self._connected() as connection:
                refused = connection.send_message(compose(letter), letter.sender, list(letter.recipients))
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise _failure(min(codes), "every recipient was refused") from None
        except smtplib.SMTPSenderRefused as error:
            raise _failure(error.smtp_code, "the sender was refused") from None
        except smtplib.SMTPDataError as error:
            raise _failure(error.smtp_code, "the content was refused") from None
        except (smtplib.SMTPException, OSError) as error:
            raise TemporaryFailureError(type(error).__name__) from None
        return {"transport": "smtp", "recipients": len(letter.recipients) - len(refused), "refused": len(refused)}

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        """A connection, closed afterwards. Its goodbye may fail: the letter is accepted by then, and to call that a
        failure would send it twice."""
        address = self._address
        connect = partial(smtplib.SMTP_SSL, context=self._tls) if address.implicit_tls else smtplib.SMTP
        connection: smtplib.SMTP = connect(address.host, address.port, timeout=SMTP_TIMEOUT_SECONDS)
        try:
            self._secure(connection)
            yield connection
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()
        finally:
            connection.close()

    def _secure(self, connection: smtplib.SMTP) -> None:
        """STARTTLS and log in as far as the address says."""
        address = self._address
        connection.ehlo()
        if not address.implicit_tls and (connection.has_extn("starttls") or not is_local(address.host)):
            connection.starttls(context=self._tls)
        if address.user is not None and address.password is not None:
            connection.login(address.user, address.password)


def _failure(code: int, reason: str) -> Exception:
    """5xx is for ever, the rest for now."""
    kind = PermanentFailureError if code >= 500 else TemporaryFailureError
    return kind(f"{reason} ({code})")


def compose(letter: Letter) -> EmailMessage:
    """The letter as Internet mail. Its Message-ID is ours, so that a repeated hand-over can be recognised."""
    mail = EmailMessage()
    mail["From"] = letter.sender
    mail["To"] = ", ".join(letter.recipients)
    mail["Subject"] = letter.subject
    mail["Message-ID"] = f"<{letter.message_id}@{letter.sender.rpartition('@')[2]}>"
    mail[ID_HEADER] = letter.message_id
    if letter.text is not None:
        mail.set_content(letter.text)
        if letter.html is not None:
            mail.add_alternative(letter.html, subtype="html")
    else:
        mail.set_content(letter.html or "", subtype="html")
    return mail
