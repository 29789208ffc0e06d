"""The regulations in use: their acts and versions, what to be warned of; loading another file."""

from PySide6.QtCore import QT_TRANSLATE_NOOP
from PySide6.QtWidgets import QFrame, QVBoxLayout

from desktop.queries.regulations import RegulationRow, regulations
from desktop.ui import theme
from desktop.ui.rows_model import Column, RowsModel
from desktop.ui.screens.administration_parts.section import Section
from desktop.ui.screens.regulations_parts.adding import LawLoader
from desktop.ui.widgets.plain import Button, PlainLabel
from desktop.ui.widgets.rows_table import RowsTable

_LIMIT = 4 * 1024 * 1024


class RegulationsSection(Section):
    """The list, the chosen one told in full, and the place to load a file."""

    id = "regulations"
    icon = "law"
    name_source = QT_TRANSLATE_NOOP("Section", "Regulations")

    def build(self) -> None:
        language = self.desk.language
        self.table = RowsTable(
            RowsModel(
                (
                    Column(
                        "title",
                        QT_TRANSLATE_NOOP("Column", "Regulation"),
                        lambda row: language.text(row.title),
                    ),
                    Column("act", QT_TRANSLATE_NOOP("Column", "Act"), self.act_of, width=44),
                    Column(
                        "version", QT_TRANSLATE_NOOP("Column", "Version"), lambda row: row.version, width=24
                    ),
                    Column(
                        "state",
                        QT_TRANSLATE_NOOP("Column", "State"),
                        self._state_of,
                        width=52,
                        tone=lambda row: "late" if row.repealed_by and row.current else "",
                        icon=lambda row: "late" if row.repealed_by and row.current else "",
                    ),
                ),
                self,
            ),
            self,
            name=self.name("list"),
        )
        self.table.row_chosen.connect(self._choose)
        self.card = QFrame(self)
        self.card.setProperty("role", "card")
        inside = QVBoxLayout(self.card)
        inside.setContentsMargins(*[theme.spacing(4)] * 4)
        inside.setSpacing(theme.spacing(2))
        self.card_title = PlainLabel(parent=self.card, role="heading", wrap=True, name=self.name("title"))
        self.card_act = PlainLabel(parent=self.card, role="muted", wrap=True, name=self.name("act"))
        self.repealed = PlainLabel(parent=self.card, wrap=True, name=self.name("repealed"))
        self.repealed.setProperty("tone", "late")
        self.services = PlainLabel(parent=self.card, wrap=True, name=self.name("services"))
        self.warnings = PlainLabel(parent=self.card, wrap=True, name=self.name("warnings"))
        self.unverified = Button(parent=self.card, kind="link", name=self.name("unverified"))
        self.unverified.clicked.connect(self._unfold)
        self.unverified_list = PlainLabel(
            parent=self.card, role="muted", wrap=True, name=self.name("unverified_list")
        )
        self.unverified_list.hide()
        for widget in (
            self.card_title, self.card_act, self.repealed, self.services, self.warnings, self.unverified,
            self.unverified_list,
        ):  # fmt: skip
            inside.addWidget(widget)
        self.card.hide()
        self.loader = LawLoader(self.desk, self, name=f"administration.{self.id}")
        self.loader.loaded.connect(self.refresh)
        self.take_file = self.loader.take_file
        for widget in (self.table, self.card, self.loader):
            self.column.addWidget(widget)
        self.loader.setVisible(self.may_change)

    def refresh(self) -> None:
        self.states.show_loading()
        self.desk.read(regulations, then=self._show, on_error=self.failed)

    def _show(self, rows: tuple[RegulationRow, ...]) -> None:
        self.table.show_rows(rows, same=lambda old, new: old.sha256 == new.sha256)
        self.table.fit_height(6)
        self.states.show_content()
        if self.table.current_row() is None and rows:
            self.table.put_cursor(0)
        else:
            self._choose(self.table.current_row())

    def _choose(self, row: RegulationRow | None) -> None:
        self.card.setVisible(row is not None)
        if row is None:
            return
        language = self.desk.language
        self.card_title.setText(language.text(row.title))
        loaded = self.tr("loaded on {moment}").format(moment=language.format_moment(row.loaded_at))
        self.card_act.setText(f"{self.act_of(row)} · {row.regulation} · {row.version} · {loaded}")
        self.repealed.setText(language.text(row.repealed_by))
        self.repealed.setVisible(row.repealed_by is not None)
        self.services.setText("\n".join(language.text(one) for one in row.services))
        self.warnings.setText("\n".join(f"• {language.text(one)}" for one in row.warnings))
        self.warnings.setVisible(bool(row.warnings))
        count = len(row.unverified)
        self.unverified.set_text(self.tr("%n part(s) to be checked against the source", "", count))
        self.unverified.setVisible(count > 0)
        self.unverified_list.setText("\n".join(f"• {language.text(one)}" for one in row.unverified))
        if not count:
            self.unverified_list.hide()

    def _unfold(self) -> None:
        self.unverified_list.setVisible(self.unverified_list.isHidden())

    def act_of(self, row: RegulationRow) -> str:
        """Return "No 139 of 07.06.2018", or the id of a text that bears neither."""
        if not row.act_number or row.act_date is None:
            return row.regulation
        day = self.desk.language.format_short(row.act_date)
        return self.tr("No {number} of {day}").format(number=row.act_number, day=day)

    def _state_of(self, row: RegulationRow) -> str:
        if not row.current:
            return self.tr("replaced")
        return self.tr("in use, repealed") if row.repealed_by else self.tr("in use")

    def retranslate(self) -> None:
        self.say_title(
            self.tr("The acts the program works by. A case stays under the version it began under.")
        )
        self.table.setAccessibleName(self.title())
        self.table.rows.retranslate()
        self.loader.retranslate()
        self._choose(self.table.current_row())
