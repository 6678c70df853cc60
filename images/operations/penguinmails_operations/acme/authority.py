"""Asks an ACME authority, by the library of the certbot project.

Every attempt registers: an account that is there already is given back for its key, so nothing has to be kept but that. Left
out: naming the certificate that an order replaces, which the library cannot say yet.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol, cast

import requests
from acme import challenges, client, crypto_util, errors, messages
from cryptography.hazmat.primitives.asymmetric import ec
from josepy.errors import Error as JoseError
from josepy.jwa import ES256
from josepy.jwk import JWKEC
from josepy.util import ComparableECKey

from penguinmails_operations.acme.chain import Chain
from penguinmails_operations.acme.store import new_key_pem

log = logging.getLogger(__name__)
ISSUE_SECONDS = 120
"""From the answer to the challenge to the certificate."""
REQUEST_SECONDS = 30
ASK_AGAIN_SECONDS = 3600.0
"""Between two looks at what the authority suggests, at the most often."""
_TROUBLE = (errors.Error, messages.Error, JoseError, requests.RequestException, ValueError, KeyError)


class NotIssued(Exception):
    """A sentence, without anything secret. `limited`: there were too many attempts."""

    def __init__(self, reason: str, *, limited: bool = False) -> None:
        super().__init__(reason)
        self.limited = limited


class Tokens(Protocol):
    """Where answers to challenges are put for the time of an order."""

    def put(self, token: str, answer: str) -> None: ...

    def clear(self) -> None: ...


@dataclass(frozen=True)
class Issued:
    chain_pem: str
    key_pem: str


@dataclass(frozen=True)
class Suggestion:
    """`renew`: when the authority wants the certificate renewed, None where it says nothing; `ask_again`: when to ask next."""

    renew: datetime | None
    ask_again: datetime


class Authority:
    """`trusted`: certificates in PEM that the directory's own is verified with; None: the public authorities'."""

    def __init__(self, directory_url: str, key: Callable[[], ec.EllipticCurvePrivateKey], trusted: Path | None = None) -> None:
        self._url, self._key, self._trusted = directory_url, key, trusted

    def obtain(self, domain: str, email: str, former_email: str, tokens: Tokens) -> Issued:
        """A certificate for `domain`, with a new key. `former_email`: of the account, empty for a new one.

        Raises `NotIssued`.
        """
        try:
            asked = self._client(account=True)
            self._register(asked, email, former_email)
            return self._order(asked, domain, tokens)
        except _TROUBLE as error:
            limited = isinstance(error, messages.Error) and error.code == "rateLimited"
            raise NotIssued(sentence(error), limited=limited) from None
        finally:
            tokens.clear()

    def suggestion(self, chain: Chain) -> Suggestion:
        """When to renew, as the authority says. Trouble is no reason to renew or not: it is asked again later."""
        now = datetime.now(UTC)
        soonest = now + timedelta(seconds=ASK_AGAIN_SECONDS)
        try:
            renew, again = self._client(account=False).renewal_time(chain.leaf_pem)
        except _TROUBLE as error:
            log.warning("the authority was not asked when to renew", extra={"reason": sentence(error)})
            return Suggestion(None, soonest)
        return Suggestion(renew, max(again.astimezone(UTC), soonest))

    def _client(self, *, account: bool) -> client.ClientV2:
        key = JWKEC(key=ComparableECKey(self._key())) if account else None
        verified = cast(Any, str(self._trusted)) if self._trusted is not None else True
        net = client.ClientNetwork(key, alg=ES256, verify_ssl=verified, user_agent="penguinmails-acme", timeout=REQUEST_SECONDS)
        net.session.trust_env = False
        return client.ClientV2(client.ClientV2.get_directory(self._url, net), net)

    def _register(self, asked: client.ClientV2, email: str, former_email: str) -> None:
        if asked.external_account_required():
            raise NotIssued("the authority wants an account that is bound to a customer, which is not given here")
        wanted = messages.NewRegistration.from_data(email=email, terms_of_service_agreed=True)
        try:
            asked.new_account(wanted)
        except errors.ConflictError as known:
            account = messages.RegistrationResource(uri=known.location, body=messages.Registration())
            asked.net.account = account
            if email != former_email:
                asked.update_registration(account, messages.Registration.from_data(email=email))

    def _order(self, asked: client.ClientV2, domain: str, tokens: Tokens) -> Issued:
        key_pem = new_key_pem()
        order = asked.new_order(crypto_util.make_csr(key_pem.encode(), [domain]))
        for authorization in order.authorizations:
            if authorization.body.status == messages.STATUS_PENDING:
                challenge = _http_01(authorization)
                response, answer = challenge.response_and_validation(asked.net.key)
                tokens.put(challenge.chall.encode("token"), answer)
                asked.answer_challenge(challenge, response)
        deadline = datetime.now() + timedelta(seconds=ISSUE_SECONDS)  # noqa: DTZ005 - the library's own clock
        return Issued(asked.poll_and_finalize(order, deadline).fullchain_pem, key_pem)


def _http_01(authorization: messages.AuthorizationResource) -> messages.ChallengeBody:
    for challenge in authorization.body.challenges:
        if isinstance(challenge.chall, challenges.HTTP01):
            return challenge
    raise NotIssued("the authority does not offer HTTP-01 for this domain")


def sentence(error: Exception) -> str:
    """What went wrong, as the authority says it, in 500 characters."""
    if isinstance(error, errors.ValidationError):
        told = [
            _problem(challenge.error)
            for authorization in error.failed_authzrs
            for challenge in authorization.body.challenges
            if challenge.error is not None
        ]
        return f"the authority could not prove the domain by its port 80: {'; '.join(told)}"[:500]
    if isinstance(error, errors.IssuanceError):
        return f"the authority gave no certificate: {_problem(error.error)}"[:500]
    if isinstance(error, messages.Error):
        return f"the authority refused: {_problem(error)}"[:500]
    if isinstance(error, requests.RequestException):
        return f"the authority cannot be reached ({type(error).__name__}: {error})"[:500]
    if isinstance(error, errors.TimeoutError):
        return f"the authority was not done after {ISSUE_SECONDS} s"
    return f"the authority was not understood ({type(error).__name__}: {error})"[:500]


def _problem(error: messages.Error) -> str:
    with contextlib.suppress(AttributeError):
        return f"{error.code}: {error.detail}"
    return str(error)
