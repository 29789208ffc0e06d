"""Results at the centre, and what applicants answered, on the screen."""

from datetime import timedelta

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt

from desktop.models import ResultCustody
from desktop.regulation.model import Channel, Role
from desktop.regulation.survey import survey
from desktop.ui.screens.centre import CentreScreen
from desktop.ui.screens.survey import SurveyScreen
from tests.cases.commands import COMMANDS


@pytest.fixture(autouse=True)
def _own_state(tmp_path, monkeypatch):
    monkeypatch.setenv("RUQSAT_STATE", str(tmp_path / "state"))


@pytest.fixture
def sent(store, case_at) -> int:
    return case_at("licence", channel=Channel.STATE_CORPORATION)


@pytest.fixture
def screen(make_desk, store, people, sent, qtbot):
    desk = make_desk(Role.CLERK, store=store)
    desk.actor = people.clerk
    made = CentreScreen(desk)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.refresh()
    return made


def _seen(screen) -> set[str]:
    return {name for name, button in screen.actions.items() if button.isVisible()}


def test_a_result_is_handed_out_with_the_answers(screen, store, sent, qtbot):
    assert [row.case_id for row in screen.model.rows] == [sent]
    assert _seen(screen) == {"hand_out", "take_back"}
    assert not screen.actions["hand_out"].isEnabled()
    screen.form.field("receiver").editor.setText("Жүнісов А.")
    identity = screen.form.field("identity_document").editor
    qtbot.keyClicks(identity, "1")
    box = screen.survey.editor("process")
    box.setCurrentIndex(box.findData("partly_satisfied"))
    qtbot.mouseClick(screen.actions["hand_out"], Qt.MouseButton.LeftButton)
    assert screen.model.rowCount() == 0
    assert screen.states.currentWidget() is screen.states.empty
    screen.whole.setChecked(True)
    row = screen.model.row_at(0)
    assert (row.state, row.receiver) == ("handed_out", "Жүнісов А.")
    assert _seen(screen) == set()
    assert not screen.form.isVisible()


def test_what_nobody_fetched_comes_back_and_is_sent_again(screen, store, sent, qtbot):
    with store.writing() as session:
        kept = session.get_one(ResultCustody, screen.model.row_at(0).custody_id)
        kept.kept_until = store.now() - timedelta(days=1)
    screen.refresh()
    qtbot.mouseClick(screen.actions["take_back"], Qt.MouseButton.LeftButton)
    assert (screen.model.row_at(0).state, _seen(screen)) == ("stored", {"request_again"})
    qtbot.keyClick(screen.table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert (screen.model.row_at(0).state, _seen(screen)) == ("asked", {"send_again"})
    qtbot.keyClick(screen.table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert screen.model.row_at(0).state == "at_centre"
    assert screen.model.rowCount() == 1
    with qtbot.waitSignal(screen.case_chosen) as chosen:
        qtbot.keyClick(screen.table, Qt.Key.Key_Return)
    assert chosen.args == [sent]


def test_the_survey_is_summed_up_and_written_out(make_desk, store, people, case_at, qtbot, tmp_path):
    case_id = case_at("deliver")
    COMMANDS["hand_over"].run(case_at, people.clerk, case_at.seen(case_id))
    desk = make_desk(Role.CLERK, store=store)
    desk.actor = people.clerk
    path = tmp_path / "survey.xlsx"
    screen = SurveyScreen(desk, choose_file=lambda _name: str(path))
    qtbot.addWidget(screen)
    screen.refresh()
    assert [row.counts for row in screen.model.rows] == [(0, 0, 1), (0, 0, 0)]
    screen.write_out()
    sheet = load_workbook(path).active
    assert sheet["A1"].value == survey().title.ru
    assert [cell.value for cell in sheet[5]][2:] == [0, 0, 1, 1]
    screen.first.setText("1.1.2030")
    screen.first.editingFinished.emit()
    assert screen.model.rowCount() == 0
    assert not screen.export.isEnabled()
    screen.last.setText("1.1.2029")
    screen.last.editingFinished.emit()
    assert screen.problem.text() == "The period ends before it begins"
    screen.last.setText("never")
    screen.last.editingFinished.emit()
    assert screen.problem.text() == "This is no day"
