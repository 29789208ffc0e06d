"""The particulars of the application, to read and to copy."""

from PySide6.QtWidgets import QFormLayout, QWidget

from desktop.queries.rows import CaseCard
from desktop.queries.service_rows import DetailRow, NamedLicenceRow
from desktop.ui import case_words as words
from desktop.ui import theme
from desktop.ui.screens.case_parts.part import Part, Scrolling, column
from desktop.ui.widgets.plain import PlainLabel


class ParticularsPart(Part):
    """Label and value under each other; what is empty is left out."""

    def __init__(self, desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._page = Scrolling(self)
        self._form = QFormLayout()
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        self._form.setVerticalSpacing(theme.spacing(1))
        self._page.column.addLayout(self._form)
        self._page.column.addStretch(1)
        column(self).addWidget(self._page)

    def show_card(self, card: CaseCard) -> None:
        super().show_card(card)
        while self._form.rowCount():
            self._form.removeRow(0)
        for name, label, value in self._lines(card):
            if value:
                shown = PlainLabel(value, self, wrap=True, name=f"case.particular.{name}").make_selectable()
                shown.setAccessibleName(label)
                shown.setContentsMargins(0, 0, 0, theme.spacing(2))
                self._form.addRow(PlainLabel(label, self, role="small", wrap=True), shown)

    def _said(self, row: DetailRow) -> str:
        return self.language.format_date(row.day) if row.day else self.language.text(row.value)

    def _licence(self, row: NamedLicenceRow) -> tuple[str, str, str]:
        """Return which licence the case is about, or gave, and what became of it."""
        text, day = self.language.text, self.language.format_date(row.issued_on)
        told = [self.tr("No {number} of {day}").format(number=row.number, day=day) if day else row.number]
        told += [part for part in (text(row.holder), row.site, words.licence_state(row.status)) if part]
        if row.replaced_by:
            told.append(self.tr("replaced by No {number}").format(number=row.replaced_by))
        label = self.tr("Licence given") if row.own else self.tr("The licence it is about")
        return ("licence_own" if row.own else "licence", label, " · ".join(told))

    def _lines(self, card: CaseCard) -> list[tuple[str, str, str]]:
        text, language = self.language.text, self.language
        identifier = card.identifier
        if card.identifier_confirmed:
            identifier = self.tr("{identifier} (check digit wrong, confirmed by the clerk)").format(
                identifier=identifier
            )
        if card.identifier and card.holder.kk != card.holder.ru:
            holder = f"{card.holder.kk}\n{card.holder.ru}"
        else:
            holder = text(card.holder)
        lines = [
            ("received_at", self.tr("Received"), language.format_moment(card.received_at)),
            ("channel", self.tr("Through"), words.channel(card.channel)),
            ("service", self.tr("Service"), text(card.service)),
            ("operation", self.tr("Operation"), text(card.operation)),
            ("act", self.tr("By the act"), card.act_title),
            ("repealed", self.tr("State of the act"), text(card.repealed_by)),
            ("holder", self.tr("Applicant"), holder),
            ("identifier", words.field("bin" if card.is_legal_entity else "iin"), identifier),
            ("sub_types", words.field("sub_types"), "\n".join(text(item.title) for item in card.sub_types)),
        ]
        lines += [(f"detail.{row.field}", text(row.title), self._said(row)) for row in card.details]
        lines += [self._licence(row) for row in card.licences]
        lines.append(("holder_address", words.field("holder_address"), card.holder_address))
        lines.append(("site", words.site(card.kind), card.site))
        for name in ("phone", "email", "representative", "representative_iin",
                     "power_of_attorney", "outside_number", "fee_receipt"):  # fmt: skip
            lines.append((name, words.field(name), getattr(card, name)))
        lines += [
            ("fee_paid_on", words.field("fee_paid_on"), language.format_date(card.fee_paid_on)),
            ("fee_tenge", self.tr("Fee paid"), language.format_money(card.fee_tenge)),
            ("fee_due", self.tr("Fee due"), language.format_money(card.fee_due_tenge)),
            ("kbk", self.tr("KBK, KNP"), ", ".join(part for part in (card.kbk, card.knp) if part)),
            (
                "consent",
                self.tr("Consent to the use of data"),
                self.tr("given") if card.consent else self.tr("not given"),
            ),
        ]
        people = "\n".join(f"{words.role(role)}: {text(name)}" for role, name in card.assignees)
        lines.append(("assignees", self.tr("Who works on it"), people))
        lines.append(("notes", self.tr("Notes on the act"), "\n\n".join(text(note) for note in card.notes)))
        return lines
