"""The page as a browser gets it: the login before it, what stands in it, and what it may load."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from penguinmails_operations.status import app as module
from penguinmails_operations.status import sessions
from penguinmails_operations.status.app import Page
from penguinmails_operations.status.queries import Objectives
from penguinmails_operations.status.sources import Sources

from tests.harness.status_figures import missing
from tests.unit.images.operations.asgi import Client
from tests.unit.images.operations.status.parts import ADDRESSES, PASSWORD, Parts


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FAILURE_SECONDS", 0)


@pytest.fixture
def parts() -> Parts:
    return Parts()


@pytest.fixture
def page(parts: Parts) -> Page:
    return Page(Sources(ADDRESSES, Objectives(), parts.client()), Objectives(), "penguinmails test", PASSWORD)


@pytest.fixture
def client(page: Page) -> Client:
    return Client(page.application())


def log_in(client: Client, password: str = PASSWORD, **more: Any) -> httpx.Response:
    field = re.search(r'name="field" value="([^"]+)"', client.get("/status/login").text)
    assert field is not None
    data = {"user": "operator", "password": password, "field": field[1], **more.pop("data", {})}
    return client.post("/status/login", data=data, **more)


@pytest.mark.parametrize("path", ["/status", "/status/", "/status/logs", "/status?refresh=on"])
def test_without_a_login_there_is_only_the_login(client: Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/status/login")
    assert answer.text == ""


def test_after_the_login_everything_is_there(client: Client) -> None:
    answer = log_in(client)
    assert (answer.status_code, answer.headers["location"]) == (303, "/status")
    text = client.get("/status").text
    for word in ("1 alert", "QueueGrows", "99.980 %", "9f1b0c55aa01d2e3", "2 → 3", "20260203-020000F", "12.4 s", "203.0.113.9"):
        assert word in text, word


def test_the_session_cookie_is_safe(client: Client) -> None:
    header = next(value for value in log_in(client).headers.get_list("set-cookie") if value.startswith("__Secure-status="))
    for attribute in ("HttpOnly", "Secure", "SameSite=strict", "Path=/status"):
        assert attribute in header


def test_nothing_of_the_logs_becomes_markup(client: Client) -> None:
    log_in(client)
    text = client.get("/status").text
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "<b>bold" not in text


def test_a_browser_finds_its_icon_before_anybody_logged_in(client: Client) -> None:
    [icon] = re.findall(r'<link rel="icon" href="([^"]+)"', client.get("/status/login").text)
    assert client.get(icon).headers["content-type"].startswith("image/svg+xml")


@pytest.mark.parametrize("path", ["/status/login", "/status", "/status/logs"])
def test_nothing_may_be_loaded_from_elsewhere_and_nothing_may_be_kept(client: Client, path: str) -> None:
    log_in(client)
    answer = client.get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"
    assert not re.search(r'(?:src|href|action)="(?!/status)', answer.text)
    assert " style=" not in answer.text
    assert client.get("/status/style.css").headers["content-type"].startswith("text/css")


@pytest.mark.parametrize("away", [{"prometheus"}, {"gate"}, {"backup"}, {"logs"}, {"autoscaler"}, {"alertmanager"}, None])
def test_the_page_is_there_whoever_is_away(client: Client, parts: Parts, away: set[str] | None) -> None:
    parts.away = away or {"prometheus", "gate", "backup", "logs", "autoscaler", "alertmanager"}
    log_in(client)
    answer = client.get("/status")
    assert answer.status_code == 200
    assert "it does not answer" in answer.text.lower()


def test_a_page_of_dashes_is_told_from_one_with_figures(client: Client, parts: Parts) -> None:
    """What the test on the real platform looks for is there, and is not when nothing answers."""
    shown = {"role": "api", "release": "9f1b0c55aa01d2e3", "backup": "20260203-020000F"}
    log_in(client)
    assert missing(client.get("/status").text, **shown) == []
    parts.away = {"prometheus", "gate", "backup", "logs"}
    away = Client(Page(Sources(ADDRESSES, Objectives(), parts.client()), Objectives(), "test", PASSWORD).application())
    log_in(away)
    found = missing(away.get("/status").text, **shown)
    assert len(found) == 8, found


def test_wrong_logins_are_told_and_then_refused(client: Client, page: Page, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    for _ in range(sessions.ATTEMPTS):
        assert log_in(client, "wrong", headers={"X-Forwarded-For": "1.1.1.1, 203.0.113.9"}).status_code == 401
    answer = log_in(client, headers={"X-Forwarded-For": "203.0.113.9"})
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 200
    told = [record for record in caplog.records if record.getMessage() == "login failed"]
    assert {getattr(record, "client_address", "") for record in told} == {"203.0.113.9"}
    assert len(told) == sessions.ATTEMPTS
    assert "wrong" not in json.dumps([vars(record) for record in told], default=str)
    other = Client(page.application())
    assert log_in(other, headers={"X-Forwarded-For": "203.0.113.10"}).status_code == 303
    assert 'penguinmails_status_logins_total{result="refused"} 5.0' in client.get("/metrics").text


@pytest.mark.parametrize(
    "more",
    [
        {"data": {"field": "x"}},
        {"headers": {"Origin": "https://elsewhere.example"}},
        {"headers": {"Origin": "null"}},
        {"headers": {"Sec-Fetch-Site": "cross-site"}},
        {"data": {"padding": "x" * 5000}},
    ],
)
def test_a_form_of_another_site_is_refused(client: Client, more: dict[str, Any]) -> None:
    assert log_in(client, **more).status_code == 403


def test_a_browser_says_where_the_form_came_from_and_is_let_in(client: Client) -> None:
    """A page with the policy no-referrer has it say null instead, whatever site it is."""
    assert client.get("/status/login").headers["referrer-policy"] == "same-origin"
    assert log_in(client, headers={"Origin": "https://mail.example", "Sec-Fetch-Site": "same-origin"}).status_code == 303


def test_attempts_at_the_same_time_are_counted_too(client: Client, page: Page) -> None:
    """The body of each comes slowly, so that all are there before the first has failed."""
    field = re.search(r'name="field" value="([^"]+)"', client.get("/status/login").text)
    assert field is not None
    form = urlencode({"user": "operator", "password": "wrong", "field": field[1]}).encode()

    async def slowly() -> AsyncIterator[bytes]:
        await asyncio.sleep(0.05)
        yield form

    async def attempts() -> list[int]:
        transport = httpx.ASGITransport(page.application(), client=("10.0.0.9", 1))
        async with httpx.AsyncClient(transport=transport, base_url="https://mail.example", cookies=client.cookies) as browser:
            asked = [browser.post("/status/login", content=slowly()) for _ in range(20)]
            return [answer.status_code for answer in await asyncio.gather(*asked)]

    assert Counter(asyncio.run(attempts())) == {401: sessions.ATTEMPTS, 429: 20 - sessions.ATTEMPTS}


def test_a_form_belongs_to_the_browser_that_it_was_shown_to(client: Client, page: Page) -> None:
    field = re.search(r'name="field" value="([^"]+)"', Client(page.application()).get("/status/login").text)
    assert field is not None
    client.get("/status/login")
    data = {"user": "operator", "password": PASSWORD, "field": field[1]}
    assert client.post("/status/login", data=data).status_code == 403


@pytest.mark.parametrize(
    ("user", "password"), [("root", PASSWORD), ("operator", ""), ("", PASSWORD), ("operator", PASSWORD + " ")]
)
def test_only_name_and_password_together_fit(client: Client, user: str, password: str) -> None:
    assert log_in(client, password, data={"user": user}).status_code == 401


def test_logging_out_ends_the_session_and_needs_the_page(client: Client) -> None:
    log_in(client)
    form = re.search(r'name="form" value="([^"]+)"', client.get("/status").text)
    assert form is not None
    assert client.post("/status/logout", data={"form": "x"}).status_code == 403
    assert client.get("/status").status_code == 200
    cookie = dict(client.cookies)["__Secure-status"]
    assert client.post("/status/logout", data={"form": form[1]}).status_code == 303
    client.cookies.set("__Secure-status", cookie, domain="mail.example", path="/status")
    assert client.get("/status").status_code == 303


def test_a_session_ends_by_itself_and_there_are_not_too_many() -> None:
    now = [0.0]
    known = sessions.Sessions(lambda: now[0])
    first = known.begin()
    assert known.find(first) is not None
    for _ in range(sessions.MAXIMUM_SESSIONS):
        last = known.begin()
    assert known.find(first) is None
    now[0] = sessions.SESSION_SECONDS
    assert known.find(last) is None


def test_after_the_window_an_address_may_try_again_and_memory_is_bounded() -> None:
    now = [0.0]
    limiter = sessions.Limiter(lambda: now[0])
    for _ in range(sessions.ATTEMPTS):
        limiter.failed("a")
    assert limiter.wait_seconds("a") == sessions.WINDOW_SECONDS
    now[0] = sessions.WINDOW_SECONDS
    assert limiter.wait_seconds("a") == 0
    for number in range(sessions.MAXIMUM_ADDRESSES + 10):
        limiter.failed(str(number))
    assert len(limiter._failures) == sessions.MAXIMUM_ADDRESSES


def test_the_logs_can_be_searched(client: Client, parts: Parts) -> None:
    log_in(client)
    text = client.get("/status/logs?text=request&service=api").text
    assert "request {&#34;status&#34;: 200}" in text
    parts.away = {"logs"}
    assert "does not answer" in client.get("/status/logs").text


def test_the_page_is_one_that_machines_and_people_can_read(client: Client) -> None:
    log_in(client)
    text = client.get("/status").text
    assert '<html lang="en">' in text
    assert text.count("<h1>") == 1
    assert all('role="img"' in tag and "aria-label=" in tag for tag in re.findall(r"<svg[^>]*>", text))
    assert 'name="viewport"' in text
