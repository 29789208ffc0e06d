"""The registration form: registers, says what is wrong at its field, loses nothing."""

import pytest
from PySide6.QtCore import Qt

from desktop.regulation.model import Role
from desktop.ui.screens.register import RegisterScreen
from tests.story import draw
from tests.ui.registration import fill, opened


@pytest.fixture(autouse=True)
def _own_state(tmp_path, monkeypatch):
    monkeypatch.setenv("RUQSAT_STATE", str(tmp_path / "state"))


@pytest.fixture
def counter(make_desk, store, people, monkeypatch):
    """A clerk's desk over a real office; papers are drawn without the typesetter."""
    desk = make_desk(Role.CLERK, store=store)
    desk.actor = people.clerk
    monkeypatch.setattr(desk, "draw", draw)
    return desk


@pytest.fixture
def screen(counter, qtbot) -> RegisterScreen:
    return opened(counter, qtbot)


def test_registers_and_tells_number_time_and_dates(screen, counter, qtbot):
    fill(screen)
    assert screen.side.title.text() == "Everything is there", screen._problems
    qtbot.keyClick(screen, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: screen.pages.currentWidget() is screen.done)
    assert counter.told.codes == [], counter.told.notices
    assert screen.done.number.text() == "2018-000001"
    assert screen.done.received.text() == "11 June 2018, 09:30"
    assert screen.done.due.text() == "2 July 2018, 18:30"
    assert screen.done.hand_over.isHidden()
    assert screen.values()["holder_kk"] == ""
    assert counter.changes[-1].cases == {screen.done.registered.case_id}
