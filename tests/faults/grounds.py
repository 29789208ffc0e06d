"""A database that can be put back to where it was, for the next death: a copied file, or rows laid anew."""

from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Table, insert, select, text

from desktop.models import Base
from desktop.store.database import Store
from tests.clock import Clock
from tests.faults import state


class Ground(Protocol):
    """``url`` is the database a process is let loose on; ``store`` looks at it afterwards."""

    url: str
    store: Store

    def renew(self) -> None:
        """Put everything back."""

    def fault(self) -> str:
        """Return what is wrong with the database as a file, "" when nothing is."""

    def close(self) -> None: ...


class SqliteGround:
    """A fresh copy of the file for each death; nothing of the last one is left."""

    def __init__(self, start: Path, clock: Clock) -> None:
        self._start = start.read_bytes()
        self._path = start.with_name("deaths.sqlite")
        self._path.write_bytes(self._start)
        self.url = f"sqlite:///{self._path}"
        self.store = Store(self.url, clock=clock, workstation="WS-2", exclusive=False)

    def renew(self) -> None:
        self.store.engine.dispose()
        for end in ("-wal", "-shm"):
            self._path.with_name(self._path.name + end).unlink(missing_ok=True)
        self._path.write_bytes(self._start)

    def fault(self) -> str:
        found = state.whole(self._path)
        return "" if found == "ok" else found

    def close(self) -> None:
        self.store.dispose()


class PostgresGround:
    """One database; what changed is laid anew. A killed process' transaction is waited for, not slept over."""

    def __init__(self, url: str, clock: Clock) -> None:
        self.url = url
        self.store: Any = Store(url, clock=clock, workstation="WS-2", exclusive=False)
        self._start = {table: self._rows(table) for table in Base.metadata.sorted_tables}

    def renew(self) -> None:
        changed = [table for table, rows in self._start.items() if self._rows(table) != rows]
        with self.store.engine.begin() as connection:
            connection.execute(
                text("SET LOCAL session_replication_role = replica")
            )  # no foreign keys for now
            for table in changed:
                connection.execute(table.delete())
                if self._start[table]:
                    connection.execute(insert(table), self._start[table])

    def fault(self) -> str:
        return ""

    def close(self) -> None:
        self.store.dispose()

    def _rows(self, table: Table) -> list[dict[str, Any]]:
        with self.store.reading() as session:
            found = session.execute(select(table)).mappings().all()
        return sorted((dict(row) for row in found), key=repr)
