"""Connected systems: which of them are asked over the network, at which address; the others are asked by hand."""

from PySide6.QtCore import QT_TRANSLATE_NOOP, QTimer
from PySide6.QtWidgets import QCheckBox, QWidget

from desktop.errors import BadInput
from desktop.queries.exchange import office_reach
from desktop.regulation.systems import SYSTEMS, Connection, Question, System
from desktop.ui import asking_systems, exchange_words, theme
from desktop.ui.messages import say, sentence
from desktop.ui.rows_model import Column, RowsModel
from desktop.ui.screens.administration_parts.section import Section, number_edit
from desktop.ui.screens.administration_parts.trust import read_root
from desktop.ui.widgets.drop_area import DropArea
from desktop.ui.widgets.form import Field, Form, line_edit
from desktop.ui.widgets.plain import Button, PlainLabel
from desktop.ui.widgets.rows_table import RowsTable


def set_system(store, actor, **facts) -> None:
    """Run the command; imported where it runs."""
    from desktop.cases.systems import set_system as put

    put(store, actor, **facts)


class SystemsSection(Section):
    """The closed list; the chosen system's address, patience and proof; its token on this workstation."""

    id = "systems"
    icon = "link"
    name_source = QT_TRANSLATE_NOOP("Section", "Connected systems")

    def build(self) -> None:
        self._known: dict[System, Connection] = {}
        self._tokens: frozenset[System] = frozenset()
        self._office_bin = ""
        self._pem = ""
        columns = (
            Column("system", QT_TRANSLATE_NOOP("Column", "System"), self._title_of),
            Column(
                "way",
                QT_TRANSLATE_NOOP("Column", "Asked"),
                self._way_of,
                width=44,
                tone=lambda row: "done" if self._is_active(row) else "",
                icon=lambda row: "link" if self._is_active(row) else "edit",
            ),
            Column("token", QT_TRANSLATE_NOOP("Column", "Token here"), self._token_of, width=32),
        )
        self.table = RowsTable(RowsModel(columns, self), self, name=self.name("list"))
        self.table.row_chosen.connect(self._choose)
        self.column.addWidget(self.table)
        self._build_form()
        self._build_token()
        self.save = Button(parent=self, kind="primary", name=self.name("save"), shortcut="Ctrl+Return")
        self.try_it = Button(parent=self, icon="refresh", name=self.name("try"))
        self.save.clicked.connect(self._save)
        self.try_it.clicked.connect(self._try)
        self.primary(self.save, self.try_it)

    def _build_form(self) -> None:
        """In the order they are read: Tab goes as the widgets were put together."""
        self.form_title = PlainLabel(parent=self, role="heading", wrap=True, name=self.name("chosen"))
        self.active = QCheckBox(self)
        self.active.setObjectName(self.name("active"))
        self.form = form = Form(self)
        form.add("address", Field(line_edit(limit=1000), name=self.name("address")))
        form.add("timeout_seconds", Field(number_edit(1, 30), name=self.name("timeout_seconds")))
        form.add("attempts", Field(number_edit(1, 4), name=self.name("attempts")))
        form.add_row(form.field("address"))
        form.add_row(form.field("timeout_seconds"), form.field("attempts"))
        form.field("address").editor.textChanged.connect(self._open_buttons)
        self.authority = PlainLabel(parent=self, role="muted", wrap=True, name=self.name("authority"))
        self.drop = DropArea(
            self, name=self.name("drop"), filters="PEM, CER, CRT, DER (*.pem *.cer *.crt *.der)"
        )
        self.drop.chosen.connect(self.take_file)
        self.forget = Button(parent=self, kind="quiet", icon="delete", name=self.name("no_authority"))
        self.forget.clicked.connect(lambda: self._set_authority("", ""))
        self._put(self.form_title, self.active, form, self.authority, self.drop, self.buttons(self.forget))

    def _build_token(self) -> None:
        token = self.form.add("token", Field(line_edit(limit=8192, secret=True), name=self.name("token")))
        self._put(token)
        self.keep = Button(parent=self, icon="key", name=self.name("keep_token"))
        self.keep.clicked.connect(self._keep_token)
        self._put(self.buttons(self.keep))
        self.outcome = PlainLabel(parent=self, wrap=True, name=self.name("outcome"))
        self.column.addWidget(self.outcome)
        self.outcome.hide()

    def _put(self, *widgets: QWidget) -> None:
        for widget in widgets:
            self.column.addWidget(widget)
            widget.setVisible(self.may_change)

    def refresh(self) -> None:
        self.states.show_loading()
        self.desk.read(office_reach, then=self._show, on_error=self.failed)
        self.desk.files(asking_systems.tokens_kept, then=self._show_tokens)

    def _show(self, told: tuple[str, int, dict[System, Connection]]) -> None:
        self._office_bin, _limit, self._known = told
        self.table.show_rows(list(System), same=lambda old, new: old is new)
        self.table.fit_height(len(System))
        if self.table.current_row() is None:
            self.table.put_cursor(0)
        self.states.show_content()
        self._choose(self.table.current_row())

    def _show_tokens(self, kept: frozenset[System]) -> None:
        self._tokens = kept
        self.table.rows.retranslate()
        self._open_buttons()

    def _choose(self, system: System | None) -> None:
        if system is None:
            return
        known = self._known.get(system, Connection(system, ""))
        self.form_title.setText(self._title_of(system))
        self.active.setChecked(known.active)
        self.form.clear_problems()
        self.form.field("address").editor.setText(known.address)
        self.form.field("timeout_seconds").editor.setValue(known.timeout_seconds)
        self.form.field("attempts").editor.setValue(known.attempts)
        self.form.field("token").editor.clear()
        self.outcome.hide()
        self._set_authority(known.authority_pem, "")

    def _set_authority(self, pem: str, name: str) -> None:
        self._pem = pem
        self.forget.setVisible(bool(pem))
        if not pem:
            told = self.tr("Its certificate is proved by the authorities this computer trusts.")
        elif name:
            told = self.tr("Its certificate is proved by {name}.").format(name=name)
        else:
            told = self.tr("Its certificate is proved by an authority of its own.")
        self.authority.setText(told)

    def take_file(self, path: str) -> None:
        """Read the certificate of the system's own authority; it counts once the system is saved."""
        self.desk.files(
            read_root,
            path=path,
            then=lambda seen: self._set_authority(seen.pem, seen.name),
            on_error=self._refused,
        )

    def _typed(self) -> Connection:
        editor = {name: self.form.field(name).editor for name in self.form.names()}
        return Connection(
            self.table.current_row(),
            editor["address"].text().strip(),
            active=self.active.isChecked(),
            timeout_seconds=editor["timeout_seconds"].value(),
            attempts=editor["attempts"].value(),
            authority_pem=self._pem,
        )

    def _save(self) -> None:
        self.form.clear_problems()
        self.outcome.hide()
        typed = self._typed()
        self.desk.do(
            set_system,
            connection=typed,
            with_token=typed.system in self._tokens,
            then=lambda _: self.refresh(),
            on_error=self._refused,
            said=self.tr("The connection is saved"),
        )

    def _refused(self, error: BaseException) -> bool:
        if self.form.show_error(error):
            return True
        if isinstance(error, BadInput):
            self._tell(sentence(error, self.desk.language), "late")
        return isinstance(error, BadInput)

    def _try(self) -> None:
        typed = self._typed()
        first = SYSTEMS[typed.system].asks[:1]
        question = Question(typed.system, tuple((name, self._office_bin) for name in first))
        self._tell(self.tr("Asking…"), "")
        self.desk.systems(
            asking_systems.try_system,
            connection=typed,
            question=question,
            office_bin=self._office_bin,
            then=self._tried,
            on_error=self._refused,
            latest="try",
        )

    def _tried(self, reason: str) -> None:
        if reason:
            self._tell(say(reason, {}, self.desk.language), "late")
        else:
            self._tell(self.tr("It answers as agreed."), "done")

    def _tell(self, text: str, tone: str) -> None:
        self.outcome.setText(text)
        theme.mark(self.outcome, tone=tone)
        self.outcome.show()
        # once it has its place: it stands below the form, which may be longer than the window
        QTimer.singleShot(0, self.outcome, lambda: self.scroll.ensureWidgetVisible(self.outcome))

    def _keep_token(self) -> None:
        self.desk.files(
            asking_systems.keep_token,
            system=self.table.current_row(),
            token=self.form.field("token").editor.text(),
            then=self._token_kept,
            on_error=self._refused,
        )

    def _token_kept(self, kept: frozenset[System]) -> None:
        self.form.field("token").editor.clear()
        self._show_tokens(kept)
        self.desk.notices.done(self.tr("Kept on this computer."))

    # words

    def _title_of(self, system: System) -> str:
        return exchange_words.system(system.value, self.desk.language)

    def _is_active(self, system: System) -> bool:
        known = self._known.get(system)
        return known is not None and known.active

    def _way_of(self, system: System) -> str:
        return self.tr("over the network") if self._is_active(system) else self.tr("by hand")

    def _token_of(self, system: System) -> str:
        return self.tr("kept") if system in self._tokens else "–"

    def _open_buttons(self, *_: object) -> None:
        address = bool(self.form.field("address").editor.text().strip())
        self.try_it.set_why_not("" if address else self.tr("Write the address first"))

    def retranslate(self) -> None:
        self.say_title(
            self.tr(
                "A system that is not connected is asked by hand: the clerk records what it said and attaches the "
                "print-out. How a connected one is asked is written in the program's folder exchange."
            )
        )
        self.table.setAccessibleName(self.title())
        self.table.rows.retranslate()
        if (system := self.table.current_row()) is not None:
            self.form_title.setText(self._title_of(system))
        self.active.setText(self.tr("Ask it over the network"))
        self.active.setAccessibleName(self.active.text())
        self.form.field("address").set_label(self.tr("Address of the system"))
        self.form.field("address").set_hint("https://…")
        self.form.field("timeout_seconds").set_label(self.tr("Seconds to wait for an answer"))
        self.form.field("attempts").set_label(self.tr("Tries"))
        self.form.field("token").set_label(self.tr("Token of this workstation"))
        self.form.field("token").set_hint(
            self.tr("Lies on this computer for its user alone, never in the database. Empty: forget it.")
        )
        self.drop.set_texts(
            self.tr("Drop the certificate of the system's own authority here."), self.tr("Choose a file…")
        )
        self.forget.set_text(self.tr("Trust this computer's authorities again"))
        self.save.set_text(self.tr("Save the connection"))
        self.try_it.set_text(self.tr("Try it"))
        self.keep.set_text(self.tr("Keep the token"))
        self._set_authority(self._pem, "")
        self._open_buttons()
