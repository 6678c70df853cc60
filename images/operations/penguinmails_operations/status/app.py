"""The page and its login. Everything is made on the server; there is no script, and nothing comes from elsewhere."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jinja2
from prometheus_client import CollectorRegistry, Counter
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from penguinmails_operations.serving import alive, metrics_page
from penguinmails_operations.status import PATH
from penguinmails_operations.status.queries import Objectives
from penguinmails_operations.status.sessions import SESSION_SECONDS, Limiter, LoginForms, Password, Sessions
from penguinmails_operations.status.sources import Sources
from penguinmails_operations.status.view import view

log = logging.getLogger(__name__)

SESSION_COOKIE, LOGIN_COOKIE = "__Secure-status", "__Secure-status-login"
FAILURE_SECONDS = 0.5
MAXIMUM_FORM_BYTES = 4096
_FOLDER = Path(__file__).parent
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    # With no-referrer a browser says that a form of this page comes from nowhere (`Origin: null`), which is refused.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_KEPT = {**_HEADERS, "Cache-Control": "public, max-age=31536000, immutable"}


class Page:
    """The routes below PATH."""

    def __init__(self, sources: Sources, objectives: Objectives, platform: str, password: str) -> None:
        self._sources, self._objectives, self._platform = sources, objectives, platform
        self._password, self._sessions, self._forms, self._limiter = Password(password), Sessions(), LoginForms(), Limiter()
        self._style = (_FOLDER / "templates" / "style.css").read_bytes()
        self._image = (_FOLDER / "templates" / "icon.svg").read_bytes()
        self._tag = hashlib.sha256(self._style + self._image).hexdigest()[:12]
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(_FOLDER / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        registry = self._registry = CollectorRegistry()
        self._logins = Counter("penguinmails_status_logins", "Logins by result.", ["result"], registry=registry)
        for result in ("taken", "refused", "too_many"):
            self._logins.labels(result)

    def application(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/healthz", alive),
                Route("/metrics", metrics_page(self._registry)),
                Route(f"{PATH}/style.css", self._stylesheet),
                Route(f"{PATH}/icon.svg", self._icon),
                Route(f"{PATH}/login", self._login_form),
                Route(f"{PATH}/login", self._login, methods=["POST"]),
                Route(f"{PATH}/logout", self._logout, methods=["POST"]),
                Route(f"{PATH}/logs", self._with_session(self._logs)),
                Route(PATH, self._with_session(self._overview)),
                Route(f"{PATH}/", self._with_session(self._overview)),
            ]
        )

    def _render(self, name: str, status: int = 200, **values: Any) -> HTMLResponse:
        text = self._templates.get_template(name).render(path=PATH, tag=self._tag, platform=self._platform, **values)
        return HTMLResponse(text, status, headers=_HEADERS)

    def _with_session(self, endpoint: Callable[[Request, str], Any]) -> Callable[[Request], Any]:
        async def guarded(request: Request) -> Response:
            session = self._sessions.find(request.cookies.get(SESSION_COOKIE))
            if session is None:
                return RedirectResponse(f"{PATH}/login", 303, headers=_HEADERS)
            answer: Response = await endpoint(request, session.form)
            return answer

        return guarded

    async def _stylesheet(self, _: Request) -> Response:
        return Response(self._style, media_type="text/css", headers=_KEPT)

    async def _icon(self, _: Request) -> Response:
        return Response(self._image, media_type="image/svg+xml", headers=_KEPT)

    async def _overview(self, request: Request, form: str) -> Response:
        facts = await self._sources.facts()
        refresh = request.query_params.get("refresh") == "on"
        found = view(facts, self._objectives, self._platform, datetime.now(UTC))
        return self._render("overview.html", view=found, form=form, refresh=refresh)

    async def _logs(self, request: Request, form: str) -> Response:
        query = {name: request.query_params.get(name, default)[:200] for name, default in _SEARCH.items()}
        answer = await self._sources.search(query["service"], query["text"], query["since"])
        found = answer.value or {"complete": True, "lines": []}
        lines = [{**line, "shown": _pretty(str(line.get("line", "")))} for line in reversed(found["lines"])]
        return self._render(
            "logs.html", form=form, query=query, lines=lines, complete=found["complete"], problem=answer.problem
        )

    async def _login_form(self, request: Request) -> Response:
        if self._sessions.find(request.cookies.get(SESSION_COOKIE)) is not None:
            return RedirectResponse(PATH, 303, headers=_HEADERS)
        return self._form(request, 200, "")

    def _form(self, request: Request, status: int, problem: str) -> Response:
        cookie = request.cookies.get(LOGIN_COOKIE) or secrets.token_urlsafe(24)
        answer = self._render("login.html", status, field=self._forms.field(cookie), problem=problem)
        _set(answer, LOGIN_COOKIE, cookie, 3600)
        return answer

    async def _login(self, request: Request) -> Response:
        fields, address = await _fields(request), client_address(request)
        # From here to where a failure is counted nothing waits, so that attempts at the same time are counted one by one.
        wait = self._limiter.wait_seconds(address)
        if wait:
            self._logins.labels("too_many").inc()
            answer = self._form(request, 429, f"Too many attempts: wait {-(-wait // 60)} minutes.")
            answer.headers["Retry-After"] = str(wait)
            return answer
        if not _is_own(request) or not self._forms.fits(request.cookies.get(LOGIN_COOKIE), fields.get("field", "")):
            return self._form(request, 403, "The form was too old. Please log in again.")
        if not self._password.fits(fields.get("user", ""), fields.get("password", "")):
            self._limiter.failed(address)
            self._logins.labels("refused").inc()
            # The name is not logged: people type their password into that field.
            log.warning("login failed", extra={"client_address": address})
            await asyncio.sleep(FAILURE_SECONDS)
            return self._form(request, 401, "Name or password is wrong.")
        self._logins.labels("taken").inc()
        log.info("login taken", extra={"client_address": address})
        answer = RedirectResponse(PATH, 303, headers=_HEADERS)
        _set(answer, SESSION_COOKIE, self._sessions.begin(), SESSION_SECONDS)
        answer.delete_cookie(LOGIN_COOKIE, path=PATH, secure=True, httponly=True, samesite="strict")
        return answer

    async def _logout(self, request: Request) -> Response:
        cookie = request.cookies.get(SESSION_COOKIE)
        session, fields = self._sessions.find(cookie), await _fields(request)
        if session is not None and not secrets.compare_digest(session.form.encode(), fields.get("form", "").encode()):
            return self._form(request, 403, "The form was too old. Please log in again.")
        self._sessions.end(cookie)
        answer = RedirectResponse(f"{PATH}/login", 303, headers=_HEADERS)
        answer.delete_cookie(SESSION_COOKIE, path=PATH, secure=True, httponly=True, samesite="strict")
        return answer


_SEARCH = {"service": "", "text": "", "since": "1h"}


def client_address(request: Request) -> str:
    """Who asks, as the edge says: it replaces what the client claims."""
    claimed = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return (claimed or (request.client.host if request.client else "unknown"))[:45]


def _set(answer: Response, name: str, value: str, seconds: int) -> None:
    answer.set_cookie(name, value, max_age=seconds, path=PATH, secure=True, httponly=True, samesite="strict")


def _is_own(request: Request) -> bool:
    """Whether a form comes from this page, as far as the browser says."""
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    if site is not None and site not in {"same-origin", "none"}:
        return False
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


async def _fields(request: Request) -> dict[str, str]:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAXIMUM_FORM_BYTES:
            return {}
    try:
        found = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=10)
    except ValueError:
        return {}
    return {name: values[0] for name, values in found.items()}


def _pretty(line: str) -> str:
    """A request at the edge in short; a line of JSON as its message and the rest; any other line as it is."""
    try:
        found = json.loads(line)
    except ValueError:
        return line
    if isinstance(found, dict) and {"method", "path", "status", "total_ms"} <= set(found):
        end = f"{found['status']} after {found['total_ms']} ms, for {found.get('client', '?')}"
        return f"{found['method']} {found['path']} {end}"
    if not isinstance(found, dict) or "message" not in found:
        return line
    rest = {key: value for key, value in found.items() if key not in {"time", "level", "role", "logger", "message"}}
    return f"{found['message']} {json.dumps(rest, ensure_ascii=False) if rest else ''}".rstrip()
