"""Logs, the status page and dashboards on the real platform."""

from __future__ import annotations

import json
import re
import ssl
import time
from typing import Any

import httpx
import pytest

from components.docker.dashboards import DASHBOARDS
from components.spec import Objectives
from tests.docker.conftest import STACK, Running, docker, until
from tests.harness.status_figures import missing

pytestmark = [pytest.mark.docker, pytest.mark.timeout(600)]
NOT_SCALED = {"scaling: Wanted", "scaling: Steps within an hour", "scaling: Held"}
"""Panels without data: no service of this platform scales."""
ASK = "import sys, urllib.request; sys.stdout.write(urllib.request.urlopen(sys.argv[1], timeout=20).read().decode())"
QUERY = """
import json, sys, urllib.parse, urllib.request
found = []
for text in json.load(sys.stdin):
    page = "http://prometheus:9090/api/v1/query?" + urllib.parse.urlencode({"query": text})
    try:
        found.append(len(json.load(urllib.request.urlopen(page, timeout=20))["data"]["result"]))
    except urllib.error.HTTPError as error:
        found.append(error.read().decode())
json.dump(found, sys.stdout)
"""


def inside(role: str = "logs") -> str:
    """The container of exactly this role."""
    return docker("ps", "--quiet", "--filter", f"name=^penguinmails-{STACK}-{role}\\.").split()[0]


def asked(address: str) -> Any:
    """What a program answers to the status page, which is in the networks of all."""
    return json.loads(docker("exec", inside("status"), "/usr/bin/python3", "-c", ASK, f"http://{address}"))


def page(running: Running) -> httpx.Client:
    """A browser without a key of the API."""
    context = ssl.create_default_context(cafile=str(running.authority))
    return httpx.Client(base_url=running.url, verify=context, timeout=20)


def test_an_error_in_a_service_becomes_a_group_with_its_release(running: Running) -> None:
    statement = "DO $$ BEGIN RAISE 'look % here', 17; END $$"
    docker("exec", inside("database"), "sh", "-c", 'psql -X -d penguinmails -c "$1" || true', "sh", statement)

    def group() -> Any:
        return next((found for found in asked("logs:9200/errors") if "look <n> here" in found["title"]), None)

    found = until(group, 30, "the error is a group")
    assert (found["service"], len(found["releases"][0])) == ("database", 16)
    assert "look 17 here" in found["example"]


def test_a_wrong_key_and_wrong_passwords_are_security_events(running: Running) -> None:
    with page(running) as browser:
        assert browser.post("/v1/messages", json={}, headers={"Authorization": "Bearer wrong"}).status_code == 401
    wrong = "host=database user=penguinmails_app password=wrong dbname=penguinmails sslmode=require"
    docker("exec", inside("database"), "sh", "-c", f"psql '{wrong}' -c 'SELECT 1' || true")

    def seen() -> Any:
        totals = asked("logs:9200/security")["totals"]
        return totals if totals["key_misuse"] and totals["database_login_failed"] else None

    until(seen, 30, "both are events")
    assert "wrong" not in [line["line"] for line in asked("logs:9200/search?text=authentication&since=5m")["lines"]]


def test_the_lines_of_every_part_are_kept_with_their_role(running: Running) -> None:
    for role in ("database", "broker", "pooler", "api", "worker", "edge"):
        until(lambda role=role: asked(f"logs:9200/search?service={role}&since=1d&limit=1")["lines"], 30, f"lines of {role}")


def test_a_new_collector_loses_and_doubles_no_line(running: Running) -> None:
    def ours() -> list[str]:
        return [json.loads(line["line"])["path"] for line in asked("logs:9200/search?text=/look-&since=1h&limit=1000")["lines"]]

    with page(running) as browser:
        for number in range(40):
            browser.get(f"/look-{number}")
            if number == 15:
                docker("kill", inside())
    until(lambda: docker("ps", "-q", "--filter", f"name=^penguinmails-{STACK}-logs\\.").split(), 60, "it runs again")
    until(lambda: _is_well() and len(ours()) >= 40, 60, "all lines are kept")
    assert ours() == [f"/look-{number}" for number in range(40)]


def _is_well() -> bool:
    return "healthy" in docker("inspect", "--format", "{{.State.Health.Status}}", inside()).split()


def test_the_page_is_behind_its_login(running: Running) -> None:
    password = running.checkout.pulumi("config", "get", "statusPassword").stdout.strip()
    with page(running) as browser:
        for path in ("/status", "/status/", "/status/logs"):
            assert browser.get(path).headers["location"] == "/status/login"
        assert browser.get("/status/login").headers["referrer-policy"] != "no-referrer"
        assert _log_in(browser, password, "null").status_code == 403
        assert _log_in(browser, "wrong").status_code == 401
        assert _log_in(browser, password).status_code == 303
        answer = browser.get("/status")
        assert answer.status_code == 200
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        for word in ("database", "broker", "Availability", "No service scales", "key misuse"):
            assert word.lower() in answer.text.lower(), word
        assert "request" in browser.get("/status/logs?service=api&text=request").text
    until(lambda: asked("logs:9200/security")["totals"]["login_failed"], 30, "the wrong login is an event")


def test_the_page_shows_what_was_measured(lived: Running) -> None:
    backup = asked("backup:9400/backups")[0]["label"]
    release = next(found["release"] for found in asked("logs:9200/releases") if found["service"] == "api")
    password = lived.checkout.pulumi("config", "get", "statusPassword").stdout.strip()
    with page(lived) as browser:
        assert _log_in(browser, password).status_code == 303

        def absent() -> list[str]:
            return missing(browser.get("/status").text, role="api", release=release, backup=backup)

        until(lambda: not absent(), 150, "the page shows all figures")


def _log_in(browser: httpx.Client, password: str, origin: str = "") -> httpx.Response:
    """As a browser does, which says where a form comes from. `origin`: what it says instead of the page's own address."""
    field = re.search(r'name="field" value="([^"]+)"', browser.get("/status/login").text)
    assert field is not None
    fields = {"user": "operator", "password": password, "field": field[1]}
    own = str(browser.base_url).rstrip("/")
    return browser.post("/status/login", data=fields, headers={"Origin": origin or own, "Sec-Fetch-Site": "same-origin"})


def test_every_query_of_the_dashboards_gives_what_it_should(lived: Running) -> None:
    queries = [
        (f"{name}: {title}", query) for name, made in DASHBOARDS.items() for title, query in made(Objectives()).queries()
    ]
    assert {where for where, _ in queries} >= NOT_SCALED

    def wrong() -> list[str]:
        texts = json.dumps([query.text for _, query in queries])
        command = ["exec", "--interactive", inside("status"), "/usr/bin/python3", "-c", QUERY]
        counts = json.loads(docker(*command, given=texts))
        return [
            f"{where}: {count}"
            for (where, _), count in zip(queries, counts, strict=True)
            if isinstance(count, str) or (count == 0 and where not in NOT_SCALED)
        ]

    for _ in range(50):
        found = wrong()
        if not found:
            break
        time.sleep(3)
    assert found == []
