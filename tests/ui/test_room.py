"""Every label and button of the first screens and of the frame has room, in each language, at 100 and 150 %."""

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QLineEdit

from desktop.errors import Unavailable
from desktop.queries.desk import DeskCounts
from desktop.queries.rows import OfficeRow, SigningRules
from desktop.regulation.model import Role, Text
from desktop.ui import theme
from desktop.ui.dialogs import DefectDialog, HelpDialog
from desktop.ui.main_window import MainWindow
from desktop.ui.places import places_of
from tests.ui.conftest import actor_with
from tests.ui.room import tight

EMPTY = Text("", "")
LONG_NAME = Text(
    "Батыс Қазақстан облысы әкімдігінің денсаулық сақтау басқармасы",
    "Управление здравоохранения акимата Западно-Казахстанской области",
)
OFFICE = OfficeRow(
    1,
    LONG_NAME,
    "050140003412",
    EMPTY,
    EMPTY,
    "Asia/Oral",
    "",
    True,
    "",
    "",
    "",
    True,
    1,
    SigningRules(),
    None,
    None,
    None,
)
PEOPLE = (
    (
        "head",
        Text("Басшыбаева Гүлбаршын Қуанышбекқызы", "Басшибаева Гульбаршын Куанышбековна"),
        Role.DEPARTMENT_HEAD,
    ),
    ("clerk", Text("Кеңсебаева Гүлнәр Ұланқызы", "Кенсебаева Гульнар Улановна"), Role.CLERK),
)


@pytest.fixture(params=["kk", "ru", "en"])
def code(request):
    return request.param


@pytest.fixture(params=[1.0, 1.5])
def window(qtbot, qapp, make_desk, language, tmp_path, code, request):
    desk = make_desk()
    language.switch(code)
    theme.apply(qapp, "light", scale=request.param)
    window = MainWindow(desk, geometry=QSettings(str(tmp_path / "w.ini"), QSettings.Format.IniFormat))
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show_office(OFFICE)
    window.show()
    return window


def _settled(qtbot, window) -> list[str]:
    qtbot.wait(20)
    return list(tight(window))


def test_the_sign_in(qtbot, window):
    window.start.sign_in.show_people(PEOPLE, "x")
    window.start.show_sign_in(OFFICE, "/home/office/.local/share/ruqsat/demo/office.sqlite", login="clerk")
    assert _settled(qtbot, window) == []


def test_the_first_choice(qtbot, window):
    window.start.show_first_choice()
    assert _settled(qtbot, window) == []


def test_the_new_office(qtbot, window):
    window.start.begin_new_office()
    for step in range(4):
        window.start.wizard._go(step)
        assert _settled(qtbot, window) == []
    window.start.wizard._go(0)
    window.start.wizard.findChild(QLineEdit, "new_office.bin").setText("1")
    window.start.wizard.next.click()
    assert _settled(qtbot, window) == []


def test_what_went_wrong(qtbot, window):
    window.start.show_failure(
        Unavailable("database-in-use", path="/home/office/.local/share/ruqsat/office.sqlite", who="WS-1")
    )
    window.desk.notices.tell(Unavailable("database-gone", reason=""), retry=lambda: None)
    assert _settled(qtbot, window) == []


@pytest.mark.parametrize("dialog", ["defect", "help"])
def test_the_dialogs(qtbot, window, dialog):
    made = (
        DefectDialog("0A1B2C3D", "…", window)
        if dialog == "defect"
        else HelpDialog("", window.commands, window)
    )
    qtbot.addWidget(made)
    made.show()
    assert _settled(qtbot, made) == []


def test_the_navigation(qtbot, window):
    window.desk.actor = actor_with(*Role)
    window.navigation.show_places(places_of(Role))
    window.navigation.show_counts(DeskCounts(128, 12, 34, 56, 78, 9, 110))
    window._pages.setCurrentIndex(1)
    window.navigation.retranslate()
    for width in (1366, 1920, 1000):
        window.resize(width, 900)
        qtbot.wait(10)
        assert list(tight(window.navigation)) == []
