"""Pebble: the ACME server of Let's Encrypt's makers for tests, built from its Go module, with a small DNS server beside it.

It validates for real: it asks the DNS server for the domain, and then the port `http` of that address. Where there is no Go the
tests that need it are skipped, but in CI they fail.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from components.docker import pki
from scripts.toolchain import cache, paths, process

VERSION = "v2.10.1"
_MODULE = "github.com/letsencrypt/pebble/v2"
_PROGRAMS = ("pebble", "pebble-challtestsrv")


@dataclass(frozen=True)
class Pebble:
    """`authority`: a file with the certificate that the directory's own is verified with. `http`: the port that it validates
    by, 80 elsewhere."""

    directory_url: str
    management_url: str
    authority: Path
    http: int

    def root_pem(self) -> str:
        """The authority at the top of what it issues, made anew at each start."""
        return self._management("GET", "/roots/0").text

    def suggest(self, certificate_pem: str, start: datetime, end: datetime) -> None:
        """Makes it suggest this window for a renewal."""
        window = {"suggestedWindow": {"start": _moment(start), "end": _moment(end)}}
        told = {"Certificate": certificate_pem, "ARIResponse": json.dumps(window)}
        self._management("POST", "/set-renewal-info/", content=json.dumps(told)).raise_for_status()

    def _management(self, method: str, path: str, **more: Any) -> httpx.Response:
        context = ssl.create_default_context(cafile=str(self.authority))
        return httpx.request(method, f"{self.management_url}{path}", verify=context, timeout=10, **more)


@contextlib.contextmanager
def running(
    folder: Path,
    *,
    address: str = "127.0.0.1",
    http: int | None = None,
    validity: timedelta = timedelta(days=90),
    environment: Mapping[str, str] | None = None,
) -> Iterator[Pebble]:
    """Pebble at `address`, whose every domain is there too. `validity`: of what it issues. Ends with the block."""
    programs = binaries()
    directory, management, dns, told = (free_port(address) for _ in range(4))
    port = http if http is not None else free_port(address)
    made = pki.new_authority("pebble", datetime.now(UTC))
    begin, end = datetime.now(UTC) - timedelta(days=1), datetime.now(UTC) + timedelta(days=90)
    leaf = pki.issue(made, "pebble", ["localhost"], [address], begin, end)
    (folder / "authority.pem").write_text(pki.trusted_pem(pki.authority_bundle(made)))
    (folder / "pebble.pem").write_text(leaf.certificate_pem)
    (folder / "pebble.key").write_text(leaf.key_pem)
    settings = {
        "listenAddress": f"{address}:{directory}",
        "managementListenAddress": f"{address}:{management}",
        "certificate": str(folder / "pebble.pem"),
        "privateKey": str(folder / "pebble.key"),
        "httpPort": port,
        "tlsPort": port,
        "retryAfter": {"authz": 1, "order": 1},
        "keyAlgorithm": "ecdsa",
        "profiles": {"default": {"description": "", "validityPeriod": int(validity.total_seconds())}},
    }
    (folder / "pebble.json").write_text(json.dumps({"pebble": settings}))
    quick = {"PEBBLE_VA_NOSLEEP": "1", "PEBBLE_WFE_NONCEREJECT": "0", "PEBBLE_AUTHZREUSE": "0"}
    names = [str(programs / "pebble-challtestsrv"), "-dnsserver", f"{address}:{dns}", "-management", f"{address}:{told}"]
    names += ["-defaultIPv4", address, "-defaultIPv6", "", "-doh", "", "-http01", "", "-https01", "", "-tlsalpn01", ""]
    server = [str(programs / "pebble"), "-config", str(folder / "pebble.json"), "-dnsserver", f"{address}:{dns}"]
    found = Pebble(f"https://{address}:{directory}/dir", f"https://{address}:{management}", folder / "authority.pem", port)
    with (
        _started(names, folder / "names.log", {}),
        _started(server, folder / "pebble.log", {**quick, **(environment or {})}) as process_,
    ):
        _wait(found, process_, folder / "pebble.log")
        yield found


def binaries() -> Path:
    """The folder of the programs, built once."""
    go = shutil.which("go")
    if go is None:
        reason = "Pebble is missing: install Go, from which it is built"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    entry = paths.cache_dir() / f"pebble-{VERSION}"

    def build(into: Path) -> None:
        packages = [f"{_MODULE}/cmd/{program}@{VERSION}" for program in _PROGRAMS]
        settings = {**os.environ, "GOBIN": str(into), "GOWORK": "off"}
        process.logged(
            [str(go), "install", *packages], "pebble", tick=lambda: None, explain="Pebble cannot be built", env=settings
        )

    with cache.locked(paths.cache_dir() / "pebble.lock", tick=lambda: None):
        return cache.fill(entry, build)


def free_port(address: str = "127.0.0.1") -> int:
    with socket.socket() as probe:
        probe.bind((address, 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def _started(command: list[str], log: Path, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as sink:
        child = subprocess.Popen(command, stdout=sink, stderr=sink, env={**os.environ, **environment})
    try:
        yield child
    finally:
        child.terminate()
        child.wait(10)


def _wait(found: Pebble, child: subprocess.Popen[bytes], log: Path) -> None:
    context = ssl.create_default_context(cafile=str(found.authority))
    end = time.monotonic() + 30
    while time.monotonic() < end and child.poll() is None:
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(found.directory_url, verify=context, timeout=2).is_success:
                return
        time.sleep(0.1)
    pytest.fail(f"Pebble does not answer: {log.read_text(errors='replace')[-2000:]}")


def _moment(time_: datetime) -> str:
    return time_.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
