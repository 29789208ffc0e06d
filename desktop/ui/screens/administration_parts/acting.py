"""Who stands in for the head, by which order, from which day to which."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QT_TRANSLATE_NOOP

from desktop.cases.office import appoint_acting_head, end_acting_head
from desktop.queries.office import acting_heads, office, people
from desktop.queries.office_rows import ActingHeadRow
from desktop.queries.rows import PersonRow
from desktop.regulation.model import Role
from desktop.ui.rows_model import Column, RowsModel
from desktop.ui.screens.administration_parts.section import DayEdit, Section
from desktop.ui.widgets.form import Field, Form, choice, line_edit
from desktop.ui.widgets.plain import Button, PlainLabel
from desktop.ui.widgets.rows_table import RowsTable


class ActingSection(Section):
    """The orders, the latest first, and the form of a new one."""

    id = "acting"
    icon = "person"
    name_source = QT_TRANSLATE_NOOP("Section", "Acting head")

    def build(self) -> None:
        self._today = self.desk.now().date()
        language = self.desk.language
        self.table = RowsTable(
            RowsModel(
                (
                    Column("name", QT_TRANSLATE_NOOP("Column", "Name"), lambda row: language.text(row.name)),
                    Column("order", QT_TRANSLATE_NOOP("Column", "Order"), self._order_of, width=56),
                    Column(
                        "first",
                        QT_TRANSLATE_NOOP("Column", "First day"),
                        lambda row: language.format_short(row.first_day),
                        width=30,
                    ),
                    Column(
                        "last",
                        QT_TRANSLATE_NOOP("Column", "Last day"),
                        lambda row: language.format_short(row.last_day),
                        width=30,
                    ),
                    Column(
                        "state",
                        QT_TRANSLATE_NOOP("Column", "State"),
                        self._state_of,
                        width=32,
                        tone=lambda row: "done" if self._in_force(row) else "muted",
                    ),
                ),
                self,
            ),
            self,
            name=self.name("list"),
        )
        self.table.row_chosen.connect(lambda _row: self._open_buttons())
        self.nobody = PlainLabel(parent=self, role="muted", name=self.name("nobody"))
        self.end = Button(parent=self, kind="danger", name=self.name("end"))
        self.end.clicked.connect(self._end)
        self.form_title = PlainLabel(parent=self, role="heading")
        self.form = form = Form(self)
        form.add("person_id", Field(choice(), name=self.name("person"), required=True))
        form.add("order_number", Field(line_edit(limit=80), name=self.name("order_number"), required=True))
        for key in ("order_date", "first_day", "last_day"):
            form.add(key, Field(DayEdit(), name=self.name(key), required=True))
        form.add_row(form.field("person_id"))
        form.add_row(form.field("order_number"), form.field("order_date"))
        form.add_row(form.field("first_day"), form.field("last_day"))
        self.appoint = Button(parent=self, kind="primary", name=self.name("appoint"), shortcut="Ctrl+Return")
        self.appoint.clicked.connect(self._appoint)
        self.column.addWidget(self.table)
        self.column.addWidget(self.nobody)
        self.column.addWidget(self.buttons(self.end))
        self.primary(self.appoint)
        for widget in (self.form_title, form):
            self.column.addWidget(widget)
            widget.setVisible(self.may_change)

    def refresh(self) -> None:
        self.states.show_loading()
        self.desk.read(_standing, then=self._show, on_error=self.failed)

    def is_dirty(self) -> bool:
        return bool(self.form.field("order_number").editor.text().strip())

    def _show(self, found: tuple[tuple[ActingHeadRow, ...], tuple[PersonRow, ...], str]) -> None:
        orders, everybody, zone = found
        self._today = self.desk.now().astimezone(ZoneInfo(zone)).date()
        self.table.show_rows(orders, same=lambda old, new: old.acting_id == new.acting_id)
        self.table.setVisible(bool(orders))
        self.nobody.setVisible(not orders)
        self.table.fit_height(6)
        editor = self.form.field("person_id").editor
        kept = editor.currentData()
        editor.clear()
        for person in everybody:
            if person.active and Role.HEAD not in person.roles:
                position = self.desk.language.text(person.position)
                name = self.desk.language.text(person.name)
                editor.addItem(f"{name}, {position}" if position else name, person.person_id)
        editor.setCurrentIndex(max(0, editor.findData(kept)))
        if not self.is_dirty():
            for key, days in (("order_date", 0), ("first_day", 0), ("last_day", 13)):
                self.form.field(key).editor.set_day(self._today + timedelta(days=days))
        self.states.show_content()
        self._open_buttons()

    def _in_force(self, row: ActingHeadRow) -> bool:
        return row.first_day <= self._today <= row.last_day

    def _open_buttons(self) -> None:
        row = self.table.current_row()
        why = ""
        if row is None:
            why = self.tr("Choose an order in the list first")
        elif row.last_day < self._today:
            why = self.tr("The last day of this order has passed")
        self.end.set_why_not(why)
        self.end.setVisible(self.table.rows.rowCount() > 0)

    def _appoint(self) -> None:
        form = self.form
        form.clear_problems()
        self.desk.do(
            appoint_acting_head,
            person_id=form.field("person_id").editor.currentData(),
            order_number=form.field("order_number").editor.text(),
            **{key: form.field(key).editor.day() for key in ("order_date", "first_day", "last_day")},
            then=self._appointed,
            on_error=form.show_error,
            said=self.tr("The acting head is appointed"),
        )

    def _appointed(self, _: object) -> None:
        self.form.field("order_number").editor.clear()
        self.refresh()

    def _end(self) -> None:
        row = self.table.current_row()
        question = (
            self.tr("The order on {name} ends today. What was signed by it stays in force.")
            if row.first_day <= self._today
            else self.tr("The order on {name} has not begun; it will be removed.")
        )
        name = self.desk.language.text(row.name)
        if self.desk.ask(question.format(name=name), yes=self.tr("End the order"), danger=True):
            self.desk.do(
                end_acting_head,
                acting_id=row.acting_id,
                then=lambda _: self.refresh(),
                said=self.tr("The order is ended"),
            )

    def _order_of(self, row: ActingHeadRow) -> str:
        day = self.desk.language.format_short(row.order_date)
        return self.tr("No {number} of {day}").format(number=row.order_number, day=day)

    def _state_of(self, row: ActingHeadRow) -> str:
        if self._in_force(row):
            return self.tr("in force")
        return self.tr("to come") if row.first_day > self._today else self.tr("over")

    def retranslate(self) -> None:
        self.say_title(
            self.tr(
                "From the first to the last day the acting head does what the head does, and signs with an own key."
            )
        )
        self.table.setAccessibleName(self.title())
        self.table.rows.retranslate()
        self.nobody.setText(self.tr("Nobody has stood in for the head yet."))
        self.end.set_text(self.tr("End the order"))
        self.form_title.setText(self.tr("New order"))
        for key, label in (
            ("person_id", self.tr("Who stands in")),
            ("order_number", self.tr("Number of the order")),
            ("order_date", self.tr("Date of the order")),
            ("first_day", self.tr("First day")),
            ("last_day", self.tr("Last day")),
        ):
            self.form.field(key).set_label(label)
        self.appoint.set_text(self.tr("Appoint"))
        self._open_buttons()


def _standing(store, actor) -> tuple[tuple[ActingHeadRow, ...], tuple[PersonRow, ...], str]:
    return acting_heads(store, actor), people(store, actor), office(store).time_zone
