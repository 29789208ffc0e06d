"""The survey of quality and availability summed up: by service, over a period, and as a workbook."""

from datetime import date
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from PySide6.QtCore import QT_TRANSLATE_NOOP, Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop.queries import office
from desktop.queries.result_rows import SurveyRow
from desktop.queries.surveys import summary
from desktop.regulation.rights import Command
from desktop.ui import theme
from desktop.ui.rows_model import Column
from desktop.ui.screens.register_lists.table import RegisterModel, RegisterTable
from desktop.ui.screens.register_parts.entry import read_date
from desktop.ui.screens.register_parts.fields import DateEdit
from desktop.ui.widgets.empty import States
from desktop.ui.widgets.plain import Button, PlainLabel
from desktop.ui.widgets.screen import Screen


def write_workbook(
    store, actor, *, path: Path, first_day: date | None, last_day: date | None, language: str
) -> int:
    """Write what the screen shows into a workbook; runs off the GUI thread."""
    from desktop.documents import register_columns, registers_xlsx, survey_xlsx
    from desktop.queries.rows import RegisterFilter

    own = office.office(store)
    heading = registers_xlsx.Heading(
        office=own.name,
        filtered_by=register_columns.filter_words(RegisterFilter(first_day=first_day, last_day=last_day)),
        made_at=store.now().astimezone(ZoneInfo(own.time_zone)),
    )
    rows = summary(store, actor, first_day=first_day, last_day=last_day)
    return survey_xlsx.write(path, rows=rows, heading=heading, language=language)


class SurveyScreen(Screen):
    """A line for every service and question: how often each answer was given."""

    shows_what_others_do = True

    def __init__(self, desk, parent: QWidget | None = None, *, choose_file=None) -> None:
        super().__init__(desk, parent)
        self.setObjectName("screen.survey")
        self.choose_file = choose_file or self._ask_file
        self.model = RegisterModel(self._columns(), self)
        self.table = RegisterTable(self.model, "survey", name="survey.table")
        self.table.horizontalHeader().setSortIndicatorShown(False)
        self.states = States(self.table, self)
        self.first, self.last = DateEdit(name="survey.first_day"), DateEdit(name="survey.last_day")
        self.export = Button(parent=self, icon="export", name="survey.export", shortcut="Ctrl+E")
        self.export.setVisible(self.desk.may(Command.EXPORT))
        self.export.clicked.connect(self.write_out)
        self.problem = PlainLabel(parent=self, role="small", name="survey.problem")
        theme.mark(self.problem, tone="late")
        self._days: tuple[date | None, date | None] = (None, None)
        bar = QHBoxLayout()
        bar.setContentsMargins(theme.spacing(4), theme.spacing(3), theme.spacing(4), theme.spacing(2))
        bar.setSpacing(theme.spacing(2))
        for day in (self.first, self.last):
            day.setFixedWidth(theme.spacing(28))
            day.editingFinished.connect(self._days_left)
            bar.addWidget(day)
        bar.addWidget(self.problem)
        bar.addStretch(1)
        bar.addWidget(self.export)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addWidget(self.states, 1)
        self.retranslate()

    def _columns(self) -> tuple[Column, ...]:
        say = self.desk.language
        return (
            Column(
                "service", QT_TRANSLATE_NOOP("Column", "Service"), lambda row: say.text(row.service), width=56
            ),
            Column(
                "question",
                QT_TRANSLATE_NOOP("Column", "Question"),
                lambda row: say.text(row.question),
                width=88,
            ),
            *(
                Column(
                    source.lower().replace(" ", "_"),
                    source,
                    lambda row, at=at: str(row.counts[at]),
                    width=34,
                    align="right",
                )
                for at, source in enumerate(_ANSWERS)
            ),
            Column(
                "total",
                QT_TRANSLATE_NOOP("Column", "Total"),
                lambda row: str(row.total),
                width=24,
                align="right",
            ),
        )

    def _days_left(self) -> None:
        try:
            days = (read_date(self.first.text()), read_date(self.last.text()))
        except ValueError:
            self.problem.setText(self.tr("This is no day"))
            return
        if None not in days and days[0] > days[1]:
            self.problem.setText(self.tr("The period ends before it begins"))
            return
        self.problem.setText("")
        if days != self._days:
            self._days = days
            self.refresh()

    def refresh(self) -> None:
        self.states.show_loading()
        self.desk.read(
            summary,
            then=self._show,
            on_error=partial(self.states.show_error, retry=self.refresh),
            latest="survey",
            first_day=self._days[0],
            last_day=self._days[1],
        )

    def _show(self, rows: tuple[SurveyRow, ...]) -> None:
        self.table.show_rows(
            rows, same=lambda old, new: (old.service, old.question) == (new.service, new.question)
        )
        self.export.set_why_not("" if rows else self.tr("Nobody has answered in this period"))
        if not rows:
            self._say_empty()
            return
        self.states.show_content()
        if not self.table.currentIndex().isValid():
            self.table.put_cursor(0)

    def _say_empty(self) -> None:
        self.states.show_empty(self.tr("Nobody has answered in this period"), icon="tick")

    def write_out(self) -> None:
        """Write what is shown into a workbook the person names."""
        chosen = self.choose_file("survey.xlsx")
        if not chosen:
            return
        path = Path(chosen if chosen.lower().endswith(".xlsx") else f"{chosen}.xlsx")
        self.desk.files(
            write_workbook,
            then=lambda count: self.desk.notices.done(
                self.tr("%n record(s) exported", "", count) + f": {path.name}"
            ),
            store=self.desk.store,
            actor=self.desk.actor,
            path=path,
            first_day=self._days[0],
            last_day=self._days[1],
            language=self.desk.language.code,
        )

    def _ask_file(self, name: str) -> str:
        folder = self.desk.settings.save_folder
        start = str(Path(folder) / name) if folder else name
        return QFileDialog.getSaveFileName(self, self.tr("Export to Excel"), start, "Excel (*.xlsx)")[0]

    def focusInEvent(self, event) -> None:
        super().focusInEvent(event)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        for day, words in (
            (self.first, self.tr("First day of the period")),
            (self.last, self.tr("Last day of the period")),
        ):
            day.setAccessibleName(words)
            day.setPlaceholderText(self.tr("from") if day is self.first else self.tr("to"))
        self.export.set_text(self.tr("Export to Excel"))
        self.table.setAccessibleName(self.tr("Survey"))
        self.model.retranslate()
        if self.states.currentWidget() is self.states.empty:
            self._say_empty()


_ANSWERS = (
    QT_TRANSLATE_NOOP("Column", "Not satisfied"),
    QT_TRANSLATE_NOOP("Column", "Partly satisfied"),
    QT_TRANSLATE_NOOP("Column", "Satisfied"),
)
