"""A language chosen while the program runs is the same as one it began with: nothing of the former one is left standing."""

import re
from dataclasses import replace
from itertools import chain

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from desktop.regulation.model import Role
from desktop.ui import renderer
from tests.story import draw
from tests.ui import walk

SETTLES_MS = 5
SAID_BEFORE = (
    "notice.text",
    "viewer.title",
)  # what was told, and the paper that was opened, before the change
KAZAKH = re.compile("[әғқңөұүһі]", re.IGNORECASE)


@pytest.fixture
def window_in(make_desk, store, people, tmp_path, monkeypatch):
    """Return the window of one who may do everything, begun in a language."""
    made = []

    def begin(code: str):
        monkeypatch.setenv("RUQSAT_STATE", str(tmp_path / f"state{len(made)}"))
        desk = make_desk(store=store)
        monkeypatch.setattr(desk, "draw", draw)
        desk.language.switch(code)
        window = walk.window_of(desk, str(tmp_path / f"window{len(made)}.ini"))
        made.append(window)
        desk.sign_in(replace(people.executor, roles=frozenset(Role)))
        return window

    yield begin
    for window in made:
        window.close()
        window.deleteLater()
    renderer.stop()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _said(window, found) -> dict[str, set[str]]:
    """Return what every place, and a case at every step, says in words."""
    said = {}
    for stop in chain(walk.places(window), walk.cases(window, found)):
        QTest.qWait(SETTLES_MS)  # the stores of these desks answer at once
        said[stop.name] = {
            text
            for widget in stop.seen.findChildren(QWidget)
            if isinstance(widget, QLabel | QAbstractButton)
            and widget.isVisibleTo(stop.seen)
            and not widget.objectName().endswith(SAID_BEFORE)
            and (text := widget.text())
        }
    return said


def test_nothing_of_the_former_language_is_left(window_in, case_at):
    found = walk.cases_for(case_at)
    names = set().union(
        *_said(window_in("ru"), found).values()
    )  # of people and places, in Kazakh for everybody
    window = window_in("kk")
    _said(window, found)
    window.desk.language.switch("ru")
    kept = {
        stop: {text for text in said - names if KAZAKH.search(text)}
        for stop, said in _said(window, found).items()
    }
    assert not {stop: texts for stop, texts in kept.items() if texts}
