"""Two windows at one server: what one does the other sees, where it stands and what is typed stay; and a lost line."""

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from desktop.cases import correcting, deciding, routing
from desktop.regulation.model import Act, Effect, Role
from desktop.store.database import Store
from tests import story
from tests.ui.case_window import give
from tests.ui.gui_thread import gui_thread_watched
from tests.ui.windows import Window


def _rows(window: Window) -> list[int]:
    return [row.case_id for row in window.window.workplace.screen("desk")._rows]


def test_a_colleagues_change_stands_in_the_list_within_a_second_and_nothing_jumps(
    sit, qtbot, case_at, people, postgres_store: Store, tmp_path, record_property
):
    cases = [case_at(Act.ASSIGN) for _ in range(4)]
    head = sit(people.head)
    screen = head.window.workplace.screen("desk")
    qtbot.waitUntil(lambda: len(_rows(head)) == 4, timeout=20_000)
    head.window.workplace.open_case(cases[2])
    qtbot.waitUntil(lambda: head.tasks.running == 0, timeout=20_000)
    screen.filter.setFocus()
    screen.filter.setText("2018")
    scroll, focus = screen.list.verticalScrollBar().value(), head.window.focusWidget()
    outcome = case_at.outcome(cases[0], Act.ASSIGN, Effect.FORWARD)
    with gui_thread_watched(tmp_path) as waited_for:
        routing.assign(
            postgres_store, people.head, outcome=outcome, person_id=people.executor.person_id,
            **case_at.seen(cases[0]),
        )  # fmt: skip
        waited_for.clear()  # the colleague sits on this thread too
        began = time.monotonic()
        qtbot.waitUntil(lambda: cases[0] not in _rows(head), timeout=20_000)
        took = time.monotonic() - began
        assert waited_for == []
    record_property(
        "told", f"a colleague's change stood in the list {took * 1000:.0f} ms after its command returned"
    )
    assert took < 1
    assert head.window.focusWidget() is focus
    assert screen.list.verticalScrollBar().value() == scroll
    assert head.window.workplace.case_id == cases[2]
    assert screen.filter.text() == "2018"


def test_a_form_that_is_being_filled_in_is_left_alone(sit, qtbot, case_at, people, postgres_store: Store):
    case_id = case_at(Act.ASSIGN)
    clerk = sit(people.clerk)
    clerk.window.workplace.go("register")
    qtbot.waitUntil(lambda: clerk.tasks.running == 0, timeout=20_000)
    form = clerk.window.workplace.screen("register")
    name = form.page.applicant.fields["holder_kk"].editor
    name.setFocus()
    name.setText("«Ақ жайық»")
    name.setCursorPosition(3)
    heard: list[object] = []
    clerk.desk.changed.connect(heard.append)
    outcome = case_at.outcome(case_id, Act.ASSIGN, Effect.FORWARD)
    routing.assign(
        postgres_store,
        people.head,
        outcome=outcome,
        person_id=people.executor.person_id,
        **case_at.seen(case_id),
    )
    qtbot.waitUntil(lambda: bool(heard), timeout=20_000)
    qtbot.waitUntil(lambda: clerk.tasks.running == 0, timeout=20_000)
    assert (name.text(), name.cursorPosition()) == ("«Ақ жайық»", 3)
    assert clerk.window.focusWidget() is name


class _Stalls:
    """How long the event loop stood still, measured by a timer that should come every ten milliseconds."""

    def __init__(self) -> None:
        from PySide6.QtCore import QTimer

        self.longest, self._last = 0.0, time.monotonic()
        self._timer = QTimer(interval=10, timeout=self._beat)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)

    def _beat(self) -> None:
        now = time.monotonic()
        self.longest, self._last = max(self.longest, now - self._last), now

    def __enter__(self) -> "_Stalls":
        self._timer.start()
        self._last = time.monotonic()
        return self

    def __exit__(self, *_error: object) -> None:
        self._timer.stop()


@pytest.mark.parametrize("fault", ["switched off", "stalled"])
def test_a_lost_line_is_told_calmly_and_found_again_by_itself(
    sit, qtbot, case_at, people, postgres_store, network, tmp_path, record_property, monkeypatch, fault
):
    monkeypatch.setattr("desktop.queries.listening.SILENCE", 0.5)
    case_at(Act.ASSIGN)
    head = sit(people.head)
    assert len(_rows(head)) == 1
    banner = head.window.link_banner
    assert not banner.isVisible()
    with _Stalls() as stalls, gui_thread_watched(tmp_path) as waited_for:
        network.go_away() if fault == "switched off" else network.stall()
        head.desk.link.doubt()
        qtbot.waitUntil(banner.isVisible, timeout=20_000)
        assert "Нет связи" in head.window.findChild(QLabel, "link.text").text()
        network.come_back()
        network.flow()
        qtbot.mouseClick(banner.action, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: not banner.isVisible(), timeout=20_000)
        assert waited_for == []
    record_property("told", f"{fault}: the event loop stood still for {stalls.longest * 1000:.0f} ms at most")
    assert [notice.text for notice in head.told] == ["Связь с сервером восстановлена"]
    qtbot.waitUntil(lambda: head.tasks.running == 0, timeout=20_000)
    qtbot.waitUntil(lambda: len(_rows(head)) == 1, timeout=20_000)


def test_who_has_left_the_desk_hears_nothing(sit, qtbot, people):
    head = sit(people.head)
    listener = head.desk.link._listener
    head.window.sign_out()
    assert listener.join(10)
    assert head.desk.link._listener is None
    assert not head.window.link_banner.isVisible()
    head.desk.sign_in(people.head)
    qtbot.waitUntil(lambda: head.tasks.running == 0, timeout=20_000)
    assert Role.HEAD in head.desk.actor.roles


def test_a_colleague_at_the_same_case_is_seen_and_seen_to_leave(
    sit, qtbot, case_at, people, postgres_store: Store, clock
):
    case_id = case_at(Act.CHECK)
    head = sit(people.head)
    head.window.workplace.open_case(case_id)
    qtbot.waitUntil(lambda: head.tasks.running == 0, timeout=20_000)
    company = head.window.workplace.case_screen().head.company
    assert not company.isVisible()
    executor = sit(people.executor)
    executor.window.workplace.open_case(case_id)
    qtbot.waitUntil(company.isVisible, timeout=20_000)
    assert company.text() == f"Только что открыто: {people.executor.name_ru}"
    clock.forward(minutes=1)
    company._meet()
    executor.window.workplace.case_screen().head.company._meet()
    qtbot.waitUntil(lambda: "1 минуту" in company.text(), timeout=20_000)
    executor.window.workplace.leave_case()
    qtbot.waitUntil(lambda: not company.isVisible(), timeout=20_000)


def test_a_lost_race_says_who_did_what_and_when_and_keeps_what_was_typed(
    sit, qtbot, case_at, people, postgres_store: Store, network
):
    """Two executors' windows at one case: the second is slower by a moment in which it hears nothing."""
    case_id = case_at(Act.DECIDE)
    here, there = sit(people.executor), sit(people.executor)
    screens = []
    for window in (here, there):
        window.window.workplace.open_case(case_id)
        qtbot.waitUntil(lambda window=window: window.tasks.running == 0, timeout=20_000)
        screens.append(window.window.workplace.case_screen())
    mine, theirs = screens
    here.desk.link.end()  # the word of the other's change is still on its way
    mine.panel.note_kk.editor.setPlainText("Келісім бойынша ескерту")
    typed = mine.panel.typed()
    assert "Келісім бойынша ескерту" in str(typed)
    operation = case_at.operation(case_id)
    checks = dict(list(story.good_checks(operation).items())[:1])
    theirs.act_on(deciding.save_checks, checks=checks, stays=True)
    qtbot.waitUntil(lambda: there.tasks.running == 0, timeout=20_000)
    mine.act_on(deciding.save_checks, checks=checks, stays=True)
    qtbot.waitUntil(lambda: bool(here.told), timeout=20_000)
    qtbot.waitUntil(lambda: here.tasks.running == 0, timeout=20_000)
    (notice,) = here.told
    assert notice.code == "case-moved-on"
    assert people.executor.name_ru.split()[0] in notice.text or people.executor.name_kk in notice.text
    assert "сохранена проверка" in notice.text
    assert mine.card.version == theirs.card.version
    assert mine.panel.typed() == typed


def test_what_a_colleague_changed_is_said_over_the_open_case(
    sit, qtbot, case_at, people, postgres_store: Store
):
    case_id = case_at(Act.DECIDE)
    head = sit(people.executor)
    head.window.workplace.open_case(case_id)
    qtbot.waitUntil(lambda: head.tasks.running == 0, timeout=20_000)
    screen = head.window.workplace.case_screen()
    assert not screen.note.isVisible()
    correcting.correct(
        postgres_store, people.clerk, changes={"phone": "+7 7112 50 11 22"}, reason="қате терілген",
        **case_at.seen(case_id),
    )  # fmt: skip
    qtbot.waitUntil(screen.note.isVisible, timeout=20_000)
    assert people.clerk.name_kk in screen.note.text.text() or people.clerk.name_ru in screen.note.text.text()
    assert "50 11 22" in screen.note.text.text()


def test_the_keys_stay_with_the_case_when_what_had_them_is_gone(
    sit, people, case_at, qtbot, postgres_store: Store
):
    """Qt would hand them to what comes next, and that may be the button to sign out."""
    executor = sit(people.executor)
    place = executor.window.workplace
    place.open_case(case_at(Act.CHECK))
    screen = place.case_screen()
    qtbot.waitUntil(lambda: screen.panel is not None and screen.panel.isVisible(), timeout=20_000)
    rows = screen.panel.rows.rows
    for row in rows:
        give(row, Qt.Key.Key_1)
    rows[-1].setFocus()
    before = screen.card.version
    screen.bar.primary.click()
    qtbot.waitUntil(lambda: screen.card.version != before and executor.tasks.running == 0, timeout=20_000)
    assert screen.isAncestorOf(executor.window.focusWidget())
