"""Requests to other authorities, each with its own clock; the nearest answer first."""

from functools import partial

from PySide6.QtCore import QT_TRANSLATE_NOOP, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from desktop.queries import papers
from desktop.queries.rows import RequestRow
from desktop.regulation import deadlines
from desktop.ui import theme
from desktop.ui.case_words import answer
from desktop.ui.rows_model import Column
from desktop.ui.screens.register_lists.table import RegisterModel, RegisterTable
from desktop.ui.widgets.empty import States
from desktop.ui.widgets.keys import Shortcut
from desktop.ui.widgets.plain import PlainLabel
from desktop.ui.widgets.screen import Screen

_ANSWER_TONES = {"conforms": "done", "does_not_conform": "refused", "no_answer": "paused"}


class RequestsScreen(Screen):
    """What is asked of whom, and until when; answered ones on demand. Enter opens the case."""

    shows_what_others_do = True

    def __init__(self, desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.setObjectName("screen.requests")
        self.model = RegisterModel(self._columns(), self)
        self.table = RegisterTable(self.model, "requests", name="requests.table")
        self.table.horizontalHeader().setSortIndicatorShown(False)
        self.states = States(self.table, self)
        self.all = QCheckBox(self)
        self.all.setObjectName("requests.all")
        self.all.toggled.connect(self.refresh)
        self.count = PlainLabel(parent=self, role="muted", name="requests.count")
        bar = QHBoxLayout()
        bar.setContentsMargins(theme.spacing(4), theme.spacing(3), theme.spacing(4), theme.spacing(2))
        bar.addWidget(self.all)
        bar.addStretch(1)
        bar.addWidget(self.count)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addWidget(self.states, 1)
        self.table.row_opened.connect(lambda row: self.case_chosen.emit(row.case_id))
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            Shortcut(
                QKeySequence(keys),
                self,
                self._open_current,
                context=Qt.ShortcutContext.WidgetWithChildrenShortcut,
            )
        self.retranslate()

    def _columns(self) -> tuple[Column, ...]:
        say = self.desk.language
        return (
            Column("number", QT_TRANSLATE_NOOP("Column", "Number"), lambda row: row.number, width=26),
            Column(
                "left",
                QT_TRANSLATE_NOOP("Column", "Answer"),
                self._standing,
                width=56,
                tone=self._tone,
                icon=self._icon,
            ),
            Column(
                "due_at",
                QT_TRANSLATE_NOOP("Column", "Answer due"),
                lambda row: say.format_short_moment(row.due_at),
                width=36,
            ),
            Column(
                "addressee",
                QT_TRANSLATE_NOOP("Column", "Addressee"),
                lambda row: say.text(row.addressee),
                width=58,
            ),
            Column(
                "holder", QT_TRANSLATE_NOOP("Column", "Applicant"), lambda row: say.text(row.holder), width=56
            ),
            Column("case", QT_TRANSLATE_NOOP("Column", "Case"), lambda row: row.case_number, width=28),
            Column(
                "sent_at",
                QT_TRANSLATE_NOOP("Column", "Sent"),
                lambda row: say.format_short_moment(row.sent_at),
                width=36,
            ),
        )

    def _standing(self, row: RequestRow) -> str:
        if row.answer is None:
            return self.desk.language.format_left(row.due_at, self.desk.now())
        day = row.answer_date or row.answered_at
        return f"{answer(row.answer)}, {self.desk.language.format_short(day)}" if day else answer(row.answer)

    def _tone(self, row: RequestRow) -> str:
        if row.answer is not None:
            return _ANSWER_TONES.get(row.answer.value, "")
        tone = deadlines.tone(row.due_at, self.desk.now())
        return "" if tone == "calm" else tone

    def _icon(self, row: RequestRow) -> str:
        if row.answer is not None:
            return _ANSWER_TONES.get(row.answer.value, "")
        tone = deadlines.tone(row.due_at, self.desk.now())
        return "clock" if tone == "calm" else tone

    def refresh(self) -> None:
        self.states.show_loading()
        self.desk.read(
            papers.requests,
            then=self._show,
            on_error=partial(self.states.show_error, retry=self.refresh),
            latest="requests",
            waiting_only=not self.all.isChecked(),
        )

    def _show(self, rows: tuple[RequestRow, ...]) -> None:
        self.table.show_rows(rows, same=lambda old, new: old.request_id == new.request_id)
        self.count.setText(self.tr("%n request(s)", "", len(rows)))
        if not rows:
            self._say_empty()
            return
        self.states.show_content()
        if not self.table.currentIndex().isValid():
            self.table.put_cursor(0)

    def _say_empty(self) -> None:
        none = (
            self.tr("No request was ever sent")
            if self.all.isChecked()
            else self.tr("No answer is being waited for")
        )
        self.states.show_empty(none, icon="requests")

    def _open_current(self) -> None:
        row = self.table.current_row()
        if row is not None:
            self.case_chosen.emit(row.case_id)

    def focusInEvent(self, event) -> None:
        super().focusInEvent(event)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        self.all.setText(self.tr("Answered ones too"))
        self.all.setAccessibleName(self.all.text())
        self.table.setAccessibleName(self.tr("Requests"))
        self.model.retranslate()
        self.count.setText(self.tr("%n request(s)", "", self.model.rowCount()))
        if self.states.currentWidget() is self.states.empty:
            self._say_empty()
