"""The whole database as a value, to prove that a refused command left it as it was."""

from sqlalchemy import select

from desktop.models import Base
from desktop.store.database import Store

# what a command leaves that changed nothing: that it was asked for, and the seal of it
ASKED = {"command", "journal_image", "journal_link", "journal_head"}

World = dict[str, list[tuple[object, ...]]]


def world(store: Store) -> World:
    with store.reading() as session:
        return {
            table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
        }


def changed(before: World, after: World) -> set[str]:
    """Return the tables that differ."""
    return {name for name in before if before[name] != after[name]}
