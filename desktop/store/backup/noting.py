"""The note that a server's database was copied: its comment, which everybody may read and its administrator writes."""

from datetime import UTC, datetime

from psycopg import sql
from sqlalchemy import Connection, text

_NOTE = "ruqsat backup "
_COMMENT = text(
    "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
)


def note(connection: Connection, made_at: datetime) -> None:
    """Note that a copy was made; needs the database's administrator."""
    words = sql.SQL("COMMENT ON DATABASE {} IS {}").format(
        sql.Identifier(str(connection.engine.url.database)), sql.Literal(f"{_NOTE}{made_at.isoformat()}")
    )
    raw = connection.connection.driver_connection
    connection.exec_driver_sql(words.as_string(raw).replace("%", "%%"))


def noted(connection: Connection) -> datetime | None:
    """Return when the last copy was made (aware, UTC); None when nobody noted any."""
    comment = str(connection.scalar(_COMMENT) or "")
    if not comment.startswith(_NOTE):
        return None
    try:
        return datetime.fromisoformat(comment.removeprefix(_NOTE).split()[0]).astimezone(UTC)
    except (ValueError, IndexError):
        return None
