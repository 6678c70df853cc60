"""A PostgreSQL that lets in as RDS does: members of rds_iam, however indirect, by a token of IAM alone, all others by password.

Who asks IAM on RDS is PAM; here it is LDAP, which PostgreSQL hands the password as it is too, and a double answers. On RDS the
first user grants rds_iam without being its member; here a function of the superuser's does it for the statement. PostgreSQL
before 16 does not make a role's maker its member; `join_maker` does.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine, create_engine, event, text

from tests.unit.api import servers
from tests.unit.api.servers import OWNER, Server

GRANT = "GRANT rds_iam TO "


class Iam:
    """A directory (LDAP) that takes for a password a token for the user who logs in; it checks no signature."""

    def __init__(self) -> None:
        self.database_port = 0
        self.seen: list[tuple[str, str]] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listening.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                with connection, contextlib.suppress(OSError, ValueError, IndexError):
                    connection.settimeout(10)
                    connection.sendall(self._answer(connection.makefile("rb").read1(65_536)))

    def _answer(self, message: bytes) -> bytes:
        """To a simple bind (RFC 4511, 4.2): sequence of a number and, in the bind, version, name and password."""
        _, outer, _ = _element(message)
        _, number, rest = _element(outer)
        _, bind, _ = _element(rest)
        _, _, rest = _element(bind)
        _, name, rest = _element(rest)
        _, password, _ = _element(rest)
        user = name.decode().removeprefix("cn=")
        self.seen.append((user, password.decode()))
        token = f"127.0.0.1:{self.database_port}/?Action=connect&DBUser={user}&"
        result = 0 if password.decode().startswith(token) else 49  # success, invalidCredentials
        body = bytes([2, len(number), *number]) + bytes([0x61, 7, 0x0A, 1, result, 4, 0, 4, 0])
        return bytes([0x30, len(body)]) + body


def _element(data: bytes) -> tuple[int, bytes, bytes]:
    """Tag and content of the first element, and what follows it."""
    length, start = data[1], 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(data[2:start])
    if len(data) < start + length:
        raise ValueError("cut")
    return data[0], data[start : start + length], data[start + length :]


@contextlib.contextmanager
def rds(parent: Path) -> Iterator[tuple[Server, Iam] | None]:
    """None without a PostgreSQL here."""
    with contextlib.closing(Iam()) as iam:
        hba = (
            f'hostssl all +rds_iam 127.0.0.1/32 ldap ldapserver=127.0.0.1 ldapport={iam.port} ldapprefix="cn="\n'
            "hostssl all all 127.0.0.1/32 scram-sha-256"
        )
        with servers.postgresql(parent, hba) as server:
            if server is None:
                yield None
                return
            iam.database_port = server.port
            function = """CREATE FUNCTION grant_rds_iam(role text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
                AS $$ BEGIN EXECUTE format('GRANT rds_iam TO %I', role); END $$"""
            servers.as_superuser(server.ca_file.parent, server.port, function, "penguinmails")
            with _granting():
                yield server, iam


@contextlib.contextmanager
def _granting() -> Iterator[None]:
    def _grant(_connection: object, _cursor: object, statement: str, parameters: object, *_: object) -> tuple[str, object]:
        if not statement.startswith(GRANT):
            return statement, parameters
        role = statement.removeprefix(GRANT).strip('"')
        return f"SELECT grant_rds_iam('{role}')", parameters

    event.listen(Engine, "before_cursor_execute", _grant, retval=True)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", _grant)


def version(server: Server) -> int:
    """The major one."""
    engine = create_engine(f"postgresql+psycopg://root@/postgres?host={server.ca_file.parent}&port={server.port}")
    with engine.connect() as connection:
        number = int(connection.execute(text("SHOW server_version_num")).scalar_one())
    engine.dispose()
    return number // 10_000


def join_maker(server: Server, role: str) -> None:
    """What PostgreSQL does by itself from 16 on."""
    if version(server) < 16:
        servers.as_superuser(server.ca_file.parent, server.port, f"GRANT {role} TO {OWNER} WITH ADMIN OPTION")
