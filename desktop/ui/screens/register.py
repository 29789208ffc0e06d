"""The counter: an application written down on one page, checked as it is typed, registered or refused.

What is typed is kept as a draft until it is registered or cleared. What is wrong is asked of the same rules that
registering applies (``registering.problems``), so the side never promises what the command refuses.
"""

from datetime import UTC, date
from functools import partial
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from desktop.cases import registering
from desktop.cases.application import Application
from desktop.cases.registering import Registered
from desktop.errors import BadInput, Unavailable
from desktop.queries import case_card, charges, duplicates, named_licences, office
from desktop.queries.duplicates import Duplicate
from desktop.queries.rows import CaseCard, OfficeRow
from desktop.queries.service_rows import ServiceChoice
from desktop.regulation import identifiers
from desktop.ui import drafts
from desktop.ui.printing import PrintDialog
from desktop.ui.screens.register_parts import entry
from desktop.ui.screens.register_parts.done import DonePanel
from desktop.ui.screens.register_parts.dropping import TakesDrops
from desktop.ui.screens.register_parts.keeping import DraftKeeper
from desktop.ui.screens.register_parts.page import FormPage
from desktop.ui.screens.register_parts.refusing import Refusing
from desktop.ui.screens.register_parts.taking_in import TakingIn
from desktop.ui.widgets.empty import States
from desktop.ui.widgets.keys import Shortcut
from desktop.ui.widgets.screen import Screen
from desktop.ui.widgets.tab_order import press

CHECK_AFTER_MS = 250


def office_row(store, _actor) -> OfficeRow:
    """Return the office (the query needs no actor)."""
    return office.office(store)


class RegisterScreen(TakesDrops, Screen):
    """Registration form, what was registered last, or what was taken in while the server was away."""

    def __init__(self, desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.setObjectName("screen.register")
        self._zone: ZoneInfo | None = None
        self.page = FormPage(desk)
        self.side = self.page.side
        self.states = States(self.page)
        self.done = DonePanel(desk.language)
        self.pages = QStackedWidget(self)
        self.pages.addWidget(self.states)
        self.pages.addWidget(self.done)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.pages)
        self._check_timer = QTimer(self, singleShot=True, interval=CHECK_AFTER_MS)
        self._check_timer.timeout.connect(self.check)
        self._keeper = DraftKeeper(desk, self.draft_key, self.page.values, self)
        self._choices: tuple[ServiceChoice, ...] | None = None  # read, but not shown before the draft is
        self._restored = False
        self.setAcceptDrops(True)
        self.taking = TakingIn(self)
        self.refusing = Refusing(self)
        self._connect()
        self._keeper.restore()

    def _connect(self) -> None:
        self.page.edited.connect(self._edited)
        self.page.service.service_changed.connect(self._service_changed)
        self.page.fee.day_typed.connect(self._ask_fee)
        self.page.details.licence_typed.connect(self._ask_licence)
        self.side.duplicates.case_chosen.connect(self.case_chosen)
        self.side.save.clicked.connect(self.save)
        self.side.refuse.clicked.connect(self.refuse)
        self.side.clear.clicked.connect(self.clear)
        self._keeper.restored.connect(self._show_draft)
        self._keeper.kept.connect(self._kept)
        self._keeper.forgotten.connect(lambda: self.side.kept.setText(""))
        self._keeper.closable.connect(lambda: self.window().close())
        self.done.print_asked.connect(self._print_receipt)
        self.done.open_asked.connect(lambda: self.case_chosen.emit(self.done.registered.case_id))
        self.done.next_asked.connect(self._next)
        for keys, act in (("Ctrl+Enter", self._primary), ("F8", self.page.go_to_missing)):
            Shortcut(QKeySequence(keys), self, act, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    # reading

    def refresh(self) -> None:
        self.desk.read(office.services, then=self._show_services, on_error=self._unread, latest="services")
        self.desk.read(office_row, then=self._show_office, latest="office")

    def _unread(self, error: BaseException) -> bool:
        if self.page.service.chosen() is not None:
            return False
        return self.states.show_error(error, self.refresh)

    def _show_services(self, choices: tuple[ServiceChoice, ...]) -> None:
        self._choices = choices
        if not self._restored:
            return
        if not choices:
            self.states.show_empty(
                self.tr("There is no service you take applications for"),
                self.tr(
                    "By the acts loaded here others take them in: the office. "
                    "Where no act is loaded yet, the administrator loads one."
                ),
                icon="register",
            )
            return
        self.states.show_content()
        self.page.show_services(choices)
        self.check()

    def _show_office(self, row: OfficeRow) -> None:
        self._zone = ZoneInfo(row.time_zone)
        self.page.scans.limit = row.file_limit_bytes
        self._check_timer.start()

    def _service_changed(self) -> None:
        self.page.show_service()
        self._ask_fee(self.page.fee.paid_on())

    def _ask_fee(self, paid_on: date | None) -> None:
        chosen = self.page.service.chosen()
        if chosen is None or chosen.fee is None:
            self.page.fee.show_due(None)
            return
        self.desk.read(
            charges.fee_due,
            then=self._show_fee,
            latest="fee",
            regulation_sha256=chosen.regulation_sha256,
            service=chosen.service,
            operation=chosen.operation,
            paid_on=paid_on,
        )

    def _show_fee(self, due: int | None) -> None:
        self.page.fee.show_due(due)

    def _ask_licence(self, number: str) -> None:
        self.desk.read(
            named_licences.licence_numbered,
            then=self.page.details.show_licence,
            on_error=lambda _error: True,  # saving will say it
            latest="licence",
            number=number,
        )

    # checking as it is typed

    def _edited(self) -> None:
        self._check_timer.start()
        self._keeper.keep_soon()

    def made(self) -> entry.Made:
        """Return the application the form makes now."""
        return entry.make(self.page.values(), self.page.service.chosen(), self._zone or UTC)

    def check(self) -> None:
        """Ask the rules what is missing, and the register for a possible duplicate."""
        self._check_timer.stop()
        made = self.made()
        if made.application is None:
            self.page.show_problems(made.problems)
            return
        self.desk.read(
            registering.problems,
            then=partial(self._checked, made.problems),
            on_error=lambda _error: True,  # saving will say it, and only then it matters
            latest="problems",
            application=made.application,
            files=made.files,
        )
        self._ask_duplicates(made.application)

    def _checked(self, own: tuple[BadInput, ...], found: tuple[BadInput, ...]) -> None:
        self.page.show_problems(entry.in_order([*own, *found]))

    def _ask_duplicates(self, application: Application) -> None:
        if identifiers.kind_of(self.page.applicant.identifier) is None:
            self.side.show_duplicates(())
            return
        self.desk.read(
            duplicates.possible,
            then=self._show_duplicates,
            on_error=lambda _error: True,
            latest="duplicates",
            application=application,
        )

    def _show_duplicates(self, found: tuple[Duplicate, ...]) -> None:
        self.side.show_duplicates(found)

    # registering

    def save(self) -> None:
        """Register what stands in the form; what is wrong is said at its field and nothing is lost."""
        self.page.clear_problems()
        made = self.made()
        wrong_file = self.page.scans.wrong()
        own = [*([wrong_file] if isinstance(wrong_file, BadInput) else []), *made.problems]
        if made.application is None or own:
            self._show_at_fields(entry.in_order([*own, *self.page.problems]))
            return
        if self.desk.link.is_away:
            self.taking.take_in(made, self.page.values())
            return
        self._hold(self.tr("Registering…"))
        self.desk.read(
            duplicates.possible,
            then=partial(self._register, made),
            on_error=self._not_registered,
            application=made.application,
        )

    def _hold(self, why: str) -> None:
        """Hold the form still while it is being saved: what would be typed now would not be saved."""
        self.side.save.set_why_not(why)
        self.page.scroll.widget().setEnabled(not why)

    def _register(self, made: entry.Made, found: tuple[Duplicate, ...]) -> None:
        """The register was asked a last time: a duplicate nobody looked at holds the saving back."""
        self.side.show_duplicates(found)
        if not self.side.duplicates.settled:
            self._hold("")
            self.side.scroll.ensureWidgetVisible(self.side.duplicates.confirm)
            self.side.duplicates.confirm.setFocus(Qt.FocusReason.OtherFocusReason)
            self.desk.notices.show(
                self.tr(
                    "This applicant already has such an application or licence. Nothing was saved: look at it first."
                ),
                "refused",
            )
            return
        begun = self.desk.do(
            registering.register_application,
            then=self._registered,
            on_error=self._not_registered,
            application=made.application,
            files=made.files,
            draw=self.desk.draw,
        )
        if not begun:
            self._hold("")

    def _not_registered(self, error: BaseException) -> bool:
        self._hold("")
        if isinstance(error, Unavailable):  # what stands in the form then is what will be sent
            self.desk.notices.tell(error, retry=self.save)
            return True
        if not isinstance(error, BadInput):
            return False
        return self._show_at_fields(entry.in_order([error, *error.facts.get("also", ())]))

    def _show_at_fields(self, problems: tuple[BadInput, ...]) -> bool:
        shown = self.page.show_at_fields(problems)
        if shown:
            self.desk.notices.show(self.tr("Nothing was saved yet: see what is marked."), "refused")
        return shown

    def _registered(self, registered: Registered) -> None:
        self.desk.notices.overtaken.emit()
        self.taking.let_go()
        self._remember()
        self._empty()
        self._hold("")
        self.pages.setCurrentWidget(self.done)
        self.done.show_registered(registered)
        self.desk.read(
            case_card.case_card,
            then=self._show_received,
            on_error=lambda _error: True,
            case_id=registered.case_id,
        )

    def _show_received(self, card: CaseCard) -> None:
        self.done.show_received(card.received_at)

    def _print_receipt(self) -> None:
        made = self.done.registered
        if made is not None:
            PrintDialog.of_document(self.desk, made.receipt_document_id, made.number, self).open()

    def _next(self) -> None:
        self.pages.setCurrentWidget(self.states)
        self.page.go_to_first()

    def refuse(self) -> None:
        """Ask what is missing and refuse acceptance."""
        self.refusing.ask()

    # keeping

    @property
    def draft_key(self) -> str:
        """The draft belongs to the person: two clerks at one workstation keep their own."""
        person = self.desk.actor.person_id if self.desk.actor else 0
        return f"registration-{person}"

    @property
    def _last_key(self) -> str:
        return self.draft_key.replace("registration", "registered")

    def _last(self) -> entry.Values:
        kept = self.page.service.values()
        return {key: kept[key] for key in ("service", "channel") if key in kept}

    def _remember(self) -> None:
        """Keep which service and channel were used last, for the next time the program is opened."""
        self.desk.files(
            drafts.save,
            then=lambda _: None,
            on_error=lambda _error: True,
            key=self._last_key,
            values=self._last(),
        )

    def keep_draft(self) -> None:
        """Write the form to disk as it stands."""
        self._keeper.keep()

    def _kept(self) -> None:
        now = self.desk.now().astimezone(self._zone or UTC)
        time = self.desk.language.format_time(now)
        self.side.kept.setText(self.tr("Kept as a draft at {time}").format(time=time))

    def _show_draft(self, values: entry.Values | None) -> None:
        if values is not None:
            self._begin(values)
            self.side.kept.setText(self.tr("An unfinished form was restored"))
            return
        self.desk.files(drafts.load, then=self._begin, on_error=self._begin_anew, key=self._last_key)

    def _begin_anew(self, _error: BaseException) -> bool:
        self._begin(None)
        return True

    def _begin(self, values: entry.Values | None) -> None:
        """Begin with a draft, or with the service and the channel used last."""
        self.page.show_values(values or {})
        self.side.kept.setText("")
        self._restored = True
        if self._choices is not None:
            self._show_services(self._choices)

    def clear(self) -> None:
        """Empty the form after a question; the draft goes too."""
        question = self.tr("Clear the form? What you typed will be lost.")
        if self.desk.ask(question, yes=self.tr("Clear"), danger=True):
            self._empty()
            self.page.applicant.go_to("identifier")

    def _empty(self) -> None:
        """Begin a new form under the same service and channel; the draft is let go."""
        self.page.show_values(self._last())
        self._service_changed()
        self.page.clear_problems()
        self.side.show_duplicates(())
        self._check_timer.start()
        self._keeper.forget()

    def may_leave(self) -> bool:
        """The form stays as it is; what was typed last is written as it is hidden."""
        return True

    def may_close(self) -> bool:
        """What was typed last is written first, then the window closes by itself."""
        return self._keeper.may_close()

    def hideEvent(self, event) -> None:
        super().hideEvent(event)
        self._keeper.keep_now()

    # keys

    def _primary(self) -> None:
        (self.done.print if self.pages.currentWidget() is self.done else self.side.save).click()

    def focusInEvent(self, event) -> None:
        super().focusInEvent(event)
        if self.pages.currentWidget() is self.done:
            self.done.print.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.page.go_to_first()

    def keyPressEvent(self, event) -> None:
        """Enter goes on to the next field; on a button it presses it."""
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or held:
            super().keyPressEvent(event)
        elif not press(QApplication.focusWidget(), event):
            self.focusNextPrevChild(True)

    def retranslate(self) -> None:
        self.page.retranslate()
        self.done.retranslate()
        self.taking.retranslate()
