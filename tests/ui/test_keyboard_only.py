"""The newer panels and places by keyboard alone: Tab, arrows, Enter, Space and the keys their tips show; never a click.

Every control a person needs must be a stop of Tab, and the work must be done when the last key is pressed.
"""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from desktop.models import ResultCustody
from desktop.regulation.model import Act, Channel
from desktop.ui import renderer
from desktop.ui.screens.centre import CentreScreen
from desktop.ui.screens.regulations import RegulationsScreen
from desktop.ui.screens.survey import SurveyScreen
from desktop.ui.widgets.tab_order import TabsByEye
from tests import story
from tests.cases.commands import COMMANDS
from tests.cases.office_commands import SOUND, receive
from tests.ui.case_window import Window

CTRL = Qt.KeyboardModifier.ControlModifier
_ENOUGH = 60  # more stops than any of these windows has


@pytest.fixture(autouse=True)
def _own_places(tmp_path, monkeypatch):
    for name in ("STATE", "CONFIG"):
        monkeypatch.setenv(f"RUQSAT_{name}", str(tmp_path / name.lower()))
    yield
    renderer.stop()


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key where the focus is."""
    here = QApplication.focusWidget()
    assert here is not None
    QTest.keyClick(here, key, modifiers)


def tab_to(window: QWidget, name: str) -> QWidget:
    """Press Tab until the control called ``name`` has the focus."""
    seen = []
    for _ in range(_ENOUGH):
        here = window.window().focusWidget()
        if here is not None and here.objectName() == name:
            return here
        seen.append(here.objectName() if here is not None else "")
        QTest.keyClick(here or window.window(), Qt.Key.Key_Tab)
    raise AssertionError(f"Tab never comes to {name}, but to {list(dict.fromkeys(seen))}")


def press_in(window: QWidget, key: Qt.Key) -> None:
    """Press a key where the focus of the window is."""
    QTest.keyClick(window.window().focusWidget(), key)


def write(window: QWidget, name: str, text: str) -> None:
    """Go to an editor and type (letters of ASCII, as the tests' keyboard has no others)."""
    tab_to(window, name)
    QTest.keyClicks(QApplication.focusWidget(), text)


class _Host(TabsByEye, QWidget):
    """A window that goes by Tab as the program's own does."""


def hosted(qtbot, screen: QWidget) -> QWidget:
    """Show a screen in a window of its own, in front."""
    host = _Host()
    screen.host = host  # lives as long as the screen
    QVBoxLayout(host).addWidget(screen)
    qtbot.addWidget(host)
    host.resize(1300, 820)
    host.show()
    host.activateWindow()
    QTest.qWaitForWindowActive(host)
    return host


@pytest.fixture
def at_case(qtbot, make_desk, store):
    made: list[Window] = []

    def make(actor, case_id: int) -> Window:
        window = Window(make_desk(*actor.roles, store=store), actor, case_id)
        window.desk.draw = story.draw
        made.append(window)
        hosted(qtbot, window.screen)
        return window

    yield make
    for window in made:
        window.screen.host.close()


def done(qtbot, window: Window, version: int) -> None:
    """Press Ctrl+Enter and wait until the case has gone on."""
    QTest.keyClick(QApplication.focusWidget() or window.screen, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: window.desk.told.codes or window.card is None or window.card.version > version)
    assert window.desk.told.codes == []


def test_resolving(qtbot, at_case, people, case_at):
    window = at_case(people.phc, case_at("resolve"))
    for name in ("case.reason_kk", "case.reason_ru"):
        write(window.screen, name, "Other territory")
    assert window.screen.bar._primary.effect.value == "declined"
    done(qtbot, window, window.card.version)


def test_hearing(qtbot, at_case, people, case_at):
    window = at_case(people.executor, case_at("hear"))
    came = next(iter(window.panel._came.values()))
    tab_to(window.screen, came.objectName())
    press(Qt.Key.Key_Space)
    assert came.isChecked()
    write(window.screen, window.panel.minutes.editor.objectName(), "He showed his papers")
    done(qtbot, window, window.card.version)


def test_attesting(qtbot, at_case, people, case_at):
    window = at_case(people.secretary, case_at("attest"))
    write(window.screen, "case.test_score", "78")
    write(window.screen, "case.test_max", "100")
    for key in ("interview_kk", "interview_ru"):
        write(window.screen, window.panel.form.field(key).editor.objectName(), "Answered")
    for row in list(window.panel.rows.rows):
        for _ in range(_ENOUGH):
            if QApplication.focusWidget() is row:
                break
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is row, "a member's votes are no stop of Tab"
        press(Qt.Key.Key_1)
    done(qtbot, window, window.card.version)


def test_asking_a_system(qtbot, at_case, people, case_at):
    window = at_case(people.executor, case_at(Act.CHECK))
    window.screen.tabs.setCurrentIndex(window.screen.tabs.count() - 1)
    parts = [
        number for number in range(window.screen.tabs.count()) if window.screen.tabs.isTabVisible(number)
    ]
    for number in parts:
        window.screen.tabs.setCurrentIndex(number)
        if window.control("case.ask_system").isVisible():
            break
    tab_to(window.screen, "case.ask_system")
    press(Qt.Key.Key_Space)
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    QTest.qWaitForWindowActive(dialog)
    for name in ("case.ask.heard", "case.ask.number", "case.ask.note", "case.ask.keep"):
        tab_to(dialog, name)
    press_in(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def opened(qtbot, screen: QWidget) -> QWidget:
    hosted(qtbot, screen)
    screen.refresh()
    return screen


def desk_of(make_desk: Callable, store, actor):
    desk = make_desk(*actor.roles, store=store)
    desk.actor, desk.draw = actor, story.draw
    return desk


def test_the_survey(qtbot, make_desk, store, people, case_at, tmp_path):
    case_id = case_at("deliver")
    COMMANDS["hand_over"].run(case_at, people.clerk, case_at.seen(case_id))
    written: list[str] = []
    screen = SurveyScreen(
        desk_of(make_desk, store, people.clerk),
        choose_file=lambda name: written.append(name) or str(tmp_path / "survey.xlsx"),
    )
    opened(qtbot, screen)
    tab_to(screen, screen.first.objectName())
    tab_to(screen, screen.last.objectName())
    tab_to(screen, screen.export.objectName())
    press(Qt.Key.Key_Space)
    assert written
    assert (tmp_path / "survey.xlsx").exists()


def test_the_centre(qtbot, make_desk, store, people, case_at):
    case_id = case_at("licence", channel=Channel.STATE_CORPORATION)
    screen = opened(qtbot, CentreScreen(desk_of(make_desk, store, people.centre)))
    tab_to(screen, screen.table.objectName())
    write(screen, "centre.receiver", "Zhunisov A.")
    write(screen, "centre.identity_document", "041234567")
    tab_to(screen, "centre.hand_out")
    press(Qt.Key.Key_Space)
    with store.reading() as session:
        kept = session.query(ResultCustody).filter_by(case_id=case_id).one()
    assert kept.receiver == "Zhunisov A."


def test_the_packages(qtbot, make_desk, store, people, case_at):
    from desktop.ui.screens.packages import PackagesScreen

    receive(case_at, SOUND)
    screen = opened(qtbot, PackagesScreen(desk_of(make_desk, store, people.clerk)))
    for name in (
        "packages.drop.choose",
        "packages.all",
        "packages.table",
        "packages.register",
        "packages.again",
    ):
        tab_to(screen, name)


def test_the_regulations_and_their_diagram(qtbot, make_desk, store, people):
    screen = opened(qtbot, RegulationsScreen(desk_of(make_desk, store, people.head)))
    for name in (
        "regulations.list",
        "regulations.of.operation",
        "regulations.of.channel",
        "regulations.tabs",
    ):
        tab_to(screen, name)
    shown = []
    for _ in range(screen.tabs.count()):
        shown.append(screen.tabs.tabText(screen.tabs.currentIndex()))
        press(Qt.Key.Key_Right)
    assert len(set(shown)) == len(shown) > 1
