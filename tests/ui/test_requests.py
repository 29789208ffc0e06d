"""Requests to other authorities on the screen: what waits, how late, and what was answered."""

import pytest
from PySide6.QtCore import Qt

from desktop.regulation.model import Effect, Role
from desktop.ui.screens.requests import RequestsScreen


@pytest.fixture(autouse=True)
def _own_state(tmp_path, monkeypatch):
    monkeypatch.setenv("RUQSAT_STATE", str(tmp_path / "state"))


def test_shows_what_waits_and_on_demand_what_was_answered(make_desk, store, people, case_at, clock, qtbot):
    waiting = case_at("ask")
    answered = case_at("decide", answer=Effect.CONFORMS)
    desk = make_desk(Role.EXECUTOR, store=store)
    desk.actor = people.executor
    desk.hear_time(clock())
    screen = RequestsScreen(desk)
    qtbot.addWidget(screen)
    with qtbot.waitActive(screen):
        screen.show()
        screen.activateWindow()
    screen.refresh()
    assert [row.case_id for row in screen.model.rows] == [waiting]
    assert screen.model.cell(0, 1)[1:4:2] == (
        "",
        "clock",
    )  # in time by the office's clock, whatever this computer's says
    clock.forward(days=30)
    desk.hear_time(clock())
    screen.refresh()
    assert screen.model.cell(0, 1)[1:4:2] == ("late", "late")
    screen.all.setChecked(True)
    assert {row.case_id for row in screen.model.rows} == {waiting, answered}
    with qtbot.waitSignal(screen.case_chosen) as chosen:
        qtbot.keyClick(screen.table, Qt.Key.Key_Return)
    assert chosen.args == [screen.model.row_at(0).case_id]


def test_says_when_nothing_waits(make_desk, store, people, qtbot):
    desk = make_desk(Role.EXECUTOR, store=store)
    desk.actor = people.executor
    screen = RequestsScreen(desk)
    qtbot.addWidget(screen)
    screen.refresh()
    assert screen.states.currentWidget() is screen.states.empty
    assert screen.states.empty.title.text() == "No answer is being waited for"
