"""What the colours and lines of the drawing mean, in small examples of them."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.ui import theme
from desktop.ui.widgets.plain import PlainLabel


class Legend(QWidget):
    """One line for each kind of step; those of a case only where there is one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("diagram.legend")
        self._rows: dict[str, tuple[_Example, PlainLabel]] = {}
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(theme.spacing(2))
        layout.setVerticalSpacing(theme.spacing(1))
        layout.setColumnStretch(1, 1)
        for number, kind in enumerate(("here", "done", "office", "outside", "refusal", "return", "note")):
            example = _Example(kind, self)
            words = PlainLabel(parent=self, role="small", wrap=True)
            layout.addWidget(example, number, 0, Qt.AlignmentFlag.AlignTop)
            layout.addWidget(words, number, 1)
            self._rows[kind] = (example, words)

    def say(self, *, of_case: bool) -> None:
        """Name each kind in the language in use."""
        told = {
            "here": self.tr("the case is here"),
            "done": self.tr("the case has passed"),
            "office": self.tr("a step of the office"),
            "outside": self.tr("done outside the office"),
            "refusal": self.tr("a refusal, or what leads to one"),
            "return": self.tr("return for rework"),
            "note": self.tr("the act contradicts itself or is silent: see the note"),
        }
        for kind, (example, words) in self._rows.items():
            words.setText(told[kind])
            shown = of_case or kind not in {"here", "done"}
            example.setVisible(shown)
            words.setVisible(shown)


class _Example(QWidget):
    """A little step drawn as the large ones are."""

    def __init__(self, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind = kind
        self.setFixedSize(theme.spacing(8), theme.spacing(5))

    def paintEvent(self, _event) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(2, 3, -2, -3)
        fill, edge, width = {
            "here": ("accent_soft", "accent", 3),
            "done": ("surface", "done", 2),
            "office": ("surface", "control", 1.4),
            "outside": ("window", "line", 1),
            "refusal": ("refused_soft", "refused", 1),
            "return": ("surface", "muted", 1),
            "note": ("soon_soft", "soon", 1.2),
        }[self._kind]
        pen = QPen(QColor(theme.colour(edge)), width)
        if self._kind == "return":
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(QColor(theme.colour(fill)))
        if self._kind == "note":
            middle = box.center()
            painter.drawEllipse(middle, box.height() / 2, box.height() / 2)
        else:
            painter.drawRoundedRect(box, 3, 3)
