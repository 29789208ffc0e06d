"""The image of the organisation's seal: what stands on the papers now, and a new one before it replaces it."""

from PySide6.QtCore import QT_TRANSLATE_NOOP, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.cases.office import set_seal
from desktop.errors import BadInput
from desktop.queries.office import office
from desktop.ui import theme
from desktop.ui.messages import sentence
from desktop.ui.reading_files import read_bytes
from desktop.ui.screens.administration_parts.section import Section
from desktop.ui.widgets.drop_area import DropArea
from desktop.ui.widgets.plain import Button, PlainLabel

_LIMIT = 2 * 1024 * 1024


class SealSection(Section):
    """Two pictures on white paper: the seal in use and the one that would replace it."""

    id = "seal"
    icon = "seal"
    name_source = QT_TRANSLATE_NOOP("Section", "Seal")

    def build(self) -> None:
        self._new: bytes = b""
        self._none_yet = False
        self.present, self.present_label = (
            PlainLabel(parent=self, name=self.name("present")),
            PlainLabel(role="label"),
        )
        self.wanted, self.wanted_label = (
            PlainLabel(parent=self, name=self.name("wanted")),
            PlainLabel(role="label"),
        )
        pictures = QHBoxLayout()
        pictures.setSpacing(theme.spacing(8))
        for label, picture in ((self.present_label, self.present), (self.wanted_label, self.wanted)):
            picture.setFixedSize(theme.spacing(56), theme.spacing(56))
            picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
            picture.setWordWrap(True)
            holder = QWidget(self)
            column = QVBoxLayout(holder)
            column.setContentsMargins(0, 0, 0, 0)
            column.addWidget(label)
            column.addWidget(picture)
            pictures.addWidget(holder)
        self.wanted_holder = self.wanted.parentWidget()
        self.wanted_holder.hide()
        pictures.addStretch(1)
        self.drop = DropArea(self, name=self.name("drop"), filters="PNG (*.png)")
        self.drop.chosen.connect(self.take_file)
        self.problem = PlainLabel(parent=self, wrap=True, name=self.name("problem"))
        self.problem.setProperty("tone", "late")
        self.problem.hide()
        self.save = Button(parent=self, kind="primary", name=self.name("save"), shortcut="Ctrl+Return")
        self.save.clicked.connect(self._save)
        self.column.addLayout(pictures)
        self.column.addWidget(self.drop)
        self.column.addWidget(self.problem)
        self.primary(self.save)
        self.drop.setVisible(self.may_change)

    def refresh(self) -> None:
        self.states.show_loading()
        self.desk.read(_seal, then=self._show, on_error=self.failed)

    def is_dirty(self) -> bool:
        return bool(self._new)

    def _show(self, seal: bytes | None) -> None:
        _paint(self.present, seal)
        self._none_yet = not seal
        self._say_none()
        self.states.show_content()
        self._open_buttons()

    def _say_none(self) -> None:
        if self._none_yet:
            self.present.setText(self.tr("No seal yet: papers are drawn without it."))

    def take_file(self, path: str) -> None:
        """Read and prove a picture; it is shown before anything is replaced."""
        self.desk.files(_prepared, path=path, then=self._offer, on_error=self._refuse)

    def _offer(self, png: bytes) -> None:
        self._new = png
        self.problem.hide()
        _paint(self.wanted, png)
        self.wanted_holder.show()
        self._open_buttons()

    def _refuse(self, error: BaseException) -> bool:
        if not isinstance(error, BadInput):
            return False
        self._new = b""
        self.wanted_holder.hide()
        self.problem.setText(sentence(error, self.desk.language))
        self.problem.show()
        self._open_buttons()
        return True

    def _open_buttons(self) -> None:
        self.save.set_why_not("" if self._new else self.tr("Choose a picture first"))

    def _save(self) -> None:
        self.desk.do(
            set_seal,
            png=self._new,
            then=self._saved,
            on_error=self._refuse,
            said=self.tr("The seal is replaced. Papers made from now on carry the new one."),
        )

    def _saved(self, _: object) -> None:
        self._new = b""
        self.wanted_holder.hide()
        self.refresh()

    def retranslate(self) -> None:
        self.say_title(
            self.tr(
                "The picture of the seal drawn into licences and refusals. It gives no legal force: the signature does."
            )
        )
        self._say_none()
        self.present_label.setText(self.tr("In use"))
        self.wanted_label.setText(self.tr("New"))
        self.present.setAccessibleName(self.tr("Seal in use"))
        self.wanted.setAccessibleName(self.tr("New seal"))
        self.drop.set_texts(
            self.tr("Drop a PNG picture here: a white or transparent background, 200 to 4000 pixels a side."),
            self.tr("Choose a picture…"),
        )
        self.save.set_text(self.tr("Replace the seal"))
        self._open_buttons()


def _seal(store, _actor) -> bytes | None:
    return office(store).seal


def _prepared(path: str) -> bytes:
    from desktop.documents.seal import prepared

    return prepared(read_bytes(path, _LIMIT))


def _paint(label: PlainLabel, png: bytes | None) -> None:
    """Show a PNG on white paper: a seal of dark ink must be seen on a dark screen too."""
    side = label.width()
    sheet = QPixmap(QSize(side, side))
    sheet.fill(Qt.GlobalColor.white)
    image = QImage.fromData(png or b"", "PNG")
    if image.isNull():
        label.clear()
        return
    picture = image.scaled(
        side - 16, side - 16, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    painter = QPainter(sheet)
    painter.drawImage((side - picture.width()) // 2, (side - picture.height()) // 2, picture)
    painter.end()
    label.setPixmap(sheet)
