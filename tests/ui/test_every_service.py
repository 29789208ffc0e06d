"""A case of every service of every shipped act, from the form to its result, through the windows only.

What is walked is read off the acts themselves: one operation and one channel of each service; with ``--whole`` every
operation through every channel, granted and refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from desktop.queries.case_card import COMMAND_OF_ACT, case_card
from desktop.regulation import engine, loader
from desktop.regulation.model import Act, Channel, Effect, Operation, Role
from desktop.regulation.rights import Command, may
from desktop.ui import renderer
from tests.clock import OFFICE_ZONE
from tests.office import trust_demo
from tests.ui.case_window import PASSWORD, make_keys
from tests.ui.walking import registered, through


@dataclass(frozen=True)
class Row:
    """What is walked: one operation of a service, through one channel."""

    place: tuple[str, str, str]
    operation: Operation
    channel: Channel
    answer: Effect

    def __str__(self) -> str:
        return " ".join((*self.place, self.channel.value, self.answer.value))

    @property
    def registrar(self) -> Role:
        """Whoever the act has take the application in, if he may; else the counter."""
        first = engine.first_step(self.operation, self.channel).performer
        return first if may([first], Command.REGISTER) else Role.CLERK


def _rows(*, whole: bool) -> Iterator[Row]:
    number = 0
    for name, text in loader.shipped():
        regulation = loader.load_text(text, name=name)
        for service in regulation.services:
            operations = service.operations
            for operation in operations if whole else (operations[number % len(operations)],):
                place = (regulation.id, service.id, operation.id)
                channels = operation.channels
                for channel in channels if whole else (channels[number % len(channels)],):
                    if not _known(operation, channel):
                        continue
                    for answer in (
                        (Effect.CONFORMS, Effect.DOES_NOT_CONFORM)
                        if whole
                        else (Effect.DOES_NOT_CONFORM if number % 4 == 3 else Effect.CONFORMS,)
                    ):
                        yield Row(place, operation, channel, answer)
            number += 1


def _known(operation: Operation, channel: Channel) -> bool:
    """Whether the office has a command for every act of it."""
    return all(step.act in COMMAND_OF_ACT for step in engine.route(operation, channel))


def pytest_generate_tests(metafunc) -> None:
    rows = list(_rows(whole=metafunc.config.getoption("--whole")))
    metafunc.parametrize("row", rows, ids=str)


@pytest.fixture(scope="session")
def keys():
    return make_keys()


@pytest.fixture
def key_file(keys, tmp_path):
    path = tmp_path / "head.p12"
    keys.head.write_pkcs12(path, PASSWORD)
    return str(path)


@pytest.fixture(autouse=True)
def _own_places(tmp_path, monkeypatch):
    monkeypatch.setenv("RUQSAT_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("RUQSAT_CONFIG", str(tmp_path / "config"))
    yield
    renderer.stop()


def test_a_case_of_it_goes_through_the_windows(make_desk, store, people, keys, key_file, clock, qtbot, row):
    trust_demo(store, keys.authority.root_pem)
    case_id = registered(
        make_desk, store, people, qtbot, place=row.place, channel=row.channel, by=row.registrar,
        now=clock.moment.astimezone(OFFICE_ZONE),
    )  # fmt: skip
    passed = through(make_desk, store, people, case_id, key_file, answer=row.answer)
    card = case_card(store, people.auditor, case_id=case_id)
    assert card.closed_at is not None
    assert card.result is not None
    assert card.documents[-1].state in ("signed", "issued")
    route = [step.act for step in engine.route(row.operation, row.channel) if step.act is not Act.ACCEPT]
    assert set(passed) <= set(route)
