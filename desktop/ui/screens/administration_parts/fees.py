"""The monthly calculation index by date; fees are counted in it. What nobody has checked yet is flagged."""

from PySide6.QtCore import QT_TRANSLATE_NOOP

from desktop.cases.office import set_fee_rate
from desktop.queries.office import fee_rates
from desktop.queries.rows import FeeRateRow
from desktop.ui.rows_model import Column, RowsModel
from desktop.ui.screens.administration_parts.section import DayEdit, Section, number_edit
from desktop.ui.widgets.form import Field, Form, line_edit
from desktop.ui.widgets.plain import Button, PlainLabel
from desktop.ui.widgets.rows_table import RowsTable


class FeesSection(Section):
    """The table, the newest first; a row chosen fills the form, saving it takes the flag away."""

    id = "fees"
    icon = "coins"
    name_source = QT_TRANSLATE_NOOP("Section", "Fees")

    def build(self) -> None:
        language = self.desk.language
        self.table = RowsTable(
            RowsModel(
                (
                    Column(
                        "from",
                        QT_TRANSLATE_NOOP("Column", "From"),
                        lambda row: language.format_short(row.valid_from),
                        width=30,
                    ),
                    Column(
                        "tenge",
                        QT_TRANSLATE_NOOP("Column", "Index"),
                        lambda row: language.format_money(row.tenge),
                        align="right",
                        width=30,
                    ),
                    Column(
                        "checked",
                        QT_TRANSLATE_NOOP("Column", "Checked"),
                        self._checked_of,
                        width=36,
                        tone=lambda row: "soon" if row.unverified else "",
                        icon=lambda row: "soon" if row.unverified else "",
                    ),
                    Column("source", QT_TRANSLATE_NOOP("Column", "Source"), lambda row: row.source),
                ),
                self,
            ),
            self,
            name=self.name("list"),
        )
        self.table.row_chosen.connect(self._choose)
        self.flagged = PlainLabel(parent=self, wrap=True, name=self.name("flagged"))
        self.flagged.setProperty("tone", "soon")
        self.form_title = PlainLabel(parent=self, role="heading")
        self.form = form = Form(self)
        tenge = number_edit(0, 1_000_000)
        tenge.setGroupSeparatorShown(True)
        form.add(
            "valid_from",
            Field(DayEdit(self.desk.now().astimezone().date()), name=self.name("valid_from"), required=True),
        )
        form.add("tenge", Field(tenge, name=self.name("tenge"), required=True))
        form.add("source", Field(line_edit(limit=300), name=self.name("source")))
        form.add_row(form.field("valid_from"), form.field("tenge"))
        form.add_row(form.field("source"))
        self.save = Button(parent=self, kind="primary", name=self.name("save"), shortcut="Ctrl+Return")
        self.save.clicked.connect(self._save)
        self.column.addWidget(self.flagged)
        self.column.addWidget(self.table)
        self.primary(self.save)
        for widget in (self.form_title, form):
            self.column.addWidget(widget)
            widget.setVisible(self.may_change)
        tenge.valueChanged.connect(self._open_buttons)

    def refresh(self) -> None:
        self.states.show_loading()
        self.desk.read(fee_rates, then=self._show, on_error=self.failed)

    def _show(self, rows: tuple[FeeRateRow, ...]) -> None:
        ordered = sorted(rows, key=lambda row: row.valid_from, reverse=True)
        self.table.show_rows(ordered, same=lambda old, new: old.valid_from == new.valid_from)
        self.table.fit_height(8)
        unverified = sum(row.unverified for row in rows)
        self.flagged.setText(
            self.tr("%n value(s) to be checked against the law on the budget", "", unverified)
        )
        self.flagged.setVisible(unverified > 0)
        self.states.show_content()
        self._open_buttons()

    def _choose(self, row: FeeRateRow | None) -> None:
        if row is not None:
            self.form.field("valid_from").editor.set_day(row.valid_from)
            self.form.field("tenge").editor.setValue(row.tenge)
            self.form.field("source").editor.setText(row.source)
            self.form.clear_problems()

    def _open_buttons(self, *_: object) -> None:
        typed = self.form.field("tenge").editor.value() > 0
        self.save.set_why_not("" if typed else self.tr("Type the index in tenge first"))

    def _save(self) -> None:
        form = self.form
        form.clear_problems()
        self.desk.do(
            set_fee_rate,
            valid_from=form.field("valid_from").editor.day(),
            tenge=form.field("tenge").editor.value(),
            source=form.field("source").editor.text(),
            then=lambda _: self.refresh(),
            on_error=form.show_error,
            said=self.tr("The index is saved"),
        )

    def _checked_of(self, row: FeeRateRow) -> str:
        return self.tr("to be checked") if row.unverified else self.tr("checked")

    def retranslate(self) -> None:
        self.say_title(
            self.tr(
                "The monthly calculation index (MCI) in force from a date. The fee is counted for the day it was paid."
            )
        )
        self.table.setAccessibleName(self.title())
        self.table.rows.retranslate()
        unverified = sum(row.unverified for row in self.table.rows.rows)
        self.flagged.setText(
            self.tr("%n value(s) to be checked against the law on the budget", "", unverified)
        )
        self.form_title.setText(self.tr("Add, correct or confirm"))
        self.form.field("valid_from").set_label(self.tr("Valid from"))
        self.form.field("tenge").set_label(self.tr("Index, tenge"))
        self.form.field("source").set_label(self.tr("Source (law, date)"))
        self.form.field("source").set_hint(self.tr("A value you save counts as checked."))
        self.save.set_text(self.tr("Save the index"))
        self._open_buttons()
