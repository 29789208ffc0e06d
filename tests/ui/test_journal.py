"""The journal as one reads it: sentences, a search, a period, pages, the way to the case."""

import pytest

from desktop.cases import office as commands
from desktop.cases.office import PersonFacts
from desktop.regulation.model import Role
from desktop.ui.screens.journal import JournalScreen
from tests.office import People


@pytest.fixture
def journal(qtbot, make_desk, store, people):
    def open_as(who: str) -> JournalScreen:
        desk = make_desk(store=store)
        desk.actor = getattr(people, who)
        screen = JournalScreen(desk)
        qtbot.addWidget(screen)
        screen.refresh()
        return screen

    return open_as


def _told(screen: JournalScreen) -> list[str]:
    rows = screen.table.rows
    return [rows.index(number, 1).data() for number in range(rows.rowCount())]


def test_every_step_is_a_sentence(journal) -> None:
    told = _told(journal("auditor"))
    assert told[-1].startswith("Office founded: ")
    assert "employee" in told[0]  # who was hired last


def test_an_entry_says_who_when_and_from_where(journal) -> None:
    screen = journal("auditor")
    screen.table.put_cursor(0)
    assert "WS-TEST" in screen.who.text()
    assert "Әкімова" in screen.who.text()
    assert "2018" in screen.who.text()


def test_it_is_searched_by_who_and_by_what(journal) -> None:
    screen = journal("auditor")
    screen.search.setText("office-created")
    screen.refresh()
    assert len(_told(screen)) == 1
    screen.search.setText("nothing like this")
    screen.refresh()
    assert screen.states.currentWidget() is screen.states.empty
    screen.clear_filter()
    assert len(_told(screen)) == len(People.__slots__)


def test_a_period_has_its_own_days(journal) -> None:
    screen = journal("auditor")
    screen.show()
    assert not screen.first.isVisible()
    screen.period.setCurrentIndex(screen.period.findData("days"))
    assert screen.first.isVisible()
    screen.first.set_day(screen.last.day())
    screen.refresh()
    assert screen.states.currentWidget() is screen.states.empty


def test_more_than_a_page_is_read_as_one_scrolls(journal, store, people) -> None:
    person = PersonFacts("zhana", "Ж", "Ж", "", "", "", frozenset({Role.CLERK}))
    number = commands.save_person(store, people.administrator, person=person, password="Orda-1812")
    for turn in range(150):
        commands.set_active(store, people.administrator, person_id=number, active=bool(turn % 2))
    screen = journal("auditor")
    assert screen.table.rows.rowCount() == 128
    screen.table.rows.fetchMore(screen.table.rootIndex())
    assert screen.table.rows.rowCount() == 151 + len(People.__slots__)


def test_it_opens_the_case(journal, case_at, qtbot) -> None:
    from desktop.regulation.model import Act

    case_at(Act.ASSIGN)
    screen = journal("auditor")
    row = screen.table.rows.find(lambda row: row.case_id is not None)
    screen.table.put_cursor(row)
    with qtbot.waitSignal(screen.case_chosen) as chosen:
        screen.open.click()
    assert chosen.args == [screen.table.current_row().case_id]


def test_the_administrator_reads_but_opens_no_case(journal, case_at) -> None:
    from desktop.regulation.model import Act

    case_at(Act.ASSIGN)
    screen = journal("administrator")
    screen.table.put_cursor(0)
    assert screen.open.isHidden()


def test_a_clerk_may_not_read_it(journal) -> None:
    screen = journal("clerk")
    assert screen.states.currentWidget() is screen.states.failed
