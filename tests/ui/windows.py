"""Workstations for the tests of several windows at one server: real lanes, a store each, a network that misbehaves."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QSettings

from desktop.settings import Settings
from desktop.ui.desk import Desk
from desktop.ui.language import Language
from desktop.ui.main_window import MainWindow
from desktop.ui.messages import Notice, Notices
from desktop.ui.tasks import Tasks
from tests.faults import proxy
from tests.faults.proxy import Network
from tests.seats import SeatedStore


class Window:
    """A workstation: real lanes, a store of its own, a window."""

    def __init__(self, url: str, clock, actor, folder) -> None:
        self.told: list[Notice] = []
        notices = Notices()
        notices.told.connect(self.told.append)
        self.tasks = Tasks(notices.tell)
        self.language = Language("ru")
        self.store = SeatedStore(url, clock=clock)
        self.desk = Desk(
            tasks=self.tasks,
            language=self.language,
            settings=Settings(),
            notices=notices,
            store=self.store,
            ask=lambda _text, **_words: True,
        )
        kept = QSettings(str(folder / f"{actor.login}.ini"), QSettings.Format.IniFormat)
        self.window = MainWindow(self.desk, geometry=kept)
        self.window.resize(1366, 768)
        self.window.show()
        self.desk.sign_in(actor)

    def close(self) -> None:
        self.window.close()
        self.desk.link.close()
        self.tasks.close()
        self.store.dispose()
        self.language.remove()
        self.window.deleteLater()


@pytest.fixture
def network(postgres_url: str) -> Iterator[Network]:
    with proxy.before(postgres_url) as made:
        yield made


@pytest.fixture
def sit(qtbot, network, clock, tmp_path, monkeypatch) -> Iterator[Callable[..., Window]]:
    for name in ("STATE", "DATA", "CONFIG"):
        monkeypatch.setenv(f"RUQSAT_{name}", str(tmp_path / name.lower()))
    made: list[Window] = []

    def sit_down(actor) -> Window:
        window = Window(network.url, clock, actor, tmp_path)
        made.append(window)
        qtbot.waitUntil(lambda: window.tasks.running == 0, timeout=20_000)
        return window

    yield sit_down
    network.flow()
    for window in made:
        window.window.close()  # a form that is not written yet closes it a moment later
        qtbot.waitUntil(lambda shown=window.window: not shown.isVisible(), timeout=20_000)
        window.close()
