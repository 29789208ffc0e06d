"""The head signs several papers by one PIN: each read first, each told of; and every way it is broken off."""

import logging
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import typst
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from sqlalchemy import select

from desktop.cases import signing
from desktop.eds import pdf_signature, tokens
from desktop.errors import NotAllowed
from desktop.models import CaseDocument, JournalEntry
from desktop.queries.desk import my_desk
from desktop.queries.papers import document_bytes
from desktop.regulation.model import Act
from desktop.ui import renderer, signing_work, theme
from desktop.ui.batch_flow import FAILED, NOT_TRIED, READ, SIGNED, UNREAD, Entry
from desktop.ui.batch_ledger import Line, is_kept
from desktop.ui.screens.batch import BatchDialog
from desktop.ui.screens.desk import DeskScreen
from tests.office import trust_demo
from tests.token_place import PIN, Place, token_place
from tests.ui.case_window import HEAD_IIN, OFFICE_BIN, PASSWORD, VALID_FROM, make_keys

AT: datetime = VALID_FROM + timedelta(days=100)


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
def desk(make_desk, people, case_at, store, keys):
    """The head's desk with three papers that wait for the signature."""
    from desktop.documents.drawing import draw

    trust_demo(store, keys.authority.root_pem)
    for _ in range(3):
        case_at(Act.SIGN, draw=draw)
    made = make_desk(*people.head.roles, store=store)
    made.actor = people.head
    return made


@pytest.fixture
def key_file(tmp_path, keys) -> Path:
    path = tmp_path / "head.p12"
    keys.head.write_pkcs12(path, PASSWORD)
    return path


@pytest.fixture
def window(qtbot, desk, store, people, key_file):
    rows = tuple(row for row in my_desk(store, people.head) if row.act == Act.SIGN)
    assert len(rows) == 3
    dialog = BatchDialog(desk, rows)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.keys.set_file(str(key_file))
    return dialog


def read_all(qtbot, window: BatchDialog, *numbers: int) -> None:
    """Read papers to their end and tick them."""
    for number in numbers or range(len(window.flow.entries)):
        window.table.put_cursor(number)
        entry = window.entry
        assert entry is window.flow.entries[number]
        qtbot.waitUntil(lambda entry=entry: shown(window, entry), timeout=20_000)
        turn_pages(qtbot, window, entry)
        window.tick.box.click()
        assert entry.ticked


def turn_pages(qtbot, window: BatchDialog, entry: Entry) -> None:
    """Look at one page after another; a page that was not drawn was not seen."""
    for number in range(1, window.viewer.page_count + 1):
        assert entry.state == UNREAD
        qtbot.waitUntil(lambda number=number: window.pages_seen(entry) == number, timeout=20_000)
        window.viewer.step_page(1)
    assert entry.state == READ


def shown(window: BatchDialog, entry: Entry) -> bool:
    return (
        entry.prepared is not None and window.viewer.content == entry.prepared.pdf and window.viewer.page > 0
    )


def type_pin(window: BatchDialog, pin: str = PASSWORD) -> None:
    assert window._dialog.isVisible()
    window._dialog.pin.editor.setText(pin)
    window._dialog.sign.click()


def states(window: BatchDialog) -> list[str]:
    return [entry.state for entry in window.flow.entries]


def signed_in(store) -> int:
    with store.reading() as session:
        found = session.scalars(select(CaseDocument).where(CaseDocument.state == "signed")).all()
        return len(found)


def test_what_was_not_read_cannot_be_ticked_nor_signed(qtbot, window: BatchDialog) -> None:
    assert states(window) == [UNREAD] * 3
    assert not window.tick.box.isEnabled() or window.flow.entries[0].state == READ
    window.flow.tick(window.flow.entries[1], True)
    assert not window.flow.entries[1].ticked
    assert not window.sign.isEnabled()
    assert window.sign.accessibleDescription()
    read_all(qtbot, window, 1)
    assert window.sign.isEnabled()
    assert window.flow.wanted == [window.flow.entries[1]]


def test_one_pin_signs_what_was_read_and_it_is_stored(
    qtbot, window: BatchDialog, store, people, keys, clock, monkeypatch
) -> None:
    opened = []
    really = tokens.open_pkcs12
    monkeypatch.setattr(tokens, "open_pkcs12", lambda *given: opened.append(1) or really(*given))
    read_all(qtbot, window, 0, 2)
    window.sign.click()
    type_pin(window)
    assert opened == [1]
    assert states(window) == [SIGNED, UNREAD, SIGNED]
    assert signed_in(store) == 2
    assert window.desk.told.codes == []
    for entry in (window.flow.entries[0], window.flow.entries[2]):
        kept = document_bytes(store, people.head, document_id=entry.prepared.document_id)[1]
        assert kept.startswith(entry.prepared.pdf)
        assert pdf_signature.verify(kept, demo_roots=[keys.authority.root_pem], at=clock()).valid
    assert "2" in window.told.text()
    read_all(qtbot, window, 1)
    window.sign.click()
    type_pin(window)
    assert states(window) == [SIGNED] * 3


def test_a_wrong_pin_stops_it_at_once_and_nothing_is_tried_twice(qtbot, window: BatchDialog, store) -> None:
    read_all(qtbot, window)
    window.sign.click()
    type_pin(window, "Wrong-1234")
    assert states(window) == [NOT_TRIED] * 3
    assert window._trouble.code == "keystore-wrong-password"
    assert window.problem.isVisible()
    assert signed_in(store) == 0
    window.sign.click()
    type_pin(window)
    assert states(window) == [SIGNED] * 3


@pytest.fixture
def place(tmp_path, monkeypatch):
    with token_place(tmp_path / "softhsm", monkeypatch) as made:
        yield made


def test_pulled_out_in_the_middle_and_resumed(
    qtbot, window: BatchDialog, place: Place, keys, store, monkeypatch
) -> None:
    place.add(keys.head, "head")
    read_all(qtbot, window)
    window.keys.by_token.click()
    assert window.keys.key().label == "head"

    def pull() -> None:
        if window.flow.count(SIGNED) == 1 and (place.directory / "tokens" / "").exists() and not pulled:
            pulled.append(1)
            place.pull_out()

    pulled: list[int] = []
    window.flow.changed.connect(pull)
    window.sign.click()
    type_pin(window, PIN)
    assert pulled
    assert states(window) == [SIGNED, FAILED, NOT_TRIED]
    assert window._trouble.code == "token-removed"
    assert signed_in(store) == 1
    place.put_back()
    window.keys.look_for_tokens()
    window.sign.click()
    type_pin(window, PIN)
    assert states(window) == [SIGNED] * 3
    assert signed_in(store) == 3


def test_the_certificate_cannot_change_inside_a_batch(
    qtbot, window: BatchDialog, keys, tmp_path, store
) -> None:
    read_all(qtbot, window, 0)
    window.sign.click()
    type_pin(window)
    other = tmp_path / "renewed.p12"
    make_renewed(keys).write_pkcs12(other, PASSWORD)
    window.keys.set_file(str(other))
    read_all(qtbot, window, 1)
    window.sign.click()
    type_pin(window)
    assert states(window) == [SIGNED, NOT_TRIED, UNREAD]
    assert window._trouble.code == "batch-other-certificate"
    assert signed_in(store) == 1


def make_renewed(keys):
    from desktop.eds.demo_ca import DemoPerson
    from tests.ui.case_window import HEAD_IIN, OFFICE_BIN, ORGANISATION, VALID_FROM

    head = DemoPerson("БАСШЫБАЕВ ЕРЛАН", HEAD_IIN, "ҚУАТҰЛЫ", ORGANISATION, OFFICE_BIN)
    return keys.authority.issue(head, valid_from=VALID_FROM)


def test_stopped_between_two_keeps_what_was_signed(qtbot, window: BatchDialog, store) -> None:
    read_all(qtbot, window)
    window.flow.changed.connect(lambda: window.flow.count(SIGNED) == 1 and window.flow.stop())
    window.sign.click()
    type_pin(window)
    assert states(window) == [SIGNED, NOT_TRIED, NOT_TRIED]
    assert window._trouble.code == "batch-stopped"
    assert signed_in(store) == 1


def died(flow) -> None:
    """From now on nothing of this program reaches disk or database, as after a kill."""
    flow._told.disconnect(flow._one)
    flow.ledger.keep = lambda _lines, _then=None: None


def reopened(qtbot, window: BatchDialog, store, people) -> BatchDialog:
    rows = tuple(row for row in my_desk(store, people.head) if row.act == Act.SIGN)
    again = BatchDialog(window.desk, rows)
    qtbot.addWidget(again)
    again.show()
    again.keys.set_file(window.keys._path)
    return again


def test_what_a_killed_program_left_is_told_when_the_list_is_opened_again(
    qtbot, window: BatchDialog, store, people, language
) -> None:
    read_all(qtbot, window)
    window.flow.changed.connect(lambda: window.flow.count(SIGNED) == 1 and died(window.flow))
    window.sign.click()
    type_pin(window)
    assert signed_in(store) == 1
    done = window.flow.entries[0].row
    again = reopened(qtbot, window, store, people)
    assert [entry.state for entry in again.flow.entries] == [NOT_TRIED, NOT_TRIED, SIGNED]
    assert again.flow.entries[2].row.number == done.number
    assert [entry.error.code for entry in again.flow.entries[:2]] == ["batch-broken-off"] * 2
    assert not again.flow.wanted
    for code in ("kk", "ru", "en"):
        language.switch(code)
        again.retranslate()
        assert again.left.isVisible()
        assert "1" in again.left.text()
        assert "2" in again.left.text()
    again.flow.tick(again.flow.entries[0], True)
    assert not again.flow.entries[0].ticked, "what was read before is read again"
    again.table.put_cursor(2)
    assert again.why.isVisible()
    assert not again.tick.box.isEnabled()
    for number in (0, 1):
        again.table.put_cursor(number)
        entry = again.flow.entries[number]
        qtbot.waitUntil(lambda entry=entry: shown(again, entry), timeout=20_000)
        for page in range(1, again.viewer.page_count + 1):
            qtbot.waitUntil(lambda entry=entry, page=page: again.pages_seen(entry) == page, timeout=20_000)
            again.viewer.step_page(1)
        again.tick.box.click()
    again.sign.click()
    type_pin(again)
    assert signed_in(store) == 3
    again.reject()
    assert not is_kept(person_id=people.head.person_id)


def test_a_failure_is_kept_with_its_reason_and_no_secret(
    qtbot, window: BatchDialog, store, people, tmp_path
) -> None:
    read_all(qtbot, window, 0, 1)
    window.sign.click()
    type_pin(window, "Wrong-1234")
    window.reject()
    assert is_kept(person_id=people.head.person_id)
    (kept,) = (tmp_path / "state" / "drafts").glob("batch-*.json")
    assert kept.stat().st_mode & 0o077 == 0
    text = kept.read_text()
    assert "Wrong-1234" not in text
    assert "PDF" not in text
    assert kept.stat().st_size < 2000
    again = reopened(qtbot, window, store, people)
    assert [entry.state for entry in again.flow.entries] == [NOT_TRIED, NOT_TRIED, UNREAD]
    assert again.flow.entries[0].error.code == "keystore-wrong-password"
    assert again.flow.entries[0].error.facts == window._trouble.facts
    again.reject()
    assert is_kept(person_id=people.head.person_id), "nothing of it was signed yet"


def test_what_went_on_without_the_list_is_told_and_another_database_is_none_of_it(
    qtbot, window: BatchDialog, store, people, case_at
) -> None:
    from desktop.cases import routing

    read_all(qtbot, window, 0)
    case_id = window.flow.entries[0].row.case_id
    window.flow.ledger.recalled.disconnect(window.flow._recall)
    window.flow.changed.connect(lambda: died(window.flow) if window.flow.stage == "token" else None)
    window.flow.ledger.keep([Line(case_id, window.flow.entries[0].prepared.document_id, "waiting")])
    routing.withdraw(store, people.clerk, reason="өтініш", **case_at.seen(case_id))
    again = reopened(qtbot, window, store, people)
    assert [entry.state for entry in again.flow.entries] == [UNREAD, UNREAD, FAILED]
    assert again.flow.entries[2].error.code == "batch-paper-gone"
    again.reject()
    window.flow.ledger._database = "another"
    window.flow.ledger.keep([Line(case_id, 1, "waiting")])
    other = reopened(qtbot, window, store, people)
    assert len(other.flow.entries) == 2
    assert not other.left.isVisible()


def test_the_desk_offers_a_broken_off_list_although_one_paper_is_left(
    qtbot, window: BatchDialog, desk, store, people
) -> None:
    screen = DeskScreen(desk)
    qtbot.addWidget(screen)
    screen.show()
    screen.refresh()
    screen._rows = screen._rows[:1]
    screen._arrange()
    assert screen.batch.isHidden()
    window.flow.ledger.keep([Line(window.flow.entries[0].row.case_id, 1, "waiting")])
    screen.refresh()
    screen._rows = screen._rows[:1]
    screen._arrange()
    assert screen.batch.isVisible()


def test_a_paper_that_is_prepared_anew_is_read_anew(
    qtbot, window: BatchDialog, store, people, case_at
) -> None:
    """What was read is not what would be signed: nobody may tick it unread."""
    read_all(qtbot, window, 0)
    entry = window.flow.entries[0]
    window.flow._not_kept(entry, NotAllowed("case-moved-on"))
    assert not entry.read
    entry.prepared = window.flow.entries[1].prepared or object()  # as when it was opened again
    window.flow.tick(entry, True)
    assert not entry.ticked
    assert not window.flow.wanted


def test_somebody_signed_one_meanwhile(qtbot, window: BatchDialog, desk, store, people, case_at) -> None:
    from desktop.cases import routing

    read_all(qtbot, window)
    case_id = window.flow.entries[1].row.case_id
    routing.withdraw(store, people.clerk, reason="өтініш", **case_at.seen(case_id))
    window.sign.click()
    type_pin(window)
    assert states(window)[0] == SIGNED
    assert states(window)[1] == FAILED
    assert window.flow.entries[1].error.code == "case-moved-on"


def test_the_keyboard_is_enough(qtbot, window: BatchDialog, store) -> None:
    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    entry = window.flow.entries[0]
    window.table.setFocus()
    qtbot.waitUntil(lambda: shown(window, entry), timeout=20_000)
    turn_pages(qtbot, window, entry)
    window.tick.box.setFocus()
    QTest.keyClick(window.tick.box, Qt.Key.Key_Space)
    assert entry.ticked
    QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window._dialog is not None)
    type_pin(window)
    assert signed_in(store) == 1


def test_space_in_the_list_reads_on_ticks_and_goes_to_the_next_paper(
    qtbot, window: BatchDialog, store
) -> None:
    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    window.table.setFocus()
    first, second, third = window.flow.entries
    QTest.keyClick(window.table, Qt.Key.Key_Space)  # nothing was on the screen yet: nothing is passed over
    assert not first.ticked
    for entry in (first, second, third):
        assert window.entry is entry
        qtbot.waitUntil(lambda entry=entry: shown(window, entry), timeout=20_000)
        for number in range(1, window.viewer.page_count + 1):
            qtbot.waitUntil(
                lambda entry=entry, number=number: window.pages_seen(entry) == number, timeout=20_000
            )
            assert window.viewer.page == number
            assert not entry.ticked
            QTest.keyClick(window.table, Qt.Key.Key_Space)
        assert entry.ticked
    assert window.entry is third
    assert window.table.hasFocus()
    QTest.keyClick(window.table, Qt.Key.Key_Space)  # once more takes nothing back
    assert window.flow.wanted == [first, second, third]


def test_numbers_and_states_are_whole_and_no_way_to_a_key_is_hidden(qapp, qtbot, window: BatchDialog) -> None:
    theme.apply(qapp, "light", scale=1.5)
    dialog = BatchDialog(window.desk, tuple(entry.row for entry in window.flow.entries))
    qtbot.addWidget(dialog)
    dialog.resize(1280, 720)
    dialog.show()
    assert dialog.table.width() >= 0.4 * dialog.width()
    for column in (0, 1):
        assert dialog.table.columnWidth(column) >= dialog.table.sizeHintForColumn(column)
    assert dialog.table.columnWidth(2) > dialog.table.columnWidth(1)
    assert dialog.keys.visibleRegion().boundingRect() == dialog.keys.rect()


def test_no_trace_of_the_pin_is_left(
    qtbot, window: BatchDialog, store, tmp_path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    read_all(qtbot, window, 0)
    window.sign.click()
    type_pin(window)
    window.desk.keep_settings(last_login="x")
    assert PASSWORD not in caplog.text
    assert PASSWORD not in repr(window.desk.settings)
    with store.reading() as session:
        for entry in session.scalars(select(JournalEntry)):
            assert PASSWORD not in repr(vars(entry))
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and path.suffix not in (".p12",)]
    assert kept
    assert not any(PASSWORD.encode() in path.read_bytes() for path in kept)


def test_what_took_long_is_verified_by_the_clock_of_then(
    monkeypatch: pytest.MonkeyPatch, key_file: Path, keys
) -> None:
    """A time stamp, and NCALayer, state the moment of their own: a long list is not signed in the future."""
    later = AT + timedelta(minutes=40)
    with tokens.open_pkcs12(key_file, PASSWORD) as hand:
        signed = hand.sign(typst.compile(b"= Licence", format="pdf"), at=later, reason="")
    facts = signing_work.SignerFacts(HEAD_IIN, OFFICE_BIN, AT, (), (keys.authority.root_pem,))
    seen = []
    monkeypatch.setattr(
        signing, "record", lambda store, actor, *, verify, signed: seen.append(verify(signed))
    )
    for now, valid in ((later, True), (AT, False)):
        clock = SimpleNamespace(now=lambda now=now: now)
        signing_work.record(clock, None, signer=facts, signed=signing_work.Made(signed))
        assert seen[-1].valid is valid


def test_the_desk_offers_it_when_there_is_more_than_one(qtbot, desk) -> None:
    screen = DeskScreen(desk)
    qtbot.addWidget(screen)
    screen.show()
    screen.refresh()
    assert screen.batch.isVisible()
    screen.batch.click()
    assert len(screen.dialog.flow.entries) == 3
    screen.dialog.reject()
