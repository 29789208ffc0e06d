"""The registration form: registers, says what is wrong at its field, loses nothing."""

from datetime import datetime

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit

from desktop.cases import registering
from desktop.errors import Unavailable
from desktop.models import Attachment, Case, CaseDocument
from desktop.regulation.model import Channel, DocumentKind, Role
from desktop.ui import drafts
from desktop.ui.printing import PrintDialog
from desktop.ui.screens.register import RegisterScreen
from tests.clock import OFFICE_ZONE
from tests.story import draw
from tests.ui.registration import GOOD_BIN, control, fill, opened, problem_of, type_into

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def _own_state(tmp_path, monkeypatch):
    monkeypatch.setenv("RUQSAT_STATE", str(tmp_path / "state"))


@pytest.fixture
def counter(make_desk, store, people, monkeypatch):
    """A clerk's desk over a real office; papers are drawn without the typesetter."""
    desk = make_desk(Role.CLERK, store=store)
    desk.actor = people.clerk
    monkeypatch.setattr(desk, "draw", draw)
    return desk


@pytest.fixture
def screen(counter, qtbot) -> RegisterScreen:
    return opened(counter, qtbot)


def case_of(store, screen) -> Case:
    with store.reading() as session:
        return session.get_one(Case, screen.done.registered.case_id)


# registering


def test_registers_and_tells_number_time_and_dates(screen, counter, qtbot):
    fill(screen)
    assert screen.side.title.text() == "Everything is there", screen.page.problems
    qtbot.keyClick(screen, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: screen.pages.currentWidget() is screen.done)
    assert counter.told.codes == [], counter.told.notices
    assert screen.done.number.text() == "2018-000001"
    assert screen.done.received.text() == "11 June 2018, 09:30"
    assert screen.done.due.text() == "2 July 2018, 18:30"
    assert screen.done.hand_over.isHidden()
    assert screen.page.values()["holder_kk"] == ""
    assert screen.page.values()["kbk"] == "105402"
    assert counter.changes[-1].cases == {screen.done.registered.case_id}


def test_the_state_corporation_has_its_own_receipt_and_an_earlier_day(screen, store):
    fill(screen)
    channel = screen.page.service.channel
    channel.setCurrentIndex(channel.findData(Channel.STATE_CORPORATION.value))
    screen.save()
    assert problem_of(screen, "outside_number")
    assert problem_of(screen, "received_at")
    type_into(screen, "outside_number", "002-17")
    type_into(screen, "received_date", "11.6.18")
    type_into(screen, "received_time", "905")
    assert control(screen, "register.received_date", QLineEdit).text() == "11.06.2018"
    screen.save()
    case = case_of(store, screen)
    assert case.received_at == datetime(2018, 6, 11, 9, 5, tzinfo=OFFICE_ZONE)
    assert case.outside_number == "002-17"
    assert screen.done.due.text() == "2 July 2018, 18:30"
    assert screen.done.hand_over.text() == "29 June 2018, 18:30"


def test_the_receipt_is_printed_from_where_the_number_stands(screen, qtbot):
    fill(screen)
    screen.save()
    control(screen, "register.done.print").click()
    dialog = screen.findChild(PrintDialog)
    assert dialog.viewer.title == "2018-000001"
    dialog.close()
    control(screen, "register.done.next").click()
    assert screen.pages.currentWidget() is screen.states


def test_acceptance_is_refused_with_the_missing_papers_and_a_reason(screen, store, counter, monkeypatch):
    fill(screen)
    missing = [paper for paper in screen.page.service.chosen().papers if paper.required][1]
    control(screen, f"register.paper.{missing.id}", QCheckBox).setChecked(False)
    screen.refuse()
    dialog = screen.refusing.dialog
    assert dialog.missing() == (missing.id,)
    dialog.reason.setPlainText("No <b>consent</b>")
    dialog.refuse.click()
    with store.reading() as session:
        document = session.query(CaseDocument).one()
        assert document.kind == DocumentKind.ACCEPTANCE_REFUSAL
        assert [line["kk"] for line in document.facts["missing"]] == [missing.title.kk]
        assert document.facts["reason"] == "No <b>consent</b>"
        assert session.query(Case).count() == 0
    assert screen.page.values()["holder_kk"] == ""
    screen.findChild(PrintDialog).close()


def test_a_refusal_without_a_missing_paper_needs_its_reason(screen):
    fill(screen)
    screen.refuse()
    screen.refusing.dialog.refuse.click()
    assert screen.refusing.dialog.field.problem == "This must be filled in."
    screen.refusing.dialog.reject()


# what is wrong is said at its field


@pytest.mark.parametrize(
    ("typed", "begins"),
    [
        ("12345", "An IIN or BIN has 12 digits"),
        ("21044003888x", "An IIN or BIN is written in digits"),
        ("991340000000", "No such date"),
    ],
)
def test_an_impossible_number_is_said_at_once_and_cannot_be_confirmed(screen, typed, begins):
    type_into(screen, "identifier", typed)
    assert problem_of(screen, "identifier")
    assert screen.page.applicant.confirm.isHidden()


def test_a_wrong_check_digit_is_said_at_once_and_must_be_confirmed(screen, store):
    fill(screen, identifier="210440038886")
    assert problem_of(screen, "identifier")
    screen.save()
    assert screen.pages.currentWidget() is screen.states
    assert control(screen, "register.identifier", QLineEdit).hasFocus()
    control(screen, "register.identifier_confirmed", QCheckBox).setChecked(True)
    assert problem_of(screen, "identifier") == ""
    screen.save()
    case = case_of(store, screen)
    assert (case.identifier, case.identifier_confirmed) == ("210440038886", True)


def test_another_number_needs_another_confirmation(screen):
    type_into(screen, "identifier", "210440038886")
    control(screen, "register.identifier_confirmed", QCheckBox).setChecked(True)
    type_into(screen, "identifier", "210440038885")
    assert not screen.page.applicant.confirm.is_checked()
    assert problem_of(screen, "identifier")


def test_the_number_says_whether_it_is_a_person_or_an_entity(screen):
    type_into(screen, "identifier", "061211600012")
    assert not screen.page.applicant.is_legal_entity
    assert screen.page.applicant.fields["identifier"].line.text() == "Born 11.12.2006"
    type_into(screen, "identifier", GOOD_BIN)
    assert screen.page.applicant.is_legal_entity
    assert screen.page.applicant.fields["identifier"].line.text() == "Registered 04.2021"


@pytest.mark.parametrize("typed", ["31.02.2018", "00.00.0000", "99999999", "yesterday", "2018-13-01"])
def test_an_impossible_day_stays_as_typed_and_is_said(screen, typed):
    fill(screen, fee_paid_on=typed)
    assert problem_of(screen, "fee_paid_on") == "This date cannot be."
    screen.save()
    assert control(screen, "register.fee_paid_on", QLineEdit).text() == typed
    assert control(screen, "register.fee_paid_on", QLineEdit).hasFocus()
    assert screen.pages.currentWidget() is screen.states


def test_a_day_still_ahead_is_said_by_the_rules(screen):
    fill(screen, fee_paid_on="01.01.2030")
    screen.save()
    assert "still ahead" in problem_of(screen, "fee_paid_on")


def test_the_fee_is_that_of_the_day_it_was_paid(screen):
    type_into(screen, "fee_paid_on", "29.12.2017")
    assert "22" in screen.page.fee.fields["fee_tenge"].line.text()
    assert control(screen, "register.fee_tenge", QLineEdit).text() == "22\u00a0690"
    type_into(screen, "fee_paid_on", "08.06.2018")
    assert control(screen, "register.fee_tenge", QLineEdit).text() == "24\u00a0050"
    type_into(screen, "fee_tenge", "22690")
    assert problem_of(screen, "fee_tenge")
    assert control(screen, "register.kbk", QLineEdit).text() == "105402"
    assert control(screen, "register.knp", QLineEdit).text() == "911"


def test_the_sum_is_offered_so_that_typing_replaces_it(screen, qtbot):
    """Tab reaches the sum before the fee of the day is known; what came afterwards was typed on to."""
    type_into(screen, "fee_paid_on", "")
    due = control(screen, "register.fee_tenge", QLineEdit)
    due.setFocus()
    type_into(screen, "fee_paid_on", "08.06.2018")
    assert due.text() == "24\u00a0050"
    qtbot.keyClicks(due, "30000")
    assert due.text().replace("\u00a0", "") == "30000"


def test_a_paper_is_cited_without_the_marks_of_its_readers(screen):
    told = {line.about.text() for line in screen.page.papers._lines}
    assert "item 6" in told
    assert "item 4; Стандарт 9" in told
    assert not any("[" in one for one in told)


def test_everything_wrong_is_said_at_once_and_nothing_is_lost(screen, counter):
    type_into(screen, "holder_kk", "«Ақ жайық»")
    type_into(screen, "email", "nobody")
    screen.save()
    assert problem_of(screen, "identifier")
    assert problem_of(screen, "holder_ru")
    assert problem_of(screen, "email") == "This is not an e-mail address."
    assert problem_of(screen, "sub_types")
    assert not screen.page.consent.problem.isHidden()
    assert screen.page.values()["holder_kk"] == "«Ақ жайық»"
    assert "Nothing was saved yet" in counter.told.only().text
    assert control(screen, "register.identifier", QLineEdit).hasFocus()


def test_a_wrong_line_of_the_inventory_is_said_under_its_paper(screen):
    fill(screen)
    paper = next(one for one in screen.page.service.chosen().papers if one.expires)
    type_into(screen, f"paper.{paper.id}.expires", "45.45.2020")
    assert not control(screen, f"register.paper.{paper.id}.problem", QLabel).isHidden()
    screen.save()
    assert screen.pages.currentWidget() is screen.states
    assert control(screen, f"register.paper.{paper.id}.sheets").hasFocus()


def test_names_of_any_letters_are_shown_letter_by_letter(screen, store):
    evil = "<img src='/etc/passwd'>\u202e\"ТОО\" & 'x' <script>"
    fill(screen, holder_kk=evil, holder_ru=evil, site=evil)
    screen.save()
    case = case_of(store, screen)
    assert case.holder_kk == "<img src='/etc/passwd'>\"ТОО\" & 'x' <script>"
    fill(screen, holder_kk="x", holder_ru="x", site=evil)
    for label in screen.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText, label.objectName()
    assert screen.side.duplicates.found


def test_a_database_that_is_away_keeps_the_form(screen, counter, monkeypatch):
    fill(screen)

    def away(*_args, **_kwargs):
        raise Unavailable("database-unavailable")

    monkeypatch.setattr(registering, "register_application", away)
    screen.save()
    assert counter.told.codes == ["database-unavailable"]
    assert screen.page.values()["identifier"] == GOOD_BIN
    assert screen.side.save.isEnabled()
    assert screen.page.scroll.widget().isEnabled()


# duplicates


def test_a_possible_duplicate_is_shown_and_holds_saving_back_until_looked_at(screen, counter, store, qtbot):
    fill(screen)
    screen.save()
    first = screen.done.registered
    screen._next()
    fill(screen)
    assert not screen.side.duplicates.isHidden()
    screen.save()
    assert screen.pages.currentWidget() is screen.states
    assert control(screen, "register.duplicates.confirm", QCheckBox).hasFocus()
    with qtbot.waitSignal(screen.case_chosen) as chosen:
        control(screen, "register.duplicate.0.open").click()
    assert chosen.args == [first.case_id]
    control(screen, "register.duplicates.confirm", QCheckBox).setChecked(True)
    screen.save()
    assert screen.done.registered.number == "2018-000002"


# scans


def dropped(screen, paths, at=None) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    where = at or QPointF(5, 5)
    event = QDropEvent(
        where, Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    screen.dropEvent(event)


def test_several_files_are_dropped_on_a_paper_and_kept_with_the_case(screen, store, tmp_path):
    paths = [tmp_path / "first.pdf", tmp_path / "екінші ӘҒҚ.pdf"]
    for path in paths:
        path.write_bytes(PDF + path.name.encode())
    fill(screen)
    papers = screen.page.papers
    third = papers._lines[2]
    inside = third.tick.mapTo(papers, third.tick.rect().center())
    at = QPointF(papers.mapTo(screen, inside))
    dropped(screen, paths, at)
    assert [scan.paper for scan in screen.page.scans.scans] == [third.paper.id] * 2
    assert "2 scans attached" in third.about.text()
    screen.save()
    with store.reading() as session:
        kept = session.query(Attachment).order_by(Attachment.id).all()
        assert [(one.file_name, one.paper) for one in kept] == [
            ("first.pdf", third.paper.id),
            ("екінші ӘҒҚ.pdf", third.paper.id),
        ]


def test_a_file_dropped_elsewhere_is_bound_by_hand(screen, tmp_path):
    path = tmp_path / "scan.pdf"
    path.write_bytes(PDF)
    dropped(screen, [path, path])
    assert [scan.paper for scan in screen.page.scans.scans] == [""]
    combo = control(screen, "register.file.0.paper")
    combo.setCurrentIndex(1)
    combo.activated.emit(1)
    first = screen.page.service.chosen().papers[0].id
    assert screen.page.scans.scans[0].paper == first
    assert control(screen, f"register.paper.{first}", QCheckBox).isChecked()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.pdf", b"", "is empty"),
        ("photo.jpg", PDF, "says another type"),
        ("program.pdf", b"MZ\x90\x00 not a paper", "is no PDF"),
        ("page.html", b"<html>", "is no PDF"),
        ("\u202efdp.exe", b"MZ", "fdp.exe is no PDF"),
        ("<b>'\"bold.pdf", b"", "bold.pdf is empty"),
    ],
)
def test_a_bad_file_is_said_at_its_line_and_holds_saving_back(screen, tmp_path, name, content, said):
    path = tmp_path / name
    path.write_bytes(content)
    fill(screen)
    screen.page.scans.add_files([path])
    about = control(screen, "register.file.0.about", QLabel)
    assert said in about.text()
    assert about.textFormat() == Qt.TextFormat.PlainText
    assert "\u202e" not in control(screen, "register.file.0.name").whole_text()
    screen.save()
    assert screen.pages.currentWidget() is screen.states
    control(screen, "register.file.0.remove").click()
    screen.save()
    assert screen.pages.currentWidget() is screen.done


def test_a_file_over_the_limit_is_refused_before_it_is_read(screen, tmp_path):
    path = tmp_path / "huge.pdf"
    with path.open("wb") as file:
        file.truncate(200 * 1024 * 1024)  # sparse
    screen.page.scans.add_files([path])
    assert "larger than the office's limit" in control(screen, "register.file.0.about", QLabel).text()


def test_a_path_that_climbs_is_only_a_name(screen, store, tmp_path):
    inner = tmp_path / "in"
    inner.mkdir()
    (tmp_path / "x.pdf").write_bytes(PDF)
    fill(screen)
    screen.page.scans.add_files([inner / ".." / "x.pdf"])
    assert control(screen, "register.file.0.name").whole_text() == "x.pdf"
    screen.save()
    with store.reading() as session:
        assert session.query(Attachment).one().file_name == "x.pdf"


def test_a_file_gone_meanwhile_is_said_and_the_form_stays(screen, tmp_path):
    path = tmp_path / "scan.pdf"
    path.write_bytes(PDF)
    fill(screen)
    screen.page.scans.add_files([path])
    path.unlink()
    screen.save()
    assert "no longer there" in screen.page.scans.problem.text()
    assert screen.page.values()["identifier"] == GOOD_BIN


# drafts


def test_an_unfinished_form_survives_closing_exactly_as_typed(screen, counter, tmp_path, qtbot):
    path = tmp_path / "scan.pdf"
    path.write_bytes(PDF)
    fill(screen, fee_paid_on="31.02.2018", holder_kk="  «Ақ  <b>жайық»", identifier="2104400388")
    screen.page.scans.add_files([path], screen.page.service.chosen().papers[0].id)
    before = screen.page.values()
    assert screen.may_close()
    screen.hide()
    again = opened(counter, qtbot)
    assert again.page.values() == before
    assert "restored" in again.side.kept.text()


def test_a_registered_form_leaves_no_draft(screen, counter, qtbot):
    fill(screen)
    screen.keep_draft()
    assert drafts.load(screen.draft_key)
    screen.save()
    assert drafts.load(screen.draft_key) is None


def test_typing_is_kept_by_itself(screen, qtbot):
    type_into(screen, "holder_kk", "Ақ")
    qtbot.waitUntil(lambda: (drafts.load(screen.draft_key) or {}).get("holder_kk") == "Ақ")


def test_clearing_asks_first(screen, counter):
    type_into(screen, "holder_kk", "Ақ")
    counter.answers.yes = [False]
    screen.clear()
    assert screen.page.values()["holder_kk"] == "Ақ"
    screen.clear()
    assert screen.page.values()["holder_kk"] == ""


def test_a_draft_that_cannot_be_written_is_told(screen, counter, monkeypatch):
    def full(*_args, **_kwargs):
        raise Unavailable("draft-not-kept", reason="no room")

    monkeypatch.setattr(drafts, "save", full)
    type_into(screen, "holder_kk", "Ақ")
    assert not screen.may_close()
    assert counter.told.codes == ["draft-not-kept"]


# hands on the keys


def test_enter_goes_on_and_numbers_tick_papers(screen, qtbot):
    number = control(screen, "register.identifier", QLineEdit)
    number.setFocus()
    qtbot.keyClick(number, Qt.Key.Key_Return)
    assert control(screen, "register.holder_kk", QLineEdit).hasFocus()
    first = screen.page.papers._lines[0].tick
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_3)
    third = screen.page.papers._lines[2]
    assert third.tick.isChecked()
    assert third.tick.hasFocus()
    assert third.sheets.text() == "1"
    qtbot.keyClick(third.tick, Qt.Key.Key_Return)
    assert third.sheets.hasFocus()


def test_f8_goes_to_what_is_missing(screen, qtbot):
    fill(screen, site="", fee_receipt="")
    control(screen, "register.identifier", QLineEdit).setFocus()
    qtbot.keyClick(screen, Qt.Key.Key_F8)
    assert control(screen, "register.site", QLineEdit).hasFocus()
    qtbot.keyClick(screen, Qt.Key.Key_F8)
    assert control(screen, "register.fee_receipt", QLineEdit).hasFocus()
    qtbot.keyClick(screen, Qt.Key.Key_F8)
    assert control(screen, "register.site", QLineEdit).hasFocus()


def test_tab_order_is_reading_order(screen, qtbot):
    control(screen, "register.service").setFocus()
    seen = []
    for _ in range(200):
        here = screen.focusWidget()
        if here.objectName() in seen:
            break
        seen.append(here.objectName())
        screen.focusNextPrevChild(True)
    wanted = [
        "register.service", "register.operation", "register.channel", "register.kind", "register.identifier", "register.holder_kk",
        "register.holder_ru", "register.holder_address", "register.phone", "register.email",
        "register.representative", "register.representative_iin", "register.power_of_attorney", "register.site",
        "register.same_address", "register.sub_types_filter", "register.sub_types", "register.fee_receipt",
        "register.fee_paid_on", "register.fee_tenge", "register.kbk", "register.knp",
    ]  # fmt: skip
    assert seen[: len(wanted)] == wanted
    rest = seen[len(wanted) :]
    assert rest[0].startswith("register.paper.")
    assert rest[-5:] == [
        "register.attach",
        "register.consent",
        "register.save",
        "register.refuse",
        "register.clear",
    ]


def test_a_list_the_keyboard_comes_to_is_seen_whole(screen, qtbot):
    """Of a list Qt shows the current line alone, so that its other lines were ticked unseen."""
    screen.resize(1100, 640)
    qtbot.wait(50)
    control(screen, "register.service").setFocus()
    kinds = screen.page.activity.list
    control(screen, "register.sub_types_filter").setFocus()
    kinds.setFocus()
    view = screen.page.scroll.viewport()
    top = kinds.mapTo(view, kinds.rect().topLeft()).y()
    assert top >= 0
    assert top + kinds.height() <= view.height()


def test_every_control_has_a_name_and_says_what_it_is(screen):
    for kind in (QLineEdit, QCheckBox):
        for widget in screen.findChildren(kind):
            if widget.objectName() == "qt_spinbox_lineedit":
                continue
            assert widget.objectName().startswith("register."), widget
            assert widget.accessibleName(), widget.objectName()


def test_the_kinds_are_narrowed_by_typing_in_either_language(screen):
    titles = [screen.page.activity.list.item(row) for row in range(screen.page.activity.list.count())]
    for words in ("зертхана", "ЛАБОРАТОР диагн"):
        type_into(screen, "sub_types_filter", words)
        shown = [item.text() for item in titles if not item.isHidden()]
        assert shown == ["Лабораторная диагностика°"]


def test_the_form_speaks_the_other_language_at_once(screen, language, qtbot):
    type_into(screen, "identifier", "12345")
    language.switch("kk")
    qtbot.waitUntil(lambda: screen.side.save.text() == "Тіркеу")
    assert screen.page.papers.heading.text() == "Құжаттар тізімдемесі"
    language.switch("ru")
    qtbot.waitUntil(lambda: screen.page.section("fee").heading.text() == "Сбор")
