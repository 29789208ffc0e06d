"""The fee: what was due on the day it was paid, and what the receipt says."""

from decimal import Decimal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.errors import BadInput
from desktop.queries.service_rows import ServiceChoice
from desktop.regulation.model import Fee
from desktop.ui.messages import sentence
from desktop.ui.screens.register_parts.entry import Values, read_date, read_tenge
from desktop.ui.screens.register_parts.fields import DOUBT, Columns, DateEdit, Section, SumEdit
from desktop.ui.widgets.form import line_edit
from desktop.ui.widgets.plain import PlainLabel


class FeeSection(Section):
    """Receipt, day, sum, codes. ``day_typed`` asks for the fee of another day (None: of today)."""

    day_typed = Signal(object)

    def __init__(self, language, parent: QWidget | None = None) -> None:
        super().__init__("fee", parent)
        self._language = language
        self._due: int | None = None
        self._fee: Fee | None = None
        self.rule = PlainLabel(parent=self, role="small", wrap=True, name="register.fee_rule")
        self._filled: dict[str, str] = {}  # what the program wrote itself, and may write over
        self.day, self.sum = DateEdit(), SumEdit()
        self.body.addWidget(
            Columns(
                [
                    [
                        self.add_field("fee_receipt", line_edit(limit=80), required=True),
                        self.add_field("fee_paid_on", self.day, required=True),
                        self.add_field("fee_tenge", self.sum, required=True),
                    ],
                    [self.add_field("kbk", line_edit(limit=20)), self.add_field("knp", line_edit(limit=20))],
                ],
                self,
            )
        )
        self.body.addWidget(self.rule)
        self.day.editingFinished.connect(self._day_left)
        self.sum.editingFinished.connect(self._check)
        self.retranslate()

    def show_service(self, chosen: ServiceChoice | None) -> None:
        """Take the codes of the service; what the clerk typed himself stays."""
        self._fee = chosen.fee if chosen else None
        self.setVisible(chosen is None or chosen.fee is not None)
        self._tell_rule()
        for key, text in (("kbk", chosen.kbk if chosen else ""), ("knp", chosen.knp if chosen else "")):
            self._fill(key, text)

    def paid_on(self):
        """Return the day typed; None when it is empty or no day."""
        try:
            return read_date(self.day.text())
        except ValueError:
            return None

    def show_due(self, due: int | None) -> None:
        """Say what was due on the day of payment, and offer it as the sum."""
        self._due = due
        self._say_due()
        if due and self.paid_on() is not None:
            self._fill("fee_tenge", f"{due:,}".replace(",", "\u00a0"))
        self._check()

    def _say_due(self) -> None:
        due = self._due
        hint = self.tr("Due on that day: {sum}").format(sum=self._language.format_money(due)) if due else ""
        self.fields["fee_tenge"].set_hint(hint)

    def _tell_rule(self) -> None:
        """Say how the act counts the fee, and whether its rate was compared with the source."""
        fee = self._fee
        self.rule.setVisible(fee is not None)
        if fee is None:
            return
        words = [self.tr("{rate} monthly indices (MCI)").format(rate=fee.rate)]
        if fee.share != "1":
            percent = f"{Decimal(fee.share) * 100:f}".rstrip("0").rstrip(".") or "0"
            words.append(self.tr("of it {percent} %").format(percent=percent))
        if fee.cap is not None:
            words.append(self.tr("at most {cap} MCI").format(cap=fee.cap))
        if fee.clause and not fee.clause.startswith("["):
            words.append(self.tr("item {clause}").format(clause=fee.clause))
        told = ", ".join(words)
        doubt = self.tr("usual, but still to be checked against its source")
        self.rule.setText(f"{told}. {DOUBT} {doubt}" if fee.unverified else told)

    def values(self) -> Values:
        return super().values() | {"fee_filled": dict(self._filled)}

    def show_values(self, values: Values) -> None:
        self._filled = dict(values.get("fee_filled", {}))
        super().show_values(values)
        self._day_left()

    def _fill(self, key: str, text: str) -> None:
        editor = self.fields[key].editor
        if editor.text() in ("", self._filled.get(key, "")) and editor.text() != text:
            self._filled[key] = text
            editor.setText(text)
            if editor.hasFocus():  # offered, not typed: the next key begins anew
                editor.selectAll()

    def _day_left(self) -> None:
        try:
            day = read_date(self.day.text())
        except ValueError:
            wrong = BadInput("date-impossible", field="fee_paid_on", day=self.day.text())
            self.fields["fee_paid_on"].set_problem(sentence(wrong, self._language))
            return
        self.day_typed.emit(day)

    def _check(self) -> None:
        try:
            paid = read_tenge(self.sum.text())
        except ValueError:
            wrong = BadInput("sum-impossible", field="fee_tenge", typed=self.sum.text())
            self.fields["fee_tenge"].set_problem(sentence(wrong, self._language))
            return
        low = paid is not None and self._due is not None and paid < self._due
        fault = BadInput("fee-too-low", field="fee_tenge", paid=paid, due=self._due) if low else None
        self.fields["fee_tenge"].set_problem(sentence(fault, self._language) if fault else "")

    def retranslate(self) -> None:
        self.heading.setText(self.tr("Fee"))
        self.fields["fee_receipt"].set_label(self.tr("Number of the payment receipt"))
        self.fields["fee_paid_on"].set_label(self.tr("Paid on"))
        self.fields["fee_tenge"].set_label(self.tr("Sum, tenge"))
        self.fields["kbk"].set_label(self.tr("Budget code (KBK)"))
        self.fields["knp"].set_label(self.tr("Payment code (KNP)"))
        self.day.setPlaceholderText("31.12.2026")
        self._say_due()
        self._tell_rule()
