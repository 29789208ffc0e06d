"""The database itself: what it is, when it was copied, how it does; a copy made now, with its progress."""

import threading
from pathlib import Path

from PySide6.QtCore import QT_TRANSLATE_NOOP, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from desktop.errors import Unavailable
from desktop.queries.database import CheckRow, DatabaseRow, check, facts, make_copy
from desktop.ui import theme
from desktop.ui.messages import say
from desktop.ui.screens.administration_parts.section import Section
from desktop.ui.widgets.plain import Button, PlainLabel

_ICONS = {"good": ("done", "done"), "warning": ("soon", "soon"), "fault": ("late", "late")}
_PARTS = 1000  # of the bar


class DatabaseSection(Section):
    """Facts above, what was found below. A server's copies are its own administrator's: the screen says with what."""

    id = "database"
    icon = "database"
    name_source = QT_TRANSLATE_NOOP("Section", "Database")

    _moved = Signal(int, int)  # from the working thread: done, of

    def build(self) -> None:
        self._row: DatabaseRow | None = None
        self._found: tuple[CheckRow, ...] = ()
        self._said: list[PlainLabel] = []
        self._stop = threading.Event()
        self._busy = False
        self.place = PlainLabel(parent=self, wrap=True, name=self.name("place"))
        self.place.make_selectable()
        self.copied = PlainLabel(parent=self, wrap=True, name=self.name("copied"))
        self.hint = PlainLabel(parent=self, role="muted", wrap=True, name=self.name("hint"))
        self.hint.make_selectable()
        self.bar_of_copy = QProgressBar(self)
        self.bar_of_copy.setObjectName(self.name("progress"))
        self.bar_of_copy.setRange(0, _PARTS)
        self.stop = Button(parent=self, name=self.name("stop"))
        self.stop.clicked.connect(self._stop.set)
        self.progress = QWidget(self)
        row = QHBoxLayout(self.progress)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.bar_of_copy, 1)
        row.addWidget(self.stop)
        self.progress.hide()
        self.found_title = PlainLabel(parent=self, role="heading", name=self.name("found_title"))
        self.found_title.hide()
        self.found = QVBoxLayout()
        self.found.setSpacing(theme.spacing(2))
        self.copy = Button(parent=self, kind="primary", name=self.name("copy"), shortcut="Ctrl+Return")
        self.check = Button(parent=self, icon="verify", name=self.name("check"))
        self.copy.clicked.connect(self._ask_where)
        self.check.clicked.connect(self._check)
        for widget in (self.place, self.copied, self.hint, self.progress, self.found_title):
            self.column.addWidget(widget)
        self.column.addLayout(self.found)
        self.primary(self.copy, self.check)
        self._moved.connect(self._show_progress)

    def refresh(self) -> None:
        if self._row is None:
            self.states.show_loading()
        self.desk.read(facts, then=self._show, on_error=self.failed)

    def _show(self, row: DatabaseRow) -> None:
        self._row = row
        self.states.show_content()
        self.copy.setVisible(row.is_file)
        self._say()

    # a copy

    def _ask_where(self) -> None:
        if self._row is None or self._busy:
            return
        folder = self.desk.settings.save_folder or str(Path.home())
        path = self.choose_file(str(Path(folder) / self._row.copy_name))
        if path:
            self._copy_to(path)

    def choose_file(self, start: str) -> str:
        """Ask in the system's dialog where the copy goes; "" for nowhere."""
        return QFileDialog.getSaveFileName(self, self.copy.text(), start, "SQLite (*.sqlite)")[0]

    def _copy_to(self, path: str) -> None:
        self._set_busy(True)
        self._stop.clear()
        self._show_progress(0, 1)
        self.progress.show()
        self.desk.files(
            make_copy, then=self._copied, on_error=self._not_copied,
            store=self.desk.store, actor=self.desk.actor, target=path, watch=self._watch,
        )  # fmt: skip

    def _watch(self, done: int, of: int) -> None:
        """Hear from the working thread; stop it when the person wants it stopped."""
        if self._stop.is_set():
            raise Unavailable("backup-stopped")
        self._moved.emit(done * _PARTS // max(of, 1), _PARTS)

    def _show_progress(self, done: int, of: int) -> None:
        self.bar_of_copy.setValue(done * _PARTS // max(of, 1))

    def _copied(self, sha256: str) -> None:
        self._set_busy(False)
        self.desk.notices.done(self.tr("The copy is made. Its SHA-256: {sha256}").format(sha256=sha256))
        self.refresh()

    def _not_copied(self, _error: BaseException) -> bool:
        self._set_busy(False)
        return False

    # looking over

    def _check(self) -> None:
        if self._busy:
            return
        self._set_busy(True)
        self.desk.files(
            check, then=self._checked, on_error=self._not_copied, store=self.desk.store, actor=self.desk.actor
        )

    def _checked(self, found: tuple[CheckRow, ...]) -> None:
        self._set_busy(False)
        order = list(_ICONS)
        self._found = tuple(sorted(found, key=lambda row: -order.index(row.grade)))
        self._list_found()

    def _list_found(self) -> None:
        self._said.clear()
        while self.found.count():
            gone = self.found.takeAt(0).widget()
            gone.hide()
            gone.deleteLater()
        for number, row in enumerate(self._found):
            icon, tone = _ICONS[row.grade]
            line = QWidget(self)
            layout = QHBoxLayout(line)
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(theme.spacing(2))
            picture = PlainLabel(parent=line)
            picture.setPixmap(theme.pixmap(icon, theme.colour(tone), theme.spacing(5)))
            words = PlainLabel(parent=line, wrap=True, name=self.name(f"found.{number}"))
            words.make_selectable()
            self._said.append(words)
            layout.addWidget(picture)
            layout.addWidget(words, 1)
            self.found.addWidget(line)
        self.found_title.setVisible(bool(self._found))
        self._say_found()

    def _say_found(self) -> None:
        for row, words in zip(self._found, self._said, strict=True):
            words.setText(say(row.code, row.facts, self.desk.language))

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        why = self.tr("One thing at a time: the database is being read") if busy else ""
        for button in (self.copy, self.check):
            button.set_why_not(why)
        if not busy:
            self.progress.hide()

    # words

    def _say(self) -> None:
        row = self._row
        if row is None:
            return
        kind = self.tr("A file of this computer") if row.is_file else self.tr("A shared database on a server")
        self.place.setText(f"{kind}: {row.place}")
        when = self.desk.language.format_moment(row.copied_at) if row.copied_at else ""
        self.copied.setText(
            self.tr("The last copy was made on {when}.").format(when=when)
            if when
            else self.tr("No copy is known of.")
        )
        self.hint.setText(
            self.tr(
                "A copy is also made when the program is closed, one a day; the newest fourteen are kept in {folder}. "
                "To go back to a copy: close the program and run ruqsat database restore --from COPY --database NEW_FILE"
            ).format(folder=row.copy_folder)
            if row.is_file
            else self.tr(
                "Copies of a shared database are made by the administrator of its server, who alone sees every row: "
                "ruqsat database backup --database URL --out FOLDER"
            )
        )

    def retranslate(self) -> None:
        self.say_title(
            self.tr("Where the office's records lie, when they were copied, and whether they are sound.")
        )
        self.copy.set_text(self.tr("Make a copy now…"))
        self.check.set_text(self.tr("Check"))
        self.stop.set_text(self.tr("Stop"))
        self.bar_of_copy.setAccessibleName(self.tr("How much is copied"))
        self.found_title.setText(self.tr("What was found"))
        self._say()
        self._say_found()
