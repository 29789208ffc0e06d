"""The composition root: settings, log, window, and after the first paint the store. Nothing is decided here.

Only Qt is loaded before the window has been painted; the database follows in its own lane.
"""

import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from desktop import __version__, dumps, logs, settings
from desktop.errors import Told, Unavailable
from desktop.regulation.model import Role, Text
from desktop.ui import code_key, large_papers, theme, window_room
from desktop.ui.desk import Desk
from desktop.ui.entering import Entered, sit_down
from desktop.ui.founding import NewOfficeFacts, make_office
from desktop.ui.language import Language
from desktop.ui.main_window import MainWindow
from desktop.ui.messages import Notices
from desktop.ui.places import PLACES
from desktop.ui.tasks import Tasks
from desktop.ui.witnessing import Witnessing

if TYPE_CHECKING:
    from desktop.queries.rows import OfficeRow

log = logging.getLogger(__name__)
_COPY_FAILED = "copy-failed"
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


@dataclass(frozen=True)
class DemoOffice:
    """A demo office that is ready: its database, and its people (login, name, role) with one password for all."""

    url: str
    people: tuple[tuple[str, Text, Role], ...]
    password: str | Mapping[str, str]  # one for all, or one by login
    key_file: str = ""  # the head's demo key, offered where no key was chosen yet
    code_key: tuple[str, str] | None = None  # file and password of the department's key of codes
    clock: Callable[[], datetime] | None = None  # the office's time, where it is told and not lived
    opens: Callable[[str, str], Any] | None = (
        None  # (url, workstation) -> Store of a person, where not the usual one
    )


@dataclass(frozen=True)
class _Opened:
    store: Any  # Store, or None where there is no office yet
    office: "OfficeRow | None"


class Program(QObject):
    """Holds what lives as long as the program; ``demo`` builds or reopens the demo office in a folder."""

    def __init__(
        self, app: QApplication, *, database: str = "", demo: Callable[[Path], DemoOffice] | None = None
    ) -> None:
        super().__init__()
        self._app, self._demo = app, demo
        self._settings_problem: Told | None = None
        self._in_demo = False
        try:
            kept = settings.load()
        except Told as error:
            kept, self._settings_problem = settings.Settings(), error
        self._own = kept
        self.url = database or kept.database or _default_url()
        self.notices = Notices(self)
        self.language = Language(kept.language, self)
        theme.apply(app, kept.scheme, scale=kept.text_size / 100)
        self.tasks = Tasks(self.notices.tell, self)
        self.desk = Desk(
            tasks=self.tasks, language=self.language, settings=kept, notices=self.notices, parent=self
        )
        self.desk.to_keep = self._to_keep
        self.window = MainWindow(self.desk)
        start = self.window.start
        start.demo_asked.connect(self.open_demo)
        start.choice.demo.setVisible(demo is not None)
        start.office_asked.connect(self.found_office)
        start.server_asked.connect(self._go_to_server)
        start.retry_asked.connect(lambda: self.open(self.url))
        start.first_choice_asked.connect(start.show_first_choice)
        start.language_asked.connect(self.window.choose_language)
        self.window.settings_changed.connect(self._keep_settings)
        self.window.painted.connect(self._begin)
        self.desk.signed_in.connect(self._remember_login)
        self.desk.signed_out.connect(self._leave)
        self.desk.signed_out.connect(code_key.close)
        start.sign_in.entered.connect(self._entered)
        self.witness = Witnessing(self.desk, self)
        self._open_demo_first: Path | None = None
        self._was_worked_in = False
        self._opens: Callable[[str, str], Any] | None = None

    def show(self, *, demo_folder: Path | None = None) -> None:
        """Show the window; the rest begins after its first paint. ``demo_folder``: go to the demo office there."""
        self._open_demo_first = demo_folder
        self.window.start.show_opening()
        window_room.show(self.window, self.window.geometry_kept)

    def open(self, url: str) -> None:
        """Open a database; a new SQLite file is made only when an office is founded."""
        self.url, self._in_demo, self._opens = url, False, None
        self._let_go()
        if _is_shared(url):
            self._show_door(url)
            return
        self.window.start.show_opening()
        self.tasks.run(
            partial(_open, url, self.desk.settings.workstation),
            self._opened,
            on_error=self.window.start.show_failure,
        )

    def _go_to_server(self, address: str, root_certificate: str) -> None:
        """Keep where the office's server is, and show its door."""
        self.window.keep_settings(database=address, root_certificate=root_certificate)
        self.open(address)

    def open_demo(self) -> None:
        """Build the demo office in the user's data folder, or reopen it."""
        if self._demo is None:
            return
        folder = self._open_demo_first or settings.data_folder() / "demo"
        self._let_go()
        self.window.start.show_opening(self.tr("Preparing the demo office…"))
        self.tasks.run(
            partial(_open_demo, self._demo, folder, self.desk.settings.workstation),
            self._demo_opened,
            on_error=self.window.start.show_failure,
        )

    def found_office(self, facts: NewOfficeFacts) -> None:
        """Make the database and the office from the answers of the form."""
        self._let_go()
        self.window.start.show_opening(self.tr("Founding the office…"))
        self.url = f"sqlite:///{Path(facts.database_file).expanduser()}"
        self.tasks.run(
            partial(_found, self.url, facts, self.desk.settings.workstation),
            self._founded,
            on_error=self.window.start.show_failure,
        )

    def close(self) -> None:
        """Refuse new work, wait for what runs, then let the database go."""
        self.desk.link.close()
        large_papers.forget()
        self.tasks.close()
        if self.desk.store is not None:
            self.desk.store.dispose()
            if self._was_worked_in and self.desk.door is None and not self._in_demo:
                _keep_copy(self.url)
        self.language.remove()
        log.info("closed")

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel):
            self.window.note_activity()
        return False

    def _begin(self) -> None:
        log.info("ruqsat %s: the window is there", __version__)
        # not sooner: for what a filter is handed PySide makes all classes of Qt with their constants
        self._app.installEventFilter(self)
        if self._settings_problem is not None:
            self.notices.tell(self._settings_problem)
        self.open_demo() if self._open_demo_first is not None else self.open(self.url)

    def _demo_opened(self, found: tuple[_Opened, DemoOffice]) -> None:
        opened, demo = found
        self.url, self._in_demo = demo.url, True
        self._opens = demo.opens
        if demo.key_file and not self.desk.settings.key_file:
            self.desk.settings = settings.changed(self.desk.settings, key_file=demo.key_file)
        if demo.code_key is not None:
            code_key.offer(*demo.code_key)
        self.window.start.sign_in.show_people(demo.people, demo.password)
        if _is_shared(demo.url):
            self._show_door(demo.url)
        else:
            self._opened(opened)

    def _founded(self, opened: _Opened) -> None:
        if self.url != _default_url():
            self.window.keep_settings(database=self.url)
        self._opened(opened)

    def _opened(self, opened: _Opened) -> None:
        self.desk.store, self.desk.door = opened.store, None
        self.desk.alarms.clear()
        self.window.show_office(opened.office)
        if opened.office is None:
            self._let_go()
            self.window.start.show_first_choice()
        else:
            place = self.url.rpartition("@")[2].removeprefix("sqlite:///")
            self.window.start.show_sign_in(opened.office, place, login=self.desk.settings.last_login)
            self.tasks.run(_load_the_rest, lane="files")
            self.tasks.run(_copy_failure, self._say_copy_failed, lane="files")

    def _say_copy_failed(self, reason: str) -> None:
        if reason:
            self.notices.tell(Unavailable("daily-copy-failed", reason=reason))

    def _show_door(self, url: str) -> None:
        """A shared database lets each in by himself: nothing is opened before somebody says who he is."""
        self.desk.door = partial(_enter, url, self.desk.settings, self._opens)
        place = url.partition("://")[2].rpartition("@")[2].partition("?")[0]
        self.window.start.show_sign_in(None, place, login=self.desk.settings.last_login)
        self.tasks.run(_load_the_rest, lane="files")

    def _entered(self, entered: Entered) -> None:
        """Somebody came in: what he works with from now on is his own."""
        self._let_go()
        self.desk.store = entered.store
        self.desk.alarms.set("rights", entered.alarms)
        self.window.show_office(entered.office)
        self.window.start.sign_in.show_office(entered.office, self.window.start.sign_in.place.text())

    def _leave(self) -> None:
        if self.desk.door is not None:
            self._let_go()

    def _let_go(self) -> None:
        self.desk.link.end()
        store, self.desk.store = self.desk.store, None
        if store is not None:
            self.tasks.run(store.dispose)

    def _remember_login(self) -> None:
        actor, self._was_worked_in = self.desk.actor, True
        if actor is not None and self.desk.settings.last_login != actor.login:
            self.window.keep_settings(last_login=actor.login)

    def _keep_settings(self, kept: settings.Settings) -> None:
        self.tasks.run(partial(settings.save, self._to_keep(kept)), lane="files")

    def _to_keep(self, kept: settings.Settings) -> settings.Settings:
        """Return the settings as they go into the file: the demo's people and keys are nobody's here."""
        if not self._in_demo:
            return kept
        own = self._own
        return settings.changed(kept, last_login=own.last_login, key_file=own.key_file, token=own.token)


def run(
    *,
    database: str | None = None,
    demo: Callable[[Path], DemoOffice] | None = None,
    demo_folder: Path | None = None,
    arguments: Sequence[str] = (),
) -> int:
    """Open the program and return its exit status when the window is closed.

    ``demo(folder)`` builds or reopens a demo office (off the GUI thread); with ``demo_folder`` it is opened at once.
    """
    logs.start(settings.state_folder())
    there = QApplication.instance()
    dumps.keep_none()
    app = there if isinstance(there, QApplication) else theme.application([sys.argv[0], *arguments])
    app.setApplicationName("ruqsat")
    app.setApplicationVersion(__version__)
    app.setWindowIcon(theme.icon("app", "accent"))
    hear_qt()
    program = Program(app, database=database or "", demo=demo)
    logs.catch_the_rest(program.notices.tell)
    program.show(demo_folder=demo_folder)
    status = app.exec()
    program.close()
    logs.stop()
    return status


def hear_qt() -> None:
    """Let what Qt has to say go to the log, not to the terminal."""
    qInstallMessageHandler(_qt_said)


def _default_url() -> str:
    return f"sqlite:///{settings.data_folder() / 'office.sqlite'}"


def _qt_said(level: QtMsgType, _context: object, text: str) -> None:
    logging.getLogger("qt").log(_LEVELS.get(level, logging.WARNING), "%s", text)


def _is_shared(url: str) -> bool:
    return url.startswith(("postgresql", "postgres:"))


# what runs in the lanes


def _enter(
    url: str,
    kept: settings.Settings,
    opens: Callable[[str, str], Any] | None,
    login: str,
    password: str,
) -> Entered:
    """Come into a shared database as oneself: prove it fits this program, sign in, look at its rights."""
    from desktop.queries import office
    from desktop.store import connecting, doubts, upgrade
    from desktop.store.addresses import database_url
    from desktop.store.database import Store

    there = connecting.with_tls(
        database_url(url), root_certificate=kept.root_certificate, always=kept.tls_always
    )
    address, known_as = connecting.personal(there, login=login, password=password, prefix=kept.login_prefix)
    own = address.render_as_string(hide_password=False)
    upgrade.prepare(own)
    silence = max(1, kept.silence_seconds)
    store = (
        opens(own, kept.workstation) if opens else Store(own, workstation=kept.workstation, silence=silence)
    )
    try:
        came = sit_down(store, None, login=known_as, password=password)
        # while a demo is told the time, the clock of its database is not the one of the rights
        alarms = () if opens else doubts.rights(store)
        return replace(came, store=store, office=office.office(store), alarms=alarms)
    except BaseException:
        store.dispose()
        raise


def _open(url: str, workstation: str) -> _Opened:
    """Open a database, bringing it up to date; no file yet means no office yet, and none is made."""
    from desktop.store.addresses import database_url, sqlite_path

    address = database_url(url)
    if address.get_backend_name() == "sqlite" and not sqlite_path(address).exists():
        return _Opened(None, None)
    return _prepared(url, workstation)


def _prepared(url: str, workstation: str, clock: Callable[[], datetime] | None = None) -> _Opened:
    from desktop.queries import office
    from desktop.store import upgrade
    from desktop.store.database import Store

    upgrade.prepare(url)
    store = Store(url, workstation=workstation, clock=clock)
    return _Opened(store, office.office(store) if office.has_office(store) else None)


def _open_demo(
    demo: Callable[[Path], DemoOffice], folder: Path, workstation: str
) -> tuple[_Opened, DemoOffice]:
    ready = demo(folder)
    if _is_shared(ready.url):
        return _Opened(None, None), ready
    return _prepared(ready.url, workstation, ready.clock), ready


def _found(url: str, facts: NewOfficeFacts, workstation: str) -> _Opened:
    if url.startswith("sqlite"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    opened = _prepared(url, workstation)
    try:
        make_office(opened.store, facts)
    finally:
        opened.store.dispose()
    return _prepared(url, workstation)


def _keep_copy(url: str) -> None:
    """Copy the file at the end of the day's work; what goes wrong is told when the program is opened again."""
    from desktop.store import backup
    from desktop.store.addresses import database_url, sqlite_path

    try:
        backup.keep_daily(sqlite_path(database_url(url)), datetime.now().astimezone())
    except (Told, OSError) as error:
        log.warning("no copy was made on closing", exc_info=error)
        settings.state_folder().mkdir(parents=True, exist_ok=True)
        (settings.state_folder() / _COPY_FAILED).write_text(str(error), encoding="utf-8")


def _copy_failure() -> str:
    """Return why the last closing made no copy, once; "" when it made one."""
    told = settings.state_folder() / _COPY_FAILED
    if not told.exists():
        return ""
    reason = told.read_text(encoding="utf-8")
    told.unlink()
    return reason


def _load_the_rest() -> None:
    """Import the screens while the person types the password, so that the first click finds them there."""
    for place in PLACES:
        place.load()
    from desktop.ui.screens import case  # noqa: F401 - loaded for its own sake
