"""The second person: what others set about who signs or confirms, and whom to believe, looked at and confirmed."""

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication
from PySide6.QtWidgets import QFrame, QVBoxLayout

from desktop.cases.confirming import confirm
from desktop.queries.confirming import Waiting, WaitingRow, waiting
from desktop.regulation.rights import Command
from desktop.ui import theme, words
from desktop.ui.rows_model import Column, RowsModel
from desktop.ui.screens.administration_parts.section import Section
from desktop.ui.screens.administration_parts.trust import common_name, fingerprint
from desktop.ui.widgets.plain import Button, PlainLabel
from desktop.ui.widgets.rows_table import RowsTable

_WHAT = {
    "added": QT_TRANSLATE_NOOP("Confirming", "entered"),
    "login": QT_TRANSLATE_NOOP("Confirming", "login"),
    "name": QT_TRANSLATE_NOOP("Confirming", "name"),
    "iin": QT_TRANSLATE_NOOP("Confirming", "IIN"),
    "password": QT_TRANSLATE_NOOP("Confirming", "password"),
    "unblocked": QT_TRANSLATE_NOOP("Confirming", "let in again"),
    "acting": QT_TRANSLATE_NOOP("Confirming", "order to stand in for the head"),
}
_ROLE = "role:"


class ConfirmingSection(Section):
    """The list of what waits, the facts of the row chosen, and the button; who only reads the journal has no button."""

    id = "confirming"
    icon = "verify"
    name_source = QT_TRANSLATE_NOOP("Section", "Second person")

    def build(self) -> None:
        self.may_change = self.desk.may(Command.CONFIRM)
        self._waiting = Waiting((), alone=False, himself=False)
        language = self.desk.language
        self.state = PlainLabel(parent=self, wrap=True, name=self.name("state"))
        self.table = RowsTable(
            RowsModel(
                (
                    Column("name", QT_TRANSLATE_NOOP("Column", "Whom or what"), self._name_of),
                    Column("what", QT_TRANSLATE_NOOP("Column", "What was set"), self._what_of, width=72),
                    Column(
                        "by",
                        QT_TRANSLATE_NOOP("Column", "Who"),
                        lambda row: ", ".join(language.text(name) for name in row.set_by),
                        width=56,
                    ),
                    Column(
                        "at",
                        QT_TRANSLATE_NOOP("Column", "When"),
                        lambda row: language.format_short(row.set_at),
                        width=32,
                    ),
                ),
                self,
            ),
            self,
            name=self.name("list"),
        )
        self.table.keep_whole("at")
        self.table.row_chosen.connect(lambda _row: self._choose())
        self.none = PlainLabel(parent=self, role="muted", wrap=True, name=self.name("none"))
        self.card = QFrame(self)
        self.card.setProperty("role", "card")
        inside = QVBoxLayout(self.card)
        inside.setContentsMargins(*[theme.spacing(4)] * 4)
        inside.setSpacing(theme.spacing(2))
        self.card_title = PlainLabel(parent=self.card, role="heading", wrap=True, name=self.name("subject"))
        self.card_text = PlainLabel(parent=self.card, wrap=True, name=self.name("facts")).make_selectable()
        self.card_hint = PlainLabel(parent=self.card, role="muted", wrap=True, name=self.name("hint"))
        for label in (self.card_title, self.card_text, self.card_hint):
            inside.addWidget(label)
        self.confirm = Button(
            parent=self, kind="primary", icon="tick", name=self.name("confirm"), shortcut="Ctrl+Return"
        )
        self.confirm.clicked.connect(self._confirm)
        for widget in (self.state, self.table, self.none, self.card):
            self.column.addWidget(widget)
        self.primary(self.confirm)

    def refresh(self) -> None:
        self.states.show_loading()
        self.desk.read(waiting, then=self._show, on_error=self.failed)

    def _show(self, found: Waiting) -> None:
        self._waiting = found
        self.table.show_rows(found.rows, same=lambda old, new: old.key == new.key)
        self.table.fit_height(6)
        self.none.setVisible(not found.rows)
        self.states.show_content()
        if found.rows and self.table.current_row() is None:
            self.table.put_cursor(0)
        self._choose()

    def _choose(self) -> None:
        row = self.table.current_row() if self._waiting.rows else None
        self.card.setVisible(row is not None)
        self._say_state()
        self._say_card(row)
        self.confirm.set_why_not(self._why_not(row))

    def _why_not(self, row: WaitingRow | None) -> str:
        if row is None:
            return self.tr("Choose a row in the list first")
        if self._waiting.himself:
            return self.tr("What was set about you waits itself: ask another to confirm it first")
        if not row.changes:
            return self.tr("You set this yourself, or it is about you: another has to confirm it")
        return ""

    def _confirm(self) -> None:
        row = self.table.current_row()
        question = (
            self.tr("You have compared every group of the fingerprint with what the authority has published?")
            if row.root_sha256
            else self.tr("You have compared name, IIN, role and order with the person's papers?")
        )
        if self.desk.ask(question, yes=self.tr("Confirm")):
            self.desk.do(
                confirm,
                noted=row.changes,
                then=lambda _: self.refresh(),
                said=self.tr("Confirmed; the journal tells of it"),
            )

    # words

    def _name_of(self, row: WaitingRow) -> str:
        return self.desk.language.text(row.name) if row.name else common_name(row.subject)

    def _what_of(self, row: WaitingRow) -> str:
        plain = [one for one in _WHAT if one in row.what]
        roles = sorted(one.removeprefix(_ROLE) for one in row.what if one.startswith(_ROLE))
        said = [QCoreApplication.translate("Confirming", _WHAT[one]) for one in plain]
        return ", ".join([*said, *(words.role_name(role) for role in roles)])

    def _say_state(self) -> None:
        waiting = self._waiting
        text = ""
        if waiting.himself:
            text = self.tr(
                "What was set about you waits to be confirmed by another: until then you neither sign nor confirm."
            )
        elif waiting.alone:
            text = self.tr(
                "Nobody else confirms here yet, so what you set counts at once, and the journal says so. Add a second "
                "administrator or an auditor under “People and roles”: from then on another confirms what you set."
            )
        self.state.setText(text)
        self.state.setVisible(bool(text))
        theme.mark(self.state, tone="late" if waiting.himself else "soon")

    def _say_card(self, row: WaitingRow | None) -> None:
        if row is None:
            return
        language = self.desk.language
        self.card_title.setText(self._name_of(row))
        if row.root_sha256:
            lines = [row.subject, "SHA-256", fingerprint(row.root_sha256)]
            self.card_hint.setText(
                self.tr("Compare every group of the fingerprint with the one the authority has published.")
            )
        else:
            name, position = row.name, language.text(row.position)
            roles = ", ".join(sorted(words.role_name(role) for role in row.roles))
            lines = [
                *dict.fromkeys((name.kk, name.ru)),
                *([position] if position else []),
                self.tr("IIN {iin}").format(iin=row.iin or "—"),
                self.tr("Login {login}").format(login=row.login),
                self.tr("Roles: {roles}").format(roles=roles or "—"),
            ]
            lines += [
                self.tr("Stands in for the head by order No {number}, {first} to {last}").format(
                    number=order.number,
                    first=language.format_short(order.first_day),
                    last=language.format_short(order.last_day),
                )
                for order in row.orders
            ]
            self.card_hint.setText(
                self.tr(
                    "Compare this with the person's identity document and the order of appointment. With a new password, "
                    "ask the person himself whether he asked for it."
                )
            )
        lines.append(self.tr("Waits: {what}").format(what=self._what_of(row)))
        if row.others_only and row.changes:
            lines.append(self.tr("Some of it is yours and waits for another besides."))
        self.card_text.setText("\n".join(lines))

    def retranslate(self) -> None:
        self.say_title(
            self.tr(
                "What one administrator sets about who signs or confirms, and every trusted certificate, counts for "
                "nothing until another administrator or an auditor has confirmed it here."
            )
        )
        self.table.setAccessibleName(self.title())
        self.table.rows.retranslate()
        self.none.setText(self.tr("Nothing waits for a second person."))
        self.confirm.set_text(self.tr("Confirm"))
        self._choose()
