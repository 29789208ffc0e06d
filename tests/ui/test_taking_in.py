"""The counter while the server is away: nothing typed is lost, nothing gets a number, each is registered once after."""

import json
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from sqlalchemy import select

from desktop import settings
from desktop.models import Attachment, Case, JournalEntry, RegisterNumber
from desktop.store.database import Store
from desktop.ui import taken_in
from desktop.ui.intake import Intake
from desktop.ui.screens.register_parts.slip import slip_pdf, slip_text
from tests.faults.proxy import ANSWERED, BEFORE, PASS
from tests.ui.gui_thread import gui_thread_watched
from tests.ui.registration import control, fill
from tests.ui.windows import Window


@pytest.fixture
def counter(sit, qtbot, people, clock):
    clock.set("2018-06-11T10:00")
    clerk = sit(people.clerk)
    clerk.window.workplace.go("register")
    screen = clerk.window.workplace.screen("register")
    qtbot.waitUntil(lambda: screen.page.service.chosen() is not None, timeout=20_000)
    _settled(qtbot, clerk)
    clerk.screen = screen
    return clerk


def _settled(qtbot, window: Window) -> None:
    qtbot.waitUntil(lambda: window.tasks.running == 0, timeout=20_000)


def _leave(qtbot, window: Window, network) -> None:
    network.go_away()
    window.desk.link.doubt()
    qtbot.waitUntil(lambda: window.desk.link.is_away, timeout=20_000)


def _come_back(qtbot, window: Window, network) -> None:
    network.come_back()
    window.desk.link.retry()
    qtbot.waitUntil(lambda: not window.desk.link.is_away, timeout=20_000)
    _settled(qtbot, window)


def _take_in(qtbot, window: Window, site: str, scan: Path | None = None) -> None:
    fill(window.screen, site=site)
    if scan is not None:
        window.screen.page.scans.add_files([scan], "")
        _settled(qtbot, window)
    before = len(window.desk.intake.entries)
    window.screen.save()
    qtbot.waitUntil(lambda: len(window.desk.intake.entries) == before + 1, timeout=20_000)
    _settled(qtbot, window)
    window.screen._next()


def test_two_are_taken_in_kept_over_a_restart_and_registered_once_each_in_their_order(
    counter,
    qtbot,
    network,
    postgres_store: Store,
    tmp_path,
):
    scan = tmp_path / "Диплом.pdf"
    scan.write_bytes(b"%PDF-1.4\n%%EOF\n")
    _leave(qtbot, counter, network)
    assert counter.screen.side.save.text() == "Принять без регистрации"
    with gui_thread_watched(tmp_path) as waited_for:
        _take_in(qtbot, counter, "Орал қ., Абай даңғ., 1", scan)
        _take_in(qtbot, counter, "Орал қ., Абай даңғ., 2")
        assert waited_for == []
    scan.unlink()  # what the form was given is no longer needed
    state = control(counter.screen, "taken_in.0.state").text()
    assert "ЕЩЁ НЕ ЗАРЕГИСТРИРОВАНО" in state
    place = counter.desk.intake.place
    assert [one.state for one in taken_in.load_all(place=place)] == [
        "waiting",
        "waiting",
    ]  # a restart reads this
    with postgres_store.reading() as session:
        assert session.scalars(select(Case.id)).all() == []
    _come_back(qtbot, counter, network)
    qtbot.waitUntil(lambda: all(one.number for one in counter.desk.intake.entries), timeout=20_000)
    _settled(qtbot, counter)
    assert [one.number for one in counter.desk.intake.entries] == ["2018-000001", "2018-000002"]
    assert counter.told[-1].text == "Зарегистрировано 2 заявления, принятых без связи"
    with postgres_store.reading() as session:
        cases = session.scalars(select(Case).order_by(Case.id)).all()
        assert [case.site[-1] for case in cases] == ["1", "2"]
        assert session.scalars(select(Attachment.file_name)).all() == ["Диплом.pdf"]
        facts = session.scalars(select(JournalEntry.facts).where(JournalEntry.event == "registered")).all()
        assert all(told["taken_in_at"] for told in facts)
        assert {case.received_at for case in cases} == {cases[0].registered_at}  # the law counts from here
    kept = settings.data_folder() / "taken-in"
    assert not list(kept.rglob("*.pdf"))
    control(counter.screen, "taken_in.tidy").click()
    _settled(qtbot, counter)
    assert taken_in.load_all(place=place) == ()


@pytest.mark.parametrize("dies", ["before it is noted", "at COMMIT"])
def test_one_whose_registration_was_not_noted_is_not_registered_again(
    counter,
    qtbot,
    network,
    postgres_store: Store,
    monkeypatch,
    dies,
):
    _leave(qtbot, counter, network)
    _take_in(qtbot, counter, "Орал қ., Абай даңғ., 1")
    if dies == "at COMMIT":
        coming = iter([ANSWERED])
        network.on_commit = lambda: next(coming, PASS)
        _come_back(qtbot, counter, network)
    else:
        noted = Intake._note
        monkeypatch.setattr(Intake, "_note", lambda *_args, **_facts: None)  # the program dies here
        _come_back(qtbot, counter, network)
        qtbot.waitUntil(lambda: not counter.desk.is_doing(), timeout=20_000)
        monkeypatch.setattr(Intake, "_note", noted)
        counter.desk.intake._working = False
        counter.desk.intake.load()
    qtbot.waitUntil(lambda: counter.desk.intake.entries[0].number != "", timeout=20_000)
    _settled(qtbot, counter)
    with postgres_store.reading() as session:
        assert session.scalars(select(Case.number)).all() == ["2018-000001"]
        given = select(RegisterNumber.sequence).where(RegisterNumber.register == "incoming")
        assert session.scalars(given).all() == [1]


def test_a_possible_duplicate_and_a_bad_form_stay_with_their_reason(
    counter,
    qtbot,
    network,
    postgres_store: Store,
):
    _leave(qtbot, counter, network)
    _take_in(qtbot, counter, "Орал қ., Абай даңғ., 1")
    _take_in(qtbot, counter, "Орал қ., Абай даңғ., 1")  # the same papers a second time
    fill(counter.screen, site="Орал қ., Абай даңғ., 3", holder_kk="")
    counter.screen.save()
    qtbot.waitUntil(lambda: len(counter.desk.intake.entries) == 3, timeout=20_000)
    counter.screen._next()
    _come_back(qtbot, counter, network)
    qtbot.waitUntil(
        lambda: [one.state for one in counter.desk.intake.entries] == ["registered", "refused", "refused"],
        timeout=20_000,
    )
    _settled(qtbot, counter)
    assert "2018-000001" in control(counter.screen, "taken_in.1.state").text()
    assert "Не зарегистрировано" in control(counter.screen, "taken_in.2.state").text()
    control(counter.screen, "taken_in.2.correct").click()
    _settled(qtbot, counter)
    fill(counter.screen, site="Орал қ., Абай даңғ., 3")
    _settled(qtbot, counter)
    counter.screen.save()
    qtbot.waitUntil(lambda: len(counter.desk.intake.entries) == 2, timeout=20_000)
    _settled(qtbot, counter)
    with postgres_store.reading() as session:
        assert len(session.scalars(select(Case.id)).all()) == 2


def test_the_slip_has_no_number_and_says_that_it_is_no_receipt(counter, qtbot, network):
    _leave(qtbot, counter, network)
    _take_in(qtbot, counter, "Орал қ., Абай даңғ., 1")
    (entry,) = counter.desk.intake.entries
    text = slip_text(entry)
    assert "ӘЛІ ТІРКЕЛГЕН ЖОҚ" in text
    assert "ЕЩЁ НЕ ЗАРЕГИСТРИРОВАНО" in text
    assert "2018-" not in text
    assert slip_pdf(entry=entry).startswith(b"%PDF-")


def test_what_cannot_be_read_is_left_alone_and_what_cannot_be_kept_stays_in_the_form(
    counter,
    qtbot,
    network,
    monkeypatch,
    tmp_path,
):
    _leave(qtbot, counter, network)
    _take_in(qtbot, counter, "Орал қ., Абай даңғ., 1")
    place = counter.desk.intake.place
    broken = taken_in._folder(place) / "broken"
    broken.mkdir()
    (broken / "record.json").write_text(json.dumps({"id": 1}))
    assert len(taken_in.load_all(place=place)) == 1
    assert broken.exists()

    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    fill(counter.screen, site="Орал қ., Абай даңғ., 2")
    with monkeypatch.context() as disk:
        disk.setattr(taken_in.os, "replace", full)
        counter.screen.save()
        qtbot.waitUntil(lambda: "taken-in-not-kept" in [one.code for one in counter.told], timeout=20_000)
    assert counter.screen.page.activity.text("site") == "Орал қ., Абай даңғ., 2"
    assert len(taken_in.load_all(place=place)) == 1


def test_before_anybody_signs_in_the_list_can_be_read_and_printed_and_no_more(counter, qtbot, network):
    _leave(qtbot, counter, network)
    _take_in(qtbot, counter, "Орал қ., Абай даңғ., 1")
    place = counter.desk.intake.place
    counter.window.sign_out()
    start = counter.window.start
    start.show_sign_in(None, place)
    _settled(qtbot, counter)
    button = control(start, "start.taken_in")
    assert button.isVisible()
    assert button.text() == "Принято, ЕЩЁ НЕ ЗАРЕГИСТРИРОВАНО: 1"
    button.click()
    dialog = control(counter.window, "taken_in_list")
    shown = [one.objectName() for one in dialog.findChildren(QPushButton) if one.isVisible()]
    assert shown == ["taken_in.back", "taken_in.0.slip"]
    control(dialog, "taken_in.0.slip").click()
    _settled(qtbot, counter)
    control(counter.window, "slip.close").click()
    control(dialog, "taken_in.back").click()


@pytest.mark.parametrize("way", [ANSWERED, BEFORE])
def test_one_that_is_being_found_out_joins_the_list_and_the_form_is_free_for_the_next(
    counter, qtbot, network, postgres_store: Store, way
):
    fill(counter.screen, site="Орал қ., Абай даңғ., 1")
    _settled(qtbot, counter)

    def leave() -> str:
        network._refusing = True
        return way

    network.on_commit = leave
    counter.screen.save()
    qtbot.waitUntil(lambda: counter.desk.finding_out == 1, timeout=30_000)
    network.on_commit = lambda: PASS
    network.cut_all()  # now the line that listens is lost too
    qtbot.waitUntil(lambda: len(counter.desk.intake.entries) == 1, timeout=30_000)
    _settled(qtbot, counter)
    assert counter.desk.finding_out == 0
    assert counter.screen.page.scroll.widget().isEnabled()
    counter.screen._next()
    _take_in(qtbot, counter, "Орал қ., Абай даңғ., 2")
    _come_back(qtbot, counter, network)
    qtbot.waitUntil(lambda: all(one.number for one in counter.desk.intake.entries), timeout=20_000)
    assert [one.number for one in counter.desk.intake.entries] == ["2018-000001", "2018-000002"]
    with postgres_store.reading() as session:
        assert session.scalars(select(Case.number).order_by(Case.id)).all() == ["2018-000001", "2018-000002"]
