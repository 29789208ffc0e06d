"""The card of a licence on the screen: its history, its state on a day, and a decision that is entered by keyboard."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox
from shiboken6 import isValid
from sqlalchemy import select

from desktop.cases.application import IncomingFile
from desktop.cases.licence_states import Decision, change_licence
from desktop.models import Licence
from desktop.regulation.model import Role
from desktop.ui.screens.licences import LicencesScreen
from tests.clock import OFFICE_ZONE


@pytest.fixture(autouse=True)
def _own_state(tmp_path, monkeypatch):
    monkeypatch.setenv("RUQSAT_STATE", str(tmp_path / "state"))


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "order.pdf"
    path.write_bytes(b"%PDF-1.4\n%the order\n%%EOF\n")
    return path


@pytest.fixture
def licence_id(store, case_at, clock) -> int:
    case_id = case_at("licence")
    clock.forward(days=30)
    with store.reading() as session:
        return session.scalars(select(Licence.id).where(Licence.case_id == case_id)).one()


@pytest.fixture
def card(make_desk, store, people, licence_id, qtbot):
    """The card over the register, opened by the key."""
    yield from _opened(make_desk, store, people.department_head, Role.DEPARTMENT_HEAD, qtbot)


def _opened(make_desk, store, actor, role, qtbot):
    desk = make_desk(role, store=store)
    desk.actor = actor
    screen = LicencesScreen(desk)
    qtbot.addWidget(screen)
    screen.resize(1100, 700)
    with qtbot.waitActive(screen):
        screen.show()
        screen.activateWindow()
    screen.refresh()
    screen.setFocus()
    qtbot.keyClick(screen.table, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    dialog = screen.dialog
    assert dialog is not None
    with qtbot.waitActive(dialog):
        dialog.activateWindow()
    yield dialog
    if isValid(dialog):
        dialog.form.picker.line.clear()
        dialog.form.hide()  # what a test left typed is nobody's
        dialog.close()
    screen.close()


def today(clock) -> date:
    return clock.moment.astimezone(OFFICE_ZONE).date()


def _choose(card, key: str, data: str) -> None:
    box = card.form.field(key).editor
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(box.findData(data))
    assert box.currentData() == data


def _suspend(card, clock, scan: Path, qtbot) -> None:
    _choose(card, "ground", "requirements-broken")
    assert card.form.field("decided_by").editor.currentData() == "licensor"
    qtbot.keyClicks(card.form.field("decision_number").editor, "112-o")
    for key, day in (("decided_on", today(clock)), ("until_on", today(clock) + timedelta(days=60))):
        qtbot.keyClicks(card.form.field(key).editor, f"{day:%d.%m.%Y}")
    qtbot.keyClicks(card.form.picker.line, str(scan))
    qtbot.keyClick(card, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_a_licence_is_suspended_resumed_and_asked_about(card, clock, scan, qtbot) -> None:
    assert card.state.text().startswith("Issued from ")
    assert card.table.isHidden()
    offered = {card.form.field("ground").editor.itemData(n) for n in range(1, 5)}
    assert {"requirements-broken", "court-suspended"} <= offered
    _suspend(card, clock, scan, qtbot)
    assert card.problem.text() == ""
    assert [field.problem for field in card.form if field.problem] == []
    assert card.state.text().startswith("Suspended from ")
    assert card.model.rowCount() == 1
    assert "112-o" in card.details.text()
    assert "order.pdf" in card.details.text()
    assert card._desk.told.only().text == "The decision about licence No 18000001 is entered"
    assert "Suspended: licence No 18000001" in card._desk.answers.asked[0]
    assert card._desk.changes

    offered = {
        card.form.field("ground").editor.itemData(n) for n in range(card.form.field("ground").editor.count())
    }
    assert "violations-removed" in offered
    assert "requirements-broken" not in offered
    _choose(card, "ground", "violations-removed")
    assert card.form.field("until_on").isHidden()

    day = card.day.editor
    for offset, said in ((-1, "Issued"), (0, "Suspended"), (-40, "Not issued yet")):
        day.setText(f"{today(clock) + timedelta(days=offset):%d.%m.%Y}")
        assert said in card.answer.text(), card.answer.text()
    day.setText("32.13.2018")
    assert card.answer.text() == ""


def test_what_is_wrong_stands_at_its_field(card, clock, scan, qtbot) -> None:
    qtbot.keyClick(card, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert card.form.field("ground").problem
    _choose(card, "ground", "requirements-broken")
    qtbot.keyClicks(card.form.field("decision_number").editor, "1")
    card.form.field("decided_on").editor.setText("99.99.2018")
    qtbot.mouseClick(card.enter, Qt.MouseButton.LeftButton)
    assert card.form.field("decided_on").problem
    for key in ("decided_on", "from_on"):
        card.form.field(key).editor.setText(f"{today(clock):%d.%m.%Y}")
    card.form.field("until_on").editor.setText(f"{today(clock) + timedelta(days=300):%d.%m.%Y}")
    card.form.picker.line.setText(str(scan))
    qtbot.mouseClick(card.enter, Qt.MouseButton.LeftButton)
    assert "at the longest" in card.form.field("until_on").problem
    card.form.field("until_on").editor.setText(f"{today(clock):%d.%m.%Y}")
    card.form.picker.line.setText(str(scan.with_name("gone.pdf")))
    qtbot.mouseClick(card.enter, Qt.MouseButton.LeftButton)
    assert "gone.pdf" in card.form.field("files").problem
    assert card.model.rowCount() == 0


def test_no_is_no(card, clock, scan, qtbot) -> None:
    card._desk.answers.yes = [False]
    _suspend(card, clock, scan, qtbot)
    assert card.model.rowCount() == 0
    assert card.form.field("decision_number").editor.text() == "112-o"  # what was typed stays
    card._desk.answers.yes = [False]
    qtbot.keyClick(card, Qt.Key.Key_Escape)
    assert card.isVisible()
    assert "not entered" in card._desk.answers.asked[-1]
    qtbot.keyClick(card, Qt.Key.Key_Escape)
    assert not card.isVisible()


def _suspended(store, people, licence_id: int, decision: Decision, scan) -> None:
    facts = {"licence_id": licence_id, "decision": decision, "files": [IncomingFile(scan)]}
    change_licence(store, people.head, seen_change=0, **facts)


def test_a_colleague_was_quicker(card, store, people, clock, scan, licence_id, qtbot) -> None:
    day = today(clock)
    _suspended(store, people, licence_id, Decision("court-suspended", "court", day, "7", day, day), scan)
    _suspend(card, clock, scan, qtbot)
    assert people.head.name_kk in card.problem.text()
    assert card.state.text().startswith("Suspended from ")
    assert card.model.rowCount() == 1


def test_a_suspension_that_is_over_says_so(make_desk, store, people, clock, scan, licence_id, qtbot) -> None:
    day = today(clock)
    _suspended(
        store, people, licence_id, Decision("requirements-broken", "licensor", day, "7", day, day), scan
    )
    clock.forward(days=1)
    opened = _opened(make_desk, store, people.clerk, Role.CLERK, qtbot)
    card = next(opened)
    assert "ended on" in card.alarm.text()
    assert not card.alarm.isHidden()
    assert card.form.isHidden()  # the clerk reads, and enters nothing
    assert card.enter.isHidden()
    next(opened, None)


def test_tab_reaches_everything(card, qtbot) -> None:
    seen = set()
    for _ in range(40):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        seen.add(QApplication.focusWidget().objectName())
    assert {"licence.day", "licence.ground", "licence.decided_by", "licence.note", "licence.enter"} <= seen


def test_the_workbook_says_state_day_ground_and_successor(
    make_desk, store, people, clock, scan, licence_id, tmp_path, qtbot
) -> None:
    day = today(clock)
    last = day + timedelta(days=9)
    _suspended(
        store, people, licence_id, Decision("requirements-broken", "licensor", day, "7-ө", day, last), scan
    )
    desk = make_desk(Role.CLERK, store=store)
    desk.actor = people.clerk
    screen = LicencesScreen(desk)
    qtbot.addWidget(screen)
    screen.refresh()
    screen.choose_file = lambda _name: str(tmp_path / "l.xlsx")
    screen.export()
    sheet = load_workbook(tmp_path / "l.xlsx").active
    head = [cell.value for cell in sheet[4]]
    told = dict(zip(head, [cell.value for cell in sheet[5]], strict=True))
    state = next(value for name, value in told.items() if "Статус" in name)
    assert state in {"Приостановлена", "Тоқтатыла тұрған"}
    since = next(value for name, value in told.items() if "Дата изменения" in name)
    assert since.date() == day
    until = next(value for name, value in told.items() if "Приостановлена по" in name)
    assert until.date() == day + timedelta(days=9)
    ground = next(value for name, value in told.items() if "Основание" in name)
    assert "№ 7-ө" in ground
