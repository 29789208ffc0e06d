"""The state of the seal in the journal's screen, and the head's signature under it, through the windows."""

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit, QPushButton

from desktop.eds import tokens_pkcs11
from desktop.eds.demo_ca import DemoAuthority, DemoPerson
from desktop.errors import NotAllowed
from desktop.queries import journal_state
from desktop.regulation.model import Role
from desktop.store import proving
from desktop.store.database import Store
from desktop.ui.screens.desk import DeskScreen
from desktop.ui.screens.journal import JournalScreen
from desktop.ui.screens.journal_parts.checkpoints import CheckpointsDialog
from tests.office import trust_demo
from tests.store import past
from tests.token_place import PIN as TOKEN_PIN
from tests.token_place import token_place

PIN = "Qwerty12"


@pytest.fixture
def screen(make_desk, store: Store, people):
    desk = make_desk(Role.HEAD, store=store)
    desk.actor = people.head
    made = JournalScreen(desk)
    made.resize(1100, 700)
    made.show()
    made.refresh()
    yield made
    made.close()
    made.deleteLater()


def test_it_says_where_the_journal_stands_and_verifies_it(screen, store: Store, case_at, language):
    assert "Not yet verified" in screen.seal.text.text()
    case_at("assign")
    screen.refresh()
    position = journal_state.seal(store, screen.desk.actor).position
    assert f"sealed up to position {position}" in screen.seal.text.text()
    screen.seal.verify.click()
    assert f"Verified up to position {position}" in screen.seal.text.text()
    assert "everything holds" in screen.seal.text.text()
    assert screen.desk.tasks.lanes_used[-1] == "files"
    assert screen.desk.alarms.told == ()
    assert screen.seal.bar.isHidden()
    for code in ("kk", "ru", "en"):
        language.switch(code)
        screen.retranslate()
        assert str(position) in screen.seal.text.text()


def test_what_it_finds_is_said_and_stops_the_signing(screen, store: Store):
    past.write(store, "UPDATE person SET name_ru = 'Другой' WHERE id = 2")
    screen.seal.verify.click()
    assert "Does not hold: 1" in screen.seal.text.text()
    assert "name_ru" in screen.seal.text.text()
    assert [one.code for one in screen.desk.alarms.told] == ["journal-row-changed"]
    with store.writing() as session:
        session.connection().exec_driver_sql("UPDATE person SET name_ru = 'Другой' WHERE id = 2")
    screen.seal.verify.click()  # an honest correction is in the journal
    assert screen.desk.alarms.told == ()


def test_an_administrator_sees_the_state_and_is_not_offered_to_verify(make_desk, store: Store, people):
    desk = make_desk(Role.ADMINISTRATOR, store=store)
    desk.actor = people.administrator
    made = JournalScreen(desk)
    made.refresh()
    assert "sealed up to" in made.seal.text.text()
    assert made.seal.verify.isHidden()


@pytest.fixture
def key_file(store: Store, people, clock, tmp_path: Path) -> Path:
    clock.set(clock.moment.replace(year=2026))
    authority = DemoAuthority(valid_from=clock.moment - timedelta(days=30))
    person = DemoPerson("БАСШЫБАЕВ ЕРЛАН", "700520350035", "ҚУАТҰЛЫ", "Басқарма", "050140003412")
    key = authority.issue(person, valid_from=clock.moment - timedelta(days=20))
    trust_demo(store, authority.root_pem)
    path = tmp_path / "head.p12"
    path.write_bytes(key.to_pkcs12(PIN))
    return path


def test_the_head_signs_one_and_saves_it(screen, store: Store, key_file: Path, tmp_path: Path):
    target = tmp_path / "checkpoint.pdf"
    dialog = CheckpointsDialog(screen.desk, screen, save_as=lambda _name: str(target))
    dialog.open()
    assert dialog.sign.isVisible()
    dialog.keys.set_file(str(key_file))
    dialog.sign.click()
    pin = dialog._dialog
    assert pin is not None
    pin.findChild(QLineEdit, "pin.pin").setText(PIN)
    pin.findChild(QPushButton, "pin.sign").click()
    (row,) = dialog.table.rows.rows
    assert row.reason == "monthly"  # the office is older than a month by now
    assert proving.prove(store, deep=True).holds
    dialog.table.setCurrentIndex(dialog.table.rows.index(0, 0))
    dialog.save.click()
    kept = journal_state.document(store, screen.desk.actor, number=row.number)
    assert hashlib.sha256(target.read_bytes()).digest() == hashlib.sha256(kept).digest()
    assert screen.desk.told.codes == []
    dialog.close()


def test_a_wrong_pin_is_said_and_nothing_is_kept(screen, store: Store, key_file: Path):
    dialog = CheckpointsDialog(screen.desk, screen)
    dialog.open()
    dialog.keys.set_file(str(key_file))
    dialog.sign.click()
    dialog._dialog.findChild(QLineEdit, "pin.pin").setText("wrong")
    dialog._dialog.findChild(QPushButton, "pin.sign").click()
    assert dialog.problem.isVisible()
    assert journal_state.checkpoints(store, screen.desk.actor) == ()
    dialog.close()


def test_a_token_is_proved_before_its_pin_and_its_last_try_is_asked_for(
    screen, store: Store, clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    clock.set(clock.moment.replace(year=2026))
    start = clock.moment - timedelta(days=30)
    authority = DemoAuthority(valid_from=start - timedelta(days=1000))
    head = DemoPerson("БАСШЫБАЕВ ЕРЛАН", "700520350035", "ҚУАТҰЛЫ", "Басқарма", "050140003412")
    trust_demo(store, authority.root_pem)
    with token_place(tmp_path / "softhsm", monkeypatch) as place:
        place.add(authority.issue(head, valid_from=start - timedelta(days=900)), "old")
        dialog = CheckpointsDialog(screen.desk, screen)
        dialog.open()
        dialog.keys.by_token.click()
        dialog.sign.click()
        assert dialog._dialog is None, "no PIN is asked for a certificate that will not do"
        assert dialog._trouble.code == "certificate-expired"
        place.pull_out()
        (place.directory / "tokens").mkdir(exist_ok=True)
        place.add(authority.issue(head, valid_from=start), "new")
        dialog.keys.look_for_tokens()
        flags = tokens_pkcs11._check_tries
        monkeypatch.setattr(
            tokens_pkcs11, "_check_tries", lambda token, accepted: accepted or _last(token.label)
        )
        asked: list[str] = []
        monkeypatch.setattr(screen.desk, "ask", lambda question, **_: not asked.append(question))
        dialog.sign.click()
        _type(dialog, TOKEN_PIN)
        assert len(asked) == 1
        _type(dialog, TOKEN_PIN)
        assert len(dialog.table.rows.rows) == 1
        monkeypatch.setattr(tokens_pkcs11, "_check_tries", flags)
        dialog.close()


def _last(label: str):
    raise NotAllowed("token-pin-final-try", token=label)


def _type(dialog: CheckpointsDialog, pin: str) -> None:
    dialog._dialog.findChild(QLineEdit, "pin.pin").setText(pin)
    dialog._dialog.findChild(QPushButton, "pin.sign").click()


def test_the_heads_desk_reminds_of_one_and_leads_there(make_desk, store: Store, people, clock):
    desk = make_desk(Role.HEAD, store=store)
    desk.actor = people.head
    made = DeskScreen(desk)
    asked: list[str] = []
    made.screen_chosen.connect(asked.append)
    made.refresh()
    assert made.reminder.isHidden()
    clock.set(clock.moment + timedelta(days=40))
    made.refresh()
    assert not made.reminder.isHidden()
    assert "monthly" in made.reminder.text.text()
    made.reminder.open.click()
    assert asked == ["journal"]
    desk.actor = people.clerk
    other = DeskScreen(desk)
    other.refresh()
    assert other.reminder.isHidden()
