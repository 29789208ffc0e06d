"""Working hours by weekday, from a date on. Dates already counted keep the hours they were counted with."""

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QT_TRANSLATE_NOOP

from desktop.cases.office import set_hours
from desktop.errors import BadInput
from desktop.queries.office import hours
from desktop.queries.rows import HoursRow
from desktop.ui.rows_model import Column, RowsModel
from desktop.ui.screens.administration_parts.hours_text import read_hours, write_hours
from desktop.ui.screens.administration_parts.section import DayEdit, Section
from desktop.ui.widgets.form import Field, Form, line_edit
from desktop.ui.widgets.plain import Button, PlainLabel
from desktop.ui.widgets.rows_table import RowsTable


@dataclass(frozen=True)
class HoursFrom:
    """What was set from a date on: runs of weekdays with the same hours ("" = closed)."""

    valid_from: date
    groups: tuple[tuple[tuple[int, ...], str], ...]


class HoursSection(Section):
    """A line a weekday. What is in force today is filled in; the list below tells what was before and comes after."""

    id = "hours"
    icon = "clock"
    name_source = QT_TRANSLATE_NOOP("Section", "Working hours")

    def build(self) -> None:
        self._kept: dict[int, str] = {}
        self.form = form = Form(self)
        form.add(
            "valid_from",
            Field(DayEdit(self.desk.now().astimezone().date()), name=self.name("valid_from"), required=True),
        )
        for weekday in range(7):
            form.add(f"day{weekday}", Field(line_edit(limit=100), name=self.name(f"day{weekday}")))
        form.add_row(form.field("valid_from"))
        for weekday in range(0, 6, 2):
            form.add_row(form.field(f"day{weekday}"), form.field(f"day{weekday + 1}"))
        self.like_monday = Button(parent=self, kind="quiet", icon="copy", name=self.name("like_monday"))
        self.like_monday.clicked.connect(self._copy_monday)
        form.add_row(form.field("day6"), self.like_monday)
        self.save = Button(parent=self, kind="primary", name=self.name("save"), shortcut="Ctrl+Return")
        self.save.clicked.connect(self._save)
        language = self.desk.language
        self.past_title = PlainLabel(parent=self, role="heading")
        self.table = RowsTable(
            RowsModel(
                (
                    Column(
                        "valid_from",
                        QT_TRANSLATE_NOOP("Column", "From"),
                        lambda row: language.format_short(row.valid_from),
                        width=30,
                    ),
                    Column("hours", QT_TRANSLATE_NOOP("Column", "Hours"), self._hours_of),
                ),
                self,
            ),
            self,
            name=self.name("list"),
        )
        self.column.addWidget(form)
        self.primary(self.save)
        self.column.addWidget(self.past_title)
        self.column.addWidget(self.table)
        self.like_monday.setVisible(self.may_change)
        form.field("valid_from").setVisible(self.may_change)
        for weekday in range(7):
            form.field(f"day{weekday}").editor.setReadOnly(not self.may_change)
            form.field(f"day{weekday}").editor.textChanged.connect(self._open_buttons)

    def refresh(self) -> None:
        self.states.show_loading()
        self.desk.read(hours, then=self._show, on_error=self.failed)

    def is_dirty(self) -> bool:
        return bool(self._kept) and self._typed() != self._kept

    def _typed(self) -> dict[int, str]:
        return {day: self.form.field(f"day{day}").editor.text().strip() for day in range(7)}

    def _show(self, rows: tuple[HoursRow, ...]) -> None:
        dirty = self.is_dirty()
        self.table.show_rows(_by_date(rows), same=lambda old, new: old.valid_from == new.valid_from)
        self.table.fit_height(8)
        self.states.show_content()
        if not dirty:
            self._kept = _in_force(rows, self.desk.now().astimezone().date())
            for weekday, text in self._kept.items():
                self.form.field(f"day{weekday}").editor.setText(text)
            self.form.clear_problems()
        self._open_buttons()

    def _open_buttons(self, *_: object) -> None:
        self.save.set_why_not("" if self.is_dirty() else self.tr("Nothing has been changed"))

    def _copy_monday(self) -> None:
        for weekday in range(1, 5):
            self.form.field(f"day{weekday}").editor.setText(self._typed()[0])

    def _save(self) -> None:
        self.form.clear_problems()
        changed = {}
        for weekday, text in self._typed().items():
            try:
                intervals = read_hours(text, field=f"day{weekday}")
            except BadInput as error:
                self.form.show_error(error)
                return
            if text != self._kept.get(weekday):
                changed[weekday] = intervals
        self.desk.do(
            set_hours,
            valid_from=self.form.field("valid_from").editor.day(),
            hours=changed,
            then=self._saved,
            on_error=self._refused,
            said=self.tr("The hours are saved"),
        )

    def _saved(self, _: object) -> None:
        self._kept = self._typed()
        self.refresh()

    def _refused(self, error: BaseException) -> bool:
        """The command speaks of ``intervals``; here that is Monday's line, the first of them."""
        if isinstance(error, BadInput) and error.field == "intervals":
            facts = {name: fact for name, fact in error.facts.items() if name != "field"}
            return self.form.show_error(BadInput(error.code, field="day0", **facts))
        return self.form.show_error(error)

    def _hours_of(self, row: HoursFrom) -> str:
        names = self.desk.language.weekdays()
        told = []
        for weekdays, text in row.groups:
            first, last = names[weekdays[0]], names[weekdays[-1]]
            days = first if len(weekdays) == 1 else f"{first} \u2013 {last}"
            told.append(f"{days}: {text or self.tr('closed')}")
        return "; ".join(told)

    def retranslate(self) -> None:
        self.say_title(
            self.tr(
                "Deadlines run in these hours. Dates given to applicants stay; a change counts from its date on."
            )
        )
        self.form.field("valid_from").set_label(self.tr("Valid from"))
        for weekday, name in enumerate(self.desk.language.weekdays()):
            field = self.form.field(f"day{weekday}")
            field.set_label(name[:1].upper() + name[1:])
            field.editor.setPlaceholderText(self.tr("closed"))
        self.form.field("day0").set_hint(self.tr("Like 09:00-13:00, 14:30-18:30; empty: closed"))
        self.like_monday.set_text(self.tr("Monday's hours until Friday"))
        self.save.set_text(self.tr("Save the hours"))
        self.past_title.setText(self.tr("By date"))
        self.table.setAccessibleName(self.tr("By date"))
        self.table.rows.retranslate()
        self._open_buttons()


def _by_date(rows: tuple[HoursRow, ...]) -> list[HoursFrom]:
    found = []
    for valid_from in sorted({row.valid_from for row in rows}, reverse=True):
        groups: list[tuple[tuple[int, ...], str]] = []
        for row in sorted((row for row in rows if row.valid_from == valid_from), key=lambda row: row.weekday):
            text = write_hours(row.intervals)
            if groups and groups[-1][1] == text and groups[-1][0][-1] == row.weekday - 1:
                groups[-1] = ((*groups[-1][0], row.weekday), text)
            else:
                groups.append(((row.weekday,), text))
        found.append(HoursFrom(valid_from, tuple(groups)))
    return found


def _in_force(rows: tuple[HoursRow, ...], day: date) -> dict[int, str]:
    found = {weekday: "" for weekday in range(7)}
    for row in sorted(rows, key=lambda row: row.valid_from):
        if row.valid_from <= day:
            found[row.weekday] = write_hours(row.intervals)
    return found
