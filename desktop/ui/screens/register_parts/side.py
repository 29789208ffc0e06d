"""What stands beside the form: how complete it is, a possible duplicate, and the one thing to do."""

from collections.abc import Collection

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.queries.duplicates import Duplicate
from desktop.ui import theme
from desktop.ui.case_words import licence_state
from desktop.ui.screens.register_parts.entry import SECTIONS
from desktop.ui.screens.register_parts.fields import Tick
from desktop.ui.widgets.plain import Button, Clickable, PlainLabel


class _Part(Clickable):
    """A section's line: ready or what it lacks; a click goes there."""

    def __init__(self, key: str, parent: QWidget) -> None:
        super().__init__(parent, name=f"register.ready.{key}")
        self.setProperty("role", "")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keyboard has F8
        self.picture = PlainLabel(parent=self)
        self.title = PlainLabel(parent=self, wrap=True)
        self.lacks = PlainLabel(parent=self, role="small", wrap=True, name=f"register.ready.{key}.lacks")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, theme.spacing(1), 0, theme.spacing(1))
        grid.setHorizontalSpacing(theme.spacing(2))
        grid.setVerticalSpacing(0)
        grid.addWidget(self.picture, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.title, 0, 1)
        grid.addWidget(self.lacks, 1, 1)
        grid.setColumnStretch(1, 1)

    def show_lacks(self, title: str, lacks: list[str], remark: str) -> None:
        name, ink = ("minus", "muted") if lacks else ("soon", "soon") if remark else ("done", "done")
        self.picture.setPixmap(theme.pixmap(name, theme.colour(ink), theme.spacing(4)))
        self.title.setText(title)
        self.lacks.setText(". ".join(one for one in (", ".join(lacks), remark) if one))
        self.lacks.setVisible(bool(lacks or remark))
        self.setAccessibleName(f"{title}: {self.lacks.text() or self.tr('ready')}")


class DuplicatesCard(QFrame):
    """Earlier applications that may be the same one; saving needs the clerk's word that they are not."""

    case_chosen = Signal(int)

    def __init__(self, language, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._language = language
        self._found: tuple[Duplicate, ...] = ()
        self.setObjectName("register.duplicates")
        self.setProperty("notice", "soon")
        self.title = PlainLabel(parent=self, role="heading", wrap=True)
        self.confirm = Tick(name="register.duplicates.confirm", parent=self)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(theme.spacing(3))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[theme.spacing(3)] * 4)
        layout.setSpacing(theme.spacing(2))
        layout.addWidget(self.title)
        layout.addLayout(self._lines)
        layout.addWidget(self.confirm)
        self.hide()
        self.retranslate()

    @property
    def found(self) -> tuple[Duplicate, ...]:
        return self._found

    @property
    def settled(self) -> bool:
        """Nothing was found, or the clerk said that it is another application."""
        return not self._found or self.confirm.is_checked()

    def show_found(self, found: tuple[Duplicate, ...]) -> None:
        if {one.case_id for one in found} != {one.case_id for one in self._found}:
            self.confirm.set_checked(False)
        self._found = found
        self._show()

    def _show(self) -> None:
        while self._lines.count():
            widget = self._lines.takeAt(0).widget()
            widget.hide()  # or Qt may show it once more, as a window of its own
            widget.setParent(None)
            widget.deleteLater()
        for number, one in enumerate(self._found):
            self._lines.addWidget(self._line(number, one))
        self.setVisible(bool(self._found))

    def _line(self, number: int, one: Duplicate) -> QWidget:
        line = QWidget(self)
        layout = QVBoxLayout(line)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.spacing(1))
        stem = f"register.duplicate.{number}"
        opener = Button(one.number, line, kind="link", name=f"{stem}.open")
        opener.clicked.connect(lambda: self.case_chosen.emit(one.case_id))
        layout.addWidget(opener, 0, Qt.AlignmentFlag.AlignLeft)
        received = self._language.format_date(one.received_at.date())
        about = (f"{received}, {self.tr('under consideration')}", "small") if one.open else ("", "")
        kinds = "; ".join(self._language.text(kind) for kind in one.same_sub_types)
        for text, role in (
            (self._language.text(one.holder), ""),
            about,
            (self._licence(one), "small"),
            (one.site, "small"),
            (kinds, "small"),
        ):
            if text:
                layout.addWidget(PlainLabel(text, line, role=role, wrap=True))
        return line

    def _licence(self, one: Duplicate) -> str:
        """The licence it is about: asked for once more, or held already and in what state."""
        if one.open:
            asked = self.tr("about licence No {number}")
            return asked.format(number=one.licence_number) if one.licence_number else ""
        held = self.tr("licence No {number} is held already: {state}")
        return held.format(number=one.licence_number, state=licence_state(one.licence_status))

    def retranslate(self) -> None:
        self.title.setText(self.tr("Possible duplicate"))
        self.confirm.set_text(self.tr("I have looked: this is another application"))
        self._show()


class Side(QWidget):
    """Completeness by sections, duplicates, and below, always in the same place, the buttons."""

    section_chosen = Signal(str)

    def __init__(self, language, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._language = language
        self.setObjectName("register.side")
        self.title = PlainLabel(parent=self, role="heading", wrap=True)
        self.parts = {key: _Part(key, self) for key in SECTIONS}
        self.duplicates = DuplicatesCard(language, self)
        self.kept = PlainLabel(parent=self, role="small", wrap=True, name="register.draft_kept")
        self.save = Button(
            parent=self, kind="primary", icon="register", name="register.save", shortcut="Ctrl+Return"
        )
        self.refuse = Button(parent=self, name="register.refuse")
        self.clear = Button(parent=self, kind="quiet", name="register.clear")
        page = QWidget(self)
        page.setObjectName("page")
        inside = QVBoxLayout(page)
        inside.setContentsMargins(0, 0, theme.spacing(1), 0)
        inside.setSpacing(theme.spacing(1))
        inside.addWidget(self.duplicates)
        inside.addWidget(self.title)
        for key, part in self.parts.items():
            inside.addWidget(part)
            part.clicked.connect(lambda k=key: self.section_chosen.emit(k))
        inside.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(page)
        self.scroll = scroll
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.spacing(4), theme.spacing(4), theme.spacing(4), theme.spacing(4))
        layout.setSpacing(theme.spacing(2))
        layout.addWidget(scroll, 1)
        for widget in (self.kept, self.save, self.refuse, self.clear):
            layout.addWidget(widget)
        self.fit(0)

    def fit(self, whole: int) -> None:
        """Take a third of the form's width within bounds."""
        self.setFixedWidth(max(theme.spacing(62), min(theme.spacing(78), whole // 3)))

    def show_lacks(
        self,
        lacks: dict[str, list[str]],
        titles: dict[str, str],
        remarks: dict[str, str],
        hidden: Collection[str] = (),
    ) -> None:
        """Say of each section shown what it lacks (labels of fields); a remark does not hold the saving back."""
        shown = [key for key in self.parts if key not in hidden]
        ready = sum(1 for key in shown if not lacks.get(key))
        for key, part in self.parts.items():
            part.show_lacks(titles[key], lacks.get(key, []), remarks.get(key, ""))
            part.setVisible(key in shown)
        whole = len(shown)
        self.title.setText(
            self.tr("Everything is there")
            if ready == whole
            else self.tr("Ready: {ready} of {whole}").format(ready=ready, whole=whole)
        )

    def show_duplicates(self, found: tuple[Duplicate, ...]) -> None:
        self.duplicates.show_found(found)

    def retranslate(self) -> None:
        self.duplicates.retranslate()
        self.save.set_text(self.tr("Register"))
        self.refuse.set_text(self.tr("Refuse acceptance…"))
        self.clear.set_text(self.tr("Clear the form"))
