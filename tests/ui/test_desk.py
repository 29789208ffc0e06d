"""Reading and acting through the desk: whose answer it is, what changed, what the person is told."""

import pytest
import shiboken6
from PySide6.QtCore import QObject

from desktop.errors import BadInput, NotAllowed, Unavailable
from desktop.regulation.model import Role
from desktop.regulation.rights import Command
from desktop.ui.desk import Changed, Desk
from desktop.ui.tasks import Tasks


class Screen(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[object] = []

    def take(self, result: object) -> None:
        self.seen.append(result)


def test_a_read_gets_store_and_actor(desk):
    screen = Screen()
    desk.read(lambda store, actor, *, word: (store, actor, word), then=screen.take, word="іс")
    assert screen.seen == [(desk.store, desk.actor, "іс")]


def test_a_command_says_so_and_tells_what_changed(desk):
    assert desk.do(lambda store, actor, *, case_id: None, said="Іс бұрыштамаға жіберілді", case_id=7)
    assert desk.told.only().text == "Іс бұрыштамаға жіберілді"
    assert desk.told.only().kind == "done"
    assert desk.changes == [Changed(cases=frozenset({7}))]


def test_a_refusal_is_a_notice_with_its_sentence_and_changes_nothing(desk):
    def refuse(store, actor, *, case_id):
        raise NotAllowed("case-closed", number="2018-000007")

    desk.do(refuse, case_id=7)
    notice = desk.told.only()
    assert (notice.kind, notice.code) == ("refused", "case-closed")
    assert "2018-000007" in notice.text
    assert desk.changes == []


def test_a_case_a_colleague_moved_is_read_anew(desk):
    def late(store, actor, *, case_id):
        raise NotAllowed("case-moved-on", number="1", who="Айгүл", what="assigned", when="10:00")

    desk.do(late, case_id=7)
    assert desk.told.codes == ["case-moved-on"]
    assert desk.changes == [Changed(cases=frozenset({7}))]


def test_an_error_the_screen_shows_itself_is_not_told_twice(desk):
    def wrong(store, actor):
        raise BadInput("field-required", field="site")

    desk.do(wrong, on_error=lambda error: error.field == "site")
    assert desk.told.notices == []


def test_our_own_defect_gets_a_report_number_and_no_values(desk):
    def broken(store, actor):
        raise KeyError("Сәрсенов 850101450018")

    desk.do(broken)
    [(number, details)] = desk.told.defects
    assert number in details
    assert "KeyError" in details
    assert "850101450018" not in details
    assert desk.told.notices == []


def test_what_is_outside_can_be_tried_again(desk):
    tries = []
    desk.notices.tell(Unavailable("database-gone", reason=""), retry=lambda: tries.append(1))
    notice = desk.told.only()
    assert notice.action == "Try again"
    notice.act()
    assert tries == [1]


def test_a_double_activation_acts_once(qtbot, language):
    tasks = Tasks(lambda error: None)
    desk = Desk(tasks=tasks, language=language, settings=None)
    done = []

    def act(store, actor, *, case_id):
        done.append(case_id)

    assert desk.do(act, case_id=1)
    assert not desk.do(act, case_id=1)
    assert desk.do(act, case_id=2)
    qtbot.waitUntil(lambda: not desk.is_doing())
    assert done == [1, 2]
    assert desk.do(act, case_id=1)
    qtbot.waitUntil(lambda: not desk.is_doing())
    tasks.close()


@pytest.mark.parametrize("how", ["method", "lambda"])
def test_the_answer_for_a_closed_screen_is_dropped(qtbot, language, how):
    tasks = Tasks(lambda error: None)
    desk = Desk(tasks=tasks, language=language, settings=None)
    screen, other = Screen(), Screen()
    seen = screen.seen
    desk.read(
        lambda store, actor: 1, then=screen.take if how == "method" else lambda result: screen.take(result)
    )
    shiboken6.delete(screen)
    desk.read(lambda store, actor: 2, then=other.take)
    qtbot.waitUntil(lambda: other.seen == [2])
    assert seen == []
    tasks.close()


def test_of_a_search_only_the_newest_answer_arrives(qtbot, language):
    tasks = Tasks(lambda error: None)
    desk = Desk(tasks=tasks, language=language, settings=None)
    screen = Screen()
    for word in ("ш", "ши", "шипа"):
        desk.read(lambda store, actor, *, text: text, then=screen.take, latest="search", text=word)
    qtbot.waitUntil(lambda: tasks.running == 0)
    assert screen.seen == ["шипа"]
    tasks.close()


def test_rights_of_showing_follow_the_roles(make_desk):
    assert make_desk(Role.CLERK).may(Command.REGISTER)
    assert not make_desk(Role.AUDITOR).may(Command.REGISTER, Command.SIGN)
    assert not make_desk().may(Command.READ_CASES)
