"""A register into an Excel workbook: exactly what the filter shows, in the same order, with progress and a way out."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from desktop.queries import office, registers
from desktop.queries.rows import RegisterFilter
from desktop.ui import theme
from desktop.ui.widgets.plain import Button, PlainLabel
from desktop.ui.widgets.tab_order import TabsByEye

_STREAMS = {"applications": registers.stream_applications, "licences": registers.stream_licences}


@dataclass(frozen=True, slots=True)
class Wanted:
    """``kind``: applications or licences; the rest is what the screen shows."""

    kind: str
    filter: RegisterFilter
    sort: str
    descending: bool
    executor: str  # the name behind filter.executor_id, for the workbook's heading
    language: str


def write_workbook(
    store, actor, *, wanted: Wanted, path: Path, on_progress: Callable[[int], bool | None]
) -> int | None:
    """Write what is ``wanted`` to ``path``; the number of rows, None when it was stopped.

    The store is read in batches as the rows are written. Unavailable "file-not-written".
    """
    from desktop.documents import register_columns, registers_xlsx  # openpyxl is heavy: only when exporting

    own = office.office(store)
    rows = _STREAMS[wanted.kind](
        store, actor, filter=wanted.filter, sort=wanted.sort, descending=wanted.descending
    )
    heading = registers_xlsx.Heading(
        office=own.name,
        filtered_by=register_columns.filter_words(wanted.filter, executor=wanted.executor),
        made_at=store.now().astimezone(ZoneInfo(own.time_zone)),
    )
    return registers_xlsx.write(
        path, kind=wanted.kind, rows=rows, heading=heading, language=wanted.language, on_progress=on_progress
    )


class ExportDialog(TabsByEye, QDialog):
    """Shows how far the workbook is; Esc or *Stop* ends it and leaves no file behind."""

    _counted = Signal(int)
    written = Signal(str)

    def __init__(
        self, desk, wanted: Wanted, path: Path, whole: int | None, parent: QWidget | None = None
    ) -> None:
        """``whole`` is the number of rows to come, None when it is not known yet."""
        super().__init__(parent)
        self.setObjectName("export")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Export to Excel"))
        self._desk, self._wanted, self._path = desk, wanted, path
        self._stop = Event()
        self.said = PlainLabel(path.name, self, wrap=True, name="export.said")
        self.bar = QProgressBar(self)
        self.bar.setObjectName("export.progress")
        self.bar.setAccessibleName(self.windowTitle())
        self.bar.setRange(0, whole or 0)
        self.bar.setTextVisible(False)
        self.stopper = Button(self.tr("Stop"), self, name="export.stop")
        self.stopper.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.stopper)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[theme.spacing(6)] * 4)
        layout.setSpacing(theme.spacing(3))
        layout.addWidget(self.said)
        layout.addWidget(self.bar)
        layout.addLayout(buttons)
        self.setMinimumWidth(theme.spacing(110))
        self._counted.connect(self._show_count)

    def start(self) -> None:
        """Begin; the dialog closes itself when the workbook is there."""
        desk, stop, counted = self._desk, self._stop, self._counted

        def on_progress(count: int) -> bool:
            if not stop.is_set():
                counted.emit(count)
            return not stop.is_set()

        desk.files(
            write_workbook,
            then=self._done,
            on_error=self._failed,
            store=desk.store,
            actor=desk.actor,
            wanted=self._wanted,
            path=self._path,
            on_progress=on_progress,
        )

    def reject(self) -> None:
        """Stop: the writer hears of it at its next thousand rows."""
        self._stop.set()
        super().reject()

    def _show_count(self, count: int) -> None:
        self.bar.setValue(min(count, self.bar.maximum()) if self.bar.maximum() else 0)
        self.said.setText(self.tr("%n record(s) written", "", count))

    def _done(self, count: int | None) -> None:
        if count is None or self._stop.is_set():
            return
        words = self.tr("%n record(s) exported", "", count)
        self._desk.notices.done(f"{words}: {self._path.name}")
        self.written.emit(str(self._path))
        self.accept()

    def _failed(self, _error: BaseException) -> bool:
        super().reject()
        return False
