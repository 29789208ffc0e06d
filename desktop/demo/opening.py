"""Opens the real program offscreen, on the demo office and its told clock, and hands over the stage."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from PySide6.QtWidgets import QApplication

from desktop import app, logs, settings
from desktop.cases import signing_in
from desktop.demo import building, invented, server_office
from desktop.demo.hands import Hands
from desktop.demo.play import Stage
from desktop.demo.story import Clock
from desktop.demo.told_time import ToldStore
from desktop.queries.case_card import case_card
from desktop.queries.charges import fee_due
from desktop.queries.office import services
from desktop.regulation.model import SubType
from desktop.regulation.rights import Actor
from desktop.regulation.terms import default_calendar
from desktop.store.database import Store
from desktop.ui import renderer


@dataclass(kw_only=True)
class FullStage(Stage):
    """The stage with what only its opener knows."""

    program: app.Program
    stores: Mapping[str, Store]
    actors: dict[str, Actor]
    sub_types: tuple[SubType, ...]

    def seat(self, login: str) -> tuple[Store, Actor]:
        """Return what a person reads with behind the scenes, and who he is."""
        return self.stores[login], self.actors[login]


@contextmanager
def opened(
    office: building.DemoOffice, clock: Clock, pictures: Path
) -> Iterator[tuple[app.Program, FullStage]]:
    """Open the program's window on ``office``; the window is closed and the database let go at the end."""
    application = QApplication.instance() or QApplication(["ruqsat"])
    assert isinstance(application, QApplication)
    people = tuple((person.login, person.name, min(person.roles)) for person in invented.PEOPLE)
    demo = app.DemoOffice(
        office.url, people, office.passwords, key_file=str(office.key("head")), code_key=office.code_key,
        clock=clock,
        opens=lambda url, _workstation: ToldStore(url, clock=clock),
    )  # fmt: skip
    logs.start(settings.state_folder())
    app.hear_qt()
    program = app.Program(application, demo=lambda _folder: demo)
    said: list[str] = []
    program.notices.told.connect(lambda notice: said.append(str(notice)))
    program.notices.defect_told.connect(lambda number, details: said.append(f"{number}: {details}"))
    hands = Hands(program.window, lambda: said[-1] if said else "nothing")
    program.show(demo_folder=office.folder)
    program.window.showNormal()  # without a display the screen is small, and the window would fill it
    program.window.resize(1366, 768)
    stores: Mapping[str, Store] = {}
    try:
        hands.see("start.sign_in")
        stores, actors = _seats(program, office, clock)
        yield program, _stage(program, hands, clock, pictures, office, stores, actors)
    finally:
        program.window.close()
        renderer.stop()
        program.close()
        if office.server is not None:
            for store in stores.values():
                store.dispose()
        logs.stop()


def _seats(
    program: app.Program, office: building.DemoOffice, clock: Clock
) -> tuple[Mapping[str, Store], dict[str, Actor]]:
    """Return the people behind the scenes: in a file through the window's store, on a server through their own."""
    if office.server is not None:
        return server_office.seats(office.server, clock)
    store = program.desk.store
    return {person.login: store for person in invented.PEOPLE}, {
        person.login: signing_in.sign_in(
            store, login=person.login, password=invented.PASSWORD, workstation="demo"
        )
        for person in invented.PEOPLE
    }


def _stage(
    program: app.Program,
    hands: Hands,
    clock: Clock,
    pictures: Path,
    office: building.DemoOffice,
    stores: Mapping[str, Store],
    actors: dict[str, Actor],
) -> FullStage:
    choice = services(stores["clerk"], actors["clerk"])[0]

    def due(day: date) -> int:
        fee = fee_due(
            stores["clerk"], actors["clerk"], regulation_sha256=choice.regulation_sha256, service=choice.service,
            operation=choice.operation, paid_on=day,
        )  # fmt: skip
        return fee or 0

    return FullStage(
        hands=hands,
        clock=clock,
        calendar=default_calendar(building.ZONE),
        window=program.window,
        read_card=lambda case_id: case_card(stores["auditor"], actors["auditor"], case_id=case_id),
        fee_due=due,
        executor_id=actors["executor"].person_id,
        papers=choice.papers,
        scans=tuple(sorted(office.scans.iterdir())),
        pictures=pictures,
        passwords=office.passwords,
        pin=invented.PASSWORD,
        present=datetime.now(UTC),
        program=program,
        stores=stores,
        actors=actors,
        sub_types=choice.sub_types,
    )
