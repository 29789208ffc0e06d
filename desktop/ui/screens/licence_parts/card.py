"""The card of a licence: what stands of it, its whole history, its state on any day, and the decision one enters."""

from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop.errors import BadInput, NotAllowed
from desktop.queries.licence_card import LicenceCard, LicenceChangeRow, licence_card
from desktop.regulation.licence_states import LicenceState
from desktop.regulation.rights import Command
from desktop.ui import theme
from desktop.ui.changes import Changed
from desktop.ui.messages import sentence
from desktop.ui.rows_model import Column, RowsModel
from desktop.ui.screens.case_parts.part import Scrolling
from desktop.ui.screens.licence_parts.decision import DecisionForm, change_licence, state_words
from desktop.ui.screens.register_parts.entry import read_date
from desktop.ui.screens.register_parts.fields import DateEdit
from desktop.ui.widgets.form import Field
from desktop.ui.widgets.keys import Shortcut
from desktop.ui.widgets.plain import Button, PlainLabel, set_tip
from desktop.ui.widgets.rows_table import RowsTable
from desktop.ui.widgets.tab_order import TabsByEye

TONES = {
    "issued": "done",
    "reissued": "paused",
    "resumed": "done",
    "suspended": "paused",
    "terminated": "refused",
}
_MOST_ROWS = 6


class LicenceCardDialog(TabsByEye, QDialog):
    """Opened from the register of licences; stays open after a decision was entered and shows what became of it."""

    def __init__(self, desk, licence_id: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("licence")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._desk, self._licence_id = desk, licence_id
        self.card: LicenceCard | None = None
        self.heading = PlainLabel(parent=self, role="title", wrap=True, name="licence.title")
        self.holder = PlainLabel(parent=self, wrap=True, name="licence.holder").make_selectable()
        self.state = PlainLabel(parent=self, role="heading", wrap=True, name="licence.state")
        self.alarm = PlainLabel(parent=self, wrap=True, name="licence.alarm")
        theme.mark(self.alarm, tone="late")
        self.day = Field(DateEdit(), name="licence.day")
        self.day.editor.textChanged.connect(self._say_day)
        self.answer = PlainLabel(parent=self, role="heading", wrap=True, name="licence.answer")
        self.model = RowsModel(self._columns(), self)
        self.table = RowsTable(self.model, self, name="licence.history")
        self.details = PlainLabel(
            parent=self, role="muted", wrap=True, name="licence.details"
        ).make_selectable()
        self.table.row_chosen.connect(self._say_details)
        self.form = DecisionForm(desk.language, self)
        self.problem = PlainLabel(parent=self, wrap=True, name="licence.problem")
        theme.mark(self.problem, tone="late")
        self.enter = Button(parent=self, kind="primary", name="licence.enter")
        self.enter.clicked.connect(self._enter)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            Shortcut(keys, self, self._enter)
        self.closer = Button(parent=self, name="licence.close")
        self.closer.clicked.connect(self.reject)
        self._lay_out()
        self.retranslate()
        room = desk_room(parent)
        self.resize(min(theme.spacing(210), room[0]), min(theme.spacing(180), room[1]))

    def _lay_out(self) -> None:
        page = Scrolling(self)
        asked = QWidget(page)
        line = QHBoxLayout(asked)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.spacing(4))
        self.day.setMaximumWidth(theme.spacing(56))
        line.addWidget(self.day)
        line.addWidget(self.answer, 1, Qt.AlignmentFlag.AlignVCenter)
        for widget in (self.heading, self.holder, self.state, self.alarm, self.table, self.details):
            page.column.addWidget(widget)
        for widget in (asked, self.form):
            page.column.addWidget(widget)
        page.column.addStretch(1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.closer)
        buttons.addWidget(self.enter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[theme.spacing(6)] * 4)
        layout.setSpacing(theme.spacing(3))
        layout.addWidget(page, 1)
        layout.addWidget(self.problem)
        layout.addLayout(buttons)

    def _columns(self) -> tuple[Column, ...]:
        say = self._desk.language
        return (
            Column(
                "from_on",
                QT_TRANSLATE_NOOP("Column", "From"),
                lambda row: say.format_short(row.from_on),
                width=28,
            ),
            Column(
                "status",
                QT_TRANSLATE_NOOP("Column", "State"),
                lambda row: state_words(LicenceState(row.status)),
                width=52,
                tone=lambda row: TONES.get(row.status, ""),
            ),
            Column("ground", QT_TRANSLATE_NOOP("Column", "Ground"), lambda row: say.text(row.ground)),
        )

    def _say_details(self, row: LicenceChangeRow | None) -> None:
        """Say of the decision the cursor is on what the table has no room for."""
        self.details.setVisible(row is not None)
        if row is None:
            return
        say = self._desk.language
        number = self.tr("No {number}").format(number=row.decision_number) if row.decision_number else ""
        until = self.tr("until {day}").format(day=say.format_date(row.until_on)) if row.until_on else ""
        told = [
            say.text(row.decided_by),
            number,
            say.format_date(row.decided_on),
            until,
            row.file_name,
            row.note,
        ]
        entered = self.tr("Entered {moment}, {name}").format(
            moment=say.format_moment(row.recorded_at), name=say.text(row.recorded_by)
        )
        self.details.setText(" · ".join([*(one for one in told if one), entered]))

    # reading

    def refresh(self) -> None:
        """Read the card anew."""
        self._desk.read(
            licence_card,
            then=self._show,
            on_error=self._refused,
            latest="licence-card",
            licence_id=self._licence_id,
        )

    def _show(self, card: LicenceCard) -> None:
        first, before = self.card is None, self.card
        self.card = card
        if before is None or (before.last_change, before.row.status) != (card.last_change, card.row.status):
            self.form.show_card(card)
        self._say()
        if first:
            self.day.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self) -> None:
        card, say = self.card, self._desk.language
        if card is None:
            return
        row = card.row
        annex = self.tr("annex {number}").format(number=row.annex_number)
        self.heading.setText(self.tr("Licence No {number}, {annex}").format(number=row.number, annex=annex))
        self.holder.setText(
            " · ".join(one for one in (say.text(row.holder), row.identifier, row.site) if one)
        )
        self.state.setText(self._standing(card))
        theme.mark(self.state, tone=TONES.get(row.status, ""))
        over = card.suspension_over
        words = self.tr(
            "The suspension ended on {day}: enter what came of it. Until then the licence stands suspended."
        )
        self.alarm.setText(words.format(day=say.format_date(over)) if over else "")
        self.alarm.setVisible(over is not None)
        self.table.show_rows(card.changes, same=lambda old, new: old.change_id == new.change_id)
        self.table.setVisible(bool(card.changes))
        self.table.fit_height(_MOST_ROWS)
        if card.changes and not self.table.currentIndex().isValid():
            self.table.put_cursor(len(card.changes) - 1)
        self._say_details(self.table.current_row() if card.changes else None)
        may = self._desk.may(Command.CHANGE_LICENCE)
        self.form.setVisible(may and self.form.offers())
        self.enter.setVisible(may and self.form.offers())
        self._say_day()

    def _standing(self, card: LicenceCard) -> str:
        say, row = self._desk.language, card.row
        state = state_words(LicenceState(row.status))
        if row.status == LicenceState.REISSUED:
            words = self.tr("{state}: from {day} licence No {number} is in its place")
            return words.format(state=state, day=say.format_date(card.replaced_on), number=row.replaced_by)
        if row.until_on is not None:
            words = self.tr("{state} from {first} to {last}")
            return words.format(
                state=state, first=say.format_date(row.changed_on), last=say.format_date(row.until_on)
            )
        first = row.changed_on or row.issued_on
        return self.tr("{state} from {first}").format(state=state, first=say.format_date(first))

    def _say_day(self, *_: object) -> None:
        """Say what stood on the day that is asked about; today where none is."""
        card, say = self.card, self._desk.language
        if card is None:
            return
        try:
            day = read_date(self.day.editor.text()) or card.today
        except ValueError:
            self.answer.setText("")
            return
        state = card.state_on(day)
        told = self.tr("On {day}: {state}").format(day=say.format_date(day), state=state_words(state))
        held = card.decision_on(day)
        if held is not None and state not in (None, LicenceState.REISSUED):
            told = f"{told} ({say.text(held.ground)})"
        self.answer.setText(told)
        theme.mark(self.answer, tone=TONES.get(state.value, "") if state else "")

    # entering

    def _enter(self) -> None:
        card = self.card
        if card is None or self.enter.isHidden():
            return
        self.form.clear_problems()
        self._tell("")
        try:
            facts, files = self.form.facts()
        except BadInput as error:
            self.form.show_wrong(error, self._tell)
            return
        ground = self.form.ground
        question = self.tr(
            "{state}: licence No {number} of {holder}. The history is only added to. Enter it?"
        )
        if ground is not None and not self._desk.ask(
            question.format(
                state=state_words(ground.brings),
                number=card.row.number,
                holder=self._desk.language.text(card.row.holder),
            ),
            yes=self.tr("Enter the decision"),
            danger=ground.brings is LicenceState.TERMINATED,
        ):
            return
        self._desk.do(
            change_licence,
            then=self._entered_one,
            on_error=self._refused,
            said=self.tr("The decision about licence No {number} is entered").format(number=card.row.number),
            changes=Changed(cases=frozenset({card.row.case_id})),
            licence_id=card.row.licence_id,
            seen_change=card.last_change,
            facts=facts,
            files=files,
        )

    def _entered_one(self, _result: Any) -> None:
        self.refresh()

    def _refused(self, error: BaseException) -> bool:
        if self.form.show_wrong(error, self._tell):
            return True
        if isinstance(error, NotAllowed):
            self._tell(sentence(error))
            if error.code == "licence-moved-on":
                self.refresh()
            return True
        return False

    def _tell(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    def reject(self) -> None:
        """Close, unless a decision is half typed and the person would rather go on."""
        if self.form.is_typed() and not self._desk.ask(
            self.tr("What was typed here is not entered yet. Close all the same?"),
            yes=self.tr("Close"),
            danger=True,
        ):
            return
        super().reject()

    # saying

    def retranslate(self) -> None:
        """Set every text in the language in use."""
        self.setWindowTitle(self.tr("Licence"))
        self.table.setAccessibleName(self.tr("History of the licence"))
        self.day.set_label(self.tr("What stood on the day"))
        self.day.editor.setPlaceholderText("31.12.2026")
        self.enter.set_text(self.tr("Enter the decision"))
        set_tip(self.enter, self.enter.accessibleName(), "Ctrl+Return")
        self.closer.set_text(self.tr("Close"))
        self.model.retranslate()
        self.form.retranslate()
        self.problem.setVisible(bool(self.problem.text()))
        self._say()

    def changeEvent(self, event) -> None:
        super().changeEvent(event)
        if event.type() == event.Type.LanguageChange and hasattr(self, "closer"):
            self.retranslate()


def desk_room(parent: QWidget | None) -> tuple[int, int]:
    """Return how large a dialog over ``parent``'s window may be, in pixels."""
    window = parent.window() if parent is not None else None
    if window is None:
        return theme.spacing(210), theme.spacing(180)
    return max(window.width() - theme.spacing(8), theme.spacing(100)), max(
        window.height() - theme.spacing(8), theme.spacing(80)
    )
