"""Opens the real program offscreen, on the demo office and its told clock, and hands over the stage."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from PySide6.QtWidgets import QApplication

from desktop import app, logs, settings
from desktop.cases import signing_in
from desktop.demo import building, invented
from desktop.demo.hands import Hands
from desktop.demo.play import Stage
from desktop.demo.story import Clock
from desktop.queries.case_card import case_card
from desktop.queries.charges import fee_due
from desktop.queries.office import services
from desktop.regulation.model import SubType
from desktop.regulation.rights import Actor
from desktop.regulation.terms import default_calendar
from desktop.ui import renderer


@dataclass(kw_only=True)
class FullStage(Stage):
    """The stage with what only its opener knows."""

    program: app.Program
    actors: dict[str, Actor]
    sub_types: tuple[SubType, ...]

    def actor_of(self, login: str) -> Actor:
        return self.actors[login]


@contextmanager
def opened(
    office: building.DemoOffice, clock: Clock, pictures: Path
) -> Iterator[tuple[app.Program, FullStage]]:
    """Open the program's window on ``office``; the window is closed and the database let go at the end."""
    application = QApplication.instance() or QApplication(["ruqsat"])
    assert isinstance(application, QApplication)
    people = tuple((person.login, person.name, min(person.roles)) for person in invented.PEOPLE)
    demo = app.DemoOffice(
        office.url, people, invented.PASSWORD, key_file=str(office.key("head")), clock=clock
    )
    logs.start(settings.state_folder())
    app.hear_qt()
    program = app.Program(application, demo=lambda _folder: demo)
    said: list[str] = []
    program.notices.told.connect(lambda notice: said.append(str(notice)))
    program.notices.defect_told.connect(lambda number, details: said.append(f"{number}: {details}"))
    hands = Hands(program.window, lambda: said[-1] if said else "nothing")
    program.window.resize(1366, 768)
    program.show(demo_folder=office.folder)
    try:
        hands.wait(lambda: program.desk.store is not None, "the demo office to be opened")
        yield program, _stage(program, hands, clock, pictures, office)
    finally:
        program.window.close()
        renderer.stop()
        program.close()
        logs.stop()


def _stage(
    program: app.Program, hands: Hands, clock: Clock, pictures: Path, office: building.DemoOffice
) -> FullStage:
    store = program.desk.store
    actors = {
        person.login: signing_in.sign_in(
            store, login=person.login, password=invented.PASSWORD, workstation="demo"
        )
        for person in invented.PEOPLE
    }
    reader = actors["auditor"]
    choice = services(store, actors["clerk"])[0]

    def due(day: date) -> int:
        fee = fee_due(
            store, actors["clerk"], regulation_sha256=choice.regulation_sha256, service=choice.service,
            operation=choice.operation, paid_on=day,
        )  # fmt: skip
        return fee or 0

    return FullStage(
        hands=hands,
        clock=clock,
        calendar=default_calendar(building.ZONE),
        window=program.window,
        read_card=lambda case_id: case_card(store, reader, case_id=case_id),
        fee_due=due,
        executor_id=actors["executor"].person_id,
        papers=choice.papers,
        scans=tuple(sorted(office.scans.iterdir())),
        pictures=pictures,
        password=invented.PASSWORD,
        present=datetime.now(UTC),
        program=program,
        actors=actors,
        sub_types=choice.sub_types,
    )
