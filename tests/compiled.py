"""Statements are compiled once a run, and not anew for each test, whose store has an engine of its own.

SQLAlchemy keeps what it compiled by the statement and the engine's dialect. Dialects of one kind compile alike, for a
run has one driver of each and servers of one version; so they count as one here, and their engines share what is kept.
"""

from typing import Any

from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Engine
from sqlalchemy.util import LRUCache

_MOST = 5000  # statements; the program has fewer


def share() -> None:
    """Let all engines of this process share what they compiled, from now on."""
    for kind in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        _share(kind, LRUCache(_MOST))


def _share(kind: Any, kept: LRUCache[Any, Any]) -> None:
    def engine_created(cls: type, engine: Engine) -> None:
        engine._compiled_cache = kept

    kind.engine_created = classmethod(engine_created)
    kind.__eq__ = lambda one, other: type(one) is type(other)
    kind.__hash__ = lambda one: hash(type(one))
