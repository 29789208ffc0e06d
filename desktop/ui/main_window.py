"""The frame: banner, navigation, workplace, notices, menus. Owns no rule and no query."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QSettings, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QVBoxLayout

from desktop.settings import changed, state_folder
from desktop.ui import theme, window_room
from desktop.ui.alarms import AlarmBanner
from desktop.ui.commands import CommandPalette, Commands
from desktop.ui.dialogs import DefectDialog, HelpDialog
from desktop.ui.entering import must_sign_in_again
from desktop.ui.errands import may_leave_unknown
from desktop.ui.navigation import DemoBanner, Navigation
from desktop.ui.places import CASE_HELP, first_of, places_of
from desktop.ui.screens.start import StartScreen
from desktop.ui.widgets.link_banner import LinkBanner
from desktop.ui.widgets.notice_bar import NoticeBar
from desktop.ui.widgets.pages import Pages, side_by_side
from desktop.ui.widgets.tab_order import TabsByEye
from desktop.ui.window_commands import declare, menus
from desktop.ui.workplace import Workplace

if TYPE_CHECKING:
    from desktop.queries.desk import DeskCounts
    from desktop.queries.rows import OfficeRow

FOLD_BELOW = 1100
REFRESH_MS = 60_000


class MainWindow(TabsByEye, QMainWindow):
    """``painted`` is sent once, after the first paint: only then is anything but Qt loaded."""

    painted = Signal()
    settings_changed = Signal(object)

    def __init__(self, desk, *, geometry: QSettings | None = None) -> None:
        super().__init__()
        self.setObjectName("window")
        self.desk = desk
        kept_in = str(state_folder() / "window.ini")
        self.geometry_kept = geometry or QSettings(kept_in, QSettings.Format.IniFormat)
        self._painted = False
        self._person_id: int | None = None
        self.start = StartScreen(desk)
        self.alarm, self.banner, self.notices = AlarmBanner(desk), DemoBanner(), NoticeBar()
        self.navigation, self.link_banner = Navigation(desk), LinkBanner(desk.link)
        self.workplace = Workplace(desk, self.geometry_kept)
        work = side_by_side(QHBoxLayout(), self.navigation, self.workplace, roomy=self.workplace)
        self._pages = Pages()
        self._pages.addWidget(self.start)
        self._pages.addWidget(work)
        whole = (self.alarm, self.banner, self.link_banner, self._pages, self.notices)
        self.setCentralWidget(side_by_side(QVBoxLayout(), *whole, roomy=self._pages))
        self.commands = Commands(self)
        declare(self)
        self._timer = QTimer(self, interval=REFRESH_MS, timeout=self._tick)
        self._idle = QTimer(self, singleShot=True, timeout=self._lock)
        self._connect()
        self.retranslate()
        window_room.restore(self, self.geometry_kept)

    def _connect(self) -> None:
        self.navigation.chosen.connect(self.workplace.go)
        self.navigation.language_chosen.connect(self.choose_language)
        self.navigation.sign_out_asked.connect(lambda: self.sign_out())
        self.workplace.went.connect(self._went)
        self.desk.signed_in.connect(self._seat)
        self.desk.changed.connect(lambda _change: self.refresh_counts())
        self.desk.notices.told.connect(self._hear)
        self.desk.notices.found_out.connect(self.notices.found_out)
        self.desk.notices.overtaken.connect(self.notices.overtaken)
        self.desk.link.away_changed.connect(self.notices.server_is_away)
        self.desk.signed_out.connect(self.notices.hide)  # what was said to one is not for the next
        self.desk.notices.defect_told.connect(lambda *told: DefectDialog(*told, self).open())

    def find(self) -> None:
        """Open the palette (Ctrl+K)."""
        palette = CommandPalette(self.desk, self.commands, self)
        palette.case_chosen.connect(self.workplace.open_case)
        palette.open()
        palette.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_help(self) -> None:
        """Explain the screen one is at (F1)."""
        place = self.workplace.place
        text = CASE_HELP if self.workplace.case_id is not None else place.help if place else ""
        HelpDialog(QCoreApplication.translate("Help", text) if text else "", self.commands, self).open()

    def choose_language(self, code: str) -> None:
        self.desk.language.switch(code)
        self.keep_settings(language=code)

    def choose_scheme(self, scheme: str) -> None:
        self.keep_settings(scheme=scheme)
        theme.apply(QApplication.instance(), scheme, scale=self.desk.settings.text_size / 100)
        QApplication.sendEvent(self, QEvent(QEvent.Type.LanguageChange))  # pictures are drawn with the words

    def keep_settings(self, **values: object) -> None:
        """Change settings of this workstation; the composition root writes the file."""
        self.desk.settings = changed(self.desk.settings, **values)
        self.settings_changed.emit(self.desk.settings)

    def sign_out(self, why: str = "") -> None:
        """Give the desk up; unfinished forms stay. ``why``: said over the password, where it was not his wish."""
        self.desk.sign_out()
        self._timer.stop()
        self._pages.setCurrentWidget(self.start)
        self.start.ask_password(why)
        self._reword_commands()

    def _hear(self, notice) -> None:
        if must_sign_in_again(self.desk, notice):
            self.sign_out(notice.text)
        else:
            self.notices.show_notice(notice)

    def show_office(self, office: "OfficeRow | None") -> None:
        """Say whose office is open, and that it is a demo when it is."""
        self.banner.setVisible(bool(office and office.is_demo))
        self.navigation.show_office(office)
        name = self.desk.language.text(office.name) if office else ""
        self.setWindowTitle(f"{name} — Ruqsat" if name else "Ruqsat")

    def refresh_counts(self) -> None:
        if self.desk.actor is None or self.desk.store is None:
            return
        from desktop.queries.desk import counts

        self.desk.read(counts, then=self._show_counts, on_error=lambda _error: True, latest="counts")

    def _show_counts(self, found: "DeskCounts") -> None:
        if found.now is not None:
            self.desk.hear_time(found.now)
        self.navigation.show_counts(found)

    def _seat(self) -> None:
        """Somebody signed in: his places, his first one. The same person finds all as he left it."""
        actor = self.desk.actor
        places = places_of(actor.roles)
        if actor.person_id != self._person_id:
            self.workplace.clear()
            self._person_id = actor.person_id
        self.navigation.show_places(places)
        self._pages.setCurrentIndex(1)
        self._reword_commands()
        here = self.workplace.place
        self.workplace.go((here if here in places else first_of(places)).id)
        self.refresh_counts()
        self._timer.start()

    def _went(self, place_id: str) -> None:
        self.navigation.mark_chosen(place_id)
        self.commands.refresh()

    def _tick(self) -> None:
        if not self.desk.link.is_away:  # what is shown stays until there is something newer
            self.refresh_counts()
            if self.workplace.place is not None and self.workplace.place.id == "desk":
                self.workplace.refresh()

    def _lock(self) -> None:
        if self.desk.actor is not None and QApplication.activeModalWidget() is None:
            self.sign_out()

    def _reword_commands(self) -> None:
        self.commands.refresh()
        self.commands.fill(self.menuBar(), menus())

    def retranslate(self) -> None:
        for part in (self.banner, self.alarm, self.navigation):
            part.retranslate()
        self._reword_commands()

    def event(self, event) -> bool:
        done = super().event(event)
        if not self._painted and event.type() in (QEvent.Type.Paint, QEvent.Type.UpdateRequest):
            self._painted = True
            QTimer.singleShot(0, self.painted.emit)
        elif event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        return done

    def note_activity(self) -> None:
        """A key or the mouse: the password is asked again only after a while without."""
        if self.desk.settings.lock_minutes:
            self._idle.start(self.desk.settings.lock_minutes * 60_000)

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self.navigation.fold(self.width() < FOLD_BELOW * max(1.0, theme.spacing(25) / 100))

    def closeEvent(self, event) -> None:
        if not self.workplace.may_close() or not may_leave_unknown(self.desk):
            event.ignore()
            return
        window_room.keep(self, self.geometry_kept)
        super().closeEvent(event)
