"""An office founded on any server, and how its people reach it from their workstations."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import psycopg
from sqlalchemy import select

from desktop.models import Case, Person
from desktop.store import making, upgrade
from desktop.store.addresses import database_url
from desktop.store.database import Store
from tests import office
from tests.clock import OFFICE_ZONE, Clock
from tests.conftest import _database
from tests.faults.history import History
from tests.seats import SeatedStore, install

FOUNDED_AT = datetime(2018, 6, 1, 9, 0, tzinfo=OFFICE_ZONE)


@contextmanager
def founded(address: str) -> Iterator[str]:
    """Yield the address of a new database with an office on the server at ``address``; its logins go with the server."""
    with _database(address, None) as url:
        with making.administering(database_url(url)) as connection:
            upgrade.migrate(connection)
        install(url, f"rqf{uuid.uuid4().hex[:8]}")
        store = SeatedStore(url, clock=lambda: FOUNDED_AT, workstation=office.WORKSTATION)
        office.found(store)
        store.dispose()
        yield url


@contextmanager
def copied(address: str, template: str) -> Iterator[str]:
    """Yield the address of a copy of an office nobody is connected to.

    The checkpoint is for the sequences: in a copy made by way of the log (PostgreSQL 15 and later) their next values
    are not logged before one, and a crash would give them a second time.
    """
    with _database(address, template) as url:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
        yield url


def workstation(url: str, clock: Clock | None, name: str) -> Store:
    """Return a store in which everybody writes with his own rights; without a clock the server's time is taken."""
    kind = Store if url.startswith("sqlite") else SeatedStore
    return kind(url, clock=clock, workstation=name, exclusive=False)


def look(history: History, url: str) -> None:
    """Write down what everybody sees, now that nobody works."""
    store = workstation(url, None, "WS-LOOK")
    with store.reading() as session:
        logins = session.scalars(select(Person.login).order_by(Person.id)).all()
    for login in logins:
        with store.reading(by=login) as session:
            history.saw(login, session.scalars(select(Case.id)).all())
    store.dispose()
