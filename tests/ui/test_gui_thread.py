"""Nothing blocks the window: a case from the counter to the closed file, and nothing waited for on its thread.

Real threads, real store, real token; the person works at the program's own windows.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event

import pytest
from PySide6.QtCore import Qt

from desktop.app import DemoOffice, Program
from desktop.demo.facts import CaseFacts
from desktop.demo.hands import Hands
from desktop.demo.play import Play, Stage
from desktop.demo.scans import sample_scans
from desktop.demo.story import Clock
from desktop.errors import Unavailable
from desktop.queries.case_card import case_card
from desktop.queries.charges import fee_due
from desktop.queries.office import services
from desktop.regulation.model import Channel, Effect
from desktop.regulation.terms import default_calendar
from desktop.settings import load
from desktop.store.database import Store
from desktop.ui import drafts, renderer, window_room
from desktop.ui.screens.case_parts import saving
from tests import office
from tests.clock import OFFICE_ZONE
from tests.office import trust_demo
from tests.token_place import PIN, token_place
from tests.ui.case_window import make_keys
from tests.ui.gui_thread import gui_thread_watched

RECEIVED = datetime(2018, 6, 11, 9, 30, tzinfo=OFFICE_ZONE)


@pytest.fixture
def folders(tmp_path, monkeypatch):
    for name in ("STATE", "DATA", "CONFIG"):
        monkeypatch.setenv(f"RUQSAT_{name}", str(tmp_path / name.lower()))


@pytest.fixture
def pool():
    """A thread for what the test itself asks of the store."""
    with ThreadPoolExecutor(1, "test") as made:
        yield made


@pytest.fixture
def keys():
    return make_keys()


@pytest.fixture
def program(qtbot, qapp, folders, sqlite_url, people, keys, tmp_path):
    """The program with the office open; ``program.clock`` is its time."""
    store = Store(sqlite_url, clock=lambda: RECEIVED)
    trust_demo(store, keys.authority.root_pem)
    store.dispose()
    key_file = tmp_path / "head.p12"
    keys.head.write_pkcs12(key_file, office.PASSWORD)
    clock = Clock(RECEIVED)
    opened = Program(
        qapp, demo=lambda _: DemoOffice(sqlite_url, (), office.PASSWORD, key_file=str(key_file), clock=clock)
    )
    opened.clock = clock
    opened.window.resize(1366, 768)
    window_room.keep(opened.window, opened.window.geometry_kept)  # as it was left
    yield opened
    opened.window.close()
    renderer.stop()
    qapp.removeEventFilter(opened)
    opened.close()
    opened.window.deleteLater()


@dataclass(kw_only=True)
class _Stage(Stage):
    def picture(self, name: str) -> None:
        self.hands.settle()


class _Walk(Play):
    """Does beside the play what else touches files: leaves a form half filled, looks at a scan, attaches, saves."""

    by_token = False

    def _register(self) -> None:
        self.stage.sit_down("clerk")
        self.stage.go("register")
        self.stage.hands.write("register.holder_kk", "Ақ")
        self.stage.hands.click("navigation.desk")
        self.stage.go("register")
        super()._register()

    def _bring_papers(self) -> None:
        super()._bring_papers()
        self.stage.hands.click("register.file.0.look")
        self.stage.hands.settle()

    def _assign(self, card) -> None:
        self.stage.wait_until(self.stage.clock.now)
        self._open(card, "head")
        self.stage.hands.settle()
        self.stage.hands.see("screen.case").reader.show_attachment(card.attachments[1])
        self.stage.hands.settle()
        super()._assign(card)

    def _sign(self, card) -> None:
        if not self.by_token:
            super()._sign(card)
            return
        hands = self.stage.hands
        self._open(card, "head")
        hands.click("case.key_by_token")
        hands.settle()
        hands.choose("case.tokens", lambda key: key is not None and key.label == "head")
        self._take(Effect.SIGNED, "signature")
        hands.write("pin.pin", "00000000")
        hands.click("pin.sign")
        hands.settle()
        hands.see("case.signing_problem")
        self._take(Effect.SIGNED, "again")
        hands.write("pin.pin", PIN)
        hands.click("pin.sign")

    def _deliver(self, card) -> None:
        self._open(card, "clerk")
        self.stage.hands.click("case.print")
        self.stage.hands.settle()
        self.stage.hands.click("print.close")
        self.stage.hands.click("case.save")
        self.stage.hands.settle()
        super()._deliver(card)


@pytest.fixture
def stage(program, pool, people, tmp_path):
    """Return what makes the stage once the office is open."""
    scans = sample_scans(tmp_path / "scans")

    def made() -> _Stage:
        store = program.desk.store
        choice = pool.submit(services, store, people.clerk).result()[0]
        operation = {
            "regulation_sha256": choice.regulation_sha256,
            "service": choice.service,
            "operation": choice.operation,
        }
        said = []
        program.notices.told.connect(lambda notice: said.append(notice.text))
        program.notices.defect_told.connect(lambda number, details: said.append(details))
        return _Stage(
            hands=Hands(program.window, lambda: said[-1] if said else "nothing"),
            clock=program.clock,
            calendar=default_calendar(OFFICE_ZONE),
            window=program.window,
            read_card=lambda case_id: pool.submit(case_card, store, people.auditor, case_id=case_id).result(),
            fee_due=lambda day: pool.submit(fee_due, store, people.clerk, paid_on=day, **operation).result(),
            executor_id=people.executor.person_id,
            papers=choice.papers,
            scans=scans,
            pictures=tmp_path,
            passwords=office.PASSWORD,
            pin=office.PASSWORD,
            present=RECEIVED + timedelta(days=400),
        )

    return made


@pytest.mark.filterwarnings("ignore:Function. .QDr:DeprecationWarning")  # Qt offers no other way to drag
@pytest.mark.parametrize(("answer", "by_token"), [(Effect.CONFORMS, True), (Effect.DOES_NOT_CONFORM, False)])
def test_nothing_is_waited_for_on_the_gui_thread(
    program, stage, keys, pool, qtbot, tmp_path, monkeypatch, answer, by_token
):
    paper = tmp_path / "saved" / "paper.pdf"
    paper.parent.mkdir()
    monkeypatch.setattr(saving, "_ask", lambda parent, desk, name: str(paper))
    told = CaseFacts("«Ақ жайық» ЖШС", "ТОО «Ақ жайық»", True, "210440038887", "Орал қ., Абай даңғ., 1",
                     ("ultrasound",), RECEIVED, answer)  # fmt: skip
    with token_place(tmp_path / "softhsm", monkeypatch) as place:
        place.add(keys.head, "head")
        with gui_thread_watched(tmp_path) as waited_for:
            program.show(demo_folder=tmp_path)
            qtbot.waitUntil(lambda: program.desk.store is not None, timeout=30_000)
            here = stage()
            walk = _Walk(here, told, _sub_types(pool, program, told), "walk", Channel.OFFICE)
            walk.by_token = by_token
            played = walk.run()
            here.go("verify")
            here.hands.drop(here.hands.see("screen.verify"), [str(paper)])
            here.hands.settle()
            here.go("settings")
            here.hands.write("settings.pkcs11_module", str(tmp_path / "no-such.so"))
            here.hands.key("settings.pkcs11_module", Qt.Key.Key_Return)
            here.hands.settle()
        assert not waited_for, "\n".join(waited_for)
    assert [step["act"] for step in played.steps][-2:] == ["sign", "deliver"]
    assert load().pkcs11_module
    assert (load().last_login, load().key_file, load().token) == ("", "", "")  # the demo's are nobody's here


def _sub_types(pool, program, told) -> tuple[str, ...]:
    from tests.office import people

    known = pool.submit(services, program.desk.store, people().clerk).result()[0].sub_types
    return (known[0].id,)


def test_closing_waits_for_the_draft_and_a_slow_disk_does_not_hold_the_window(
    program, stage, qtbot, tmp_path, monkeypatch
):
    begun, go_on = Event(), Event()
    save = drafts.save

    def slow(*args, **kwargs):
        begun.set()
        assert go_on.wait(20)
        save(*args, **kwargs)

    program.show(demo_folder=tmp_path)
    qtbot.waitUntil(lambda: program.desk.store is not None, timeout=30_000)
    here = stage()
    here.sit_down("clerk")
    here.go("register")
    monkeypatch.setattr(drafts, "save", slow)
    here.hands.write("register.holder_kk", "Ақ")
    program.window.close()
    assert program.window.isVisible()
    qtbot.waitUntil(begun.is_set)
    program.window.close()  # pressed again: nothing is lost and nothing hangs
    assert program.window.isVisible()
    go_on.set()
    qtbot.waitUntil(lambda: not program.window.isVisible())
    assert drafts.load("registration-2")["holder_kk"] == "Ақ"


def test_a_disk_that_refuses_the_draft_is_told_before_the_window_closes(
    program, stage, qtbot, tmp_path, monkeypatch
):
    told = []
    program.notices.told.connect(lambda notice: told.append(notice.code))

    def full(*_args, **_kwargs):
        raise Unavailable("draft-not-kept", reason="no room")

    program.show(demo_folder=tmp_path)
    qtbot.waitUntil(lambda: program.desk.store is not None, timeout=30_000)
    here = stage()
    here.sit_down("clerk")
    here.go("register")
    monkeypatch.setattr(drafts, "save", full)
    here.hands.write("register.holder_kk", "Ақ")
    program.window.close()
    qtbot.waitUntil(lambda: told == ["draft-not-kept"])
    assert program.window.isVisible()
    program.window.close()
    assert not program.window.isVisible()


def test_what_was_typed_last_is_kept_for_who_typed_it_when_the_desk_is_given_up(
    program, stage, qtbot, tmp_path
):
    program.show(demo_folder=tmp_path)
    qtbot.waitUntil(lambda: program.desk.store is not None, timeout=30_000)
    here = stage()
    here.sit_down("clerk")
    here.go("register")
    here.hands.write("register.holder_kk", "Ақ")
    program.window.sign_out()
    qtbot.waitUntil(lambda: drafts.load("registration-2") is not None)
    assert drafts.load("registration-0") is None
    here.sit_down("head")
    here.sit_down("clerk")
    here.go("register")
    assert here.hands.see("register.holder_kk").text() == "Ақ"
