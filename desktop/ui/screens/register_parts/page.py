"""The form's page: its sections in reading order and what stands beside them. Shows, gives, goes; asks nobody."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.errors import BadInput
from desktop.queries.rows import LicenceRow
from desktop.regulation import identifiers
from desktop.regulation.closed_lists import OF_PERSONS
from desktop.regulation.model import CENTRES
from desktop.ui import theme
from desktop.ui.messages import sentence
from desktop.ui.screens.register_parts import entry
from desktop.ui.screens.register_parts.activity import ActivitySection
from desktop.ui.screens.register_parts.applicant import ApplicantSection, RepresentativeSection
from desktop.ui.screens.register_parts.consent import ConsentSection
from desktop.ui.screens.register_parts.details import DetailsSection
from desktop.ui.screens.register_parts.fee import FeeSection
from desktop.ui.screens.register_parts.fields import Section
from desktop.ui.screens.register_parts.papers import PapersSection
from desktop.ui.screens.register_parts.scans import ScansSection
from desktop.ui.screens.register_parts.service import ServiceSection
from desktop.ui.screens.register_parts.side import Side
from desktop.ui.widgets.tab_order import show_in


class FormPage(QWidget):
    """``edited`` tells every change a person makes; filling the form by ``show_values`` tells nothing."""

    edited = Signal()

    def __init__(self, desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._language = desk.language
        self._filling = False
        self.problems: tuple[BadInput, ...] = ()
        language = desk.language
        self.service, self.details = ServiceSection(language), DetailsSection(language)
        self.applicant = ApplicantSection(language)
        self.representative, self.activity = RepresentativeSection(language), ActivitySection(language)
        self.fee, self.papers = FeeSection(language), PapersSection(language)
        self.scans, self.consent = ScansSection(desk), ConsentSection()
        self.sections: tuple[Section, ...] = (
            self.service, self.details, self.applicant, self.representative, self.activity,
            self.fee, self.papers, self.scans, self.consent,
        )  # fmt: skip
        self.side = Side(language)
        self._lay_out()
        self.activity.same.clicked.connect(self._same_address)
        self.details.licence_taken.connect(self._take_licence)
        self.details.confirmed.connect(self._show_activity)
        self.papers.files_asked.connect(self.scans.ask)
        self.scans.bound.connect(self.papers.mark_brought)
        self.scans.counted.connect(self.papers.show_counts)
        self.side.section_chosen.connect(self.go_to_section)
        self.side.duplicates.confirm.toggled.connect(self._edited)
        QApplication.instance().focusChanged.connect(self._focus_moved)
        self.retranslate()

    def _lay_out(self) -> None:
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
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.scroll, 1)
        row.addWidget(self.side)

    # what stands in it

    def values(self) -> entry.Values:
        """Return the form as typed."""
        merged: entry.Values = {}
        for section in self.sections:
            merged |= section.values()
        return merged

    def show_values(self, values: entry.Values) -> None:
        """Fill the form as it was typed."""
        self._filling = True
        for section in self.sections:
            section.show_values(values)
        self._filling = False

    def show_services(self, choices) -> None:
        self._filling = True
        self.service.show_services(choices)
        self._filling = False

    def show_service(self) -> None:
        """Show what belongs to the service chosen, and nothing it does not ask for."""
        chosen = self.service.chosen()
        self.details.show_service(chosen)
        self.applicant.expect(legal_entity=chosen is None or chosen.kind not in OF_PERSONS)
        self._show_activity()
        self.papers.show_papers(chosen.papers if chosen else ())
        self.papers.setVisible(chosen is None or bool(chosen.papers))
        self.scans.show_papers(chosen.papers if chosen else ())
        self.fee.show_service(chosen)
        self.show_problems(self.problems)

    def _show_activity(self) -> None:
        chosen = self.service.chosen()
        asked = chosen is None or entry.takes_sub_types(chosen, self.details.values())
        self.activity.show_service(chosen, asks_sub_types=asked)

    def _edited(self) -> None:
        if not self._filling:
            self.edited.emit()

    def _same_address(self) -> None:
        site = self.activity.fields["site"].editor
        site.setText(self.applicant.text("holder_address"))
        site.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take_licence(self, licence: LicenceRow) -> None:
        """Fill in holder and site as the licence has them; what changes is then written over it."""
        is_bin = identifiers.kind_of(licence.identifier) == "bin"
        self.applicant.show_holder(
            {
                "is_legal_entity": is_bin,
                "identifier": licence.identifier,
                "holder_kk": licence.holder.kk,
                "holder_ru": licence.holder.ru,
                "holder_address": licence.holder_address,
            }
        )
        self.activity.fields["site"].editor.setText(licence.site)

    # what is wrong with it

    def show_problems(self, problems: tuple[BadInput, ...]) -> None:
        """Say at the side what is missing; the fields are left in peace until saving."""
        wrong_file = self.scans.wrong()
        told = [self._where_it_stands(problem) for problem in problems]
        if isinstance(wrong_file, BadInput):
            told.insert(0, wrong_file)
        self.problems = problems = entry.in_order(told)
        lacks: dict[str, list[str]] = {}
        for problem in problems:
            section = entry.section_of(problem.field)
            missing = problem.code.endswith("-required") or problem.code == "nothing-brought"
            label = self.section(section).label_of(problem.field) if missing else ""
            lacks.setdefault(section, []).append(label or sentence(problem, self._language).rstrip("."))
        titles = {section.key: section.heading.text() for section in self.sections}
        hidden = {section.key for section in self.sections if section.isHidden()}
        self.side.show_lacks(lacks, titles, self._remarks(), hidden)

    def _where_it_stands(self, problem: BadInput) -> BadInput:
        """Return the problem of a field the form asks for elsewhere, the site, as the site's own."""
        if not problem.field.startswith(entry.DETAIL) or problem.field in self.details.fields:
            return problem
        return BadInput(problem.code, **(problem.facts | {"field": "site"}))

    def _remarks(self) -> dict[str, str]:
        """What does not hold registering back but has to be seen: required papers that are not here."""
        absent = self.papers.not_brought()
        if not absent:
            return {}
        numbers = ", ".join(str(number) for number in absent)
        return {"papers": self.tr("Not brought: {numbers}").format(numbers=numbers)}

    def show_at_fields(self, problems: Iterable[BadInput]) -> bool:
        """Say every problem at its field and go to the first; False when none has a field here."""
        self.problems = entry.in_order(self._where_it_stands(problem) for problem in problems)
        shown = [problem for problem in self.problems if self._show_at_field(problem)]
        if shown:
            self.section(entry.section_of(shown[0].field)).go_to(shown[0].field)
        return bool(shown)

    def _show_at_field(self, problem: BadInput) -> bool:
        text = sentence(problem, self._language)
        if problem.field == "inventory" and problem.facts.get("paper"):
            self.papers.show_line_problem(problem.facts["paper"], text)
        return self.section(entry.section_of(problem.field)).show_problem(problem.field, text)

    def clear_problems(self) -> None:
        for section in self.sections:
            for field in (*section.fields, "inventory", "files", "consent"):
                section.show_problem(field, "")

    # moving

    def section(self, key: str) -> Section:
        return next(section for section in self.sections if section.key == key)

    def go_to_section(self, key: str) -> None:
        """Go to what a section lacks first, or to its beginning."""
        lacking = [one.field for one in self.problems if entry.section_of(one.field) == key]
        section = self.section(key)
        section.go_to(lacking[0] if lacking else entry.SECTIONS[key][0])
        self.scroll.ensureWidgetVisible(section.heading)

    def go_to_first(self) -> None:
        """Go to where filling begins: the applicant, or the receipt of another counter, which stands above him."""
        if self.service.chosen_channel() in CENTRES and not self.service.day.text():
            self.service.go_to("received_at")
        else:
            self.applicant.go_to("identifier")

    def go_to_missing(self) -> None:
        """Go to the first thing missing after where one is (F8), beginning again at the end."""
        fields = [one.field for one in self.problems]
        if not fields:
            self.side.save.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        here = QApplication.focusWidget()
        at = next(
            (key for one in self.sections for key, field in one.fields.items() if field.editor is here), ""
        )
        here_at = fields.index(at) if at in fields else -1
        after = (
            fields[here_at + 1 :]
            if here_at >= 0
            else [one for one in fields if at and entry.place_of(one) > entry.place_of(at)]
        )
        wanted = after[0] if after else fields[0]
        self.section(entry.section_of(wanted)).go_to(wanted)

    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self.scroll.widget().isAncestorOf(new):
            show_in(self.scroll, new, theme.spacing(4), theme.spacing(12))

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self.side.fit(event.size().width())

    # dropping

    def drop(self, paths: list[Path], at: QPoint) -> None:
        """Attach what was dropped at a point: to the paper whose line it fell on, else to none yet."""
        where = self.papers.mapFrom(self, at)
        inside = self.papers.rect().contains(where)
        self.scans.add_files(paths, (self.papers.paper_at(where) or "") if inside else "")

    # saying

    def retranslate(self) -> None:
        for section in self.sections:
            section.retranslate()
        self.side.retranslate()
        self.show_problems(self.problems)

    def changeEvent(self, event) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "side"):
            self.show_problems(self.problems)  # its pictures are drawn in the colours of the scheme
