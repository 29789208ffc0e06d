"""An office founded on any server, and how its people reach it from their workstations."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from desktop.store import making
from desktop.store.database import Store
from tests import office
from tests.clock import OFFICE_ZONE, Clock
from tests.conftest import _database

FOUNDED_AT = datetime(2018, 6, 1, 9, 0, tzinfo=OFFICE_ZONE)


@contextmanager
def founded(address: str) -> Iterator[str]:
    """Yield the address of a new database with an office on the server at ``address``."""
    with _database(address, None) as url:
        making.create(url)
        store = Store(url, clock=lambda: FOUNDED_AT, workstation=office.WORKSTATION)
        office.found(store)
        store.dispose()
        yield url


def workstation(url: str, clock: Clock | None, name: str) -> Store:
    """Return a store for one workstation; without a clock the server's time is taken."""
    return Store(url, clock=clock, workstation=name, exclusive=False)
