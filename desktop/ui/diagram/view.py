"""The drawing on the screen: scrolled, enlarged, walked through with the arrow keys."""

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGraphicsItem,
    QGraphicsScene,
    QGraphicsView,
    QHBoxLayout,
    QScrollArea,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from desktop.queries.way_rows import Trace
from desktop.regulation.model import Channel, Operation, Regulation, Service
from desktop.ui import theme
from desktop.ui.diagram.layout import lay_out
from desktop.ui.diagram.legend import Legend
from desktop.ui.diagram.paint import Painting, QtLetters
from desktop.ui.diagram.shapes import NodeBox, Shapes
from desktop.ui.diagram.spoken import SpokenWording
from desktop.ui.widgets.keys import Shortcut
from desktop.ui.widgets.plain import Button, IconButton, PlainLabel

_STEP = 1.2  # of the zoom
_LEAST, _MOST = 0.2, 4.0
_WIDEST_FIT = 1.25  # a small drawing is not blown up to fill a large window
_NARROWEST_FIT = 0.7  # smaller letters are not read: what is wider is scrolled
_CLICK = 4  # px a hand may tremble
_UNDER = 26  # its height where it stands under the drawing
_NARROW = 190  # of the whole: below it nothing stands beside the drawing
_SIDE = 58  # width of what is told of a step, in units of the grid


class _Picture(QGraphicsItem):
    """The whole drawing as one item."""

    def __init__(self, shapes: Shapes) -> None:
        super().__init__()
        self.shapes, self.chosen = shapes, ""

    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, self.shapes.width, self.shapes.height)

    def paint(self, painter, _option, _widget=None) -> None:
        Painting(painter, self.shapes, theme.PALETTES[theme.scheme()], self.chosen).whole()


class _Canvas(QGraphicsView):
    """Keys and wheel; the lanes' titles stay in sight."""

    chosen = Signal(str)  # a step's id
    zoomed = Signal(float)  # times
    fit_asked = Signal(bool)  # all of it, else the width
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setScene(QGraphicsScene(self))
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.picture: _Picture | None = None
        self.tell = lambda node: ""
        self._pressed = QPointF()

    def show_shapes(self, shapes: Shapes) -> None:
        kept = self.picture.chosen if self.picture is not None else ""
        self.scene().clear()
        self.picture = _Picture(shapes)
        if kept in {node.step.id for node in shapes.nodes}:
            self.picture.chosen = kept
        self.scene().addItem(self.picture)
        self.scene().setSceneRect(self.picture.boundingRect())

    def choose(self, step_id: str) -> None:
        """Put the mark on a step and bring it into sight."""
        if self.picture is None:
            return
        self.picture.chosen = step_id
        node = self.picture.shapes.node(step_id)
        whole = node.whole
        head = self.picture.shapes.head.height
        self.ensureVisible(
            QRectF(whole.left - 20, whole.top - head - 20, whole.width + 60, whole.height + head + 40), 0, 0
        )
        self.viewport().update()
        self.chosen.emit(step_id)

    def start(self) -> str:
        """Return where the keys begin: where the case stands, else the first step."""
        nodes = self.picture.shapes.nodes
        return next((node.step.id for node in nodes if node.state == "here"), nodes[0].step.id)

    def _walk(self, across: int, down: int) -> None:
        shapes = self.picture.shapes
        here = shapes.node(self.picture.chosen or self.start()).box
        best, cost = "", float("inf")
        for node in shapes.nodes:
            x, y = node.box.middle - here.middle, node.box.top - here.top
            along, aside = x * across + y * down, abs(x * down) + abs(y * across)
            if along > 1 and along + 2 * aside < cost:
                best, cost = node.step.id, along + 2 * aside
        if best:
            self.choose(best)

    def event(self, event) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and _fits(event):
            event.accept()  # the window has these keys for its places
            return True
        return super().event(event)

    def keyPressEvent(self, event) -> None:
        if _fits(event):
            self.fit_asked.emit(event.key() == Qt.Key.Key_9)
            return
        if self.picture is None:
            super().keyPressEvent(event)
            return
        way = {
            Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
        }.get(event.key())  # fmt: skip
        nodes = self.picture.shapes.nodes
        if way is not None and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._walk(*way)
        elif event.key() == Qt.Key.Key_Home:
            self.choose(nodes[0].step.id)
        elif event.key() == Qt.Key.Key_End:
            self.choose(nodes[-1].step.id)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event) -> None:
        super().focusInEvent(event)
        by_keys = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if by_keys and self.picture is not None and not self.picture.chosen:
            self.choose(self.start())

    def wheelEvent(self, event) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if event.angleDelta().y():
                self.zoomed.emit(_STEP if event.angleDelta().y() > 0 else 1 / _STEP)
            event.accept()
            return
        super().wheelEvent(event)

    def mousePressEvent(self, event) -> None:
        self._pressed = event.position()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event) -> None:
        super().mouseReleaseEvent(event)
        moved = (event.position() - self._pressed).manhattanLength()
        node = self.node_at(event.position().toPoint())
        if moved <= _CLICK and node is not None and event.button() == Qt.MouseButton.LeftButton:
            self.choose(node.step.id)

    def node_at(self, point) -> NodeBox | None:
        if self.picture is None:
            return None
        spot = self.mapToScene(point)
        for node in self.picture.shapes.nodes:
            box = node.whole
            if box.left <= spot.x() <= box.right and box.top <= spot.y() <= box.bottom:
                return node
        return None

    def viewportEvent(self, event) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            node = self.node_at(event.pos())
            if node is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), theme.plain_tip(self.tell(node)), self)
            return True
        return super().viewportEvent(event)

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def drawForeground(self, painter, rect) -> None:
        """Keep the lanes' titles at the top while what they are of is in sight."""
        if self.picture is None:
            return
        shapes = self.picture.shapes
        top = self.mapToScene(0, 0).y()
        if shapes.head.top < top < shapes.rows[-1][1] - shapes.head.height:
            Painting(painter, shapes, theme.PALETTES[theme.scheme()]).head(top)


def _fits(event) -> bool:
    """Return whether the keys are Ctrl+0 (the whole width) or Ctrl+9 (all of it)."""
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return held == Qt.KeyboardModifier.ControlModifier and event.key() in (Qt.Key.Key_0, Qt.Key.Key_9)


class DiagramView(QWidget):
    """The drawing with its tools, and what is known of the chosen step beside it."""

    paper_asked = Signal()
    step_chosen = Signal(str)

    def __init__(self, language, parent: QWidget | None = None, *, name: str = "diagram") -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._language = language
        self._wording = SpokenWording(language)
        self._shown: tuple[Regulation, Service, Operation, Channel, Trace | None, str] | None = None
        self._zoom: float | None = None  # None fits the width
        self.shapes: Shapes | None = None
        self.canvas = _Canvas(self)
        self.canvas.setObjectName(f"{name}.canvas")
        self.canvas.tell = self.told
        self.smaller = IconButton("zoom-out", parent=self, name=f"{name}.smaller")
        self.larger = IconButton("zoom-in", parent=self, name=f"{name}.larger")
        self.fit = Button(parent=self, kind="quiet", name=f"{name}.fit")
        self.whole = Button(parent=self, kind="quiet", name=f"{name}.whole")
        self.paper = Button(parent=self, icon="print", name=f"{name}.paper")
        self.step_title = PlainLabel(parent=self, role="heading", wrap=True, name=f"{name}.step")
        self.about = PlainLabel(parent=self, wrap=True, name=f"{name}.about").make_selectable()
        self.legend = Legend(self)
        self._side = QScrollArea(self)
        self._lay_out()
        self.canvas.chosen.connect(self._tell)
        self.canvas.zoomed.connect(self.zoom_by)
        self.canvas.fit_asked.connect(lambda whole: self.fit_whole() if whole else self.fit_width())
        self.canvas.resized.connect(self._room_changed)
        self.smaller.clicked.connect(lambda: self.zoom_by(1 / _STEP))
        self.larger.clicked.connect(lambda: self.zoom_by(_STEP))
        self.fit.clicked.connect(self.fit_width)
        self.whole.clicked.connect(self.fit_whole)
        self.paper.clicked.connect(self.paper_asked)
        for keys, act in (
            ("Ctrl++", lambda: self.zoom_by(_STEP)),
            ("Ctrl+=", lambda: self.zoom_by(_STEP)),
            ("Ctrl+-", lambda: self.zoom_by(1 / _STEP)),
            ("Ctrl+P", self.paper_asked.emit),
        ):
            Shortcut(QKeySequence(keys), self, act, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.retranslate()

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(theme.spacing(1))
        for widget in (self.smaller, self.larger, self.fit, self.whole):
            tools.addWidget(widget)
        tools.addStretch(1)
        tools.addWidget(self.paper)
        page = QWidget()
        page.setObjectName("page")
        inside = QVBoxLayout(page)
        inside.setContentsMargins(*[theme.spacing(3)] * 4)
        inside.setSpacing(theme.spacing(2))
        inside.addWidget(self.step_title)
        inside.addWidget(self.about)
        inside.addStretch(1)
        inside.addWidget(self.legend)
        self._side.setWidgetResizable(True)
        self._side.setFrameShape(QFrame.Shape.NoFrame)
        self._side.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._side.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._side.setWidget(page)
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._both.setSpacing(theme.spacing(2))
        self._both.addWidget(self.canvas, 1)
        self._both.addWidget(self._side)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.spacing(2))
        whole.addLayout(tools)
        whole.addLayout(self._both, 1)

    # what is shown

    def show_operation(
        self,
        regulation: Regulation,
        service: Service,
        operation: Operation,
        channel: Channel,
        trace: Trace | None = None,
        *,
        case: str = "",
    ) -> None:
        """Draw an operation as ``channel`` goes through it; ``trace`` and ``case``: with a case's own way."""
        before = self._shown
        self._shown = (regulation, service, operation, channel, trace, case)
        other = before is None or before[:4] != self._shown[:4]
        if other and self.canvas.picture is not None:
            self.canvas.picture.chosen = ""
        self._draw()
        if other:
            self._show_hint()
            self.fit_width()
            self.canvas.verticalScrollBar().setValue(0)

    @property
    def title(self) -> str:
        """What the drawing is of, for a file's or a printer's name."""
        return self.shapes.title and " ".join(self.shapes.title) if self.shapes is not None else ""

    def _draw(self) -> None:
        if self._shown is None:
            return
        regulation, service, operation, channel, trace, case = self._shown
        heading = self._wording.heading(regulation, service, operation, channel, case)
        self.shapes = lay_out(operation, channel, self._wording, QtLetters(), heading, trace)
        self.canvas.show_shapes(self.shapes)
        self.canvas.setBackgroundBrush(QColor(theme.colour("surface")))
        self.legend.say(of_case=trace is not None)
        self._say()
        if self.canvas.picture.chosen:
            self._tell(self.canvas.picture.chosen)
        else:
            self._show_hint()

    def told(self, node: NodeBox) -> str:
        """Return all that is known of a step, in the reader's language."""
        return self._wording.told(node, self.shapes)

    def _tell(self, step_id: str) -> None:
        told = self.told(self.shapes.node(step_id))
        self.step_title.show()
        self.step_title.setText(told.partition("\n")[0])
        self.about.setText(told.partition("\n")[2].replace("\n", "\n\n"))
        self.canvas.setAccessibleDescription(told)
        self.step_chosen.emit(step_id)

    def _show_hint(self) -> None:
        self.step_title.hide()
        self.about.setText(
            self.tr("The arrow keys go from step to step. Ctrl and the wheel enlarge, Ctrl+0 fits the width.")
        )

    def resizeEvent(self, event) -> None:
        """Where there is no room beside the drawing, what is told of a step stands under it."""
        super().resizeEvent(event)
        narrow = self.width() < theme.spacing(_NARROW)
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._both.setDirection(way)
        self.legend.setVisible(not narrow)
        most = 16_777_215  # Qt's own: no limit
        self._side.setMinimumSize(
            0 if narrow else theme.spacing(_SIDE), theme.spacing(_UNDER) if narrow else 0
        )
        self._side.setMaximumSize(
            most if narrow else theme.spacing(_SIDE), theme.spacing(_UNDER) if narrow else most
        )

    # zoom

    def zoom_by(self, times: float) -> None:
        """Enlarge (more than 1) or make smaller."""
        self._zoom = min(max(self._factor() * times, _LEAST), _MOST)
        self._apply()

    def fit_width(self) -> None:
        """Show the whole width, and again whenever the room changes."""
        self._zoom = None
        self._apply()

    def fit_whole(self) -> None:
        """Show all of it at once."""
        if self.shapes is not None:
            room = self.canvas.viewport().size()
            self._zoom = min(room.width() / self.shapes.width, room.height() / self.shapes.height)
            self._apply()

    def _room_changed(self) -> None:
        if self._zoom is None:
            self._apply()

    def _factor(self) -> float:
        if self._zoom is not None or self.shapes is None:
            return self._zoom or 1.0
        bar = self.canvas.verticalScrollBar().sizeHint().width()
        fitting = (self.canvas.width() - bar - 4) / self.shapes.width
        text_size = theme.spacing(25) / 100
        return min(max(fitting, _NARROWEST_FIT * text_size), _WIDEST_FIT * text_size)

    def _apply(self) -> None:
        if self.shapes is not None:
            factor = self._factor()
            self.canvas.resetTransform()
            self.canvas.scale(factor, factor)

    # words

    def retranslate(self) -> None:
        self.smaller.set_text(self.tr("Smaller"))
        self.larger.set_text(self.tr("Larger"))
        self.fit.set_text(self.tr("Whole width"))
        self.whole.set_text(self.tr("All of it"))
        self.paper.set_text(self.tr("Print or save…"))
        self._draw()

    def _say(self) -> None:
        if self._shown is not None:
            told = ". ".join((*self.shapes.title, *self.shapes.heading))
            self.canvas.setAccessibleName(self.tr("Diagram: {what}").format(what=told))

    def changeEvent(self, event) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.PaletteChange and self.shapes is not None:
            self.canvas.setBackgroundBrush(QColor(theme.colour("surface")))
