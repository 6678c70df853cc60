"""Tokens of IAM: what AWS asks for, of the connection's own host and user, fresh each time; and how MySQL is given them."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from penguinmails_api.db import database_address, is_outage, make_engine
from penguinmails_api.iam import token_source
from penguinmails_api.runtime import engines
from penguinmails_api.settings import WorkerSettings, load
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError

from tests.unit.api import servers

URL = make_url("postgresql+psycopg://pm_app@proxy.example/penguinmails")


@pytest.fixture
def _role(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s3cret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "the-session")


@pytest.mark.parametrize(
    ("url", "netloc"),
    [
        (URL, "proxy.example:5432"),
        (URL.set(port=6432), "proxy.example:6432"),
        (make_url("mysql+pymysql://pm_app@proxy.example/penguinmails"), "proxy.example:3306"),
    ],
)
@pytest.mark.usefixtures("_role")
def test_a_token_is_signed_for_host_port_user_and_region(url: object, netloc: str) -> None:
    token = token_source(make_url(str(url)), "eu-central-1")()
    parts = urlsplit(f"//{token}")
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert parts.netloc == netloc
    assert (query["Action"], query["DBUser"], query["X-Amz-Expires"]) == ("connect", "pm_app", "900")
    assert query["X-Amz-Credential"].endswith("/eu-central-1/rds-db/aws4_request")
    assert query["X-Amz-Security-Token"] == "the-session"
    assert "s3cret" not in token


def test_without_credentials_it_is_an_outage(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    with pytest.raises(OperationalError) as caught:
        token_source(URL, "eu-central-1")()
    assert is_outage(caught.value)


class MySql:
    """Enough of a server of MySQL that asks for a password as it is, as RDS does for IAM."""

    def __init__(self, folder: Path, *, tls: bool) -> None:
        self.ca_file = servers.certificate(folder)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(folder / "server.pem", folder / "server.key")
        self._tls = tls
        self.passwords: list[bytes] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listening.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                threading.Thread(target=self._speak, args=(connection,), daemon=True).start()

    def _speak(self, connection: socket.socket) -> None:
        flags = 0x00000001 | 0x00000008 | 0x00000200 | 0x00008000 | 0x00080000 | (0x00000800 if self._tls else 0)
        greeting = b"\x0a8.4.0\0" + struct.pack("<I", 7) + b"12345678\0" + struct.pack("<H", flags & 0xFFFF) + b"\x2d\x02\0"
        greeting += struct.pack("<H", flags >> 16) + b"\x15" + bytes(10) + b"123456789012\0caching_sha2_password\0"
        with contextlib.suppress(OSError, struct.error, ssl.SSLError):
            self._send(connection, 0, greeting)
            if self._tls:
                self._receive(connection)
                connection = self._context.wrap_socket(connection, server_side=True)
            number, _ = self._receive(connection)
            self._send(connection, number + 1, b"\xfemysql_clear_password\0")
            number, password = self._receive(connection)
            self.passwords.append(password)
            while True:
                self._send(connection, number + 1, b"\0\0\0\x02\0\0\0")
                number, _ = self._receive(connection)

    @staticmethod
    def _send(connection: socket.socket, number: int, payload: bytes) -> None:
        connection.sendall(struct.pack("<I", len(payload))[:3] + bytes([number & 0xFF]) + payload)

    @staticmethod
    def _receive(connection: socket.socket) -> tuple[int, bytes]:
        head = connection.recv(4, socket.MSG_WAITALL) if not isinstance(connection, ssl.SSLSocket) else connection.recv(4)
        size, payload = struct.unpack("<I", head[:3] + b"\0")[0], b""
        while len(payload) < size:
            payload += connection.recv(size - len(payload))
        return head[3], payload


@pytest.fixture
def mysql(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[MySql]:
    server = MySql(tmp_path, tls=request.param)
    yield server
    server.close()


@pytest.mark.parametrize("mysql", [True], indirect=True)
@pytest.mark.usefixtures("_role")
def test_mysql_is_given_the_token_as_it_is_over_tls(mysql: MySql, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"mysql://pm_app@127.0.0.1:{mysql.port}/penguinmails?ssl-mode=VERIFY_IDENTITY")
    monkeypatch.setenv("DATABASE_IAM_REGION", "eu-central-1")
    monkeypatch.setenv("DATABASE_CA_FILE", str(mysql.ca_file))
    monkeypatch.setenv("BROKER_URL", "amqps://u:p@broker/v")
    monkeypatch.setenv("QUEUES", '{"outbound": "q"}')
    for engine in engines(load(WorkerSettings), size=1, overflow=0):
        # The double answers every statement with nothing, which the dialect's first questions do not expect.
        with contextlib.suppress(Exception):
            engine.connect()
        engine.dispose()
    assert len(mysql.passwords) == 2
    for password in mysql.passwords:
        assert password.startswith(f"127.0.0.1:{mysql.port}/?Action=connect&DBUser=pm_app&".encode())
        assert password.endswith(b"\0")


@pytest.mark.parametrize("mysql", [False], indirect=True)
def test_a_server_without_tls_never_gets_the_token(mysql: MySql) -> None:
    address = database_address(f"mysql://pm_app@127.0.0.1:{mysql.port}/penguinmails", mysql.ca_file)
    engine = make_engine(address, size=1, overflow=0, wait_seconds=1, token=lambda: "the-token")
    with pytest.raises(OperationalError, match="SSL"):
        engine.connect()
    assert mysql.passwords == []
