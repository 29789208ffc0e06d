"""One ground for all attacks of a run."""

from collections.abc import Iterator

import pytest

from tests import office
from tests.clock import Clock
from tests.conftest import _database
from tests.guards.ground import Ground
from tests.seats import Logins, SeatedStore


@pytest.fixture(scope="session")
def ground(postgres_server: str, _office_template: tuple[str, Logins]) -> Iterator[Ground]:
    template, _logins = _office_template
    clock = Clock()
    with _database(postgres_server, template) as url:
        store = SeatedStore(url, clock=clock, workstation=office.WORKSTATION, exclusive=False)
        yield Ground.made(url, store, office.people(), clock)
        store.dispose()
