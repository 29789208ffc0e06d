"""Programs to kill, keys to sign with, and grounds to do it on."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop.eds import demo_token
from desktop.eds.demo_ca import DemoAuthority, DemoKey, DemoPerson
from desktop.store.addresses import sqlite_path
from desktop.store.database import Store
from tests.clock import Clock
from tests.faults import offices
from tests.faults.cluster import Cluster, cluster
from tests.faults.grounds import Ground, PostgresGround, SqliteGround
from tests.faults.history import History
from tests.faults.zygote import Zygote
from tests.office import People, trust_demo

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "48151623"


@pytest.fixture(scope="session")
def authority() -> DemoAuthority:
    return DemoAuthority(valid_from=datetime(2018, 1, 1, tzinfo=UTC))


@pytest.fixture(scope="session")
def head_key(authority: DemoAuthority) -> DemoKey:
    head = DemoPerson("БАСШЫБАЕВ ЕРЛАН", "700520350035", "ҚУАТҰЛЫ", bin="050140003412")
    return authority.issue(head, valid_from=datetime(2018, 3, 1, tzinfo=UTC))


@pytest.fixture
def key_file(head_key: DemoKey, tmp_path: Path) -> dict[str, str]:
    head_key.write_pkcs12(tmp_path / "head.p12", PIN)
    return {"kind": "file", "path": str(tmp_path / "head.p12")}


@pytest.fixture
def token(head_key: DemoKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A SoftHSM2 token with the head's key."""
    if not MODULE.is_file() or shutil.which("softhsm2-util") is None:
        pytest.fail("SoftHSM2 is not installed: the signing tests need the Debian package softhsm2")
    monkeypatch.setenv("SOFTHSM2_CONF", str(demo_token.write_configuration(tmp_path)))
    demo_token.make_token(head_key, module=MODULE, label="head", pin=PIN, so_pin="87654321")
    return {"kind": "token", "module": str(MODULE), "token": "head"}


@pytest.fixture
def trusted(authority: DemoAuthority, people: People) -> Callable[[Store], None]:
    """Makes an office trust the authority of the keys."""

    def trust(store: Store) -> None:
        trust_demo(store, authority.root_pem)

    return trust


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "history.jsonl")


@pytest.fixture
def plain_begin(history: History, clock: Clock) -> Callable[..., None]:
    """``plain_begin(url)``: the history begins with what is at ``url`` now."""

    def begin(url: str, **facts: str) -> None:
        store = offices.workstation(url, clock, "WS-0")
        history.begin(store, **facts)
        store.dispose()

    return begin


@pytest.fixture(scope="session")
def own() -> Iterator[Cluster]:
    """A server of our own, to be crashed and stopped."""
    with cluster() as one:
        yield one


@pytest.fixture(scope="session")
def _own_template(own: Cluster) -> Iterator[str]:
    with offices.founded(own.address) as url:
        yield url


@pytest.fixture
def own_office(own: Cluster, _own_template: str) -> Iterator[str]:
    """The address of an office on the server of our own."""
    with offices.copied(own.address, _own_template) as url:
        yield url


@pytest.fixture
def zygote() -> Iterator[Zygote]:
    with Zygote() as program:
        yield program


@pytest.fixture
def ground_of(request: pytest.FixtureRequest, clock: Clock) -> Iterator[Callable[..., Ground]]:
    """``ground_of(engine, before)``: an office of its own, in which ``before(store)`` has happened."""
    made: list[Ground] = []

    def make(engine: str, before: Callable[[Store], object]) -> Ground:
        store: Store = request.getfixturevalue("store" if engine == "sqlite" else "postgres_store")
        before(store)
        if engine == "sqlite":
            store.dispose()  # what is in the log goes into the file
            made.append(SqliteGround(sqlite_path(store.url), clock))
        else:
            made.append(PostgresGround(store.url.render_as_string(hide_password=False), clock))
        return made[-1]

    yield make
    for ground in made:
        ground.close()


# lanes: what takes minutes waits for ``./installer/test --faults``


@pytest.fixture(scope="session")
def whole(pytestconfig: pytest.Config) -> bool:
    """True when everything is run at full size."""
    return bool(pytestconfig.getoption("--whole"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave what is marked for the whole lane out of the ordinary run."""
    if config.getoption("--whole"):
        return
    left_out = [item for item in items if item.get_closest_marker("whole_lane")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]
