"""Passwords as a PostgreSQL server keeps them: SCRAM-SHA-256 verifiers, made here so that no password travels."""

from typing import cast

import psycopg
from sqlalchemy import Connection

from desktop.errors import BadInput


def scram_verifier(connection: Connection, login: str, password: str) -> str:
    """Return the verifier of ``password`` (RFC 5802, 7677), made by the same library that will prove it.

    BadInput "password-letters" for one no keyboard types (half a surrogate, NUL).
    """
    raw = cast("psycopg.Connection[object]", connection.connection.driver_connection)
    try:
        octets = password.encode()
        if b"\0" in octets:
            raise ValueError("NUL")
    except ValueError as error:
        raise BadInput("password-letters", field="password") from error
    return raw.pgconn.encrypt_password(octets, login.encode(), b"scram-sha-256").decode("ascii")
