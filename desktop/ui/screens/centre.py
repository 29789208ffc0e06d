"""Results at the centre (001 item 10): what lies there and until when, what came back, what must be sent again."""

from functools import partial

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from desktop.queries.custody import at_centre
from desktop.queries.result_rows import CustodyRow
from desktop.regulation import deadlines
from desktop.regulation.rights import Command
from desktop.ui import theme
from desktop.ui.changes import Changed
from desktop.ui.rows_model import Column
from desktop.ui.screens.case_parts.part import Scrolling, column
from desktop.ui.screens.register_lists.table import RegisterModel, RegisterTable
from desktop.ui.widgets.empty import States
from desktop.ui.widgets.flow import Flow
from desktop.ui.widgets.form import Field, Form, line_edit
from desktop.ui.widgets.keys import Shortcut
from desktop.ui.widgets.plain import Button, PlainLabel
from desktop.ui.widgets.screen import Screen
from desktop.ui.widgets.survey import SurveyPart
from desktop.ui.words import channel_name, kind_name

STATES = {
    "at_centre": QT_TRANSLATE_NOOP("Custody", "lies at the centre"),
    "handed_out": QT_TRANSLATE_NOOP("Custody", "handed out"),
    "stored": QT_TRANSLATE_NOOP("Custody", "in storage at the office"),
    "asked": QT_TRANSLATE_NOOP("Custody", "asked for anew"),
    "sent_again": QT_TRANSLATE_NOOP("Custody", "sent again"),
}
_TONES = {"handed_out": "done", "stored": "paused", "sent_again": "paused"}
_WORKS = {
    "hand_out": Command.HAND_OUT,
    "take_back": Command.TAKE_BACK,
    "request_again": Command.REQUEST_AGAIN,
    "send_again": Command.SEND_AGAIN,
}
_OPEN_AT = {
    "hand_out": "at_centre",
    "take_back": "at_centre",
    "request_again": "stored",
    "send_again": "asked",
}


def _run(name: str):
    """Return the command of that name; imported where it runs."""

    def run(store, actor, **facts) -> None:
        from desktop.cases import custody

        getattr(custody, name)(store, actor, **facts)

    return run


_COMMANDS = {name: _run(name) for name in _WORKS}


class CentreScreen(Screen):
    """The list, and beside it what can be done with the chosen result."""

    shows_what_others_do = True

    def __init__(self, desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.setObjectName("screen.centre")
        self.model = RegisterModel(self._columns(), self)
        self.table = RegisterTable(self.model, "centre", name="centre.table")
        self.table.horizontalHeader().setSortIndicatorShown(False)
        self.states = States(self.table, self)
        self.whole = QCheckBox(self)
        self.whole.setObjectName("centre.whole")
        self.whole.toggled.connect(self.refresh)
        self.count = PlainLabel(parent=self, role="muted", name="centre.count")
        self._build_side()
        bar = QHBoxLayout()
        bar.setContentsMargins(theme.spacing(4), theme.spacing(3), theme.spacing(4), theme.spacing(2))
        bar.addWidget(self.whole)
        bar.addStretch(1)
        bar.addWidget(self.count)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.states)
        self.splitter.addWidget(self.side)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addWidget(self.splitter, 1)
        self.table.row_chosen.connect(self._show_side)
        self.table.row_opened.connect(lambda row: self.case_chosen.emit(row.case_id))
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            Shortcut(
                QKeySequence(keys),
                self,
                self._do_primary,
                context=Qt.ShortcutContext.WidgetWithChildrenShortcut,
            )
        self.retranslate()

    def _build_side(self) -> None:
        self.side = QWidget(self)
        page = Scrolling(self.side)
        inside = QWidget(page)
        self.title = PlainLabel(parent=inside, role="heading", wrap=True, name="centre.result")
        self.standing = PlainLabel(parent=inside, role="muted", wrap=True, name="centre.standing")
        self.form = Form(inside, columns=1)
        for key, needed in (("receiver", True), ("identity_document", True), ("power_of_attorney", False)):
            field = self.form.add(key, Field(line_edit(limit=1000), name=f"centre.{key}", required=needed))
            field.editor.textEdited.connect(self._name_actions)
            self.form.add_row(field)
        self.survey = SurveyPart(self.desk.language, inside, name="centre")
        self.actions = {
            name: Button(
                parent=self.side,
                kind="" if name == "take_back" else "primary",
                name=f"centre.{name}",
            )
            for name in _WORKS
        }
        whole = column(inside)
        whole.addWidget(self.title)
        whole.addWidget(self.standing)
        whole.addWidget(self.form)
        whole.addWidget(self.survey)
        whole.addStretch(1)
        page.column.addWidget(inside)
        row = QWidget(self.side)
        buttons = Flow(row)
        for name, button in self.actions.items():
            button.clicked.connect(partial(self._do, name))
            buttons.addWidget(button)
        below = column(self.side, margins=4)
        below.addWidget(page, 1)
        below.addWidget(row)

    def _columns(self) -> tuple[Column, ...]:
        say = self.desk.language
        return (
            Column(
                "number",
                QT_TRANSLATE_NOOP("Column", "Paper"),
                lambda row: f"{kind_name(row.kind)} {row.number}",
                width=48,
            ),
            Column(
                "state",
                QT_TRANSLATE_NOOP("Column", "State"),
                lambda row: QCoreApplication.translate("Custody", STATES[row.state]),
                width=46,
                tone=self._tone,
            ),
            Column(
                "due_at",
                QT_TRANSLATE_NOOP("Column", "Due"),
                lambda row: say.format_short_moment(row.due_at),
                width=34,
                tone=self._tone,
            ),
            Column(
                "holder", QT_TRANSLATE_NOOP("Column", "Applicant"), lambda row: say.text(row.holder), width=60
            ),
            Column("case", QT_TRANSLATE_NOOP("Column", "Case"), lambda row: row.case_number, width=28),
            Column(
                "sent_at",
                QT_TRANSLATE_NOOP("Column", "Sent"),
                lambda row: say.format_short_moment(row.sent_at),
                width=34,
            ),
            Column("handed", QT_TRANSLATE_NOOP("Column", "Handed to"), lambda row: row.receiver, width=44),
        )

    def _tone(self, row: CustodyRow) -> str:
        if row.due_at is None:
            return _TONES.get(row.state, "")
        tone = deadlines.tone(row.due_at, self.desk.now())
        return "" if tone == "calm" else tone

    def refresh(self) -> None:
        self.states.show_loading()
        self.desk.read(
            at_centre,
            then=self._show,
            on_error=partial(self.states.show_error, retry=self.refresh),
            latest="centre",
            whole=self.whole.isChecked(),
        )

    def _show(self, rows: tuple[CustodyRow, ...]) -> None:
        self.table.show_rows(rows, same=lambda old, new: old.custody_id == new.custody_id)
        self.count.setText(self.tr("%n result(s)", "", len(rows)))
        if rows:
            self.states.show_content()
            if not self.table.currentIndex().isValid():
                self.table.put_cursor(0)
        else:
            self._say_empty()
        self._show_side(self.table.current_row())

    def _say_empty(self) -> None:
        none = (
            self.tr("No result was ever sent to a centre")
            if self.whole.isChecked()
            else self.tr("No result lies at a centre or waits to be sent")
        )
        self.states.show_empty(none, icon="hand-over")

    def _show_side(self, row: CustodyRow | None) -> None:
        self.side.setVisible(row is not None)
        if row is None:
            return
        say = self.desk.language
        self.title.setText(f"{kind_name(row.kind)} № {row.number} · {say.text(row.holder)}")
        self.standing.setText(self._standing(row))
        at_hand = row.state == "at_centre" and self.desk.may(Command.HAND_OUT)
        self.form.setVisible(at_hand)
        self.survey.setVisible(at_hand)
        self._name_actions()

    def _standing(self, row: CustodyRow) -> str:
        moment = self.desk.language.format_moment
        centre = channel_name(row.channel)
        match row.state:
            case "at_centre":
                words = self.tr("{centre}: lies there since {sent}, is kept until {until}")
                return words.format(centre=centre, sent=moment(row.sent_at), until=moment(row.kept_until))
            case "handed_out":
                words = self.tr("Handed out to {name}, {moment}")
                return words.format(name=row.receiver, moment=moment(row.handed_at))
            case "stored":
                return self.tr("Came back for storage, {moment}").format(moment=moment(row.returned_at))
            case "asked":
                words = self.tr("Asked for anew, {moment}; must be sent to the centre by {by}")
                return words.format(moment=moment(row.requested_at), by=moment(row.send_again_by))
        return self.tr("Asked for anew, {moment}, and sent again").format(moment=moment(row.requested_at))

    def _name_actions(self) -> None:
        row = self.table.current_row()
        for name, button in self.actions.items():
            button.setVisible(row is not None and row.state == _OPEN_AT[name] and self.desk.may(_WORKS[name]))
        if row is None:
            return
        needed = ("receiver", "identity_document")
        missing = any(not self._text(key) for key in needed)
        self.actions["hand_out"].set_why_not(
            self.tr("Write who receives it and on which identity document") if missing else ""
        )
        until = self.desk.language.format_moment(row.kept_until)
        early = self.desk.now() <= row.kept_until
        self.actions["take_back"].set_why_not(
            self.tr("The centre keeps it until {until}").format(until=until) if early else ""
        )

    def _text(self, key: str) -> str:
        return self.form.field(key).editor.text().strip()

    def _do_primary(self) -> None:
        for name, button in self.actions.items():
            if button.isVisible() and button.isEnabled():
                self._do(name)
                return

    def _do(self, name: str, *_: object) -> None:
        row = self.table.current_row()
        if row is None or row.state != _OPEN_AT[name]:
            return
        said = {
            "hand_out": self.tr("Handed out to {name}").format(name=self._text("receiver")),
            "take_back": self.tr("It is in storage at the office now"),
            "request_again": self.tr("The request is recorded; the term of sending it runs"),
            "send_again": self.tr("Sent to the centre again; its month runs anew"),
        }[name]
        facts = {}
        if name == "hand_out":
            self.form.clear_problems()
            facts = {key: self._text(key) for key in self.form.names()}
            facts["survey"] = self.survey.answers()
        self.desk.do(
            _COMMANDS[name],
            then=self._done,
            on_error=self.form.show_error,
            said=said,
            changes=Changed(cases=frozenset({row.case_id})),
            about=("custody", row.custody_id, name),
            custody_id=row.custody_id,
            **facts,
        )

    def _done(self, _result: object) -> None:
        for field in self.form:
            field.editor.clear()
        self.survey.restore({})
        self.refresh()

    def focusInEvent(self, event) -> None:
        super().focusInEvent(event)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        self.whole.setText(self.tr("What is over, too"))
        self.whole.setAccessibleName(self.whole.text())
        self.table.setAccessibleName(self.tr("Results at the centre"))
        self.form.field("receiver").set_label(self.tr("Handed over to"))
        self.form.field("identity_document").set_label(self.tr("Identity document: kind, number, date"))
        self.form.field("power_of_attorney").set_label(
            self.tr("Power of attorney, if a representative receives it")
        )
        self.survey.retranslate()
        self.actions["hand_out"].set_text(self.tr("Hand out"))
        self.actions["take_back"].set_text(self.tr("It came back for storage"))
        self.actions["request_again"].set_text(self.tr("It is asked for anew"))
        self.actions["send_again"].set_text(self.tr("Send to the centre again"))
        self.model.retranslate()
        self.count.setText(self.tr("%n result(s)", "", self.model.rowCount()))
        if self.states.currentWidget() is self.states.empty:
            self._say_empty()
        self._show_side(self.table.current_row())
