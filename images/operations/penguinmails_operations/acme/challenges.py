"""The answers to challenges, which live for the time of an order, and whether they can be got through the edge."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable

import httpx

log = logging.getLogger(__name__)
PATH = "/.well-known/acme-challenge"
TIMEOUT_SECONDS = 5.0


class Answers:
    """Written by the loop's thread, read by the server's."""

    def __init__(self) -> None:
        self._answers: dict[str, str] = {}

    def put(self, token: str, answer: str) -> None:
        self._answers[token] = answer

    def get(self, token: str) -> str | None:
        return self._answers.get(token)

    def clear(self) -> None:
        self._answers = {}


def through(edge_url: str, domain: str, answers: Answers) -> Callable[[], bool]:
    """Asks the edge for an answer that was put here, as an authority would, but from within the platform."""
    client = httpx.Client(base_url=edge_url, timeout=TIMEOUT_SECONDS, trust_env=False)

    def ask() -> bool:
        token, answer = secrets.token_urlsafe(16), secrets.token_urlsafe(16)
        answers.put(token, answer)
        try:
            found = client.get(f"{PATH}/{token}", headers={"Host": domain})
            return found.status_code == httpx.codes.OK and found.text == answer
        except httpx.HTTPError:
            return False
        finally:
            answers.clear()

    return ask
