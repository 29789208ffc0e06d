"""Every screen and dialog, in each language at 100 and 150 %: room for every word on 1366 × 768, names for every control."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtTest import QTest

from desktop.regulation.model import Role
from desktop.ui import renderer, theme
from tests.story import draw
from tests.ui import walk
from tests.ui.names import unnamed
from tests.ui.room import beyond, tight
from tests.ui.walk import Stop

LANGUAGES = ("kk", "ru", "en")
TURNS = 12  # of the event loop in which the layouts of wrapped words settle


@pytest.fixture(params=[1.0, 1.5], ids=["100%", "150%"])
def window(request, qapp, make_desk, store, people, case_at, tmp_path, monkeypatch):
    """The program's window for one who may do everything, with a case at every step of the act."""
    monkeypatch.setenv("RUQSAT_STATE", str(tmp_path / "state"))
    found = walk.cases_for(case_at)
    desk = make_desk(store=store)
    desk.everybody = replace(people.executor, roles=frozenset(Role))
    monkeypatch.setattr(desk, "draw", draw)
    theme.apply(qapp, "light", scale=request.param)
    made = walk.window_of(desk, str(tmp_path / "window.ini"))
    made.found = found
    yield made
    made.close()
    made.deleteLater()
    renderer.stop()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _cut(stop: Stop) -> list[str]:
    """Return what has no room, once the layouts have settled."""
    found: list[str] = []
    for _turn in range(TURNS):
        QTest.qWait(1)
        found = [*tight(stop.seen), *beyond(stop.seen)]
        if not found:
            break
    return found


def _walk(window) -> Iterator[Stop]:
    yield from walk.beginning(window)
    window.desk.sign_in(window.desk.everybody)
    yield from chain(
        walk.places(window), walk.cases(window, window.found), walk.dialogs(window, window.found)
    )
    window.sign_out()


def test_every_word_has_its_room_and_every_control_its_name(window):
    cut: list[str] = []
    nameless: set[str] = set()
    for code in LANGUAGES:
        window.desk.language.switch(code)
        for stop in _walk(window):
            cut += [f"{code} {stop.name}: {text}" for text in _cut(stop)]
            nameless |= {f"{stop.name}: {text}" for text in unnamed(stop.seen)}
            size = window.size()
            if (size.width(), size.height()) != (1366, 768):
                cut.append(f"{code} {stop.name}: the window grew to {size.width()} × {size.height()}")
                window.resize(1366, 768)
    assert not cut, "\n".join(cut)
    assert not nameless, "\n".join(sorted(nameless))
