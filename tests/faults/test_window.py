"""Rows 9 to 12 at the program's own form: the server restarts, is cut off, stands still or is slow while a clerk types.

The window goes on answering (its stalls are measured by a timer of its own), what was typed stays, and what the clerk
reads is true: nothing of success or failure before it is known.
"""

import gc
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QLineEdit

from desktop.settings import Settings
from desktop.store.database import Store
from desktop.store.intent import Intent
from desktop.ui import errands, theme
from desktop.ui.desk import Desk
from desktop.ui.language import Language
from desktop.ui.messages import Notice, Notices
from desktop.ui.tasks import Tasks
from tests.faults import pages, proof, proxy
from tests.faults.history import History
from tests.seats import SeatedStore
from tests.ui.registration import control, fill, opened

SAID = {"waiting": "finding-out", "done": "done", "failed": "not-done", "refused": "not-done"}


class ToldStore(SeatedStore):
    """Writes down each command that is sent through it, and under which id."""

    history: History
    sent: list[str]

    def intending(self, intent: Intent) -> Store:
        if intent.id not in self.sent:
            self.history.write(
                "invoke", id=intent.id, kind="register", login="clerk", case=None, digest=intent.digest
            )
            self.sent.append(intent.id)
        return super().intending(intent)


def _kept_waiting() -> float:
    """Return for how many milliseconds this thread has been ready and got no processor: the machine's stall, not ours."""
    return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e6


class Pulse(QObject):
    """A timer of the window itself: how long it could not answer, at worst, in milliseconds."""

    def __init__(self) -> None:
        super().__init__()
        self.worst = 0.0
        self._last, self._waited = time.monotonic(), _kept_waiting()
        self._timer = QTimer(self, interval=10)
        self._timer.timeout.connect(self._beat)

    def _beat(self) -> None:
        now, waited = time.monotonic(), _kept_waiting()
        self.worst = max(self.worst, (now - self._last) * 1000 - (waited - self._waited))
        self._last, self._waited = now, waited

    def start(self) -> None:
        gc.collect()
        gc.freeze()  # what thousands of other tests left behind is no weight of this window's
        self._last, self._waited, self.worst = time.monotonic(), _kept_waiting(), 0.0
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    @contextmanager
    def looking_away(self) -> Iterator[None]:
        """What the test itself does on this thread is no stall of the program's."""
        yield
        self._last, self._waited = time.monotonic(), _kept_waiting()


@dataclass
class Counter:
    """The clerk's window with the form open, and what he is told."""

    desk: Desk
    store: ToldStore
    history: History
    pulse: Pulse = field(default_factory=Pulse)
    notices: list[Notice] = field(default_factory=list)
    screen: Any = None

    def heard(self, notice: Notice) -> None:
        self.notices.append(notice)
        if notice.kind in SAID and self.store.sent:
            said = SAID[notice.kind]
            ended = {"finding-out": "info", "done": "ok", "not-done": "fail"}[said]
            about = {"id": self.store.sent[-1], "kind": "register", "login": "clerk"}
            result = {"result": None} if ended == "ok" else {"code": notice.code}
            self.history.write(ended, **about, **result)
            self.history.shown(Intent(self.store.sent[-1]), said, code=notice.code)

    def save(self, qtbot: Any) -> None:
        qtbot.keyClick(self.screen, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    @property
    def registered(self) -> bool:
        return self.screen.pages.currentWidget() is self.screen.done


@pytest.fixture
def counter(
    qapp, qtbot, people, clock, history, tmp_path, monkeypatch
) -> Iterator[Callable[[str, float], Counter]]:
    """``counter(url, silence)``: a clerk sits at the form; real lanes, a real server, a real form."""
    monkeypatch.setenv("RUQSAT_STATE", str(tmp_path / "state"))
    monkeypatch.setattr(errands, "BACK_OFF_S", (0.2,))
    made: list[Counter] = []
    language = Language("en")
    theme.apply(qapp, "light")

    def make(url: str, silence: float = 1.0) -> Counter:
        store = ToldStore(url, clock=clock, workstation="WS-01", silence=silence)
        store.history, store.sent = history, []
        notices = Notices()
        desk = Desk(
            tasks=Tasks(notices.tell),
            language=language,
            settings=Settings(),
            notices=notices,
            store=store,
            actor=people.clerk,
            ask=lambda text, **_: True,
        )
        monkeypatch.setattr(desk, "draw", pages.draw)
        one = Counter(desk, store, history)
        notices.told.connect(one.heard)
        notices.defect_told.connect(
            lambda number, details: history.write("defect", id=number, kind="register", error=details[:300])
        )
        one.screen = opened(desk, qtbot)
        qtbot.waitUntil(
            lambda: desk.tasks.running == 0 and one.screen.page.service.chosen() is not None, timeout=20_000
        )
        fill(one.screen)
        qtbot.waitUntil(lambda: one.screen.side.title.text() == "Everything is there", timeout=20_000)
        made.append(one)
        one.pulse.start()
        return one

    yield make
    for one in made:
        one.pulse.stop()
        one.screen.close()
        one.desk.tasks.close()
        one.store.dispose()
    language.remove()


def _typed(one: Counter) -> dict[str, str]:
    return {
        name: control(one.screen, f"register.{name}", QLineEdit).text()
        for name in ("identifier", "holder_kk", "holder_ru", "holder_address", "site", "fee_receipt")
    }


def _ends_well(one: Counter, qtbot: Any, url: str) -> None:
    """The application is registered once, the window never stood still, the checker finds nothing."""
    qtbot.waitUntil(lambda: one.registered, timeout=60_000)
    one.pulse.stop()
    one.history.stall(one.pulse.worst, worker="WS-01")
    if not any(notice.kind == "done" for notice in one.notices):
        name = one.store.sent[-1]
        one.history.write("ok", id=name, kind="register", login="clerk", result=None)
        one.history.shown(Intent(name), "done", number=one.screen.done.number.text())
    assert one.screen.done.number.text() == "2018-000001"
    assert proof.faults(one.history, url) == []


def test_the_server_restarts_while_a_form_is_filled(
    own, own_office, plain_begin, counter, qtbot, record_property
):
    """Row 9: what was typed is there afterwards and is registered by the next press."""
    plain_begin(own_office)
    one = counter(own_office)
    typed = _typed(one)
    with one.pulse.looking_away():
        own.stop(signal.SIGINT)
    one.save(qtbot)
    qtbot.waitUntil(lambda: bool(one.notices), timeout=30_000)
    assert _typed(one) == typed
    assert not one.registered
    with one.pulse.looking_away():
        own.start()
    qtbot.waitUntil(lambda: one.desk.tasks.running == 0, timeout=30_000)
    one.save(qtbot)
    _ends_well(one, qtbot, own_office)
    record_property("told", f"restart: the window's longest stall was {one.pulse.worst:.0f} ms")


def test_a_server_that_says_nothing_holds_no_window(
    postgres_url, plain_begin, counter, qtbot, record_property
):
    """Row 11: it acknowledges and does not answer, from the COMMIT on; the outcome is found out when it does again."""
    plain_begin(postgres_url)
    with proxy.before(postgres_url) as network:
        one = counter(network.url)
        typed = _typed(one)

        def stall() -> str:
            network.on_commit = lambda: proxy.PASS
            network.stall()
            return proxy.PASS

        network.on_commit = stall
        one.save(qtbot)
        qtbot.waitUntil(lambda: [notice.kind for notice in one.notices] == ["waiting"], timeout=60_000)
        assert _typed(one) == typed
        assert not one.registered
        network.flow()
        _ends_well(one, qtbot, postgres_url)
    record_property("told", f"stalled server: the window's longest stall was {one.pulse.worst:.0f} ms")


def test_a_network_that_is_gone_and_comes_back(postgres_url, plain_begin, counter, qtbot, record_property):
    """Row 10 without root: every connection is cut and none is made; then there is a network again."""
    plain_begin(postgres_url)
    with proxy.before(postgres_url) as network:
        one = counter(network.url)
        typed = _typed(one)
        network.go_away()
        one.save(qtbot)
        qtbot.waitUntil(lambda: bool(one.notices) and one.desk.tasks.running == 0, timeout=60_000)
        assert [notice.code for notice in one.notices] == ["database-gone"]
        assert _typed(one) == typed
        network.come_back()
        one.save(qtbot)
        _ends_well(one, qtbot, postgres_url)
    record_property("told", f"network away: the window's longest stall was {one.pulse.worst:.0f} ms")


def test_a_slow_line_is_only_slow(postgres_url, plain_begin, counter, qtbot, whole, record_property):
    """Row 12: every packet takes 300 ms each way; the window answers all the time."""
    plain_begin(postgres_url)
    with proxy.before(postgres_url) as network:
        one = counter(network.url, 5.0)
        network.delay = 0.3 if whole else 0.05
        began = time.monotonic()
        one.save(qtbot)
        _ends_well(one, qtbot, postgres_url)
        took = time.monotonic() - began
    assert took > network.delay * 10
    record_property(
        "told",
        f"slow line: saved after {took:.1f} s, the window's longest stall was {one.pulse.worst:.0f} ms",
    )
