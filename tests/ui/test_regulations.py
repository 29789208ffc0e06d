"""The place Regulations: the list, one act read and drawn, two compared, what is odd, a file dropped in."""

import re

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from desktop import resources
from desktop.queries.regulations import reading, regulations
from desktop.regulation.model import Channel
from desktop.ui import renderer
from desktop.ui.places import PLACES, places_of
from desktop.ui.screens.regulations import RegulationsScreen
from tests.ui.names import unnamed

VERSION = re.compile(r'^version = ".*"$', re.M)
WHOLE = resources.path("regulations", "wko-2018-139.toml").read_text(encoding="utf-8")


@pytest.fixture
def opened(qtbot, make_desk, store, people):
    made = []

    def open_it(who: str) -> RegulationsScreen:
        actor = getattr(people, who)
        desk = make_desk(*actor.roles, store=store)
        desk.actor = actor
        screen = RegulationsScreen(desk)
        qtbot.addWidget(screen)
        screen.resize(1140, 700)
        screen.show()
        screen.refresh()
        made.append(screen)
        return screen

    yield open_it
    renderer.stop()


def another(version: str) -> str:
    """Return the shipped text as another version."""
    return VERSION.sub(f'version = "{version}"', WHOLE, count=1)


def words_of(widget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def speak(screen: RegulationsScreen, code: str) -> None:
    """Switch the language and let every widget hear of it."""
    screen.desk.language.switch(code)
    QApplication.processEvents()


def wko_of(screen: RegulationsScreen) -> None:
    """Choose the act of 2018, whatever else is loaded."""
    rows = screen.table.rows.rows
    at = next(at for at, row in enumerate(rows) if row.regulation == "wko-2018-139" and row.current)
    screen.table.put_cursor(at)


def test_it_is_for_whoever_reads_cases_or_looks_after_the_program(people):
    place = next(place for place in PLACES if place.id == "regulations")
    for person in (people.clerk, people.head, people.executor, people.auditor, people.administrator):
        assert place in places_of(person.roles)
    keys = [one.shortcut for one in PLACES]
    assert len(set(keys)) == len(keys)


def test_an_act_is_read_step_by_step(opened):
    screen = opened("clerk")
    wko_of(screen)
    speak(screen, "ru")
    told = words_of(screen.read_part)
    assert "Утратил силу" in told
    assert "15 рабочих дней" in told
    assert "10 МРП" in told
    assert "Приём и регистрация документов" in told
    assert "1 рабочий день · пункт 7(3)" in told
    assert "сверить с источником" in told
    assert screen.chooser.chosen()[2] is Channel.STATE_CORPORATION
    screen.chooser.channel.setCurrentIndex(1)
    screen.chooser.channel.activated.emit(1)
    assert screen.chooser.chosen()[2] is Channel.PORTAL
    assert not list(unnamed(screen))


def test_open_cases_of_a_text_are_counted(opened, case_at, store, people):
    case_at("assign")
    screen = opened("clerk")
    wko_of(screen)
    speak(screen, "en")
    assert "1 open case began under this text and finishes under it" in words_of(screen.read_part)
    assert all(row.open_cases == 0 for row in regulations(store, people.administrator))


def test_the_diagram_is_of_the_chosen_operation(opened):
    screen = opened("head")
    wko_of(screen)
    screen.tabs.setCurrentIndex(1)
    assert {node.step.id for node in screen.diagram.shapes.nodes} >= {"registration", "delivery"}
    assert not list(unnamed(screen))


def test_an_act_is_first_compared_with_the_one_in_force_that_has_its_service(opened):
    screen = opened("head")
    wko_of(screen)
    screen.tabs.setCurrentIndex(2)
    other = screen.comparing._right.row
    assert other.repealed_by is None
    assert screen.chooser.chosen()[0].id in other.service_ids
    assert other.regulation != "wko-2018-139"


def test_the_list_of_acts_names_each_whole_in_the_smallest_window(opened):
    screen = opened("head")
    speak(screen, "kk")
    screen.resize(1050, 640)
    metrics, table = screen.table.fontMetrics(), screen.table
    for row in range(table.rows.rowCount()):
        told = table.rows.index(row, 0).data()
        if told.startswith("№"):
            assert metrics.horizontalAdvance(told) < table.columnWidth(0), told


def test_two_texts_are_compared_and_what_differs_is_named(opened, store, people):
    from desktop.cases.office import load_regulation

    other = another("2018-92").replace('value = 15, unit = "minute"', 'value = 45, unit = "minute"', 1)
    load_regulation(store, people.administrator, text=other, name="next.toml")
    screen = opened("head")
    wko_of(screen)
    speak(screen, "en")
    screen.tabs.setCurrentIndex(2)
    comparing = screen.comparing
    old = next(row for row in screen.table.rows.rows if row.regulation == "wko-2018-139" and not row.current)
    comparing.chooser.law_wanted.emit(old.sha256)
    told = words_of(comparing.sheet)
    assert "45 minutes" in told
    assert told.count("Differs: ") == 1
    assert "Differs: the term" in told
    comparing.only.setChecked(True)
    assert "Наложение визы" not in words_of(comparing.sheet)
    assert not list(unnamed(screen))


def test_what_is_odd_is_listed_with_its_place(opened, store, people):
    from desktop.cases.office import load_regulation

    odd = another("2018-93").replace('value = 15, unit = "working_day"', 'value = 5, unit = "working_day"', 1)
    load_regulation(store, people.administrator, text=odd, name="odd.toml")
    screen = opened("auditor")
    wko_of(screen)
    speak(screen, "en")
    assert screen.tabs.tabText(3) == "To look at (1)"
    screen.tabs.setCurrentIndex(3)
    told = words_of(screen.checking)
    assert "1 thing to look at" in told
    assert "State corporation" in told
    assert "marked as not checked" in told
    found = reading(store, people.auditor, sha256=screen.law.row.sha256)
    assert [one.declared for one in found.findings].count(False) == 1


def test_an_odd_file_asks_before_it_is_loaded(opened, store, people, tmp_path):
    screen = opened("administrator")
    file = tmp_path / "odd.toml"
    file.write_text(
        another("2018-94").replace('value = 15, unit = "working_day"', 'value = 5, unit = "working_day"', 1),
        encoding="utf-8",
    )
    before = len(regulations(store, people.administrator))
    screen.loader.take_file(str(file))
    assert not screen.loader.problem.isHidden()
    assert len(regulations(store, people.administrator)) == before
    screen.loader.load_anyway.click()
    assert len(regulations(store, people.administrator)) == before + 1
    assert screen.loader.problem.isHidden()
    assert len(screen.table.rows.rows) == before + 1


def test_who_may_not_load_a_law_has_no_place_to_drop_one(opened):
    assert opened("clerk").loader.isHidden()
    assert not opened("administrator").loader.isHidden()
