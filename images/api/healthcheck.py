"""The image's health check, for all roles and without curl: run by the system's python with nothing imported but sockets.

A serving role has written its port to /tmp/health-port; a migration that is done and lingers has left /tmp/migrated.
Asks for liveness: an orchestrator kills what is unhealthy, and must not do so because a database is away. With the
argument ``/readyz`` it asks for readiness instead; the variable HEALTH_PATH changes the default, ``/healthz``.

What answers and says that it is not well is told on standard output, so that who watches a release need not wait for it as for
what is still starting (`scripts/operations/release_source.py` reads it).
"""

import os
import socket
import sys
from pathlib import Path

TIMEOUT_SECONDS = 3


def _ask(port: int, page: str) -> bool:
    with socket.create_connection(("127.0.0.1", port), TIMEOUT_SECONDS) as connection:
        connection.sendall(f"GET {page} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
        status = connection.recv(256).split(b"\r\n")[0]
    if b" 200 " not in status and status:
        sys.stdout.write(f"answered {status.decode('ascii', 'replace')}\n")
    return b" 200 " in status


def main(page: str, directory: Path = Path("/tmp")) -> int:
    """0 healthy, 1 not."""
    try:
        port = int((directory / "health-port").read_text(encoding="ascii"))
    except FileNotFoundError:
        return 0 if (directory / "migrated").exists() else 1
    try:
        return 0 if _ask(port, page) else 1
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("HEALTH_PATH", "/healthz")))
