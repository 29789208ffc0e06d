"""Other systems in the windows: set by the administrator, asked of a case, recorded by hand."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton
from sqlalchemy import select

from desktop.cases import systems
from desktop.exchange.results import read_result
from desktop.models import CaseDocument, ConnectedSystem, ExchangeRecord
from desktop.regulation.model import Channel
from desktop.regulation.systems import Connection, Heard, System
from desktop.ui import renderer
from desktop.ui.screens.administration import AdministrationScreen
from desktop.ui.screens.case import CaseScreen
from desktop.ui.screens.case_parts.asking import AskDialog
from tests.cases.commands import COMMANDS
from tests.cases.office_commands import mapped
from tests.exchange.other_side import OtherSide, answers, gives, listening
from tests.ui.case_window import give


@pytest.fixture(autouse=True)
def _own_folders(tmp_path, monkeypatch):
    for name in ("STATE", "CONFIG"):
        monkeypatch.setenv(f"RUQSAT_{name}", str(tmp_path / name.lower()))
    yield
    renderer.stop()


@pytest.fixture
def section(qtbot, make_desk, store, people):
    desk = make_desk(store=store)
    desk.actor = people.administrator
    screen = AdministrationScreen(desk)
    qtbot.addWidget(screen)
    screen.resize(1180, 760)
    screen.show()
    screen.go("systems")
    return screen.section


def choose(section, system):
    section.table.put_cursor(list(System).index(system))


def test_the_administrator_connects_a_system(section, store):
    choose(section, System.RPN)
    section.form.field("address").editor.setText("rpn")
    section.active.setChecked(True)
    section.save.click()
    assert section.form.field("address").problem
    section.form.field("address").editor.setText("https://rpn.example/ask")
    section.form.field("attempts").editor.setValue(2)
    section.save.click()
    with store.reading() as session:
        row = session.scalars(select(ConnectedSystem)).one()
    assert (row.system, row.address, row.active, row.attempts) == ("rpn", "https://rpn.example/ask", True, 2)
    assert section.table.current_row() is System.RPN
    assert section._way_of(System.RPN) == "over the network"


def test_a_token_lies_on_this_computer_and_only_there(section, store, tmp_path):
    choose(section, System.ENIS)
    section.form.field("token").editor.setText("s3cret")
    section.keep.click()
    assert section.form.field("token").editor.text() == ""
    assert (tmp_path / "config" / "tokens" / "enis.token").read_text() == "s3cret"
    section.form.field("address").editor.setText("http://enis.example/")
    section.save.click()
    assert section.form.field("address").problem.startswith("With a token")
    section.keep.click()
    assert not (tmp_path / "config" / "tokens" / "enis.token").exists()


def test_what_a_trial_found_is_brought_into_sight(section, qtbot):
    section.window().resize(900, 420)
    choose(section, System.GBD_UL)
    with listening(OtherSide(answers("no_data"))) as side:
        section.form.field("address").editor.setText(side.address)
        section.try_it.click()
    qtbot.waitUntil(lambda: not section.outcome.visibleRegion().isEmpty())


def test_a_connection_is_tried_before_it_is_saved(section):
    choose(section, System.GBD_UL)
    for says, words in (
        (answers(name_ru="ТОО"), "It answers as agreed."),
        (answers("no_data"), "It answers as agreed."),
        (gives(b"", 500), "The system reports a fault of its own."),
    ):
        with listening(OtherSide(says)) as side:
            section.form.field("address").editor.setText(side.address)
            section.try_it.click()
        assert section.outcome.text().startswith(words)
    section.try_it.click()
    assert section.outcome.text().startswith("The system does not answer")
    assert "systems" in section.desk.tasks.lanes_used


# the case


@pytest.fixture
def screen(qtbot, make_desk, store, people):
    desk = make_desk(store=store)
    desk.actor = people.executor
    made = CaseScreen(desk)
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    return made


def ask(screen) -> AskDialog:
    screen.systems.ask.click()
    return screen.systems.dialog


def pick(dialog, system):
    editor = dialog.system.editor
    editor.setCurrentIndex(editor.findData(system))


def record(store):
    with store.reading() as session:
        return session.scalars(select(ExchangeRecord)).one()


def test_a_connected_system_is_asked_and_its_answer_kept(screen, store, people, case_at):
    case_id = case_at("check")
    with listening(OtherSide(answers(name_ru="ТОО «Ақ жайық»", head="Жүнісов А."))) as side:
        how = Connection(System.GBD_UL, side.address, active=True, timeout_seconds=2)
        systems.set_system(store, people.administrator, connection=how)
        screen.open_case(case_id)
        dialog = ask(screen)
        pick(dialog, System.GBD_UL)
        assert dialog.asked[0].editor.text() == case_at.case(case_id).identifier
        assert dialog.now.isVisible()
        dialog.now.click()
    assert "Head of the organisation: Жүнісов А." in dialog.outcome.text()
    assert not dialog.heard.isVisible()
    dialog.keep.click()
    row = record(store)
    assert (row.heard, row.way, row.answer["head"]) == ("answered", "http", "Жүнісов А.")
    screen.refresh()
    assert len(screen.systems._told.records) == 1
    assert (
        screen.findChild(QAbstractButton, f"case.system.{row.id}.evidence").text() == "gbd_ul-answered.json"
    )


def test_who_is_out_of_reach_is_said_and_may_be_answered_by_hand(screen, store, people, case_at):
    case_id = case_at("check")
    with listening(OtherSide(gives(b"", 403))) as side:
        how = Connection(System.RPN, side.address, active=True, timeout_seconds=1, attempts=1)
        systems.set_system(store, people.administrator, connection=how)
        screen.open_case(case_id)
        dialog = ask(screen)
        pick(dialog, System.RPN)
        dialog.now.click()
    assert "refuses to be asked" in dialog.outcome.text()
    dialog.asked[0].editor.textEdited.emit("x")  # typed anew: it is another question
    assert dialog.heard.isVisible()
    dialog.facts[0].editor.setText("№ 1 емхана")
    dialog.keep.click()
    assert "print-out" in dialog.note.problem
    dialog.note.editor.setPlainText("РПН терезесінде қаралды")
    dialog.keep.click()
    row = record(store)
    assert (row.way, row.answer) == ("by_hand", {"organisation": "№ 1 емхана"})


def test_no_data_leads_to_the_notice(screen, store, case_at, tmp_path):
    case_id = case_at("check", regulation_sha256=mapped(case_at), channel=Channel.PORTAL)
    scan = tmp_path / "жоқ.pdf"
    scan.write_bytes(b"%PDF-1.4\n%%EOF\n")
    screen.open_case(case_id)
    dialog = ask(screen)
    pick(dialog, System.GBD_UL)
    assert not dialog.notify.isVisible()
    dialog.heard.editor.setCurrentIndex(list(Heard).index(Heard.NO_DATA))
    assert dialog.notify.isVisible()
    dialog.notify.box.setChecked(True)
    dialog.file.line.setText(str(scan))
    dialog.keep.click()
    row = record(store)
    assert row.evidence_name == "жоқ.pdf"
    with store.reading() as session:
        assert session.get_one(CaseDocument, row.document_id).kind == "notice"


def test_a_question_without_its_field_is_sent_back(screen, store, case_at):
    screen.open_case(case_at("check"))
    dialog = ask(screen)
    pick(dialog, System.GBD_UL)
    dialog.asked[0].editor.clear()
    dialog.heard.editor.setCurrentIndex(list(Heard).index(Heard.NO_DATA))
    dialog.keep.click()
    assert dialog.asked[0].problem


def test_a_result_is_written_as_a_package(qtbot, make_desk, store, people, case_at, tmp_path):
    case_id = case_at("licence", channel=Channel.PORTAL)
    desk = make_desk(store=store)
    desk.actor = people.clerk
    desk.keep_settings(results_folder=str(tmp_path))
    made = CaseScreen(desk)
    qtbot.addWidget(made)
    made.show()
    made.open_case(case_id)
    assert made.systems.send.isVisibleTo(made.systems)
    made.systems.send.click()
    (path,) = tmp_path.glob("result-*.zip")
    assert read_result(path).result["case"] == case_at.case(case_id).number


def test_what_is_handed_over_through_the_portal_is_written_at_once(
    qtbot, make_desk, store, people, case_at, tmp_path
):
    case_id = case_at("deliver", channel=Channel.PORTAL)
    desk = make_desk(store=store)
    desk.actor = people.clerk
    desk.keep_settings(results_folder=str(tmp_path))
    made = CaseScreen(desk)
    qtbot.addWidget(made)
    made.show()
    made.open_case(case_id)
    COMMANDS["hand_over"].run(case_at, people.clerk, case_at.seen(case_id))
    made.refresh()
    (path,) = tmp_path.glob("result-*.zip")
    assert read_result(path).result["result"] == "licence"


def test_an_answer_of_another_is_warned_of_and_weighed_with_a_reason(screen, store, case_at):
    case_id = case_at("check")
    screen.open_case(case_id)
    assert screen.head.others.isHidden()
    dialog = ask(screen)
    pick(dialog, System.E_LICENSING)
    dialog.asked[0].editor.setText("18000001")
    dialog.facts[0].editor.setText("ТОО «Чужое», БИН 990540001236")
    dialog.note.editor.setPlainText("seen on the screen")
    dialog.keep.click()
    screen.refresh()
    assert "990540001236" in screen.head.others.text()
    assert screen.head.others.isVisible()
    screen.head.others.click()
    assert screen.systems.isVisible()
    for row in screen.panel.rows.rows:
        give(row, Qt.Key.Key_1)
        if row.expires and row.given.code == "ok":
            row.day.editor.setText("01.01.2035")
            row.changed.emit()
    assert screen.bar.why.text() == "A system answered of another: say in Systems whether it counts"
    name = f"case.system.{record(store).id}"
    screen.findChild(QAbstractButton, f"{name}.counts").click()
    dialog = screen.systems.dialog
    dialog.do.click()
    assert dialog.reason.problem
    dialog.reason.editor.setPlainText("The register mistyped it")
    dialog.do.click()
    screen.refresh()
    assert screen.head.others.isHidden()
    assert screen.bar.primary.isEnabled()
    assert not any(row.unweighed for row in screen.systems._told.records)
