"""Keys of senders, the law they write under, packages as a portal sends them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop.exchange.container import Package, open_package
from desktop.regulation import loader
from desktop.regulation.model import Operation, Service
from tests.cases.office_commands import shipped_pack
from tests.eds.authority import RealAuthority
from tests.exchange.making import Keys, Made, good, make_keys

MIB = 1024 * 1024


@pytest.fixture(scope="session")
def senders() -> Keys:
    return make_keys()


@pytest.fixture(scope="session")
def service() -> Service:
    return loader.load_text(shipped_pack(), name="wko.toml").service("medical")


@pytest.fixture(scope="session")
def operation(service: Service) -> Operation:
    return service.operation("issue")


@pytest.fixture
def sent(operation: Operation, senders: Keys) -> Made:
    return good(operation, senders.applicant)


@pytest.fixture
def opened(tmp_path: Path) -> Callable[..., Package]:
    """``opened(made)`` writes a package and opens it; ``opened(path=…)`` opens a file."""

    def open_it(made: Made | None = None, *, path: Path | None = None, **facts: Any) -> Package:
        place = path or made.write(tmp_path / "package.zip")
        number = sum(1 for _ in tmp_path.iterdir())
        return open_package(place, tmp_path / f"unpacked-{number}", **{"limit": 20 * MIB, **facts})

    return open_it


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealAuthority]:
    """An authority that really answers, on this machine."""
    with RealAuthority(tmp_path_factory.mktemp("authority")) as running:
        yield running
