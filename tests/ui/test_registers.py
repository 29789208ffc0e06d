"""The registers: what is shown is what the filter says, page after page, and the workbook is the same."""

from datetime import date

import openpyxl
import pytest
from PySide6.QtCore import Qt

from desktop.queries import registers
from desktop.queries.rows import Page, RegisterFilter
from desktop.regulation.model import Channel, Role
from desktop.ui.screens.applications import ApplicationsScreen
from desktop.ui.screens.licences import LicencesScreen
from tests.ui.registration import control


@pytest.fixture(autouse=True)
def _own_state(tmp_path, monkeypatch):
    monkeypatch.setenv("RUQSAT_STATE", str(tmp_path / "state"))


@pytest.fixture
def reader(make_desk, store, people):
    desk = make_desk(Role.CLERK, store=store)
    desk.actor = people.clerk
    return desk


def opened(kind, desk, qtbot):
    screen = kind(desk)
    qtbot.addWidget(screen)
    screen.resize(1000, 600)
    with qtbot.waitActive(screen):
        screen.show()
        screen.activateWindow()
    screen.refresh()
    return screen


def numbers(screen) -> list[str]:
    return [row.number for row in screen.model.rows]


def test_shows_the_newest_first_and_opens_by_enter(reader, case_at, clock, qtbot):
    first = case_at("assign")
    clock.forward(hours=1)
    second = case_at("assign", holder_kk="«Жаңа» ЖШС")
    screen = opened(ApplicationsScreen, reader, qtbot)
    assert [row.case_id for row in screen.model.rows] == [second, first]
    screen.table.put_cursor(1)
    with qtbot.waitSignal(screen.case_chosen) as chosen:
        qtbot.keyClick(screen.table, Qt.Key.Key_Return)
    assert chosen.args == [first]


def test_a_term_is_late_by_the_offices_clock(reader, case_at, clock, qtbot):
    case_at("assign")
    reader.hear_time(clock())
    screen = opened(ApplicationsScreen, reader, qtbot)
    due = next(number for number, column in enumerate(screen.model.columns) if column.id == "due_at")
    assert screen.model.cell(0, due)[1] == ""
    clock.forward(days=40)
    reader.hear_time(clock())
    screen.refresh()
    assert screen.model.cell(0, due)[1] == "late"


def test_narrows_as_one_types_and_says_when_nothing_is_found(reader, case_at, qtbot):
    case_at("assign", holder_kk="«Сәуле» ЖШС", holder_ru="ТОО «Сауле»")
    case_at("assign", holder_kk="«Жайық» ЖШС", holder_ru="ТОО «Жайык»")
    screen = opened(ApplicationsScreen, reader, qtbot)
    screen.bar.text.setText("сауле")
    qtbot.waitUntil(lambda: screen.model.rowCount() == 1)
    assert screen.model.row_at(0).holder.kk == "«Сәуле» ЖШС"
    screen.bar.text.setText("<b>' OR 1=1 --")
    qtbot.waitUntil(lambda: screen.states.currentWidget() is screen.states.empty)
    screen.states.empty.action.click()
    assert screen.model.rowCount() == 2


def test_an_impossible_day_is_said_and_left_out(reader, case_at, qtbot):
    case_at("assign")
    screen = opened(ApplicationsScreen, reader, qtbot)
    screen.bar.first.setText("31.02.2018")
    screen.bar.first.editingFinished.emit()
    assert screen.bar.problem.text() == "This date cannot be."
    assert screen.model.rowCount() == 1


def test_reads_on_as_one_scrolls_and_keeps_its_place_on_refresh(reader, store, case_at, monkeypatch, qtbot):
    monkeypatch.setattr("desktop.ui.screens.register_lists.list_screen.PAGE", 3)
    cases = [case_at("assign") for _ in range(8)]
    screen = opened(ApplicationsScreen, reader, qtbot)
    while screen.model.canFetchMore(screen.table.rootIndex()):
        screen.model.fetchMore(screen.table.rootIndex())
    assert [row.case_id for row in screen.model.rows] == list(reversed(cases))
    screen.table.put_cursor(4)
    kept = screen.table.current_row().case_id
    screen.table.setFocus()
    case_at("assign")
    screen.refresh()
    assert screen.table.current_row().case_id == kept
    assert screen.table.hasFocus()
    assert screen.model.rowCount() == 8


def test_sorts_by_the_header(reader, case_at, qtbot):
    case_at("assign", holder_kk="«Яссы» ЖШС")
    case_at("assign", holder_kk="«Ақ жол» ЖШС")
    screen = opened(ApplicationsScreen, reader, qtbot)
    screen.table.horizontalHeader().setSortIndicator(2, Qt.SortOrder.AscendingOrder)
    assert [row.holder.kk for row in screen.model.rows] == ["«Ақ жол» ЖШС", "«Яссы» ЖШС"]
    screen.table.horizontalHeader().setSortIndicator(2, Qt.SortOrder.DescendingOrder)
    assert [row.holder.kk for row in screen.model.rows] == ["«Яссы» ЖШС", "«Ақ жол» ЖШС"]


def test_counts_afterwards(reader, case_at, qtbot):
    case_at("assign")
    screen = opened(ApplicationsScreen, reader, qtbot)
    qtbot.waitUntil(lambda: "1" in screen.bar.count.text())


def test_the_workbook_holds_exactly_what_the_filter_shows(reader, case_at, clock, tmp_path, qtbot):
    case_at("assign", holder_kk="=1+1", holder_ru="+cmd")
    clock.forward(days=1)
    wanted = case_at("assign", channel=Channel.STATE_CORPORATION, outside_number="M-1", received_at=clock())
    clock.forward(days=1)
    case_at("withdrawn")
    screen = opened(ApplicationsScreen, reader, qtbot)
    path = tmp_path / "out"
    screen.choose_file = lambda _name: str(path)
    screen.show_filter(
        RegisterFilter(channel=Channel.STATE_CORPORATION, state="open", first_day=date(2018, 6, 12))
    )
    assert [row.case_id for row in screen.model.rows] == [wanted]
    control(screen, "applications.export").click()
    sheet = openpyxl.load_workbook(path.with_suffix(".xlsx")).active
    told = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
    assert [line[0] for line in told if line[0]] == numbers(screen)
    assert told[0][3] == "210440038887"
    assert "1 record(s) exported" in reader.told.only().text or "1 record exported" in reader.told.only().text

    screen.show_filter(RegisterFilter())
    control(screen, "applications.export").click()
    sheet = openpyxl.load_workbook(path.with_suffix(".xlsx")).active
    cells = [cell for row in sheet.iter_rows(min_row=5) for cell in row if cell.value]
    assert all(cell.data_type != "f" for cell in cells)
    assert "=1+1" in [cell.value for cell in cells]


def test_a_stopped_export_leaves_no_file(reader, case_at, tmp_path, qtbot):
    from desktop.ui.screens.register_lists.export import ExportDialog, Wanted

    case_at("assign")
    path = tmp_path / "stopped.xlsx"
    dialog = ExportDialog(
        reader, Wanted("applications", RegisterFilter(), "number", False, "", "kk"), path, 1
    )
    qtbot.addWidget(dialog)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    dialog.reject()
    dialog.start()
    assert not path.exists()
    assert list(tmp_path.glob(".stopped*")) == []


def test_a_person_who_may_not_export_does_not_see_the_button(make_desk, store, people, qtbot):
    desk = make_desk(Role.COMMISSION, store=store)
    screen = opened(ApplicationsScreen, desk, qtbot)
    assert control(screen, "applications.export").isHidden()


def test_the_licences_stand_in_their_register(reader, case_at, qtbot):
    case_id = case_at("licence", holder_kk="«Жайық» ЖШС")
    screen = opened(LicencesScreen, reader, qtbot)
    row = screen.model.row_at(0)
    assert (row.number, row.case_id) == ("18000001", case_id)
    assert screen.model.index(0, 4).data() == "Issued"


def test_columns_hidden_stay_hidden(reader, case_at, qtbot):
    case_at("assign")
    screen = opened(ApplicationsScreen, reader, qtbot)
    screen.table.show_column(3, False)
    again = opened(ApplicationsScreen, reader, qtbot)
    assert again.table.isColumnHidden(3)
    assert not again.table.isColumnHidden(0)


def test_a_register_that_cannot_be_read_says_so_and_is_read_again(reader, case_at, monkeypatch, qtbot):
    from desktop.errors import Unavailable

    case_at("assign")
    broken = [True]

    def page(store, actor, **kwargs) -> Page:
        if broken:
            raise Unavailable("database-unavailable")
        return registers.applications(store, actor, **kwargs)

    monkeypatch.setattr(ApplicationsScreen, "read_page", staticmethod(page))
    screen = opened(ApplicationsScreen, reader, qtbot)
    assert screen.states.currentWidget() is screen.states.failed
    broken.clear()
    screen.states.failed.action.click()
    assert screen.model.rowCount() == 1
