"""A server's office whose time is told while its story is: the server's clock stands aside for the demo's, then goes on.

Only the server's administrator can do it, in the database he is making; afterwards the rights are installed anew, and
with them the one clock of the office.
"""

from datetime import datetime

from sqlalchemy import Connection, event, text

from desktop.demo.story import Clock
from desktop.store import making
from desktop.store.database import Store

_TOLD = text(
    "CREATE OR REPLACE FUNCTION server_now() RETURNS timestamptz"
    " LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp"
    " AS $$ SELECT coalesce(nullif(current_setting('ruqsat.clock', true), '')::timestamptz, clock_timestamp()) $$"
)
_TELL = "SELECT set_config('ruqsat.clock', %s, true)"


def begin(connection: Connection, now: datetime) -> None:
    """Let the database be told the time from now on, and tell it to this transaction."""
    connection.execute(_TOLD)
    connection.exec_driver_sql(_TELL, (now.isoformat(),))


def end(administrator: str) -> None:
    """Give the office of the administrator's URL the server's own clock back."""
    making.upgrade(administrator)


class ToldStore(Store):
    """A person's own store whose every transaction is told the time."""

    def __init__(self, url: str, *, clock: Clock, workstation: str = "demo") -> None:
        super().__init__(url, clock=clock, workstation=workstation)

        @event.listens_for(self.engine, "begin")
        def tell(connection: Connection) -> None:
            connection.exec_driver_sql(_TELL, (clock().isoformat(),))
