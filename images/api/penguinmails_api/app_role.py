"""The application's role in the database, made by the migration where the platform does not make it (RDS).

Either IAM lets it in, or a password that the platform has made. To PostgreSQL goes a SCRAM verifier, computed here by libpq:
the statement, and with it every log of the server, is without the password. MySQL has no such form that its drivers know;
the connection is TLS and the server leaves passwords out of its logs. Each call brings the role to what is asked, so a
change of password or of the way in is made by the next release. A role is never dropped.

On RDS for PostgreSQL from 16 on, a role that IAM lets in closes the way in by password for the owner who made it, which then
needs a token (`iam.sign_if_refused`). A role made by a third, who is dropped afterwards, would spare the owner that; but then
nobody could ever change or drop it.
"""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Connection, text

RDS_IAM = "rds_iam"
"""RDS's role in PostgreSQL: its members are let in by IAM only."""
AWS_PLUGIN = "AWSAuthenticationPlugin"
"""RDS's plugin in MySQL."""


def ensure_role(connection: Connection, role: str, password: str | None) -> None:
    """Make ``role`` if it is missing, and let it in by ``password``, or by IAM without one. Commits. The connection must be
    the owner's; SQLAlchemyError if it may not, or if IAM is asked of a server that is not RDS's."""
    if connection.dialect.name == "postgresql":
        _ensure_postgresql(connection, role, password)
    elif connection.dialect.name == "mysql":
        for statement in mysql_statements(iam=password is None):
            connection.execute(text(statement), {"role": role} | ({} if password is None else {"password": password}))
    connection.commit()


def mysql_statements(*, iam: bool) -> tuple[str, str]:
    """Make the user, and bring one that was there to the same; both with TLS or not at all."""
    identified = f"IDENTIFIED WITH {AWS_PLUGIN} AS 'RDS'" if iam else "IDENTIFIED BY :password"
    return (
        f"CREATE USER IF NOT EXISTS :role@'%' {identified} REQUIRE SSL",
        f"ALTER USER :role@'%' {identified} REQUIRE SSL",
    )


def _ensure_postgresql(connection: Connection, role: str, password: str | None) -> None:
    quoted = connection.dialect.identifier_preparer.quote_identifier(role)
    if not connection.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}).first():
        connection.execute(text(f"CREATE ROLE {quoted} LOGIN"))
    if password is None:
        connection.execute(text(f"GRANT {RDS_IAM} TO {quoted}"))
        return
    if _let_in_by_iam(connection, role):
        connection.execute(text(f"REVOKE {RDS_IAM} FROM {quoted}"))
    verifier = scram_verifier(connection, role, password)
    # Statements of this kind take no parameters. A verifier has base64, dollar signs and colons only.
    connection.exec_driver_sql(f"ALTER ROLE {quoted} LOGIN PASSWORD '{verifier}'")


def _let_in_by_iam(connection: Connection, role: str) -> bool:
    query = """SELECT 1 FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles r ON r.oid = m.member
        WHERE g.rolname = :iam AND r.rolname = :role"""
    return connection.execute(text(query), {"iam": RDS_IAM, "role": role}).first() is not None


def scram_verifier(connection: Connection, role: str, password: str) -> str:
    """What PostgreSQL stores for ``password``, computed by libpq without asking the server; another salt each time."""
    driver = cast("Any", connection.connection.driver_connection)
    made: bytes = driver.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
    return made.decode("ascii")
