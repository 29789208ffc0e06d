"""The frame with stand-in screens: where one can go, what is seen at which width, the palette, help, locking."""

from datetime import timedelta

import pytest
import shiboken6
from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget, QPlainTextEdit, QPushButton, QWidget

from desktop.queries import desk as desk_queries
from desktop.queries import registers
from desktop.queries.desk import DeskCounts
from desktop.queries.rows import Page
from desktop.regulation.model import Role, Text
from desktop.ui.dialogs import DefectDialog, HelpDialog
from desktop.ui.main_window import MainWindow
from desktop.ui.places import Place
from desktop.ui.screens.register import RegisterScreen
from desktop.ui.workplace import Workplace
from tests.ui.conftest import NOW, actor_with


class StandIn(QWidget):
    case_chosen = Signal(int)
    screen_chosen = Signal(str)
    gone = Signal()

    def __init__(self, desk, parent=None):
        super().__init__(parent)
        self.refreshed = 0
        self.stays = False
        self.case_id = 0

    def refresh(self):
        self.refreshed += 1

    def may_close(self):
        return not self.stays

    may_leave = may_close

    def open_case(self, case_id):
        self.case_id = case_id


@pytest.fixture
def window(qtbot, make_desk, tmp_path, monkeypatch):
    from desktop.ui.screens import case

    monkeypatch.setattr(Place, "load", lambda self: StandIn)
    monkeypatch.setattr(case, "CaseScreen", StandIn)
    monkeypatch.setattr(desk_queries, "counts", lambda store, actor: DeskCounts(12, 2, 3, 4))
    desk = make_desk()
    window = MainWindow(desk, geometry=QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    desk.sign_in(actor_with(Role.CLERK))
    return window


def _workplace(window) -> Workplace:
    return window.workplace


def test_the_day_begins_at_the_desk_with_the_counts(window):
    assert window.workplace.place.id == "desk"
    count = window.navigation.findChild(QWidget, "navigation.desk.count")
    assert (count.text(), count.property("tone")) == ("12", "late")
    assert window.navigation.findChild(QWidget, "navigation.administration") is None


def test_keys_go_to_places(qtbot, window):
    window.commands.run("go.applications")
    assert window.workplace.place.id == "applications"
    window.commands.run("go.administration")
    assert window.workplace.place.id == "applications"


def test_list_and_case_stand_side_by_side_when_there_is_room(qtbot, window):
    place = _workplace(window)
    place.open_case(7)
    case = place.case_screen()
    assert case.case_id == 7
    assert case.isVisible()
    assert place.screen("desk").isVisible()
    window.resize(1000, 700)
    qtbot.waitUntil(lambda: not place.screen("desk").isVisible())
    back = place.findChild(QPushButton, "workplace.back")
    assert back.isVisible()
    back.click()
    assert place.screen("desk").isVisible()
    assert not case.isVisible()


def test_going_to_the_desk_shows_its_list_though_a_case_lies_over_it(qtbot, window):
    place = _workplace(window)
    place.open_case(7)
    window.commands.run("go.desk")
    assert place.case_id == 7, "beside the list there is room for both"
    window.resize(1000, 700)
    qtbot.waitUntil(lambda: not place.screen("desk").isVisible())
    window.commands.run("go.desk")
    assert place.screen("desk").isVisible()
    assert place.case_id is None


def test_a_case_that_went_out_of_sight_gives_way_to_the_list(window):
    place = _workplace(window)
    place.open_case(7)
    read = place.screen("desk").refreshed
    place.case_screen().gone.emit()
    assert place.case_id is None
    assert not place.case_screen().isVisible()
    assert place.screen("desk").refreshed == read + 1


def test_a_register_opens_the_case_over_itself_and_escape_goes_back(qtbot, window):
    place = _workplace(window)
    place.go("applications")
    place.screen("applications").case_chosen.emit(9)
    assert place.case_screen().isVisible()
    assert not place.screen("applications").isVisible()
    qtbot.keyClick(place, Qt.Key.Key_Escape)
    assert place.screen("applications").isVisible()
    assert place.case_id is None


def test_a_case_found_from_a_full_page_opens_over_the_register(window):
    place = _workplace(window)
    place.go("register")
    place.open_case(3)
    assert place.place.id == "applications"
    assert place.case_screen().case_id == 3


def test_a_screen_may_hold_the_person_back(window):
    place = _workplace(window)
    place.go("register")
    place.screen("register").stays = True
    place.go("desk")
    assert place.place.id == "register"
    place.screen("register").stays = False


def test_what_changed_is_read_anew_where_one_is_and_later_where_one_was(window):
    place = _workplace(window)
    place.go("applications")
    place.go("desk")
    shown, away = place.screen("desk").refreshed, place.screen("applications").refreshed
    window.desk.do(lambda store, actor, *, case_id: None, case_id=1)
    assert place.screen("desk").refreshed == shown + 1
    assert place.screen("applications").refreshed == away
    place.go("applications")
    assert place.screen("applications").refreshed == away + 1


def test_the_navigation_folds_in_a_narrow_window(qtbot, window):
    wide = window.navigation.width()
    window.resize(1000, 700)
    qtbot.waitUntil(lambda: window.navigation.width() < wide)
    assert window.navigation.findChild(QPushButton, "navigation.desk").text() == ""
    assert window.navigation.findChild(QPushButton, "navigation.desk").accessibleName()


def test_the_palette_finds_commands_and_cases(qtbot, window, monkeypatch):
    class Found:
        case_id, number, holder, received_at = 5, "2018-000005", Text("«Шипа» ЖШС", "ТОО «Шипа»"), None

    asked = []
    monkeypatch.setattr(
        registers,
        "applications",
        lambda store, actor, *, filter, limit: (asked.append(filter.text), Page((Found,), None))[1],
    )
    window.commands.run("find")
    line = window.findChild(QLineEdit, "palette.line")
    found = window.findChild(QListWidget, "palette.list")
    qtbot.keyClicks(line, "journal")
    assert found.count() == 0
    line.setText("settings")
    assert found.count() == 1
    line.setText("000005")
    qtbot.waitUntil(lambda: found.count() == 1)
    assert asked == ["000005"]
    nothing = window.findChild(QLabel, "palette.nothing")
    assert not nothing.isVisible()
    monkeypatch.setattr(registers, "applications", lambda store, actor, **_: Page((), None))
    line.setText("no such case")
    qtbot.waitUntil(nothing.isVisible)
    line.setText("y")
    assert not nothing.isVisible()
    monkeypatch.setattr(registers, "applications", lambda store, actor, **_: Page((Found,), None))
    line.setText("000005")
    qtbot.waitUntil(lambda: found.count() == 1)
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert window.workplace.case_id == 5


def test_help_explains_the_screen_and_its_keys(qtbot, window):
    window.commands.run("help")
    dialog = window.findChild(HelpDialog)
    assert "urgent" in dialog.text.text()
    assert "Ctrl+K" in dialog.findChild(QPlainTextEdit, "help.keys").toPlainText()
    qtbot.waitExposed(dialog)
    assert dialog.view.geometry().bottom() < dialog.closer.geometry().top()
    assert dialog.height() >= dialog.layout().totalHeightForWidth(dialog.width())


def test_a_defect_has_one_dialog_with_details_to_copy(qtbot, window):
    window.desk.notices.tell(ZeroDivisionError("Сәрсенов"))
    dialog = window.findChild(DefectDialog)
    assert dialog.isVisible()
    details = dialog.findChild(QPlainTextEdit, "defect.details").toPlainText()
    assert "ZeroDivisionError" in details
    assert "Сәрсенов" not in details
    dialog.copy.click()
    from PySide6.QtGui import QGuiApplication

    assert QGuiApplication.clipboard().text() == details


def test_the_same_person_finds_everything_as_he_left_it(window):
    place = _workplace(window)
    place.go("register")
    screen = place.screen("register")
    window.sign_out()
    assert window.start.isVisible()
    assert window.desk.actor is None
    window.desk.sign_in(actor_with(Role.CLERK))
    assert place.screen("register") is screen
    assert place.place.id == "register"
    window.sign_out()
    window.desk.sign_in(actor_with(Role.AUDITOR, person_id=2))
    assert place.screen("register") is None
    assert place.place.id == "applications"


def test_a_desk_left_alone_is_locked(qtbot, window):
    window._idle.start(1)
    qtbot.waitUntil(lambda: window.desk.actor is None)
    assert window.start.isVisible()


def test_a_notice_is_seen_in_the_bar(window):
    window.desk.notices.done("Іс бұрыштамаға жіберілді")
    assert window.notices.isVisible()
    assert window.notices.text.text() == "Іс бұрыштамаға жіберілді"


def test_the_colours_change_live_and_are_kept(window):
    kept = []
    window.settings_changed.connect(kept.append)
    window.commands.run("scheme.dark")
    assert kept[-1].scheme == "dark"
    window.commands.run("scheme.light")


def test_the_office_s_time_comes_with_the_counts_of_every_minute(window, monkeypatch):
    monkeypatch.setattr(desk_queries, "counts", lambda store, actor: DeskCounts(now=NOW))
    window.refresh_counts()
    assert window.desk.now() - NOW < timedelta(seconds=5)


def test_a_screen_of_who_has_left_hears_no_more_of_the_server(qtbot, make_desk, store, people):
    desk = make_desk(Role.CLERK, store=store)
    desk.actor = people.clerk
    shiboken6.delete(RegisterScreen(desk))
    desk.link.away_changed.emit(True)  # a dead one that heard it would be an exception of the event loop
    desk.link.away_changed.emit(False)
