"""Saying of an answer that names another than the applicant whether it counts, and why."""

from typing import Any

from PySide6.QtWidgets import QWidget

from desktop.queries.rows import CaseCard
from desktop.ui.screens.case_parts.moves import MoveDialog


def weigh_answer(store, actor, **facts) -> int:
    """Run the command; imported where it runs."""
    from desktop.cases.weighing import weigh_answer as weigh

    return weigh(store, actor, **facts)


class WeighDialog(MoveDialog):
    """``row``: the answer; ``counts``: it counts for the applicant all the same, or it is set aside."""

    command = staticmethod(weigh_answer)

    def __init__(
        self, desk, act_on, card: CaseCard, parent: QWidget | None = None, *, row, counts: bool
    ) -> None:
        self._row, self._counts = row, counts
        super().__init__(desk, act_on, card, parent)

    def facts(self) -> dict[str, Any]:
        return {"record_id": self._row.record_id, "counts": self._counts}

    def said(self) -> str:
        return self.tr("It counts all the same") if self._counts else self.tr("The answer was set aside")

    def retranslate(self) -> None:
        others = ", ".join(self._row.others)
        if self._counts:
            self.title.setText(self.tr("It counts all the same"))
            causes = self.tr(
                "The answer names {others}, not the applicant. It will count as said of the applicant."
            )
        else:
            self.title.setText(self.tr("Set the answer aside"))
            causes = self.tr(
                "The answer names {others}, not the applicant. It stays here and counts for nothing."
            )
        self.causes.setText(causes.format(others=others))
        self.do.set_text(self.title.text())
        super().retranslate()
