"""What screens are made of: plain text, fields, faces of a list, chips, notices, rows."""

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit

from desktop.errors import BadInput, Unavailable
from desktop.ui import theme
from desktop.ui.messages import Notice
from desktop.ui.rows_model import ROW_ROLE, Column, RowsModel
from desktop.ui.widgets.chip import DeadlineChip, deadline_tone
from desktop.ui.widgets.drop_down import DropDown, make_room
from desktop.ui.widgets.empty import States
from desktop.ui.widgets.form import Field, Form, line_edit
from desktop.ui.widgets.notice_bar import NoticeBar
from desktop.ui.widgets.plain import Button, ElidedLabel, PlainLabel, Question
from desktop.ui.widgets.search_choice import SearchChoice
from desktop.ui.widgets.tabs import Tabs

NASTY = '<img src="/etc/passwd">&amp;<b>ТОО</b>'
NOW = datetime(2018, 7, 2, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize("make", [PlainLabel, ElidedLabel])
def test_a_label_shows_tags_as_letters(qtbot, make):
    label = make(NASTY)
    qtbot.addWidget(label)
    label.resize(2000, 20)
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert label.text() == NASTY
    assert "<img" not in label.toolTip()


def test_a_question_over_nasty_text_is_plain_and_escape_says_no(qtbot, desk):
    question = Question(None, NASTY, title=NASTY, yes=NASTY, danger=True)
    qtbot.addWidget(question)
    question.show()
    assert question.text.textFormat() == Qt.TextFormat.PlainText
    assert question.no.isDefault()
    qtbot.keyClick(question, Qt.Key.Key_Escape)
    assert question.result() == 0


def test_a_button_shows_its_keys_and_why_it_is_grey(qtbot, desk):
    button = Button("Шипа & Ко", icon="sign", shortcut="Ctrl+Return")
    qtbot.addWidget(button)
    assert "Ctrl+Return" in button.toolTip()
    assert button.accessibleName() == "Шипа & Ко"
    button.set_why_not("Іс жабық")
    assert not button.isEnabled()
    assert button.toolTip() == "Іс жабық"
    button.set_why_not("")
    assert button.isEnabled()


def test_bad_input_stands_at_its_field(qtbot, desk):
    form = Form()
    qtbot.addWidget(form)
    field = form.add("site", Field(line_edit(), "Site", name="register.site", required=True))
    form.add_row(field)
    form.show()
    assert field.label.text() == "Site *"
    assert form.show_error(BadInput("field-required", field="site"))
    assert field.problem
    assert form.findChild(QLabel, "register.site.problem").text() == field.problem
    assert form.findChild(QLineEdit, "register.site").property("wrong") is True
    form.clear_problems()
    assert field.problem == ""
    assert not form.show_error(BadInput("field-required", field="elsewhere"))
    assert not form.show_error(Unavailable("database-gone"))


def test_the_faces_of_a_list(qtbot, desk):
    states, tries = States(PlainLabel("rows")), []
    qtbot.addWidget(states)
    states.show_empty("Nothing waits")
    assert states.currentWidget() is states.empty
    assert states.show_error(Unavailable("database-gone", reason=""), lambda: tries.append(1))
    assert states.currentWidget() is states.failed
    states.failed.action.click()
    assert tries == [1]
    states.show_loading()
    qtbot.waitUntil(lambda: states.currentWidget() is states.loading)
    states.show_content()
    states.show_loading()
    qtbot.wait(States.LOADING_AFTER_MS + 50)
    assert states.currentWidget() is states.content


@pytest.mark.parametrize(
    ("left", "tone"),
    [(timedelta(hours=-1), "late"), (timedelta(hours=3), "soon"), (timedelta(days=4), "calm")],
)
def test_a_deadline_has_its_meaning_in_words_colour_and_shape(qtbot, language, desk, left, tone):
    chip = DeadlineChip(language)
    qtbot.addWidget(chip)
    chip.show_due(NOW + left, NOW)
    assert deadline_tone(NOW + left, NOW) == tone
    assert chip.property("chip") == tone
    assert not chip.icon().isNull()
    assert language.format_left(NOW + left, NOW) in chip.text()
    before = chip.text()
    language.switch("kk")
    assert chip.text() != before
    with qtbot.waitSignal(chip.why_asked):
        chip.click()
    chip.show_due(None, NOW)
    assert chip.isHidden()


def test_a_notice_stays_when_something_went_wrong(qtbot, desk):
    bar, tries = NoticeBar(), []
    qtbot.addWidget(bar)
    bar.show_notice(Notice("Сақталды", "done"))
    assert bar._timer.isActive()
    bar.show_notice(Notice("No", "failed", "Try again", lambda: tries.append(1)))
    assert not bar._timer.isActive()
    bar.action.click()
    assert tries == [1]
    assert bar.isHidden()


def test_rows_are_shown_in_one_line_and_found_again(qtbot, desk):
    columns = (
        Column("number", "Number", lambda row: row[0], sortable=True),
        Column("holder", "Applicant", lambda row: row[1], tone=lambda row: "late"),
    )
    model = RowsModel(columns)
    model.show_rows([("1", "«Шипа»\nЖШС"), ("2", NASTY)], more=True)
    assert model.data(model.index(0, 1)) == "«Шипа» ЖШС"
    assert model.data(model.index(1, 1)) == NASTY
    assert "<img" not in model.data(model.index(1, 1), Qt.ItemDataRole.ToolTipRole)
    assert model.data(model.index(1, 1), ROW_ROLE) == ("2", NASTY)
    assert model.find(lambda row: row[0] == "2") == 1
    assert model.find(lambda row: False) == -1
    with qtbot.waitSignal(model.more_wanted):
        model.fetchMore(model.index(-1, -1))
    model.add_rows([("3", "x")])
    assert model.rowCount() == 3
    with qtbot.waitSignal(model.sort_asked) as asked:
        model.sort(0, Qt.SortOrder.DescendingOrder)
    assert asked.args == ["number", True]
    assert model.headerData(1, Qt.Orientation.Horizontal) == "Applicant"


LONG = "Лицензия және (немесе) лицензияға қосымша беру"


def test_a_drop_down_says_where_its_text_was_cut_and_opens_as_wide_as_its_longest(qtbot, desk):
    box = DropDown()
    qtbot.addWidget(box)
    box.addItems(["Шипа", LONG])
    box.setCurrentIndex(1)
    box.resize(160, 32)
    box.show()
    shown = box.shown_text()
    assert shown.endswith("…")
    assert LONG.startswith(shown[:-1])
    make_room(box.view(), box)  # as it is opened
    assert box.view().minimumWidth() > box.view().fontMetrics().horizontalAdvance(LONG)
    assert box.view().textElideMode() == Qt.TextElideMode.ElideRight
    box.resize(800, 32)
    assert box.shown_text() == LONG
    empty = box.grab().toImage()
    box.setPlaceholderText("токен табылмады")
    box.setCurrentIndex(-1)
    assert box.shown_text() == "токен табылмады"  # what stands where nothing is chosen
    assert box.grab().toImage() != empty


def test_a_drop_down_in_which_nothing_is_chosen_says_so(qtbot, desk):
    box = DropDown()
    qtbot.addWidget(box)
    box.setPlaceholderText("no token found")
    box.resize(300, 32)
    box.show()
    empty = box.grab().toImage()
    assert box.shown_text() == "no token found"
    box.setPlaceholderText("")
    assert box.grab().toImage() != empty
    box.addItem("head")
    assert box.shown_text() == "head"


def test_a_drop_down_one_types_into_shows_the_beginning_even_when_nobody_was_told_of_the_change(qtbot, desk):
    box = SearchChoice(name="typed")
    qtbot.addWidget(box)
    box.resize(120, 32)
    blocked = box.blockSignals(True)
    box.addItems([LONG, f"{LONG} ({LONG})"])
    box.setCurrentIndex(1)
    box.blockSignals(blocked)
    assert box.lineEdit().cursorPosition() == 0


def test_nothing_was_saved_leaves_the_bar_once_it_was_saved(qtbot, desk):
    bar = NoticeBar()
    qtbot.addWidget(bar)
    bar.show_notice(Notice("Nothing was saved yet", "refused"))
    bar.overtaken()
    assert not bar.isVisible()
    bar.show_notice(Notice("The server is away", "failed"))
    bar.overtaken()
    assert bar.isVisible()


def test_tabs_stand_closer_together_before_the_last_ones_are_hidden(qapp, qtbot) -> None:
    """A case on a low screen at 150 %: eight words of Kazakh."""
    theme.apply(qapp, "light", scale=1.5)
    words = ["Қадам", "Құжаттар", "Мәліметтер", "Сұраныстар", "Талаптар", "Шығыс", "Тарихы"]
    tabs = Tabs()
    qtbot.addWidget(tabs)
    for word in (*words, "Басқа жүйелер"):
        tabs.addTab(word)
    tabs.resize(tabs.sizeHint().width() + 40, 60)
    tabs.show()
    roomy = tabs.sizeHint().width()
    assert not tabs.property("close")
    tabs.resize(roomy - 60, 60)
    assert tabs.property("close")
    assert tabs.tabRect(7).right() <= tabs.width(), "nothing is scrolled away"
    for number in range(8):
        assert tabs.tabRect(number).width() >= tabs.fontMetrics().horizontalAdvance(tabs.tabText(number))
    tabs.resize(roomy + 40, 60)
    assert not tabs.property("close")
    theme.apply(qapp, "light")
