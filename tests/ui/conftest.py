"""A desk for the screens' tests: inline tasks, recorded notices, questions answered beforehand."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from desktop.regulation.model import Role
from desktop.regulation.rights import Actor
from desktop.settings import Settings
from desktop.ui import renderer, theme
from desktop.ui.desk import Changed, Desk
from desktop.ui.language import Language
from desktop.ui.messages import Notice, Notices
from desktop.ui.tasks import InlineTasks
from tests.ui.windows import network, sit  # fixtures

NOW = datetime(2018, 7, 2, 10, 0, tzinfo=UTC)


@dataclass
class Told:
    """What the person was told. ``only`` refuses to guess when there was more than one notice."""

    notices: list[Notice] = field(default_factory=list)
    defects: list[tuple[str, str]] = field(default_factory=list)

    def only(self) -> Notice:
        assert len(self.notices) == 1, self.notices
        return self.notices[0]

    @property
    def codes(self) -> list[str]:
        return [notice.code for notice in self.notices if notice.code]


@dataclass
class Answers:
    """Answers to the questions a screen will ask, in order; what it asked stands in ``asked``."""

    yes: list[bool] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def __call__(self, text: str, **_: object) -> bool:
        self.asked.append(text)
        return self.yes.pop(0) if self.yes else True


class FixedStore:
    """A store for screens fed with hand-made rows: it tells the time and nothing else."""

    def now(self) -> datetime:
        return NOW


def actor_with(*roles: Role, person_id: int = 1) -> Actor:
    return Actor(
        person_id=person_id,
        login="aigul",
        name_kk="Айгүл Сәрсенова",
        name_ru="Айгуль Сарсенова",
        roles=frozenset(roles),
        workstation="test",
    )


@pytest.fixture(autouse=True)
def _former_windows_gone(qapp: QApplication) -> Iterator[None]:
    """Delete what earlier tests closed: no event loop runs between tests, and every window left is restyled again.

    Only then is the ordinary dress put on again, so that a test which wants another needs not undo it. A window
    that a test leaves open would take the keys and the clicks meant for the next test's.
    """
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    yield
    open_still = [top for top in qapp.topLevelWidgets() if top.isVisible()]
    left = [top.objectName() or type(top).__name__ for top in open_still if top.parentWidget() is None]
    for top in open_still:
        top.hide()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    theme.apply(qapp, "light")
    assert left == [], "left open by this test"


@pytest.fixture(scope="session", autouse=True)
def _renderer_stopped() -> Iterator[None]:
    """End the child that draws papers with the tests: Qt would find it running when the interpreter goes."""
    yield
    renderer.stop()


@pytest.fixture
def language(qapp: QApplication) -> Iterator[Language]:
    made = Language("en")
    yield made
    made.remove()


@pytest.fixture
def make_desk(qapp: QApplication, language: Language) -> Iterator[Callable[..., Desk]]:
    """Return a maker of desks: ``make_desk(Role.CLERK, store=…)``. ``desk.told``, ``desk.answers``, ``desk.changes``."""
    theme.apply(qapp, "light")
    made: list[Desk] = []

    def make(*roles: Role, store: object = None, settings: Settings | None = None) -> Desk:
        told, answers = Told(), Answers()
        notices = Notices()
        notices.told.connect(told.notices.append)
        notices.defect_told.connect(lambda number, details: told.defects.append((number, details)))
        desk = Desk(
            tasks=InlineTasks(notices.tell),
            language=language,
            settings=settings or Settings(),
            notices=notices,
            store=store or FixedStore(),
            actor=actor_with(*roles) if roles else None,
            ask=answers,
        )
        desk.told, desk.answers, desk.changes = told, answers, []
        desk.changed.connect(lambda change: desk.changes.append(change))
        made.append(desk)
        return desk

    yield make
    for desk in made:
        desk.tasks.close()


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    """A clerk's desk; ``desk.told.only().text`` is what the person was told, ``desk.answers.yes`` what he will answer."""
    return make_desk(Role.CLERK)


__all__ = ["NOW", "Answers", "Changed", "FixedStore", "Told", "actor_with", "network", "sit"]
