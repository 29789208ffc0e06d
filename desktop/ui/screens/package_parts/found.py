"""What the law's conditions found of one package, and what is done with it: register, refuse, look again."""

from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from desktop.errors import BadInput, Told
from desktop.regulation.package_checks import Check, Verdict, first_failed
from desktop.regulation.rights import Command
from desktop.ui import asking_systems, exchange_words, theme
from desktop.ui.arriving import read_grounds, read_reach
from desktop.ui.asking_systems import Opened
from desktop.ui.messages import sentence
from desktop.ui.screens.case_parts.part import Scrolling, clear, column
from desktop.ui.screens.case_parts.visas import text_area
from desktop.ui.widgets.chip import Chip
from desktop.ui.widgets.flow import Flow
from desktop.ui.widgets.form import Field
from desktop.ui.widgets.plain import Button, PlainLabel
from desktop.ui.words import role_name

_GRAVEST = (Verdict.FAILED, Verdict.UNCHECKED, Verdict.PASSED, Verdict.NOT_NEEDED)
_PROVED_BY_HAND = (Check.SIGNATURE, Check.CERTIFICATE, Check.IDENTITY)


def read_file(store, actor, *, row_id: int):
    """Ask the query for the package as a file of a private folder; imported where it runs."""
    from desktop.queries.exchange import package_file

    return package_file(store, actor, row_id=row_id, folder=asking_systems.private_folder())


def register(
    store, actor, *, opened: Opened, operation: Any, application: Any, row_id: int, proved: str, draw
):
    """Run the command; imported where it runs."""
    from desktop.cases.packages import PackageTaken
    from desktop.cases.registering import register_application
    from desktop.exchange.judging import files_of

    return register_application(
        store,
        actor,
        application=application,
        files=files_of(opened.package, operation),
        draw=draw,
        package=PackageTaken(row_id, proved),
    )


def read_duplicates(store, actor, *, application: Any) -> tuple[Any, ...]:
    """Ask the query for what may be the same again; imported where it runs."""
    from desktop.queries.duplicates import possible

    return possible(store, actor, application=application)


def refuse(store, actor, *, row_id: int, draw) -> int:
    """Run the command; imported where it runs."""
    from desktop.cases.packages import refuse_package

    return refuse_package(store, actor, package=row_id, draw=draw)


def keep_checks(store, actor, *, row_id: int, came: Any) -> int:
    """Run the command; imported where it runs."""
    from desktop.cases.packages import keep_checks as keep

    return keep(store, actor, package=row_id, found=came.found, sender=came.sender)


class FoundPart(QWidget):
    """``settled`` after anything was written; ``case_chosen`` opens the case that came of it."""

    settled = Signal()
    case_chosen = Signal(int)

    def __init__(self, desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._row: Any = None
        self._grounds: Any = None
        self._opened: Opened | None = None
        self._register = False  # what the package is opened for: to register it, or to look again
        self.title = PlainLabel(
            parent=self, role="heading", wrap=True, name="packages.holder"
        ).make_selectable()
        self.about = PlainLabel(parent=self, role="muted", wrap=True, name="packages.about").make_selectable()
        self.page = Scrolling(self)
        self.proved = Field(text_area(name="packages.proved", lines=2), name="packages.proved", required=True)
        self.problem = PlainLabel(parent=self, wrap=True, name="packages.problem")
        theme.mark(self.problem, tone="late")
        self.register = Button(
            parent=self, kind="primary", icon="register", name="packages.register", shortcut="Ctrl+Return"
        )
        self.refuse = Button(parent=self, kind="danger", icon="refused", name="packages.refuse")
        self.again = Button(parent=self, icon="refresh", name="packages.again")
        self.open = Button(parent=self, icon="right", name="packages.open_case")
        self.register.clicked.connect(lambda: self._begin(register=True))
        self.again.clicked.connect(lambda: self._begin(register=False))
        self.refuse.clicked.connect(self._refuse)
        self.open.clicked.connect(lambda: self.case_chosen.emit(self._row.case_id))
        self.setMinimumWidth(theme.spacing(92))
        whole = column(self, gap=2)
        whole.setContentsMargins(theme.spacing(3), 0, 0, 0)
        row = QWidget(self)
        buttons = Flow(row, gap=2)
        for button in (self.register, self.refuse, self.again, self.open):
            buttons.addWidget(button)
        for widget in (self.title, self.about):
            whole.addWidget(widget)
        whole.addWidget(self.page, 1)
        for widget in (self.proved, self.problem, row):
            whole.addWidget(widget)
        self.retranslate()
        self.show_package(None)

    def show_package(self, row: Any) -> None:
        """Show a package, None for none."""
        if row is None or self._row is None or row.row_id != self._row.row_id:
            self.proved.editor.clear()
            self.problem.hide()
        self._row = row
        clear(self.page.column)
        for widget in (self.title, self.about, self.page):
            widget.setVisible(row is not None)
        waits = row is not None and row.state == "waiting"
        failed = first_failed(row.found) if row is not None else None
        by_hand = waits and failed is None and self._unproved()
        self.proved.setVisible(by_hand)
        self.register.setVisible(waits and failed is None)
        self.refuse.setVisible(waits and failed is not None and self.desk.may(Command.REFUSE_ACCEPTANCE))
        self.register.set_why_not(self._whose() if waits else "")
        self.again.setVisible(waits)
        self.open.setVisible(row is not None and row.case_id is not None)
        if row is None:
            return
        language = self.desk.language
        self.title.setText(f"{language.text(row.holder)}, {row.identifier}")
        self.about.setText("\n".join(filter(None, (self._sender(), self._named(failed)))))
        for one in sorted(row.found, key=lambda one: _GRAVEST.index(one.verdict)):
            self._show_found(one)
        self.page.column.addStretch(1)

    def _whose(self) -> str:
        """Why it is not this person's to register; "" when it is."""
        registrar = self._row.registrar
        if self.desk.actor is None or registrar in self.desk.actor.roles:
            return ""
        return self.tr("By the act this is taken in by another: {role}").format(role=role_name(registrar))

    def _unproved(self) -> bool:
        return any(
            one.verdict is Verdict.UNCHECKED and one.check in _PROVED_BY_HAND for one in self._row.found
        )

    def _sender(self) -> str:
        told = dict(self._row.sender)
        name = ", ".join(filter(None, (told.get("name"), told.get("organisation"))))
        return self.tr("Signed by {name}").format(name=name) if name else ""

    def _named(self, failed: Any) -> str:
        if self._row.state != "waiting":
            return ""
        if failed is None:
            return self._whose()
        if not self.desk.may(Command.REFUSE_ACCEPTANCE):
            return self.tr("A condition of the act failed: the counter refuses this package.")
        if self._row.refusal is None:
            return self.tr("The regulation names no refusal of its own here: acceptance is refused.")
        heading = self.desk.language.text(self._row.refusal)
        return self.tr("The regulation's refusal: {heading}").format(heading=heading)

    def _show_found(self, one: Any) -> None:
        card = QFrame(self.page)
        card.setProperty("role", "choice")
        card.setObjectName(f"packages.check.{one.check.value}")
        inside = column(card, margins=2, gap=1)
        first = QHBoxLayout()
        first.addWidget(PlainLabel(exchange_words.check(one.check), card, wrap=True), 1)
        chip = Chip(parent=card)
        chip.show_state(
            exchange_words.verdict(one.verdict), exchange_words.VERDICT_TONES.get(one.verdict, "calm")
        )
        first.addWidget(chip, 0, Qt.AlignmentFlag.AlignTop)
        inside.addLayout(first)
        inside.addWidget(
            PlainLabel(
                exchange_words.found(one, self.desk.language), card, role="muted", wrap=True
            ).make_selectable()
        )
        self.page.column.addWidget(card)

    # opening it again: to register it, or to look at the conditions once more

    def _begin(self, *, register: bool) -> None:
        self._tell(None)
        if register and self._unproved() and not self.proved.editor.toPlainText().strip():
            self.proved.set_problem(self.tr("Write how the signature was proved"))
            self.proved.editor.setFocus()
            return
        holder = self.desk.language.text(self._row.holder)
        if register and not self.desk.ask(
            self.tr("Register the application of {holder}?").format(holder=holder), yes=self.tr("Register")
        ):
            return
        self._register = register
        self.desk.read(read_reach, then=self._reached, on_error=self._failed, latest="package")

    def _reached(self, told: tuple[str, int, Any]) -> None:
        self.desk.read(
            read_file,
            then=partial(self._open_file, told[1]),
            on_error=self._failed,
            latest="package",
            row_id=self._row.row_id,
        )

    def _open_file(self, limit: int, path: Any) -> None:
        self.desk.files(
            asking_systems.open_package, then=self._ask, on_error=self._failed, path=str(path), limit=limit
        )

    def _ask(self, opened: Opened) -> None:
        self._opened = opened
        request = opened.package.request
        self.desk.read(
            read_grounds,
            then=self._judge,
            on_error=self._failed,
            regulation=request.regulation,
            service=request.service,
            operation=request.operation,
        )

    def _judge(self, grounds: Any) -> None:
        self._grounds = grounds
        self.desk.systems(
            asking_systems.judge_package,
            then=self._judged,
            on_error=self._failed,
            opened=self._opened,
            grounds=grounds,
        )

    def _judged(self, came: Any) -> None:
        if not self._register or first_failed(came.found) is not None:
            self.desk.do(
                keep_checks, then=self._written, on_error=self._failed, row_id=self._row.row_id, came=came
            )
            return
        self.desk.read(
            read_duplicates,
            then=partial(self._compared, came.application),
            on_error=self._failed,
            latest="package",
            application=came.application,
        )

    def _compared(self, application: Any, found: tuple[Any, ...]) -> None:
        """What may be the same again is the clerk's to judge; whoever says no leaves the package as it was."""
        if found and not self.desk.ask(self._same(found), yes=self.tr("It is another: register")):
            self._end()
            return
        self._send(application)

    def _same(self, found: tuple[Any, ...]) -> str:
        say = self.desk.language
        lines = [
            self.tr("No {number} of {day}, under consideration: {site}").format(
                number=one.number, day=say.format_date(one.received_at.date()), site=one.site
            )
            if one.open
            else self.tr("Licence No {number} is held already: {site}").format(
                number=one.licence_number, site=one.site
            )
            for one in found
        ]
        return "\n".join((self.tr("This applicant already has such an application or licence."), *lines))

    def _send(self, application: Any) -> None:
        self.desk.do(
            register,
            then=self._registered,
            on_error=partial(self._not_registered, application),
            opened=self._opened,
            operation=self._grounds.operation,
            application=application,
            row_id=self._row.row_id,
            proved=self.proved.editor.toPlainText(),
            draw=self.desk.draw,
        )

    def _not_registered(self, application: Any, error: BaseException) -> bool:
        """A number that may exist in life is the clerk's to confirm; anything else is said."""
        if isinstance(error, BadInput) and error.facts.get("may_confirm"):
            question = sentence(error, self.desk.language)
            confirms = "identifier_confirmed" if error.field == "identifier" else "licence_confirmed"
            if self.desk.ask(question, yes=self.tr("It is right")):
                self._send(replace(application, **{confirms: True}))
                return True
        return self._failed(error)

    def _registered(self, done: Any) -> None:
        self._written(None)
        self.desk.notices.done(self.tr("Registered under No {number}").format(number=done.number))

    def _written(self, _: Any) -> None:
        self._end()
        self.settled.emit()

    # refusing

    def _refuse(self) -> None:
        self._tell(None)
        question = self._named(first_failed(self._row.found))
        if self.desk.ask(question, yes=self.tr("Refuse the package"), danger=True):
            self.desk.do(
                refuse,
                then=lambda _: self.settled.emit(),
                on_error=self._failed,
                said=self.tr("The refusal is drawn; it waits to be printed"),
                row_id=self._row.row_id,
                draw=self.desk.draw,
            )

    def _failed(self, error: BaseException) -> bool:
        self._end()
        if not isinstance(error, Told):
            return False
        self._tell(error)
        return True

    def _end(self) -> None:
        if self._opened is not None:
            self.desk.files(asking_systems.close_package, then=self._closed, opened=self._opened)
        self._opened = None

    def _closed(self, _: None) -> None:
        """What was unpacked is gone."""

    def _tell(self, error: BaseException | None) -> None:
        self.proved.set_problem("")
        self.problem.setVisible(error is not None)
        if isinstance(error, Told):
            self.problem.setText(sentence(error, self.desk.language))

    def retranslate(self) -> None:
        self.register.set_text(self.tr("Register…"))
        self.refuse.set_text(self.tr("Refuse the package…"))
        self.again.set_text(self.tr("Check it again"))
        self.open.set_text(self.tr("Open the case"))
        self.proved.set_label(self.tr("How the signature was proved"))
        self.show_package(self._row)
