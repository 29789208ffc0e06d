"""A request is accepted, or declined with a reason."""

from typing import Any

from desktop.errors import BadInput
from desktop.queries.rows import CaseCard, OpenOutcome
from desktop.regulation.model import Effect
from desktop.ui.screens.case_parts.part import ActPanel, Scrolling, column
from desktop.ui.screens.case_parts.visas import text_area
from desktop.ui.widgets.form import Field, Form
from desktop.ui.widgets.plain import PlainLabel


def resolve(store, actor, **facts) -> int | None:
    """Run the command; imported where it runs."""
    from desktop.cases.resolving import resolve as decide

    return decide(store, actor, **facts)


class ResolvePanel(ActPanel):
    """What the request says, and the reason it is declined for; a reason written makes declining the primary one."""

    def __init__(self, desk, act_on, parent=None) -> None:
        super().__init__(desk, act_on, parent)
        self._page = Scrolling(self)
        self.text = PlainLabel(parent=self, wrap=True)
        self.asked = PlainLabel(parent=self, role="heading", wrap=True, name="case.resolve_asked")
        self.form = Form(self, columns=1)
        for key in ("reason_kk", "reason_ru"):
            editor = text_area(name=f"case.{key}", lines=3)
            self.form.add_row(self.form.add(key, Field(editor, name=f"case.{key}")))
            editor.textChanged.connect(self.changed)
        for widget in (self.asked, self.text, self.form):
            self._page.column.addWidget(widget)
        self._page.column.addStretch(1)
        column(self).addWidget(self._page)

    def show_card(self, card: CaseCard) -> None:
        super().show_card(card)
        said = [card.site]
        for row in card.details:
            value = self.language.format_date(row.day) if row.day else self.language.text(row.value)
            said.append(f"{self.language.text(row.title)}: {value}")
        self.asked.setText("\n".join(part for part in said if part))

    def _reason(self, key: str) -> str:
        return self.form.field(key).editor.toPlainText().strip()

    def primary(self, outcomes: tuple[OpenOutcome, ...]) -> OpenOutcome | None:
        declines = bool(self._reason("reason_kk") or self._reason("reason_ru"))
        wanted = Effect.DECLINED if declines else Effect.ACCEPTED
        return next((item for item in outcomes if item.effect == wanted), None) or super().primary(outcomes)

    def why_not(self, outcome: OpenOutcome) -> str:
        if outcome.effect == Effect.DECLINED and not (
            self._reason("reason_kk") and self._reason("reason_ru")
        ):
            return self.tr("Write the reason in Kazakh and in Russian")
        return ""

    def take(self, outcome: OpenOutcome) -> None:
        self.form.clear_problems()
        declines = outcome.effect == Effect.DECLINED
        accepted = self.tr("The request was accepted")
        self.act_on(
            resolve,
            said=self.tr("The request was declined, with its reason") if declines else accepted,
            shows_document=True,
            outcome=outcome.id,
            reason_kk=self._reason("reason_kk") if declines else "",
            reason_ru=self._reason("reason_ru") if declines else "",
            draw=self.desk.draw,
        )

    def show_error(self, error: BaseException) -> bool:
        return isinstance(error, BadInput) and self.form.show_error(error)

    def typed(self) -> dict[str, Any]:
        typed = {key: self._reason(key) for key in ("reason_kk", "reason_ru")}
        return typed if any(typed.values()) else {}

    def restore(self, typed: dict[str, Any]) -> None:
        for key, text in typed.items():
            self.form.field(key).editor.setPlainText(str(text))

    def retranslate(self) -> None:
        self.text.setText(
            self.tr("Check the data of the request. To decline it, write why: the applicant reads it.")
        )
        self.form.field("reason_kk").set_label(self.tr("Reason for declining, in Kazakh"))
        self.form.field("reason_ru").set_label(self.tr("Reason for declining, in Russian"))
