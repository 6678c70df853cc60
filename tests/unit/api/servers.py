"""Throwaway database servers on this host, with TLS under an authority of the tests; they run as nobody where we are root.

What is not installed is None, and its tests are skipped: PostgreSQL and MariaDB come as Debian's packages `postgresql` and
`mariadb-server-core` with `mariadb-client-core`.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import ipaddress
import os
import pwd
import random
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

OWNER, OWNER_PASSWORD = "pm_owner", "owner-pw-0001"
USER = "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
STARTED_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """``url``: the owner's. ``tls``: its query that verifies."""

    scheme: str
    port: int
    ca_file: Path
    tls: str

    def url(self, user: str = OWNER, password: str | None = OWNER_PASSWORD, host: str = "127.0.0.1") -> str:
        """The database's URL as the platform writes it."""
        secret = "" if password is None else f":{password}"
        return f"{self.scheme}://{user}{secret}@{host}:{self.port}/penguinmails?{self.tls}"


def program(name: str) -> str | None:
    """Path of a server's program; Debian keeps PostgreSQL's out of PATH."""
    found = shutil.which(name)
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(versions[-1]) if versions else found


def run(*command: str, given: str | None = None) -> None:
    """Run as the servers' user."""
    user = USER if os.geteuid() == 0 else None
    subprocess.run(command, input=given, text=True, check=True, capture_output=True, user=user, timeout=STARTED_SECONDS)


def certificate(folder: Path) -> Path:
    """Write server.pem, server.key and ca.pem, valid for 127.0.0.1; returns the authority's path."""
    key, ca_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"authority of {folder}"[:64])])
    now = dt.datetime.now(dt.UTC)

    def builder(subject: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        base = x509.CertificateBuilder().subject_name(subject).issuer_name(name).public_key(public)
        base = base.serial_number(x509.random_serial_number()).not_valid_before(now - dt.timedelta(hours=1))
        return base.not_valid_after(now + dt.timedelta(days=1))

    authority = builder(name, ca_key.public_key()).add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    server = builder(x509.Name([]), key.public_key()).add_extension(
        x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=True
    )
    for path, signed in (("ca.pem", authority), ("server.pem", server)):
        (folder / path).write_bytes(signed.sign(ca_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    private = folder / "server.key"
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    private.chmod(0o600)
    if os.geteuid() == 0:
        shutil.chown(private, USER)
    return folder / "ca.pem"


def _free_port() -> int:
    """Below those that outgoing connections get: one of another test would take it before the server has started."""
    while True:
        with socket.socket() as listening, contextlib.suppress(OSError):
            port = random.randrange(15_000, 30_000)
            listening.bind(("127.0.0.1", port))
            return port


@contextlib.contextmanager
def _running(command: Sequence[str], port: int) -> Iterator[None]:
    user = USER if os.geteuid() == 0 else None
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, user=user) as process:
        try:
            deadline = time.monotonic() + STARTED_SECONDS
            while True:
                assert process.poll() is None, "the server ended"
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                assert time.monotonic() < deadline, "the server does not answer"
                time.sleep(0.1)
            yield
        finally:
            process.terminate()


def _folder(parent: Path) -> Path:
    """One that the servers' user may write to; so may the folders above be entered."""
    for above in (parent, *parent.parents[:3]):
        if above != Path("/tmp"):
            above.chmod(above.stat().st_mode | 0o011)
    if os.geteuid() == 0:
        shutil.chown(parent, USER)
    return parent


def as_superuser(folder: Path, port: int, statements: str, database: str = "postgres") -> None:
    """Run ``statements`` in the PostgreSQL of ``folder``."""
    psql = [program("psql") or "psql", "-h", str(folder), "-p", str(port), "-U", "root", "-d", database]
    run(*psql, "-v", "ON_ERROR_STOP=1", given=statements)


@contextlib.contextmanager
def postgresql(parent: Path, hba: str | None = None) -> Iterator[Server | None]:
    """A PostgreSQL whose owner may make roles, as RDS's first user may, and with the role that RDS has for IAM. ``hba``: who
    is let in how over TCP; the owner may then not hand that role on by itself."""
    initdb, server = program("initdb"), program("postgres")
    if initdb is None or server is None:
        yield None
        return
    folder, port = _folder(parent), _free_port()
    ca_file, data = certificate(folder), folder / "data"
    run(initdb, "--no-sync", "--auth=scram-sha-256", "--auth-local=trust", "--username=root", "-D", str(data))
    if hba is not None:
        (data / "pg_hba.conf").write_text(f"local all all trust\n{hba}\n", encoding="utf-8")
    settings = {"port": port, "ssl": "on", "ssl_cert_file": folder / "server.pem", "ssl_key_file": folder / "server.key"}
    settings |= {"unix_socket_directories": folder, "listen_addresses": "127.0.0.1", "fsync": "off", "log_statement": "all"}
    settings |= {"logging_collector": "on", "log_directory": folder, "log_filename": "server.log"}
    flags = [f"--{name}={value}" for name, value in settings.items()]
    with _running([server, "-D", str(data), *flags], port):
        statements = f"""CREATE ROLE {OWNER} LOGIN CREATEROLE PASSWORD '{OWNER_PASSWORD}';
            CREATE ROLE rds_iam; CREATE DATABASE penguinmails OWNER {OWNER};"""
        if hba is None:
            statements += f"GRANT rds_iam TO {OWNER} WITH ADMIN OPTION;"
        as_superuser(folder, port, statements)
        yield Server("postgresql", port, ca_file, "sslmode=verify-full")


@contextlib.contextmanager
def mariadb(parent: Path) -> Iterator[Server | None]:
    """A MariaDB, which stands for MySQL as far as the two agree; it has no plugin of AWS."""
    install, server = program("mariadb-install-db"), program("mariadbd")
    if install is None or server is None or program("my_print_defaults") is None:
        yield None
        return
    folder, port = _folder(parent), _free_port()
    ca_file, data, start = certificate(folder), folder / "data", folder / "start.sql"
    base = Path(server).parents[1]
    run(install, "--no-defaults", f"--basedir={base}", f"--datadir={data}", "--skip-test-db")
    statements = (
        "DELETE FROM mysql.global_priv WHERE User = ''",
        "CREATE DATABASE penguinmails",
        "FLUSH PRIVILEGES",
        f"CREATE USER {OWNER}@'%' IDENTIFIED BY '{OWNER_PASSWORD}'",
        f"GRANT ALL ON penguinmails.* TO {OWNER}@'%' WITH GRANT OPTION",
        f"GRANT CREATE USER ON *.* TO {OWNER}@'%'",
    )
    start.write_text("".join(f"{statement};\n" for statement in statements), encoding="utf-8")
    settings = {"datadir": data, "port": port, "bind_address": "127.0.0.1", "socket": folder / "socket", "init_file": start}
    settings |= {"ssl_cert": folder / "server.pem", "ssl_key": folder / "server.key", "pid_file": folder / "pid"}
    settings |= {"lc_messages_dir": base / "share/mysql", "character_sets_dir": base / "share/mysql/charsets"}
    flags = [f"--{name}={value}" for name, value in settings.items()]
    with _running([server, "--no-defaults", "--skip-name-resolve", "--require-secure-transport=ON", *flags], port):
        yield Server("mysql", port, ca_file, "ssl-mode=VERIFY_IDENTITY")
