"""Why a date is that date, interval by interval, in plain sentences."""

from datetime import datetime, timedelta
from itertools import groupby

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QWidget

from desktop.queries.rows import ExplainedDate, Reason
from desktop.ui import theme
from desktop.ui.screens.case_parts.part import Part, Scrolling, clear, column
from desktop.ui.widgets.plain import IconButton, PlainLabel
from desktop.ui.words import cited_item

SENTENCES: dict[str, str] = {
    "receipt-day": QT_TRANSLATE_NOOP("Why", "day of receipt, not counted"),
    "start-day": QT_TRANSLATE_NOOP("Why", "day the step began, not counted"),
    "working-day": QT_TRANSLATE_NOOP("Why", "%n working day(s) counted"),
    "moved-working-day": QT_TRANSLATE_NOOP("Why", "working day by transfer, counted"),
    "override-working-day": QT_TRANSLATE_NOOP("Why", "working day by the office's order, counted"),
    "weekend": QT_TRANSLATE_NOOP("Why", "weekend, not counted"),
    "closed-day": QT_TRANSLATE_NOOP("Why", "the office is closed, not counted"),
    "holiday": QT_TRANSLATE_NOOP("Why", "holiday, not counted"),
    "holiday-moved": QT_TRANSLATE_NOOP("Why", "day off in place of a holiday, not counted"),
    "day-off-swapped": QT_TRANSLATE_NOOP("Why", "day off by transfer, not counted"),
    "override-day-off": QT_TRANSLATE_NOOP("Why", "day off by the office's order, not counted"),
    "working-time": QT_TRANSLATE_NOOP("Why", "working time, counted: {length}"),
    "break": QT_TRANSLATE_NOOP("Why", "break, not counted"),
    "after-hours": QT_TRANSLATE_NOOP("Why", "outside working hours, not counted"),
    "calendar-days": QT_TRANSLATE_NOOP("Why", "%n calendar day(s) counted"),
    "next-working-day": QT_TRANSLATE_NOOP("Why", "the end fell on a day off and moves on to this day"),
    "calendar-changed": QT_TRANSLATE_NOOP(
        "Why", "the office's calendar was changed later; the date given to the applicant stands"
    ),
    "wall-clock": QT_TRANSLATE_NOOP("Why", "counted by the clock"),
    "paused": QT_TRANSLATE_NOOP("Why", "the term stood still, not counted"),
    "steps-added": QT_TRANSLATE_NOOP(
        "Why", "the act gives no total term; the terms of its steps are added up, one after another"
    ),
}
_BY_TIME = frozenset({"working-time", "break", "after-hours", "wall-clock"})
_TITLES = {
    "total": QT_TRANSLATE_NOOP("Why", "Why the whole service is due {moment}"),
    "step": QT_TRANSLATE_NOOP("Why", "Why this step is due {moment}"),
}


def explain_due(store, actor, *, case_id: int, which: str) -> ExplainedDate:
    """Ask the query; imported where it runs, off the GUI thread."""
    from desktop.queries.clock import explain_due as ask

    return ask(store, actor, case_id=case_id, which=which)


def sentences(explained: ExplainedDate, language) -> list[tuple[str, str, bool]]:
    """Return (when, what, counted) for each run of intervals of one cause."""
    runs = groupby(explained.reasons, key=lambda item: (item.code, item.text, item.clause, item.counted))
    told, clauses = [], set()
    for _, items in runs:
        run = list(items)
        told.append(_run(run, language, clause=run[0].clause if run[0].clause not in clauses else ""))
        clauses.add(run[0].clause)
    return told


def _run(items: list[Reason], language, *, clause: str) -> tuple[str, str, bool]:
    first, last = items[0], items[-1]
    if first.code in _BY_TIME:
        when = _times(first.first, last.last, language)
    else:
        when = _days(first.first, last.last, language)
    days = len(items) if first.code != "calendar-days" else (last.last - first.first).days or 1
    source = SENTENCES.get(first.code, first.code)
    told = QCoreApplication.translate("Why", source, "", days)
    told = told.replace("{length}", language.format_length(last.last - first.first))
    if first.text is not None:
        told = f"{told} ({language.text(first.text)})"
    doubt = _AS_READ if "[I]" in clause else _UNCHECKED if "[K]" in clause else ""
    said = (told, cited_item(clause), QCoreApplication.translate("Why", doubt) if doubt else "")
    return when, ", ".join(one for one in said if one), first.counted


_AS_READ = QT_TRANSLATE_NOOP("Why", "as the office reads it")
_UNCHECKED = QT_TRANSLATE_NOOP("Why", "not checked against its source")


def _days(first: datetime, last: datetime, language) -> str:
    """Return "6 July" or "7–8 July"; ``last`` may be the midnight after the last day."""
    end = (last - timedelta(microseconds=1)).date() if last > first else first.date()
    if end == first.date():
        return language.format_date(end, year=False)
    if end.month == first.month:
        return f"{first.day}–{language.format_date(end, year=False)}"
    return f"{language.format_date(first.date(), year=False)} – {language.format_date(end, year=False)}"


def _times(first: datetime, last: datetime, language) -> str:
    start = f"{language.format_date(first.date(), year=False)}, {language.format_time(first)}"
    if last.date() == first.date():
        return f"{start}–{language.format_time(last)}"
    return f"{start} – {language.format_date(last.date(), year=False)}, {language.format_time(last)}"


class WhyPanel(Part):
    """Opens under the deadlines; Esc or the cross closes it."""

    closed = Signal()

    def __init__(self, desk, parent: QWidget | None = None, *, read=explain_due) -> None:
        super().__init__(desk, parent)
        self.setObjectName("case.why_panel")
        self._read, self._which = read, "total"
        self._explained: ExplainedDate | None = None
        frame = QFrame(self)
        frame.setProperty("role", "sunken")
        self.title = PlainLabel(parent=frame, role="heading", wrap=True, name="case.why_title")
        self.closer = IconButton("cross", parent=frame, name="case.why_close")
        self.closer.clicked.connect(self.close_panel)
        self._scrolling = Scrolling(frame)
        self._lines = QGridLayout()
        self._lines.setHorizontalSpacing(theme.spacing(3))
        self._lines.setVerticalSpacing(theme.spacing(1))
        self._lines.setColumnStretch(2, 1)
        self._scrolling.column.addLayout(self._lines)
        self._scrolling.column.addStretch(1)
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.closer)
        inside = column(frame, margins=2, gap=1)
        inside.addLayout(top)
        inside.addWidget(self._scrolling)
        column(self).addWidget(frame)
        self.setMaximumHeight(theme.spacing(60))
        self.hide()

    def ask(self, case_id: int, which: str) -> None:
        """Open for the whole service ("total") or the step; asking the same again closes it."""
        if self.isVisible() and self._which == which:
            self.close_panel()
            return
        self._which = which
        self.desk.read(self._read, then=self._show, latest="why", case_id=case_id, which=which)

    def close_panel(self) -> None:
        self.hide()
        self.closed.emit()

    def _show(self, explained: ExplainedDate) -> None:
        self._explained = explained
        self.retranslate()
        self.show()
        self.closer.setFocus()

    def retranslate(self) -> None:
        self.closer.set_text(self.tr("Close"))
        if self._explained is None:
            return
        due = self.language.format_moment(self._explained.due_at)
        self.title.setText(QCoreApplication.translate("Why", _TITLES[self._which]).format(moment=due))
        clear(self._lines)
        for row, (when, told, counted) in enumerate(sentences(self._explained, self.language)):
            mark = PlainLabel(parent=self)
            name, ink = ("tick", "done") if counted else ("minus", "muted")
            mark.setPixmap(theme.pixmap(name, theme.colour(ink), theme.spacing(4)))
            self._lines.addWidget(mark, row, 0)
            self._lines.addWidget(PlainLabel(when, self, role="number"), row, 1)
            self._lines.addWidget(PlainLabel(told, self, wrap=True), row, 2)
