"""The case screen: what is open and why not, what is lost (nothing), what is refused and leaves no trace."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QPlainTextEdit, QScrollArea

from desktop.cases import correcting, routing
from desktop.errors import NotAllowed
from desktop.regulation.model import Act, Effect, OfficeMove, Role
from desktop.ui import renderer
from desktop.ui.desk import Changed
from desktop.ui.screens.case_parts import saving
from desktop.ui.screens.case_parts.correcting import DIALOGS
from desktop.ui.widgets.tab_order import stops
from tests import story
from tests.office import trust_demo
from tests.ui.case_window import PASSWORD, Window, make_keys, sign


@pytest.fixture(scope="module")
def keys():
    return make_keys()


@pytest.fixture(autouse=True)
def _own_places(tmp_path, monkeypatch):
    monkeypatch.setenv("RUQSAT_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("RUQSAT_CONFIG", str(tmp_path / "config"))
    yield
    renderer.stop()


@pytest.fixture
def window(make_desk, store):
    """Open a case for a person; ``window.desk.told`` is what he was told."""
    made = []

    def make(actor, case_id: int) -> Window:
        made.append(Window(make_desk(*actor.roles, store=store), actor, case_id))
        return made[-1]

    yield make
    for one in made:
        one.close()


def move(window: Window, wanted: OfficeMove):
    """Open the dialog of an office move."""
    chosen = next(one for one in window.card.moves if one.move == wanted)
    assert chosen.open, chosen.why_not
    window.screen._open_move(chosen)
    return window.screen.dialog


# who sees what


def test_what_a_person_may_never_do_is_absent_and_whom_it_waits_for_is_said(window, people, case_at):
    here = window(people.clerk, case_at(Act.ASSIGN))
    assert here.panel is None
    assert not here.screen.bar.primary.isVisible()
    assert here.screen.bar.why.text() == "Waits for: Басшибаев Ерлан Куатович"


def test_what_waits_for_a_colleague_is_grey_and_says_why(window, people, case_at):
    """An executor sees his own cases alone; one who is an auditor as well sees a colleague's."""
    colleague = replace(people.executor2, roles=frozenset({Role.EXECUTOR, Role.AUDITOR}))
    here = window(colleague, case_at(Act.CHECK))
    assert not here.screen.bar.primary.isEnabled()
    assert here.screen.bar.why.text()


def test_an_auditor_reads_everything_and_can_do_nothing(window, people, case_at):
    here = window(people.auditor, case_at(Act.DELIVER))
    assert here.panel is None
    assert here.screen.bar.more.isHidden()
    assert not here.screen.papers.attach.isVisible()


def test_a_negative_answer_closes_the_way_to_a_licence(window, people, case_at):
    case_id = case_at(Act.DECIDE, answer=Effect.DOES_NOT_CONFORM)
    here = window(people.executor, case_id)
    grant = here.control(f"case.outcome.{Effect.GRANT.value}")
    assert not grant.isEnabled()
    assert grant.accessibleDescription()
    assert here.screen.bar._primary.effect == Effect.REFUSE


# losing a race


def test_losing_a_race_says_who_was_quicker_and_keeps_what_was_typed(window, people, case_at, store):
    case_id = case_at(Act.ASK)
    here = window(people.executor, case_id)
    here.type_into("case.answer_number", "15-07/214")
    here.type_into("case.answer_date", f"{here.screen.now():%d.%m.%Y}")
    here.control("case.answer_note", QPlainTextEdit).setPlainText("Ұйғарым: талаптарға сәйкес")
    correcting.correct(
        store,
        people.clerk,
        changes={"phone": "+7 7112 50 11 22"},
        reason="Қате терілген",
        **case_at.seen(case_id),
    )
    here.primary()
    assert here.desk.told.codes == ["case-moved-on"]
    assert here.card.version == case_at.version(case_id)
    assert here.control("case.answer_note", QPlainTextEdit).toPlainText() == "Ұйғарым: талаптарға сәйкес"


def test_what_was_typed_stays_to_be_read_when_the_step_has_gone(window, people, case_at, store):
    case_id = case_at(Act.ASK)
    here = window(people.executor, case_id)
    here.control("case.answer_note", QPlainTextEdit).setPlainText("Ұйғарым: талаптарға сәйкес")
    routing.withdraw(store, people.clerk, reason="Өз еркімен", **case_at.seen(case_id))
    here.screen.refresh()
    assert here.panel is None
    assert "Ұйғарым: талаптарға сәйкес" in here.screen.note.text.text()
    assert here.screen.note.isVisible()


def test_going_to_another_case_and_back_loses_nothing(window, people, case_at):
    first, second = case_at(Act.CHECK), case_at(Act.CHECK)
    here = window(people.executor, first)
    QTest.keyClick(here.panel.rows.rows[0], Qt.Key.Key_2)
    here.panel.rows.rows[0].note.editor.setText("қолы жоқ")
    here.screen.open_case(second)
    assert here.panel.rows.unchecked() == sum(row.brought for row in here.card.inventory)
    here.screen.open_case(first)
    given = here.panel.rows.rows[0].given
    assert (given.code, given.note) == ("missing", "қолы жоқ")


def test_what_was_not_brought_is_missing_until_somebody_says_how_it_came(window, people, case_at):
    here = window(people.executor, case_at(Act.CHECK))
    (paper,) = (row.paper.id for row in here.card.inventory if row.paper.id == "power-of-attorney")
    row = here.panel.rows.row(paper)
    assert row.given.code == "missing"
    assert not row.note.isHidden()
    here.give_all(Qt.Key.Key_1)
    for one in here.panel.rows.rows:
        one.day.editor.setText("01.01.2035" if one.expires and one.given.code == "ok" else "")
        one.changed.emit()
    assert here.screen.bar.primary.isEnabled()
    QTest.keyClick(row, Qt.Key.Key_1)
    assert row.given.code == "later"
    assert here.screen.focusWidget() is row.note.editor
    title = here.screen.desk.language.text(
        next(x for x in here.card.inventory if x.paper.id == paper).paper.title
    )
    assert here.screen.bar.why.text() == f"Write who handed it in and when: {title}"
    QTest.keyClicks(row.note.editor, "Courier, 12.06.2018")
    row.day.editor.setText("01.01.2035" if row.expires else "")
    row.changed.emit()
    here.primary()
    line = next(one for one in here.card.inventory if one.paper.id == paper)
    assert (line.brought, line.verdict, line.note) == (False, "later", "Courier, 12.06.2018")


def test_a_refresh_keeps_verdicts_and_tab(window, people, case_at):
    here = window(people.executor, case_at(Act.CHECK))
    QTest.keyClick(here.panel.rows.rows[2], Qt.Key.Key_1)
    here.screen.tabs.setCurrentIndex(2)
    here.desk.changed.emit(Changed(cases=frozenset({here.card.case_id})))
    assert here.panel.rows.rows[2].given.code == "ok"
    assert here.screen.tabs.currentIndex() == 2


def test_the_next_item_is_seen_whole_though_a_note_opened_above_it(window, people, case_at, qtbot):
    here = window(people.executor, case_at(Act.CHECK))
    here.screen.resize(800, 620)
    qtbot.wait(50)
    for row in here.panel.rows.rows:
        QTest.keyClick(row, Qt.Key.Key_2)
        qtbot.wait(20)
        there = here.screen.focusWidget()
        view = _scrolled(there).viewport()
        top = there.mapTo(view, there.rect().topLeft()).y()
        assert top >= 0, there.accessibleName()
        assert top + there.height() <= view.height(), there.accessibleName()
    assert there is here.panel.rows.rows[-1]


def _scrolled(widget):
    while not isinstance(widget, QScrollArea):
        widget = widget.parentWidget()
    return widget


# signing


@pytest.fixture
def to_sign(window, people, case_at, store, keys):
    trust_demo(store, keys.authority.root_pem)
    return window(people.head, case_at(Act.SIGN, draw=real_draw()))


def real_draw():
    from desktop.documents.drawing import draw

    return draw


def key_file(tmp_path, key, name: str = "key.p12") -> str:
    path = tmp_path / name
    key.write_pkcs12(path, PASSWORD)
    return str(path)


@pytest.mark.parametrize(
    ("key", "pin", "code"),
    [
        ("head", "wrong", "keystore-wrong-password"),
        ("foreign", PASSWORD, "certificate-foreign"),
        ("expired", PASSWORD, "certificate-expired"),
    ],
)
def test_a_key_that_will_not_do_changes_nothing_and_may_be_tried_again(
    to_sign, keys, tmp_path, case_at, key, pin, code
):
    before = case_at.version(to_sign.card.case_id)
    sign(to_sign, key_file(tmp_path, getattr(keys, key)), pin)
    assert to_sign.desk.told.codes == [code]
    assert to_sign.panel.problem.isVisible()
    assert to_sign.card.act == Act.SIGN
    assert case_at.version(to_sign.card.case_id) == before
    assert to_sign.screen.bar.primary.isEnabled()


def test_a_missing_key_file_and_a_closed_pin_dialog_change_nothing(to_sign, tmp_path, keys):
    sign(to_sign, str(tmp_path / "absent.p12"))
    assert to_sign.desk.told.codes == ["keystore-missing"]
    to_sign.panel.keys.set_file(key_file(tmp_path, keys.head))
    to_sign.primary()
    to_sign.panel._dialog.reject()
    assert to_sign.panel.flow.stage == ""
    assert to_sign.card.act == Act.SIGN


def test_signs_after_a_wrong_pin_and_remembers_the_file_but_not_the_pin(to_sign, tmp_path, keys):
    path = key_file(tmp_path, keys.head)
    sign(to_sign, path, "wrong")
    sign(to_sign, path)
    assert to_sign.card.act == Act.DELIVER, to_sign.desk.told.notices
    assert to_sign.desk.settings.key_file == path
    assert PASSWORD not in repr(to_sign.desk.settings)
    assert PASSWORD not in repr(vars(to_sign.screen)) + repr(to_sign.panel)


def test_a_paper_drawn_anew_since_it_was_read_is_shown_again_before_it_is_signed(
    to_sign, tmp_path, keys, case_at
):
    seen = to_sign.panel.ready.pdf
    case_at.clock.forward(days=1)
    to_sign.panel.keys.set_file(key_file(tmp_path, keys.head))
    to_sign.primary()
    assert to_sign.panel._dialog is None
    assert to_sign.panel.ready.pdf != seen
    assert to_sign.screen.viewer.content == to_sign.panel.ready.pdf
    sign(to_sign, key_file(tmp_path, keys.head, "again.p12"))
    assert to_sign.card.act == Act.DELIVER, to_sign.desk.told.notices


# the office's moves


@pytest.mark.parametrize("wanted", list(OfficeMove))
def test_every_move_says_what_it_causes_and_wants_a_reason(window, people, case_at, wanted):
    actor = people.clerk if wanted in (OfficeMove.WITHDRAW, OfficeMove.CORRECT) else people.head
    act = Act.DECIDE if wanted == OfficeMove.REASSIGN else Act.SIGN
    here = window(actor, case_at(act))
    dialog = move(here, wanted)
    assert len(dialog.causes.text()) > 30
    before = here.card.version
    dialog.do.click()
    assert dialog.reason.problem == "Write the reason"
    assert here.card.version == before
    assert set(DIALOGS) == set(OfficeMove)


def test_returns_a_draft_and_the_executor_reads_why(window, people, case_at):
    case_id = case_at(Act.SIGN)
    dialog = move(window(people.head, case_id), OfficeMove.RETURN_FOR_REWORK)
    dialog.reason.editor.setPlainText("Мекенжай қате")
    dialog.do.click()
    here = window(people.executor, case_id)
    assert here.card.act == Act.DECIDE
    assert "Мекенжай қате" in here.control("case.return_reason", QLabel).text()


def test_corrects_a_particular_and_says_a_wrong_one_at_its_field(window, people, case_at):
    here = window(people.clerk, case_at(Act.CHECK))
    dialog = move(here, OfficeMove.CORRECT)
    dialog.form.field("email").editor.setText("not an address")
    dialog.reason.editor.setPlainText("Қате терілген")
    dialog.do.click()
    assert dialog.form.field("email").problem
    dialog.form.field("email").editor.setText("aq@jaiyq.kz")
    dialog.form.field("site").editor.setText("Орал қ., Абай даңғ., 7")
    dialog.do.click()
    assert (here.card.email, here.card.site) == ("aq@jaiyq.kz", "Орал қ., Абай даңғ., 7")
    assert "Particulars corrected" in here.desk.told.notices[-1].text


def test_gives_the_case_to_another_person(window, people, case_at):
    here = window(people.head, case_at(Act.DECIDE))
    dialog = move(here, OfficeMove.REASSIGN)
    assert dialog.person.editor.count() == 1
    dialog.reason.editor.setPlainText("Демалыс")
    dialog.do.click()
    assert here.card.assignees[0][1].ru == people.executor2.name_ru


# what is shown


def test_names_are_shown_letter_by_letter(window, people, case_at, qapp):
    evil = '«<img src="/etc/passwd"> <b>Шипа</b>» ЖШС'
    here = window(people.executor, case_at(Act.CHECK, holder_kk=evil, holder_ru=evil, site=evil))
    assert evil in here.screen.head.holder.text()
    for label in here.screen.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText, label.objectName()


def test_every_date_says_why(window, people, case_at):
    here = window(people.executor, case_at(Act.CHECK))
    here.click("case.why")
    lines = [label.text() for label in here.screen.why.findChildren(QLabel) if label.text()]
    assert lines[0] == "Why the whole service is due 2 July 2018, 18:30"
    assert "day of receipt, not counted, item 5, as the office reads it" in lines
    assert "4 working days counted" in lines
    QTest.keyClick(here.screen.why.closer, Qt.Key.Key_Escape)
    assert not here.screen.why.isVisible()


def test_the_languages_are_switched_while_a_case_is_open(window, people, case_at, language):
    here = window(people.executor, case_at(Act.CHECK))
    QTest.keyClick(here.panel.rows.rows[0], Qt.Key.Key_2)
    language.switch("kk")
    here.screen.retranslate()
    assert here.screen.bar.primary.text() == "Толық емес: қарауды тоқтату"
    assert here.panel.rows.rows[0].given.code == "missing"
    assert here.screen.tabs.tabText(6) == "Тарихы"


def test_the_time_left_is_told_by_the_office_clock(window, people, case_at, clock):
    here = window(people.executor, case_at(Act.CHECK))
    assert here.screen.head.step_due.text() == "tomorrow, 18:30"
    clock.forward(days=3)
    here.screen.refresh()
    assert "late" in here.screen.head.step_due.text()
    assert here.screen.now() - clock() < timedelta(seconds=5)


def test_a_step_without_a_term_of_its_own_shows_the_whole_services(window, people, case_at, clock, qtbot):
    here = window(people.executor, case_at(Act.CHECK))
    head, asked = here.screen.head, []
    head.why_asked.connect(asked.append)
    own, without = here.card, replace(here.card, step_due_at=None)
    head.show_case(without, own.due_at - timedelta(hours=2))
    assert head.step_due.isVisible()
    assert head.step_due.text() == "2 h"
    head.step_due.click()
    head.show_case(replace(own, due_at=own.step_due_at - timedelta(days=1)), own.step_due_at)
    assert "late" in head.step_due.text()  # the service is, though its step is not
    head.show_case(own, own.step_due_at - timedelta(hours=1))
    head.step_due.click()
    assert asked == ["total", "step"]
    head.show_case(replace(without, paused_since=own.due_at), own.due_at)
    assert not head.step_due.isVisible()


def test_the_keys_of_the_primary_action_do_nothing_more_when_they_are_held_down(window, people, case_at):
    here = window(people.executor, case_at(Act.CHECK))
    keys = {made.key().toString(): made for made in here.screen.bar.primary.findChildren(QShortcut)}
    assert set(keys) == {"Ctrl+Return", "Ctrl+Enter"}
    assert not any(made.autoRepeat() for made in keys.values())
    assert here.screen.bar.primary.shortcut().isEmpty()  # its own would repeat
    here.give_all(Qt.Key.Key_1)
    assert "Ctrl+Return" in here.screen.bar.primary.toolTip()


def test_the_keys_begin_at_who_is_to_be_chosen_and_show_where_they_are(window, people, case_at):
    here = window(people.head, case_at(Act.ASSIGN))
    panel = here.panel
    first, second = panel._group.buttons()[:2]
    panel.note.editor.setFocus()  # as it is while the people are being read
    plain = first.grab().toImage()
    panel._show_people(panel._people)
    first, second = panel._group.buttons()[:2]
    assert first.hasFocus()
    assert first.grab().toImage() != plain
    second.setChecked(True)
    panel.note.editor.setFocus()
    chosen = second.grab().toImage()
    panel.focus_first()
    assert second.hasFocus()
    assert second.grab().toImage() != chosen


def test_the_diagram_keeps_its_keys_in_every_language(window, people, case_at, language):
    here = window(people.executor, case_at(Act.CHECK))
    for code in ("kk", "ru", "en"):
        language.switch(code)
        here.screen.retranslate()
        assert here.screen.head.diagram.shortcut().toString() == "Ctrl+D", code


def test_a_case_that_cannot_be_read_says_so_and_can_be_tried_again(make_desk, people, store):
    here = Window(make_desk(Role.CLERK, store=store), people.clerk, 4711)
    assert here.screen.states.currentWidget() is here.screen.states.failed
    here.close()


def test_a_case_out_of_sight_after_its_own_move_is_no_failure(window, people, case_at, qtbot):
    here = window(people.executor, case_at(Act.CHECK))
    case_id, read = here.card.case_id, here.screen._read

    def unseen(store, actor, *, case_id):
        raise NotAllowed("case-not-found")

    here.screen._read = unseen
    with qtbot.waitSignal(here.screen.gone):
        here.screen.refresh()
    assert here.screen.card is None
    assert here.screen.desk.told.only().text.endswith(
        "the case is with you no longer, so it left your lists."
    )
    here.screen._read = read
    here.screen.open_case(case_id)
    qtbot.waitUntil(lambda: here.screen.card is not None)


def test_the_drafted_paper_is_shown_at_once(window, people, case_at):
    here = window(people.executor, case_at(Act.DECIDE, draw=story.draw))
    here.give_all(Qt.Key.Key_1)
    here.primary()
    assert here.card.act == Act.SIGN
    assert here.screen.viewer.title.startswith("Licence № ")
    assert here.panel is None


def test_tab_goes_as_the_eye_does(window, people, case_at, qtbot):
    here = window(people.executor, case_at(Act.CHECK))
    assert here.screen.focusWidget() is here.panel.rows.rows[0]
    qtbot.waitUntil(here.panel.isVisible)
    here.give_all(Qt.Key.Key_1)
    order = list(stops(here.screen))
    places = [
        here.screen.head.why,
        here.screen.tabs,
        here.panel.rows.rows[0],
        here.panel.rows.rows[-1],
        here.screen.bar.primary,
        here.screen.bar.more,
    ]
    found = [order.index(place) for place in places]
    assert found == sorted(found)


def test_every_control_has_a_name_for_tests_and_one_for_readers(window, people, case_at):
    for act, actor in ((Act.CHECK, people.executor), (Act.DECIDE, people.executor), (Act.SIGN, people.head)):
        here = window(actor, case_at(act))
        for one in here.screen.findChildren(QAbstractButton):
            if one.isVisible() and one.focusPolicy() & Qt.FocusPolicy.TabFocus:
                assert one.objectName(), one
                assert one.accessibleName() or one.text(), one.objectName()


def test_prints_and_saves_the_very_bytes_that_are_stored(window, people, case_at, tmp_path, monkeypatch):
    here = window(people.clerk, case_at(Act.DELIVER))
    document = here.card.documents[-1]
    here.click("case.print")
    dialog = here.screen.reader.dialog
    assert dialog.objectName() == "print"
    dialog.reject()
    path = tmp_path / "лицензия.pdf"
    monkeypatch.setattr(saving, "_ask", lambda parent, desk, name: str(path))
    here.click("case.save")
    _, stored = saving.read_bytes(here.desk.store, people.clerk, document_id=document.document_id)
    assert path.read_bytes() == stored
    assert here.desk.told.notices[-1].text == "Saved as лицензия.pdf"


def test_what_the_act_leaves_open_is_counted_at_its_step_and_told_on_demand(window, people, case_at):
    here = window(people.executor, case_at(Act.CHECK))
    opener, panel = here.control("case.law_notes_open"), here.control("case.law_notes")
    assert opener.isVisibleTo(here.screen)
    assert here.card.provisions
    assert opener.text() == str(len(here.card.notes) + len(here.card.provisions))
    assert panel.isHidden()
    opener.click()
    assert not panel.isHidden()
    told = here.control("case.law_notes_text").text()
    assert all(here.desk.language.text(note) in told for note in here.card.notes)
    assert all(here.desk.language.text(words) in told for _, words in here.card.provisions)
    here.click("case.law_notes_close")
    assert panel.isHidden()
