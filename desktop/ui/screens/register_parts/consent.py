"""The applicant's consent to the use of what he handed in."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop.ui import theme
from desktop.ui.screens.register_parts.entry import Values
from desktop.ui.screens.register_parts.fields import Section, Tick
from desktop.ui.widgets.plain import PlainLabel


class ConsentSection(Section):
    """One tick."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("consent", parent)
        self.tick = Tick(name="register.consent", parent=self)
        self.problem = PlainLabel(parent=self, role="small", wrap=True, name="register.consent.problem")
        theme.mark(self.problem, tone="late")
        self.problem.hide()
        self.body.addWidget(self.tick)
        self.body.addWidget(self.problem)
        self.tick.toggled.connect(self._toggled)
        self.retranslate()

    def values(self) -> Values:
        return {"consent": self.tick.is_checked()}

    def show_values(self, values: Values) -> None:
        self.tick.set_checked(bool(values.get("consent")))
        self.problem.hide()

    def show_problem(self, key: str, text: str) -> bool:
        if key != "consent":
            return False
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
        return True

    def go_to(self, key: str) -> None:
        self.tick.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def label_of(self, key: str) -> str:
        return self.tr("Consent of the applicant")

    def _toggled(self) -> None:
        self.problem.hide()
        self.edited.emit()

    def retranslate(self) -> None:
        self.heading.setText(self.tr("Consent"))
        self.tick.set_text(
            self.tr(
                "The applicant agrees that what is in the information systems and protected by law be used "
                "for this service"
            )
        )
