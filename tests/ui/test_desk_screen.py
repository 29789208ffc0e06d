"""My desk: grouped by the time left, by keys, and what it says when there is nothing or nothing can be read."""

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt

from desktop.errors import Unavailable
from desktop.queries.rows import DeskRow
from desktop.regulation.model import Act, Role, Text
from desktop.ui.screens.desk import DeskScreen, group_of
from tests.clock import OFFICE_ZONE

NOW = datetime(2018, 7, 3, 10, 0, tzinfo=OFFICE_ZONE)  # a Tuesday


def row(number: int, left: timedelta, *, returned: bool = False) -> DeskRow:
    return DeskRow(
        case_id=number,
        number=f"2018-{number:06}",
        holder=Text(f"«Шипа {number}» ЖШС", f"ТОО «Шипа {number}»"),
        service=Text("Қызмет", "Услуга"),
        step=Text("Толықтығын тексеру", "Проверка полноты"),
        act=Act.CHECK,
        step_due_at=NOW + left,
        due_at=NOW + timedelta(days=20),
        step_entered_at=NOW - timedelta(days=1),
        returned=returned,
    )


@pytest.fixture
def opened(make_desk, qtbot):
    def make(rows, *, fails: list[BaseException] | None = None) -> DeskScreen:
        answers = {"rows": rows}

        def read(store, actor):
            if fails:
                raise fails.pop()
            return tuple(answers["rows"]), NOW.astimezone(UTC)

        screen = DeskScreen(make_desk(Role.EXECUTOR), read=read)
        screen.answers = answers
        qtbot.addWidget(screen)
        screen.resize(400, 700)
        with qtbot.waitActive(screen):
            screen.show()
            screen.activateWindow()
        screen.refresh()
        return screen

    return make


ROWS = (
    row(1, timedelta(hours=-30)),
    row(2, timedelta(hours=2)),
    row(3, timedelta(days=2), returned=True),
    row(4, timedelta(days=9)),
)


@pytest.mark.parametrize(
    ("left", "group"),
    [
        (timedelta(seconds=-1), "overdue"),
        (timedelta(hours=13), "today"),
        (timedelta(hours=15), "week"),
        (timedelta(days=5), "week"),
        (timedelta(days=6), "later"),
    ],
)
def test_groups_by_the_time_left_and_the_week_ends_on_sunday(left, group):
    assert group_of(NOW + left, NOW) == group


def test_shows_the_groups_with_their_headings(opened):
    screen = opened(ROWS)
    headings = [line for line in screen.lines.lines if isinstance(line, str)]
    assert headings == ["Overdue", "Today", "This week", "Later"]
    assert screen.left_words(ROWS[0]) == "1 day late"
    assert screen.step_words(ROWS[2]).endswith("returned for rework")


def test_the_keys_pass_over_headings_and_enter_opens(opened, qtbot):
    screen = opened(ROWS)
    qtbot.keyClick(screen.list, Qt.Key.Key_Down)
    with qtbot.waitSignal(screen.case_chosen) as chosen:
        qtbot.keyClick(screen.list, Qt.Key.Key_Return)
    assert chosen.args == [2]


def test_a_refresh_keeps_the_chosen_case(opened):
    screen = opened(ROWS)
    screen.choose_case(3)
    screen.answers["rows"] = (row(9, timedelta(hours=-50)), *ROWS)
    screen.refresh()
    assert screen.list.currentIndex().data(Qt.ItemDataRole.UserRole + 1).case_id == 3


def test_a_case_that_left_the_list_leaves_no_other_marked_and_the_cursor_at_the_most_urgent(opened, qtbot):
    screen = opened(ROWS)
    screen.choose_case(3)
    screen.answers["rows"] = tuple(one for one in ROWS if one.case_id != 3)
    screen.refresh()
    assert screen.list.selectedIndexes() == []  # beside the list the case that left is still read
    with qtbot.waitSignal(screen.case_chosen) as chosen:
        qtbot.keyClick(screen.list, Qt.Key.Key_Return)
    assert chosen.args == [1]
    screen.answers["rows"] = ROWS
    screen.refresh()
    assert screen.list.currentIndex().data(Qt.ItemDataRole.UserRole + 1).case_id == 3
    assert len(screen.list.selectedIndexes()) == 1
    screen.filter.setText("ШИПА 4")
    screen.filter.clear()
    assert screen.list.currentIndex().data(Qt.ItemDataRole.UserRole + 1).case_id == 3


def test_filters_as_it_is_typed_in_any_alphabet(opened):
    screen = opened(ROWS)
    screen.filter.setText("ШИПА 4")
    assert [line.case_id for line in screen.lines.lines if isinstance(line, DeskRow)] == [4]
    screen.filter.setText("nobody")
    assert screen.states.empty.title.text() == "Nothing on the desk is like that"


def test_an_empty_desk_and_one_that_cannot_be_read_are_said(opened):
    screen = opened(())
    assert screen.states.empty.title.text() == "Nothing waits for you"
    screen = opened(ROWS, fails=[Unavailable("database-unreachable")])
    assert screen.states.currentWidget() is screen.states.failed
    screen.states.failed.action.click()
    assert screen.states.currentWidget() is screen.states.content


def test_a_name_with_tags_is_drawn_and_told_as_it_is(opened):
    one = row(1, timedelta(hours=1))
    evil = Text("<b>Шипа</b>", "<b>Шипа</b>")
    screen = opened((DeskRow(**{name: getattr(one, name) for name in one.__slots__} | {"holder": evil}),))
    tip = screen.lines.index(1).data(Qt.ItemDataRole.ToolTipRole)
    assert "&lt;b&gt;" in tip
    screen.grab()


def test_what_a_real_office_has_waiting(make_desk, people, case_at, store, qtbot):
    first, second = case_at(Act.CHECK), case_at(Act.DECIDE)
    desk = make_desk(Role.EXECUTOR, store=store)
    desk.actor = people.executor
    screen = DeskScreen(desk)
    qtbot.addWidget(screen)
    screen.refresh()
    found = {line.case_id for line in screen.lines.lines if isinstance(line, DeskRow)}
    assert found == {first, second}
