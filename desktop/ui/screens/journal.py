"""The journal: who did what and when, from which workstation, in whose stead, in plain sentences."""

from datetime import date, timedelta

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop.queries.journal import entries
from desktop.queries.rows import JournalRow, Page
from desktop.regulation.rights import Command
from desktop.ui import journal_sentences, theme
from desktop.ui.rows_model import Column, RowsModel
from desktop.ui.screens.administration_parts.section import DayEdit
from desktop.ui.screens.journal_parts.checkpoints import CheckpointsDialog
from desktop.ui.screens.journal_parts.seal import SealPanel
from desktop.ui.widgets.empty import States
from desktop.ui.widgets.form import choice, line_edit
from desktop.ui.widgets.plain import Button, PlainLabel
from desktop.ui.widgets.rows_table import RowsTable
from desktop.ui.widgets.screen import Screen

_PERIODS: tuple[tuple[str, str], ...] = (
    ("all", QT_TRANSLATE_NOOP("Period", "All the time")),
    ("today", QT_TRANSLATE_NOOP("Period", "Today")),
    ("week", QT_TRANSLATE_NOOP("Period", "The last 7 days")),
    ("month", QT_TRANSLATE_NOOP("Period", "This month")),
    ("year", QT_TRANSLATE_NOOP("Period", "This year")),
    ("days", QT_TRANSLATE_NOOP("Period", "From day to day")),
)
_SOON_MS = 250


class JournalScreen(Screen):
    """Newest first, page by page. Enter or a double click opens the case an entry tells of."""

    def __init__(self, desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.setObjectName("screen.journal")
        self._after: tuple[str | int, ...] | None = None
        self._asked: dict[str, object] = {}
        self.may_open = desk.may(Command.READ_CASES)
        self.title = PlainLabel(parent=self, role="title", name="journal.title")
        self.search = line_edit(limit=200)
        self.search.setParent(self)
        self.search.setObjectName("journal.search")
        self.search.setClearButtonEnabled(True)
        self.period = choice([("", key) for key, _ in _PERIODS])
        self.period.setParent(self)
        self.period.setObjectName("journal.period")
        self.period.setSizeAdjustPolicy(self.period.SizeAdjustPolicy.AdjustToContents)
        self.first, self.last = DayEdit(parent=self), DayEdit(parent=self)
        self.first.setObjectName("journal.first_day")
        self.last.setObjectName("journal.last_day")
        self.dash = PlainLabel("\u2013", self)
        self.seal = SealPanel(desk, self)
        self.seal.checkpoints_wanted.connect(self.show_checkpoints)
        self.table = RowsTable(RowsModel(self._columns(), self), self, name="journal.list")
        self.whole = PlainLabel(parent=self, wrap=True, name="journal.sentence").make_selectable()
        self.who = PlainLabel(parent=self, role="muted", wrap=True, name="journal.who").make_selectable()
        self.open = Button(parent=self, kind="primary", name="journal.open_case", shortcut="Ctrl+Return")
        self._lay_out()
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self.refresh)
        self.search.textChanged.connect(lambda _: self._soon.start())
        self.search.returnPressed.connect(self.refresh)
        self.period.currentIndexChanged.connect(self._period_changed)
        self.first.dateChanged.connect(lambda _: self._soon.start())
        self.last.dateChanged.connect(lambda _: self._soon.start())
        self.table.rows.more_wanted.connect(self._ask_more)
        self.table.row_chosen.connect(self._choose)
        self.table.row_opened.connect(self._open)
        self.open.clicked.connect(lambda: self._open(self.table.current_row()))
        self.setFocusProxy(self.search)
        self._show_days(False)
        self.retranslate()
        self._choose(None)

    def _columns(self) -> tuple[Column, ...]:
        language = self.desk.language
        return (
            Column(
                "at",
                QT_TRANSLATE_NOOP("Column", "When"),
                lambda row: language.format_short_moment(row.at),
                width=36,
            ),
            Column(
                "what",
                QT_TRANSLATE_NOOP("Column", "What"),
                lambda row: journal_sentences.sentence(row, language),
            ),
            Column("case", QT_TRANSLATE_NOOP("Column", "Case"), lambda row: row.case_number, width=32),
            Column(
                "who",
                QT_TRANSLATE_NOOP("Column", "Who"),
                lambda row: row.actor_name or row.actor,
                width=52,
                tip=lambda row: journal_sentences.who(row, language),
            ),
            Column(
                "where", QT_TRANSLATE_NOOP("Column", "Workstation"), lambda row: row.workstation, width=34
            ),
        )

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setSpacing(theme.spacing(2))
        bar.addWidget(self.search, 1)
        for widget in (self.period, self.first, self.dash, self.last):
            bar.addWidget(widget)
        self.states = States(self.table, self)
        foot = QFrame(self)
        foot.setProperty("role", "card")
        inside = QHBoxLayout(foot)
        inside.setContentsMargins(*[theme.spacing(3)] * 4)
        words = QVBoxLayout()
        words.addWidget(self.whole)
        words.addWidget(self.who)
        inside.addLayout(words, 1)
        inside.addWidget(self.open, 0, Qt.AlignmentFlag.AlignTop)
        self.foot = foot
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.spacing(4), theme.spacing(4), theme.spacing(4), theme.spacing(3))
        layout.setSpacing(theme.spacing(3))
        layout.addWidget(self.title)
        layout.addWidget(self.seal)
        layout.addLayout(bar)
        layout.addWidget(self.states, 1)
        layout.addWidget(foot)

    # asking

    @property
    def shows_what_others_do(self) -> bool:
        """Only its beginning is read anew: whoever has scrolled down is left there."""
        return self.table.verticalScrollBar().value() == 0

    def show_checkpoints(self) -> None:
        """Open the list of checkpoints over the journal."""
        dialog = CheckpointsDialog(self.desk, self)
        dialog.signed.connect(self.refresh)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def refresh(self) -> None:
        self.seal.refresh()
        self._soon.stop()
        first, last = self._days()
        self._asked = {"text": self.search.text(), "first_day": first, "last_day": last}
        self.states.show_loading()
        self.desk.read(
            entries,
            **self._asked,
            then=self._show,
            on_error=lambda error: self.states.show_error(error, self.refresh),
            latest="journal",
        )

    def _ask_more(self) -> None:
        if self._after is not None:
            self.desk.read(entries, **self._asked, after=self._after, then=self._add, latest="journal")

    def _days(self) -> tuple[date | None, date | None]:
        now = self.desk.now().astimezone().date()
        return {
            "all": (None, None),
            "today": (now, now),
            "week": (now - timedelta(days=6), now),
            "month": (now.replace(day=1), now),
            "year": (now.replace(month=1, day=1), now),
            "days": (self.first.day(), self.last.day()),
        }[self.period.currentData()]

    def _period_changed(self, _index: int) -> None:
        self._show_days(self.period.currentData() == "days")
        self.refresh()

    def _show_days(self, shown: bool) -> None:
        for widget in (self.first, self.dash, self.last):
            widget.setVisible(shown)

    # showing

    def _show(self, page: Page[JournalRow]) -> None:
        self._after = page.after
        self.table.show_rows(
            page.rows, same=lambda old, new: old.entry_id == new.entry_id, more=page.after is not None
        )
        if page.rows:
            self.states.show_content()
        else:
            self.states.show_empty(
                self.tr("Nothing was found"),
                self.tr("Try another word, or a longer period."),
                icon="journal",
                action=self.tr("Show everything"),
                act=self.clear_filter,
            )
        self._choose(self.table.current_row())

    def _add(self, page: Page[JournalRow]) -> None:
        self._after = page.after
        self.table.rows.add_rows(page.rows, more=page.after is not None)

    def clear_filter(self) -> None:
        """Show the whole journal again."""
        self.search.clear()
        self.period.setCurrentIndex(0)
        self.refresh()

    def _choose(self, row: JournalRow | None) -> None:
        self.foot.setVisible(row is not None)
        if row is None:
            return
        language = self.desk.language
        self.whole.setText(journal_sentences.sentence(row, language))
        words = [language.format_moment(row.at), journal_sentences.who(row, language)]
        if row.step is not None:
            words.append(self.tr("at the step “{step}”").format(step=language.text(row.step)))
        self.who.setText(" · ".join(word for word in words if word))
        self.open.setVisible(self.may_open)
        self.open.set_why_not("" if row.case_id is not None else self.tr("This entry tells of no case"))

    def _open(self, row: JournalRow | None) -> None:
        if row is not None and row.case_id is not None and self.may_open:
            self.case_chosen.emit(row.case_id)

    def retranslate(self) -> None:
        self.title.setText(self.tr("Journal"))
        self.seal.retranslate()
        self.search.setPlaceholderText(self.tr("Case number, applicant, IIN/BIN or who did it"))
        self.search.setAccessibleName(self.tr("Search the journal"))
        self.period.setAccessibleName(self.tr("Period"))
        for index, (_, name) in enumerate(_PERIODS):
            self.period.setItemText(index, QCoreApplication.translate("Period", name))
        self.first.setAccessibleName(self.tr("First day"))
        self.last.setAccessibleName(self.tr("Last day"))
        self.table.setAccessibleName(self.tr("Journal"))
        self.table.rows.retranslate()
        self.open.set_text(self.tr("Open the case"))
        self._choose(self.table.current_row())
