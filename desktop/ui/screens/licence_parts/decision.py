"""The form in which a decision about a licence is entered: ground, who decided, days, the scan."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from desktop.cases.application import IncomingFile
from desktop.errors import BadInput
from desktop.queries.licence_card import LicenceCard
from desktop.regulation.licence_states import BROUGHT, Ground, LicenceState, licence_law
from desktop.ui import case_words
from desktop.ui.messages import sentence
from desktop.ui.screens.case_parts.visas import text_area
from desktop.ui.screens.register_parts.entry import read_date
from desktop.ui.screens.register_parts.fields import DOUBT, DateEdit
from desktop.ui.widgets.file_picker import FilePicker
from desktop.ui.widgets.form import Field, Form, choice, line_edit

_SCANS = "PDF, JPEG, PNG, TIFF (*.pdf *.jpg *.jpeg *.png *.tif *.tiff)"
_DAYS = ("decided_on", "from_on", "until_on")


def change_licence(store, actor, *, facts, **more) -> Any:
    """Run the command; imported where it runs. ``facts``: those of a decision."""
    from desktop.cases import licence_states

    return licence_states.change_licence(store, actor, decision=licence_states.Decision(**facts), **more)


class DecisionForm(Form):
    """Offers the grounds that may follow the state the licence is in, and nothing else."""

    changed = Signal()

    def __init__(self, language, parent: QWidget | None = None) -> None:
        super().__init__(parent, columns=2)
        self._language = language
        self._grounds: tuple[Ground, ...] = ()
        self.heading = self.add_heading()
        ground, decider = choice(), choice()
        number = line_edit(limit=80)
        self.picker = FilePicker("licence.files", _SCANS)
        editors: dict[str, tuple[QWidget, bool]] = {
            "ground": (ground, True),
            "decided_by": (decider, True),
            "decision_number": (number, True),
            "decided_on": (DateEdit(), True),
            "from_on": (DateEdit(), True),
            "until_on": (DateEdit(), True),
            "files": (self.picker, True),
            "note": (text_area(name="licence.note", lines=2), False),
        }
        for key, (editor, needed) in editors.items():
            name = "licence.scan" if key == "files" else f"licence.{key}"
            self.add(key, Field(editor, name=name, required=needed))
        for row in (("ground",), ("decided_by", "decision_number"), ("decided_on", "from_on")):
            self.add_row(*(self.field(key) for key in row))
        self.add_row(self.field("until_on"), self.field("files"))
        self.add_row(self.field("note"))
        ground.currentIndexChanged.connect(self._ground_chosen)

    @property
    def ground(self) -> Ground | None:
        """The ground that is chosen."""
        return licence_law().ground(self.field("ground").editor.currentData() or "")

    def show_card(self, card: LicenceCard) -> None:
        """Offer what may follow; what was typed goes when the licence has moved on."""
        self._grounds = tuple(
            one for brings in BROUGHT for one in licence_law().open_grounds(card.row.status, brings)
        )
        self._fill_grounds()
        for key in ("decision_number", "note"):
            self.field(key).editor.clear()
        self.picker.line.clear()
        for key in _DAYS:
            self.field(key).editor.clear()
        self.field("from_on").editor.setText(f"{card.today:%d.%m.%Y}")
        self.clear_problems()

    def offers(self) -> bool:
        return bool(self._grounds)

    def is_typed(self) -> bool:
        """True while something stands here that was not entered."""
        lines = (self.field(key).editor.text() for key in ("decision_number", "decided_on", "until_on"))
        note = self.field("note").editor.toPlainText()
        return not self.isHidden() and any((*lines, note, self.picker.text()))

    def facts(self) -> tuple[dict[str, Any], list[IncomingFile]]:
        """Return what was typed; BadInput at the field of a day that is none."""
        typed = {
            "ground": self.field("ground").editor.currentData() or "",
            "decided_by": self.field("decided_by").editor.currentData() or "",
            "decision_number": self.field("decision_number").editor.text(),
            "note": self.field("note").editor.toPlainText(),
        }
        suspends = self._suspends()
        days = {key: self._day(key) for key in _DAYS if key != "until_on" or suspends}
        path = self.picker.text()
        return {**typed, **days}, [IncomingFile(Path(path))] if path else []

    def _day(self, key: str) -> date | None:
        text = self.field(key).editor.text()
        try:
            return read_date(text)
        except ValueError:
            raise BadInput("date-impossible", field=key, day=text) from None

    def _suspends(self) -> bool:
        ground = self.ground
        return ground is not None and ground.brings is LicenceState.SUSPENDED

    def _fill_grounds(self) -> None:
        box = self.field("ground").editor
        kept = box.currentData()
        blocked = box.blockSignals(True)
        box.clear()
        box.addItem("", "")
        for one in self._grounds:
            state = case_words.licence_state(one.brings.value)
            doubt = DOUBT if one.unverified else ""
            box.addItem(f"{state}: {self._language.text(one.title)}{doubt}", one.id)
        box.setCurrentIndex(max(0, box.findData(kept)))
        box.blockSignals(blocked)
        self._ground_chosen()

    def _ground_chosen(self, *_: object) -> None:
        ground = self.ground
        box = self.field("decided_by").editor
        kept = box.currentData()
        box.clear()
        deciders = ground.deciders if ground else ()
        if len(deciders) != 1:
            box.addItem("", "")
        for one in deciders:
            box.addItem(self._language.text(licence_law().decider_title(one)), one)
        box.setCurrentIndex(max(0, box.findData(kept)))
        self.field("until_on").setVisible(self._suspends())
        self._name_fields()
        self.changed.emit()

    def _name_fields(self) -> None:
        ground, law = self.ground, licence_law()
        doubt = self.tr("usual, but not compared with the text of the law yet")
        told = f"{ground.clause}. {DOUBT} {doubt}" if ground and ground.unverified else ""
        self.field("ground").set_hint(told or (ground.clause if ground else ""))
        months = self.tr("at the longest %n month(s)", "", law.months)
        mark = DOUBT if law.unverified else ""
        self.field("until_on").set_hint(f"{months}{mark}, {law.clause}")
        star = "" if ground is not None and not ground.decided else " *"
        for key, label in (
            ("decision_number", self.tr("Number of the decision")),
            ("decided_on", self.tr("Date of the decision")),
            ("files", self.tr("Scan of the decision")),
        ):
            field = self.field(key)
            field.set_label(label)
            field.label.setText(f"{label}{star}")
        self.picker.retranslate(self.tr("Scan of the decision"))

    def retranslate(self) -> None:
        """Set every text in the language in use; what was chosen stays."""
        self.heading.setText(self.tr("Enter a decision"))
        self.field("ground").set_label(self.tr("What becomes of it, and on what ground"))
        self.field("decided_by").set_label(self.tr("Who decided"))
        self.field("from_on").set_label(self.tr("Acts from"))
        self.field("until_on").set_label(self.tr("Suspended until, inclusive"))
        self.field("note").set_label(self.tr("Note"))
        for key in _DAYS:
            self.field(key).editor.setPlaceholderText("31.12.2026")
        self._fill_grounds()

    def show_wrong(self, error: BaseException, say: Callable[[str], None]) -> bool:
        """Show a fault at its field, or let ``say`` tell it; True when it was told."""
        if self.show_error(error):
            return True
        if isinstance(error, BadInput):
            say(sentence(error))
            return True
        return False


def state_words(state: LicenceState | None) -> str:
    """Return a state in the language in use."""
    if state is None:
        return QCoreApplication.translate("Register", case_words.NOT_ISSUED)
    return case_words.licence_state(state.value)
