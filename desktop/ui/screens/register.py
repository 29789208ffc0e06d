"""The counter: an application written down on one page, checked as it is typed, registered or refused.

What is typed is kept as a draft until it is registered or cleared. What is wrong is asked of the same rules that
registering applies (``registering.problems``), so the side never promises what the command refuses.
"""

import dataclasses
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.cases import registering
from desktop.cases.registering import Registered
from desktop.errors import BadInput, Unavailable
from desktop.queries import case_card, charges, duplicates, office
from desktop.queries.rows import CaseCard, Duplicate, OfficeRow, ServiceChoice
from desktop.regulation import identifiers
from desktop.ui import drafts, theme
from desktop.ui.messages import sentence
from desktop.ui.printing import PrintDialog
from desktop.ui.screens.register_parts import entry
from desktop.ui.screens.register_parts.activity import ActivitySection
from desktop.ui.screens.register_parts.applicant import ApplicantSection, RepresentativeSection
from desktop.ui.screens.register_parts.consent import ConsentSection
from desktop.ui.screens.register_parts.done import DonePanel
from desktop.ui.screens.register_parts.fee import FeeSection
from desktop.ui.screens.register_parts.fields import Section
from desktop.ui.screens.register_parts.papers import PapersSection
from desktop.ui.screens.register_parts.refusing import RefuseDialog
from desktop.ui.screens.register_parts.scans import ScansSection
from desktop.ui.screens.register_parts.service import ServiceSection
from desktop.ui.screens.register_parts.side import Side
from desktop.ui.widgets.empty import States
from desktop.ui.widgets.screen import Screen

CHECK_AFTER_MS = 250
KEEP_AFTER_MS = 400


def office_row(store, _actor) -> OfficeRow:
    """Return the office (the query needs no actor)."""
    return office.office(store)


class RegisterScreen(Screen):
    """Registration form, or what was registered last."""

    def __init__(self, desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.setObjectName("screen.register")
        self._zone: ZoneInfo | None = None
        self._problems: tuple[BadInput, ...] = ()
        self._refusal: RefuseDialog | None = None
        self._restoring = False
        self._build()
        self._check_timer = QTimer(self, singleShot=True, interval=CHECK_AFTER_MS)
        self._check_timer.timeout.connect(self._check)
        self._keep_timer = QTimer(self, singleShot=True, interval=KEEP_AFTER_MS)
        self._keep_timer.timeout.connect(self.keep_draft)
        QApplication.instance().focusChanged.connect(self._focus_moved)
        self.setAcceptDrops(True)
        self.retranslate()
        self._restore()

    # how it is built

    def _build(self) -> None:
        language = self.desk.language
        self.service, self.applicant = ServiceSection(language), ApplicantSection(language)
        self.representative, self.activity = RepresentativeSection(language), ActivitySection(language)
        self.fee, self.papers = FeeSection(language), PapersSection(language)
        self.scans, self.consent = ScansSection(self.desk), ConsentSection()
        self.sections: tuple[Section, ...] = (
            self.service, self.applicant, self.representative, self.activity,
            self.fee, self.papers, self.scans, self.consent,
        )  # fmt: skip
        page = QWidget()
        page.setObjectName("page")
        column = QVBoxLayout(page)
        column.setContentsMargins(theme.spacing(4), theme.spacing(4), theme.spacing(2), theme.spacing(4))
        column.setSpacing(theme.spacing(3))
        for section in self.sections:
            column.addWidget(section)
            section.edited.connect(self._edited)
        column.addStretch(1)
        self.scroll = QScrollArea()
        self.scroll.setObjectName("register.form")
        self.scroll.setWidgetResizable(True)
        self.scroll.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroll.setWidget(page)
        self.side = Side(language)
        form = QWidget()
        row = QHBoxLayout(form)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.scroll, 1)
        row.addWidget(self.side)
        self.states = States(form)
        self.done = DonePanel(language)
        self.pages = QStackedWidget(self)
        self.pages.addWidget(self.states)
        self.pages.addWidget(self.done)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.pages)
        self._connect()

    def _connect(self) -> None:
        self.service.service_changed.connect(self._service_changed)
        self.activity.same.clicked.connect(self._same_address)
        self.fee.day_typed.connect(self._ask_fee)
        self.papers.files_asked.connect(self.scans.ask)
        self.scans.bound.connect(self.papers.mark_brought)
        self.scans.counted.connect(self.papers.show_counts)
        self.side.section_chosen.connect(self.go_to_section)
        self.side.duplicates.case_chosen.connect(self.case_chosen)
        self.side.duplicates.confirm.toggled.connect(self._edited)
        self.side.save.clicked.connect(self.save)
        self.side.refuse.clicked.connect(self.refuse)
        self.side.clear.clicked.connect(self.clear)
        self.done.print_asked.connect(self._print_receipt)
        self.done.open_asked.connect(lambda: self.case_chosen.emit(self.done.registered.case_id))
        self.done.next_asked.connect(self._next)
        QShortcut(
            QKeySequence("Ctrl+Enter"),
            self,
            self._primary,
            context=Qt.ShortcutContext.WidgetWithChildrenShortcut,
        )
        QShortcut(
            QKeySequence("F8"),
            self,
            self.go_to_missing,
            context=Qt.ShortcutContext.WidgetWithChildrenShortcut,
        )

    # reading

    def refresh(self) -> None:
        self.desk.read(office.services, then=self._show_services, on_error=self._unread, latest="services")
        self.desk.read(office_row, then=self._show_office, latest="office")

    def _unread(self, error: BaseException) -> bool:
        if self.service.chosen() is not None:
            return False
        return self.states.show_error(error, self.refresh)

    def _show_services(self, choices: tuple[ServiceChoice, ...]) -> None:
        if not choices:
            self.states.show_empty(
                self.tr("No service can be applied for"),
                self.tr("The administrator has to load a regulation first."),
                icon="register",
            )
            return
        self.states.show_content()
        self._restoring = True
        self.service.show_services(choices)
        self._restoring = False
        self._check()

    def _show_office(self, row: OfficeRow) -> None:
        self._zone = ZoneInfo(row.time_zone)
        self.scans.limit = row.file_limit_bytes
        self._check_timer.start()

    def _service_changed(self) -> None:
        chosen = self.service.chosen()
        self.activity.show_sub_types(chosen.sub_types if chosen else ())
        self.papers.show_papers(chosen.papers if chosen else ())
        self.scans.show_papers(chosen.papers if chosen else ())
        self.fee.show_service(chosen)
        self._ask_fee(self.fee.paid_on())

    def _ask_fee(self, paid_on) -> None:
        chosen = self.service.chosen()
        if chosen is None or chosen.fee_tenge is None:
            self.fee.show_due(None)
            return
        self.desk.read(
            charges.fee_due,
            then=self.fee.show_due,
            latest="fee",
            regulation_sha256=chosen.regulation_sha256,
            service=chosen.service,
            operation=chosen.operation,
            paid_on=paid_on,
        )

    # typing

    def values(self) -> entry.Values:
        """Return the form as typed."""
        merged: entry.Values = {}
        for section in self.sections:
            merged |= section.values()
        return merged

    def show_values(self, values: entry.Values) -> None:
        """Fill the form as it was typed."""
        self._restoring = True
        for section in self.sections:
            section.show_values(values)
        self._restoring = False

    def _edited(self) -> None:
        if not self._restoring:
            self._check_timer.start()
            self._keep_timer.start()

    def _same_address(self) -> None:
        self.activity.fields["site"].editor.setText(self.applicant.text("holder_address"))
        self.activity.fields["site"].editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def made(self) -> entry.Made:
        """Return the application the form makes now."""
        return entry.make(self.values(), self.service.chosen(), self._zone or UTC)

    # checking

    def _check(self) -> None:
        """Ask the rules what is missing, and the register for a possible duplicate."""
        self._check_timer.stop()
        made = self.made()
        if made.application is None:
            self._show_problems(made.problems)
            return
        self.desk.read(
            registering.problems,
            then=partial(self._checked, made.problems),
            on_error=lambda _error: True,
            latest="problems",
            application=made.application,
            files=made.files,
        )
        self._ask_duplicates()

    def _checked(self, own: tuple[BadInput, ...], found: tuple[BadInput, ...]) -> None:
        self._show_problems(entry.in_order([*own, *found]))

    def _show_problems(self, problems: tuple[BadInput, ...]) -> None:
        wrong_file = self.scans.wrong()
        if isinstance(wrong_file, BadInput):
            problems = entry.in_order([wrong_file, *problems])
        self._problems = problems
        lacks: dict[str, list[str]] = {}
        for problem in problems:
            section = entry.section_of(problem.field)
            label = self._section(section).label_of(problem.field)
            lacks.setdefault(section, []).append(label or sentence(problem, self.desk.language))
        titles = {section.key: section.heading.text() for section in self.sections}
        self.side.show_lacks(lacks, titles, self._remarks())

    def _remarks(self) -> dict[str, str]:
        """What does not hold registering back but has to be seen: required papers that are not here."""
        absent = self.papers.not_brought()
        if not absent:
            return {}
        numbers = ", ".join(str(number) for number in absent)
        return {"papers": self.tr("Not brought: {numbers}").format(numbers=numbers)}

    def _ask_duplicates(self) -> None:
        chosen, number = self.service.chosen(), self.applicant.identifier
        sub_types, site = tuple(self.activity.chosen()), self.activity.text("site").strip()
        if chosen is None or identifiers.kind_of(number) is None or not site or not sub_types:
            self.side.show_duplicates(())
            return
        self.desk.read(
            duplicates.possible,
            then=self._show_duplicates,
            on_error=lambda _error: True,
            latest="duplicates",
            identifier=number,
            site=site,
            sub_types=sub_types,
            service=chosen.service,
        )

    def _show_duplicates(self, found: tuple[Duplicate, ...]) -> None:
        self.side.show_duplicates(found)

    # registering

    def save(self) -> None:
        """Register what stands in the form; what is wrong is said at its field and nothing is lost."""
        self._clear_problems()
        made = self.made()
        wrong_file = self.scans.wrong()
        own = [*([wrong_file] if isinstance(wrong_file, BadInput) else []), *made.problems]
        if made.application is None or own:
            self._show_at_fields(entry.in_order([*own, *self._problems]))
            return
        chosen = self.service.chosen()
        self.side.save.set_why_not(self.tr("Registering…"))
        self.desk.read(
            duplicates.possible,
            then=partial(self._register, made),
            on_error=self._not_registered,
            identifier=self.applicant.identifier,
            site=self.activity.text("site").strip(),
            sub_types=made.application.sub_types,
            service=chosen.service,
        )

    def _register(self, made: entry.Made, found: tuple[Duplicate, ...]) -> None:
        """The register was asked a last time: a duplicate nobody looked at holds the saving back."""
        self.side.show_duplicates(found)
        if not self.side.duplicates.settled:
            self.side.save.set_why_not("")
            self.side.duplicates.confirm.setFocus(Qt.FocusReason.OtherFocusReason)
            self.side.scroll.ensureWidgetVisible(self.side.duplicates.confirm)
            self.desk.notices.show(
                self.tr(
                    "This applicant already has such an application. Nothing was saved: look at it first."
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
            self.side.save.set_why_not("")

    def _not_registered(self, error: BaseException) -> bool:
        self.side.save.set_why_not("")
        if not isinstance(error, BadInput):
            return False
        return self._show_at_fields(entry.in_order([error, *error.facts.get("also", ())]))

    def _show_at_fields(self, problems: tuple[BadInput, ...]) -> bool:
        """Say every problem at its field and go to the first; False when none has a field here."""
        shown = [problem for problem in problems if self._show_at_field(problem)]
        self._problems = problems
        if shown:
            self._section(entry.section_of(shown[0].field)).go_to(shown[0].field)
            self.desk.notices.show(self.tr("Nothing was saved yet: see what is marked."), "refused")
        return bool(shown)

    def _show_at_field(self, problem: BadInput) -> bool:
        section = self._section(entry.section_of(problem.field))
        text = sentence(problem, self.desk.language)
        if problem.field == "inventory" and problem.facts.get("paper"):
            self.papers.show_line_problem(problem.facts["paper"], text)
        return section.show_problem(problem.field, text)

    def _clear_problems(self) -> None:
        for section in self.sections:
            for field in (*section.fields, "inventory", "files", "consent"):
                section.show_problem(field, "")

    def _registered(self, registered: Registered) -> None:
        self._forget_draft()
        self._empty()
        self.side.save.set_why_not("")
        self.done.show_registered(registered)
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
        self.applicant.go_to("identifier")

    # refusing

    def refuse(self) -> None:
        """Ask what is missing and refuse acceptance."""
        chosen = self.service.chosen()
        if chosen is None:
            return
        self._refusal = RefuseDialog(self.desk.language, chosen.papers, self.papers.brought(), self)
        self._refusal.refused.connect(self._refuse)
        self._refusal.open()

    def _refuse(self, missing: tuple[str, ...], reason: str) -> None:
        application = self.made().application
        inventory = tuple(
            dataclasses.replace(
                line,
                brought=line.paper not in missing,
                sheets=line.sheets if line.paper not in missing else 0,
            )
            for line in application.inventory
        )
        self.desk.do(
            registering.refuse_acceptance,
            then=self._refused,
            on_error=self._not_refused,
            said=self.tr("Acceptance was refused; its receipt is ready"),
            application=dataclasses.replace(application, inventory=inventory),
            reason=reason,
            draw=self.desk.draw,
        )

    def _not_refused(self, error: BaseException) -> bool:
        if not isinstance(error, BadInput):
            return False
        if error.field == "reason":
            self._refusal.show_problem(sentence(error, self.desk.language))
            return True
        self._refusal.reject()
        return self._show_at_fields((error,))

    def _refused(self, document_id: int) -> None:
        self._refusal.accept()
        self._forget_draft()
        self._empty()
        PrintDialog.of_document(self.desk, document_id, self.tr("Refusal to accept"), self).open()

    # keeping

    @property
    def draft_key(self) -> str:
        person = self.desk.actor.person_id if self.desk.actor else 0
        return f"registration-{person}"

    def keep_draft(self) -> None:
        """Write the form to disk as it stands."""
        self._keep_timer.stop()
        self.desk.files(
            drafts.save, then=self._kept, latest="draft", key=self.draft_key, values=self.values()
        )

    def _kept(self, _nothing: None) -> None:
        now = datetime.now(UTC).astimezone(self._zone or UTC)
        self.side.kept.setText(
            self.tr("Kept as a draft at {time}").format(time=self.desk.language.format_time(now))
        )

    def _restore(self) -> None:
        values = drafts.load(self.draft_key)
        self.show_values(values or {})
        self.side.kept.setText(self.tr("An unfinished form was restored") if values else "")

    def _forget_draft(self) -> None:
        self._keep_timer.stop()
        self.desk.files(
            drafts.forget,
            then=lambda _nothing: self.side.kept.setText(""),
            latest="draft",
            key=self.draft_key,
        )

    def clear(self) -> None:
        """Empty the form after a question; the draft goes too."""
        if self.desk.ask(
            self.tr("Clear the form? What you typed will be lost."), yes=self.tr("Clear"), danger=True
        ):
            self._forget_draft()
            self._empty()
            self.applicant.go_to("identifier")

    def _empty(self) -> None:
        kept = self.service.values()
        self.show_values({key: kept[key] for key in ("service",) if key in kept})
        self._service_changed()
        self._keep_timer.stop()
        self.side.show_duplicates(())
        self._check_timer.start()

    def may_close(self) -> bool:
        if self._keep_timer.isActive():
            self._keep_timer.stop()
            try:
                drafts.save(self.draft_key, self.values())
            except Unavailable as error:
                self.desk.notices.tell(error, retry=self.keep_draft)
                return False
        return True

    def hideEvent(self, event) -> None:
        super().hideEvent(event)
        if self._keep_timer.isActive():
            self.keep_draft()

    # moving

    def _section(self, key: str) -> Section:
        return next(section for section in self.sections if section.key == key)

    def go_to_section(self, key: str) -> None:
        """Go to what a section lacks first, or to its beginning."""
        lacking = [one.field for one in self._problems if entry.section_of(one.field) == key]
        section = self._section(key)
        section.go_to(lacking[0] if lacking else next(iter(entry.SECTIONS[key])))
        self.scroll.ensureWidgetVisible(section.heading)

    def go_to_missing(self) -> None:
        """Go to the first thing missing after where one is (F8), beginning again at the end."""
        fields = [one.field for one in self._problems]
        if not fields:
            self.side.save.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        here = next((key for s in self.sections for key, f in s.fields.items() if f.editor.hasFocus()), "")
        order = [field for group in entry.SECTIONS.values() for field in group]
        after = [
            one for one in fields if here in order and one in order and order.index(one) > order.index(here)
        ]
        wanted = after[0] if after else fields[0]
        self._section(entry.section_of(wanted)).go_to(wanted)

    def _primary(self) -> None:
        button = self.done.print if self.pages.currentWidget() is self.done else self.side.save
        button.click()

    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self.scroll.widget().isAncestorOf(new):
            self.scroll.ensureWidgetVisible(new, theme.spacing(4), theme.spacing(12))

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self.side.fit(event.size().width())

    def focusInEvent(self, event) -> None:
        super().focusInEvent(event)
        if self.pages.currentWidget() is self.done:
            self.done.print.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.applicant.go_to("identifier")

    def keyPressEvent(self, event) -> None:
        """Enter goes on to the next field; on a button it presses it."""
        if (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            here = QApplication.focusWidget()
            if isinstance(here, QAbstractButton) and not isinstance(here, QCheckBox):
                here.click()
            else:
                self.focusNextPrevChild(True)
            return
        super().keyPressEvent(event)

    # dropping

    def dragEnterEvent(self, event) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event) -> None:
        event.acceptProposedAction()

    def dropEvent(self, event) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        where = self.papers.mapFrom(self, event.position().toPoint())
        inside = self.papers.rect().contains(where)
        self.scans.add_files(paths, (self.papers.paper_at(where) or "") if inside else "")
        event.acceptProposedAction()

    # saying

    def retranslate(self) -> None:
        for section in self.sections:
            section.retranslate()
        self.side.retranslate()
        self.done.retranslate()
        self._show_problems(self._problems)

    def changeEvent(self, event) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "sections"):
            self._show_problems(self._problems)
