"""``/v1/messages``: hand a message over, look at it, list them."""

from __future__ import annotations

import re
import uuid
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from penguinmails_api import messages
from penguinmails_api.auth import Authenticated
from penguinmails_api.models import Message, Status, aware
from penguinmails_api.problems import ProblemError, not_found
from penguinmails_api.services import services_of

router = APIRouter(prefix="/v1/messages", tags=["messages"])

RECIPIENTS_MAXIMUM = 50
SUBJECT_MAXIMUM_CHARACTERS = 998
CONTENT_MAXIMUM_CHARACTERS = 512_000
PAGE_MAXIMUM = 100
# Deliberately simpler than RFC 5322: no quoting, no comments, no address literals. Whether an address exists only
# sending tells; what matters here is that none can carry a second header or recipient.
_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def check_address(value: str) -> str:
    """An address such as ``someone@example.com``."""
    local, separator, domain = value.rpartition("@")
    labels = domain.split(".")
    well_formed = (
        separator
        and len(value) <= 254
        and _LOCAL.fullmatch(local)
        and not (local.startswith(".") or local.endswith(".") or ".." in local)
        and len(labels) >= 2
        and all(_LABEL.fullmatch(label) for label in labels)
    )
    if not well_formed:
        raise ValueError("it must be an address such as someone@example.com")
    return value


def _one_line(value: str) -> str:
    if _CONTROL.search(value):
        raise ValueError("it must not contain control characters")
    return value


def _no_nul(value: str) -> str:
    if "\x00" in value:
        raise ValueError("it must not contain NUL")
    return value


Address = Annotated[str, AfterValidator(check_address)]
Content = Annotated[str, StringConstraints(max_length=CONTENT_MAXIMUM_CHARACTERS), AfterValidator(_no_nul)]
Key = Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=255, pattern=r"^[\x21-\x7e]+$")]


class NewMessage(BaseModel):
    """What a client sends."""

    model_config = ConfigDict(extra="forbid")

    to: Annotated[list[Address], Field(min_length=1, max_length=RECIPIENTS_MAXIMUM)]
    sender: Annotated[Address, Field(alias="from")]
    subject: Annotated[str, StringConstraints(min_length=1, max_length=SUBJECT_MAXIMUM_CHARACTERS), AfterValidator(_one_line)]
    text: Content | None = None
    html: Content | None = None

    @model_validator(mode="after")
    def _has_content(self) -> NewMessage:
        if not self.text and not self.html:
            raise ValueError("text or html is required")
        return self


class ShownMessage(BaseModel):
    """What a client gets back; the content is not repeated."""

    id: uuid.UUID
    status: Status
    to: list[str]
    sender: str = Field(serialization_alias="from")
    subject: str
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, message: Message) -> ShownMessage:
        """The public view of a row."""
        return cls(
            id=message.id,
            status=Status(message.status),
            to=message.recipients,
            sender=message.sender,
            subject=message.subject,
            created_at=aware(message.created_at),
            updated_at=aware(message.updated_at),
        )


class Page(BaseModel):
    """One page, newest first. ``next`` is the cursor of the following page, null on the last."""

    items: list[ShownMessage]
    next: uuid.UUID | None


@router.post("", status_code=202, response_model=ShownMessage)
def create(body: NewMessage, request: Request, response: Response, client: Authenticated, idempotency_key: Key = None) -> Any:
    """Accept a message. It is stored, and its delivery promised, before this answers."""
    services = services_of(request)
    draft = messages.Draft(body.sender, body.to, body.subject, body.text, body.html)
    try:
        message, is_new = messages.accept(services.sessions, client.id, draft, idempotency_key)
    except messages.KeyReusedError:
        raise ProblemError(409, "idempotency-key-reused", "The Idempotency-Key was used for a different message") from None
    if is_new:
        services.relay.wake()
        services.metrics.messages.labels(Status.QUEUED.value).inc()
    response.headers["Location"] = f"{services.public_url}/v1/messages/{message.id}"
    return ShownMessage.of(message)


@router.get("/{message_id}", response_model=ShownMessage)
def show(message_id: uuid.UUID, request: Request, client: Authenticated) -> Any:
    """One message."""
    message = messages.find(services_of(request).sessions, client.id, message_id)
    if message is None:
        raise not_found()
    return ShownMessage.of(message)


@router.get("", response_model=Page)
def index(
    request: Request,
    client: Authenticated,
    cursor: uuid.UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=PAGE_MAXIMUM)] = 20,
) -> Any:
    """Messages, newest first."""
    rows = messages.page(services_of(request).sessions, client.id, cursor, limit + 1)
    shown = rows[:limit]
    return Page(items=[ShownMessage.of(row) for row in shown], next=shown[-1].id if len(rows) > limit else None)
