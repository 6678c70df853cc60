"""The load generator: open loop, bounded, to this machine only; what failed is counted by its kind."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from scripts.bench.figures import Result, Sample, percentile
from scripts.bench.load import Load, Plan, plan_for
from scripts.operations.stack import read
from scripts.toolchain.process import Failure


class Handler(BaseHTTPRequestHandler):
    """Acknowledges messages; GETs that fall into a second of standstill wait until it is over."""

    protocol_version = "HTTP/1.1"
    still_from = still_until = 0.0
    status = 200
    keys: set[str] = set()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.keys.add(self.headers["Idempotency-Key"])
        self._answer(202, {"id": "1"})

    def do_GET(self) -> None:
        now = time.monotonic()
        if self.still_from <= now < self.still_until:
            time.sleep(self.still_until - now)
        self._answer(self.status, {})

    def _answer(self, status: int, body: dict[str, str]) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    Handler.status, Handler.still_from, Handler.still_until = 200, 0.0, 0.0
    Handler.keys.clear()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def key(tmp_path: Path) -> Path:
    file = tmp_path / "key"
    file.write_text("a-key\n")
    return file


def _plan(url: str, key: Path, **more: object) -> Plan:
    return Plan(**{"url": url, "host": "localhost", "key_file": key, "rate": 50, "count": 100, **more})  # type: ignore[arg-type]


def test_all_is_sent_and_each_post_has_its_own_key(url: str, key: Path) -> None:
    load = Load(_plan(url, key, posts=0.5, processes=2))
    load.start()
    result = load.wait()
    assert result.sent == 100
    assert result.failed == 0
    assert len(result.acknowledged) == len(Handler.keys) > 20


def test_who_would_have_waited_is_counted(url: str, key: Path) -> None:
    """A closed loop of one client would count one slow request."""
    load = Load(_plan(url, key, posts=0))
    load.start()
    Handler.still_from = time.monotonic() + 2.5
    Handler.still_until = Handler.still_from + 1
    result = load.wait()
    assert result.sent == 100
    slow = [sample for sample in result.samples if sample.milliseconds > 200]
    assert 30 <= len(slow) <= 60


@pytest.mark.parametrize("status", [401, 404, 429, 503])
def test_an_answer_that_was_not_asked_for_is_a_failure(url: str, key: Path, status: int) -> None:
    Handler.status = status
    load = Load(_plan(url, key, posts=0, count=10))
    load.start()
    assert load.wait().failures == {f"status {status}": 10}


def test_nobody_there_is_a_failure(key: Path) -> None:
    nobody = Load(_plan("http://127.0.0.1:1", key, count=10))
    nobody.start()
    assert nobody.wait().failures == {"refused": 10}


def test_a_load_that_is_stopped_gives_what_it_has(url: str, key: Path) -> None:
    with Load(_plan(url, key, rate=20, count=2000)) as load:
        time.sleep(3)
    assert 5 <= load.result.sent <= 60


@pytest.mark.parametrize("host", ["192.0.2.1", "example.com", "172.18.0.5"])
def test_other_machines_are_refused(host: str, key: Path) -> None:
    with pytest.raises(Failure, match="is not this machine"):
        _plan(f"https://{host}:443", key)


def test_more_than_the_edge_lets_through_is_refused() -> None:
    stack = read("docker-local")
    assert plan_for(stack, rate=100).rate == 100
    with pytest.raises(
        Failure, match=r"platform\.edge\.requests_per_minute_per_client: 6000 lets 100 requests a second through"
    ):
        plan_for(stack, rate=101)


def test_loads_are_bounded(url: str, key: Path) -> None:
    with pytest.raises(Failure, match="count: choose up to"):
        _plan(url, key, count=1_000_000)
    with pytest.raises(Failure, match="rate: choose up to"):
        _plan(url, key, rate=100_000)


def test_percentiles_are_those_of_the_nearest_rank() -> None:
    assert percentile(range(1, 101), 95) == 95
    assert percentile([], 95) == 0


def test_each_second_has_its_line() -> None:
    samples = [Sample(0.1, 10, 0, "GET", 200), Sample(0.9, 300, 0, "GET", 200), Sample(1.1, 5, 0, "POST", 0, "timeout")]
    result = Result(samples, 1.1)
    assert [(line.second, line.sent, line.failed) for line in result.timeline] == [(0, 2, 0), (1, 1, 1)]
    assert result.facts()["over_200_ms"] == 1
    assert result.between(1, 2).failures == {"timeout": 1}
