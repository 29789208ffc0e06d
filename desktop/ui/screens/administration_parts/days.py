"""The calendar of days: what each day of a year is and why, and the days the office sets itself."""

from datetime import date

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication
from PySide6.QtWidgets import QHBoxLayout, QRadioButton, QWidget

from desktop.cases.office import remove_override, set_override
from desktop.errors import BadInput
from desktop.queries.office_calendar import FIRST_YEAR, LAST_YEAR, CalendarYear, DayRow, calendar_year
from desktop.ui import theme
from desktop.ui.rows_model import Column, RowsModel
from desktop.ui.screens.administration_parts.hours_text import read_hours, write_hours
from desktop.ui.screens.administration_parts.section import Section
from desktop.ui.screens.administration_parts.year_view import YearView, tone_of
from desktop.ui.widgets.chip import Chip
from desktop.ui.widgets.form import Field, Form, line_edit
from desktop.ui.widgets.plain import Button, IconButton, PlainLabel
from desktop.ui.widgets.rows_table import RowsTable

_KINDS: dict[str, str] = {
    "working-day": QT_TRANSLATE_NOOP("Day", "working day"),
    "weekend": QT_TRANSLATE_NOOP("Day", "weekend"),
    "closed-day": QT_TRANSLATE_NOOP("Day", "closed by the working hours"),
    "holiday": QT_TRANSLATE_NOOP("Day", "holiday"),
    "holiday-moved": QT_TRANSLATE_NOOP("Day", "day off moved from a weekend"),
    "day-off-swapped": QT_TRANSLATE_NOOP("Day", "day off for a worked weekend"),
    "moved-working-day": QT_TRANSLATE_NOOP("Day", "moved working day"),
    "override-working-day": QT_TRANSLATE_NOOP("Day", "working day set by the office"),
    "override-day-off": QT_TRANSLATE_NOOP("Day", "day off set by the office"),
}


class DaysSection(Section):
    """The year above; the day one stands on and its form; the list of days that differ."""

    id = "days"
    icon = "calendar"
    name_source = QT_TRANSLATE_NOOP("Section", "Calendar of days")

    def build(self) -> None:
        self._year: CalendarYear | None = None
        self._usual = ""
        self._filled: tuple[str, ...] = ()
        self.back = IconButton("left", parent=self, name=self.name("year_before"))
        self.year_label = PlainLabel(parent=self, role="heading", name=self.name("year"))
        self.next = IconButton("right", parent=self, name=self.name("year_after"))
        self.back.clicked.connect(lambda: self._go(-1))
        self.next.clicked.connect(lambda: self._go(1))
        self.legend = {tone: Chip(parent=self, tone=tone) for tone in ("late", "done", "accent")}
        bar = QHBoxLayout()
        bar.setSpacing(theme.spacing(2))
        for widget in (self.back, self.year_label, self.next):
            bar.addWidget(widget)
        bar.addStretch(1)
        legend = QHBoxLayout()
        legend.setSpacing(theme.spacing(2))
        for chip in self.legend.values():
            legend.addWidget(chip)
        legend.addStretch(1)
        self.view = YearView(self.desk.language, self.tell, self, name=self.name("days"))
        self.view.day_chosen.connect(self._choose)
        self.day_title = PlainLabel(parent=self, role="heading", wrap=True, name=self.name("day"))
        self.day_why = PlainLabel(parent=self, wrap=True, name=self.name("why"))
        self.column.addLayout(bar)
        self.column.addWidget(self.day_title)
        self.column.addWidget(self.day_why)
        self.column.addWidget(self.view)
        self.column.addLayout(legend)
        self._build_form()
        self._build_list()

    def _build_form(self) -> None:
        self.off, self.worked = QRadioButton(), QRadioButton()
        self.off.setObjectName(self.name("off"))
        self.worked.setObjectName(self.name("worked"))
        self.off.setChecked(True)
        kinds = QWidget(self)
        row = QHBoxLayout(kinds)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.spacing(6))
        row.addWidget(self.off)
        row.addWidget(self.worked)
        row.addStretch(1)
        self.form = form = Form(self)
        for key, required in (("reason_kk", True), ("reason_ru", True), ("intervals", False)):
            form.add(key, Field(line_edit(limit=300), name=self.name(key), required=required))
        form.add_row(kinds)
        form.add_row(form.field("intervals"))
        form.add_row(form.field("reason_kk"), form.field("reason_ru"))
        self.worked.toggled.connect(self._kind_changed)
        self.save = Button(parent=self, kind="primary", name=self.name("save"), shortcut="Ctrl+Return")
        self.remove = Button(parent=self, kind="danger", name=self.name("remove"))
        self.save.clicked.connect(self._save)
        self.remove.clicked.connect(self._remove)
        self.column.addWidget(form)
        self.primary(self.save, self.remove)
        form.setVisible(self.may_change)
        form.field("intervals").setVisible(False)

    def _build_list(self) -> None:
        language = self.desk.language
        self.list_title = PlainLabel(parent=self, role="heading")
        self.table = RowsTable(
            RowsModel(
                (
                    Column(
                        "day",
                        QT_TRANSLATE_NOOP("Column", "Day"),
                        lambda row: language.format_short(row.day),
                        width=28,
                    ),
                    Column(
                        "weekday",
                        QT_TRANSLATE_NOOP("Column", "Weekday"),
                        lambda row: language.weekdays()[row.day.weekday()],
                        width=32,
                    ),
                    Column(
                        "kind", QT_TRANSLATE_NOOP("Column", "What it is"), kind_of, width=68, tone=tone_of
                    ),
                    Column(
                        "name", QT_TRANSLATE_NOOP("Column", "Called"), lambda row: language.text(row.text)
                    ),
                ),
                self,
            ),
            self,
            name=self.name("list"),
        )
        self.table.row_chosen.connect(lambda row: self.view.choose(row.day) if row is not None else None)
        self.column.addWidget(self.list_title)
        self.column.addWidget(self.table)

    def refresh(self) -> None:
        self.states.show_loading()
        year = self._year.year if self._year else None
        self.desk.read(calendar_year, year=year, then=self._show, on_error=self.failed, latest="year")

    def is_dirty(self) -> bool:
        return bool(self._filled) and self.may_change and self._typed() != self._filled

    def _go(self, by: int) -> None:
        year = self._year.year + by
        self.desk.read(calendar_year, year=year, then=self._show, on_error=self.failed, latest="year")

    def _show(self, year: CalendarYear) -> None:
        self._year = year
        usual = next((row for row in year.days if row.code == "working-day"), None)
        self._usual = write_hours(usual.intervals) if usual else "09:00\u201318:00"
        self.year_label.setText(str(year.year))
        self.back.setEnabled(year.year > FIRST_YEAR)
        self.next.setEnabled(year.year < LAST_YEAR)
        special = [row for row in year.days if row.special]
        self.table.show_rows(special, same=lambda old, new: old.day == new.day)
        self.table.fit_height(8)
        self.view.show_year(year)
        self.states.show_content()

    def _typed(self) -> tuple[str, ...]:
        keys = ("reason_kk", "reason_ru", "intervals")
        return (str(self.worked.isChecked()), *(self.form.field(key).editor.text() for key in keys))

    def _choose(self, day: date) -> None:
        row = self.view.row(day)
        language = self.desk.language
        weekday = language.weekdays()[day.weekday()]
        self.day_title.setText(f"{language.format_date(day)}, {weekday}")
        self.day_why.setText(self.tell(row, with_day=False))
        if not self.is_dirty() or row.overridden:
            self._fill(row)
        self.save.set_text(self.tr("Change this day") if row.overridden else self.tr("Set this day"))
        self.remove.setVisible(row.overridden)

    def _fill(self, row: DayRow) -> None:
        own = row.overridden
        self.worked.setChecked(row.working if own else not row.working)
        self.off.setChecked(not self.worked.isChecked())
        self.form.field("intervals").editor.setText(
            write_hours(row.intervals) if own and row.working else self._usual
        )
        self.form.field("reason_kk").editor.setText(row.text.kk if own and row.text else "")
        self.form.field("reason_ru").editor.setText(row.text.ru if own and row.text else "")
        self.form.clear_problems()
        self._filled = self._typed()

    def _kind_changed(self, worked: bool) -> None:
        self.form.field("intervals").setVisible(worked)

    # doing

    def _save(self) -> None:
        self.form.clear_problems()
        typed = {key: self.form.field(key).editor.text() for key in ("reason_kk", "reason_ru", "intervals")}
        intervals = ()
        if self.worked.isChecked():
            try:
                intervals = read_hours(typed["intervals"], field="intervals")
                if not intervals:
                    raise BadInput("field-required", field="intervals")
            except BadInput as error:
                self.form.show_error(error)
                return
        self.desk.do(
            set_override,
            day=self.view.day,
            intervals=intervals,
            reason_kk=typed["reason_kk"],
            reason_ru=typed["reason_ru"],
            then=self._saved,
            on_error=self.form.show_error,
            said=self.tr("The day is set. Deadlines counted from now on take it into account."),
        )

    def _remove(self) -> None:
        day = self.desk.language.format_date(self.view.day)
        question = self.tr("{day} becomes again what the law and the working hours make it.").format(day=day)
        if self.desk.ask(question, yes=self.tr("Take it back"), danger=True):
            self.desk.do(
                remove_override,
                day=self.view.day,
                then=self._saved,
                said=self.tr("The day is as usual again"),
            )

    def _saved(self, _: object) -> None:
        self._filled = ()
        self.refresh()

    # words

    def tell(self, row: DayRow, *, with_day: bool = True) -> str:
        """Return what a day is, by which name, and its hours."""
        words = [kind_of(row)]
        if row.text is not None:
            words.append(self.desk.language.text(row.text))
        if row.intervals:
            words.append(write_hours(row.intervals))
        told = ": ".join(words[:2]) + (f"; {words[2]}" if len(words) > 2 else "")
        return (
            f"{self.desk.language.format_date(row.day)}: {told}" if with_day else told[:1].upper() + told[1:]
        )

    def retranslate(self) -> None:
        self.say_title(
            self.tr(
                "Public holidays and moved days of Kazakhstan are known. Set here what the office decides itself."
            )
        )
        self.back.set_text(self.tr("The year before"))
        self.next.set_text(self.tr("The year after"))
        for tone, text in (
            ("late", self.tr("holiday or day off")),
            ("done", self.tr("moved working day")),
            ("accent", self.tr("set by the office")),
        ):
            self.legend[tone].show_state(text, tone)
        self.view.setAccessibleName(self.title())
        self.off.setText(self.tr("Day off"))
        self.off.setAccessibleName(self.tr("Day off"))
        self.worked.setText(self.tr("Working day"))
        self.worked.setAccessibleName(self.tr("Working day"))
        self.form.field("intervals").set_label(self.tr("Hours of that day"))
        self.form.field("intervals").set_hint(self.tr("Like 09:00-13:00, 14:30-18:30"))
        self.form.field("reason_kk").set_label(self.tr("Reason in Kazakh"))
        self.form.field("reason_ru").set_label(self.tr("Reason in Russian"))
        self.remove.set_text(self.tr("Take it back"))
        self.list_title.setText(self.tr("Days of the year that differ"))
        self.table.setAccessibleName(self.tr("Days of the year that differ"))
        self.table.rows.retranslate()
        if self.view.day is not None:
            self._choose(self.view.day)
        self.view.update()


def kind_of(row: DayRow) -> str:
    """Return what kind of day it is, in the language in use."""
    return QCoreApplication.translate("Day", _KINDS[row.code])
