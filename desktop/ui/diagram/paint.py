"""The shapes onto a painter: the screen, a picture or a page, with the colours it is given."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from desktop.ui import theme
from desktop.ui.diagram.shapes import Box, Label, LaneBox, Line, NodeBox, Shapes
from desktop.ui.theme import Palette

_ROUND = 6
_TURN = 5  # radius of a line's corners
_ARROW = 8


def font(size: str, *, strong: bool = False) -> QFont:
    """Return a font in the drawing's own units: the text size of the windows enlarges the view, not the layout."""
    made = theme.font(size, strong=strong)
    made.setPixelSize(theme.SIZES[size])
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


class QtLetters:
    """The widths of the program's own letters."""

    def __init__(self) -> None:
        self._metrics = {
            (size, strong): QFontMetricsF(font(size, strong=strong))
            for size in ("small", "body", "heading")
            for strong in (False, True)
        }

    def width(self, text: str, size: str, strong: bool) -> float:
        return self._metrics[size, strong].horizontalAdvance(text) * 1.01 + 1

    def height(self, size: str) -> float:
        return self._metrics[size, False].height()


def _box(box: Box) -> QRectF:
    return QRectF(box.left, box.top, box.width, box.height)


class Painting:
    """Draws the parts of a drawing; ``chosen`` is the step the keys are at."""

    def __init__(self, painter: QPainter, shapes: Shapes, palette: Palette, chosen: str = "") -> None:
        self._painter, self._shapes, self._palette, self._chosen = painter, shapes, palette, chosen
        self._letters = QtLetters()

    def _ink(self, token: str) -> QColor:
        return QColor(getattr(self._palette, token))

    def whole(self) -> None:
        """Draw everything."""
        self.title()
        self.lanes()
        self.head()
        self.ways()
        self.notes()

    def title(self) -> None:
        top = 16.0
        shapes = self._shapes
        top = self._text(shapes.title, 16, top, "heading", "text", strong=True)
        top = self._text(shapes.heading, 16, top, "small", "muted")
        self._text(shapes.warning, 16, top, "small", "late")

    def lanes(self, top: float | None = None, bottom: float | None = None) -> None:
        """Draw the lanes' ground, or the part of it between two heights."""
        painter = self._painter
        for number, lane in enumerate(self._shapes.lanes):
            box = lane.box
            upper = box.top if top is None else top
            lower = box.bottom if bottom is None else bottom
            ground = QRectF(box.left, upper, box.width, lower - upper)
            painter.fillRect(ground, self._ink("surface" if number % 2 == 0 else "window"))
            painter.setPen(QPen(self._ink("line"), 1))
            painter.drawRect(ground)

    def head(self, top: float | None = None) -> None:
        """Draw the lanes' titles, at their place or at another height."""
        at = self._shapes.head.top if top is None else top
        height = self._shapes.head.height
        for lane in self._shapes.lanes:
            self._lane_title(lane, at, height)

    def _lane_title(self, lane: LaneBox, top: float, height: float) -> None:
        painter = self._painter
        box = QRectF(lane.box.left, top, lane.box.width, height)
        painter.fillRect(box, self._ink("sunken"))
        painter.setPen(QPen(self._ink("line"), 1))
        painter.drawRect(box)
        line = self._letters.height("small")
        above = (height - len(lane.lines) * line) / 2
        painter.setFont(font("small", strong=True))
        painter.setPen(self._ink("text"))
        for number, text in enumerate(lane.lines):
            place = QRectF(box.left(), top + above + number * line, box.width(), line)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    def ways(self) -> None:
        """Draw lines, then steps over them; what a case has passed last."""
        for line in sorted(self._shapes.lines, key=lambda line: line.taken):
            self._line(line)
        for node in self._shapes.nodes:
            self._node(node)

    # lines

    def _line_ink(self, kind: str, taken: bool) -> str:
        if kind == "refusal":
            return "refused"
        if kind == "return":
            return "muted"
        return "accent" if taken else "control"

    def _line(self, line: Line) -> None:
        painter = self._painter
        ink = self._ink(self._line_ink(line.kind, line.taken))
        pen = QPen(ink, 3 if line.taken else 1.4)
        if line.kind == "return":
            pen.setStyle(Qt.PenStyle.DashLine)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        points = [QPointF(*point) for point in line.points]
        tip = points[-1]
        points[-1] = QPointF(tip.x(), tip.y() - _ARROW + 1)
        painter.drawPath(_rounded(points))
        self._arrow(tip, ink)

    def _arrow(self, tip: QPointF, ink: QColor, *, sideways: bool = False) -> None:
        painter = self._painter
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        long, half = _ARROW, _ARROW / 2
        if sideways:
            ends = [QPointF(tip.x() - long, tip.y() - half), QPointF(tip.x() - long, tip.y() + half)]
        else:
            ends = [QPointF(tip.x() - half, tip.y() - long), QPointF(tip.x() + half, tip.y() - long)]
        painter.drawPolygon(QPolygonF([tip, *ends]))

    # steps

    def _node(self, node: NodeBox) -> None:
        painter = self._painter
        box = _box(node.box)
        fill, edge, width = self._look(node)
        for label in node.labels:
            self._label(label)
        painter.setPen(QPen(self._ink(edge), width))
        painter.setBrush(self._ink(fill))
        painter.drawRoundedRect(box, _ROUND, _ROUND)
        ink = "muted" if node.on_map and not node.refusal else "text"
        left, top = box.left() + 10, box.top() + 9
        top = self._text(node.title, left, top, "body", ink, strong=True)
        top = self._text(node.meta, left, top, "small", "muted")
        if node.state == "here":
            self._text(node.passed, left, top + 4, "small", "accent", strong=True)
        elif node.passed:
            side = 14
            self._tick(QPointF(left, top + 5), side)
            self._text(node.passed, left + side + 4, top + 4, "small", "done")
        for number, note in enumerate(reversed(node.notes)):
            self._badge(QPointF(box.right() - 15 - 20 * number, box.top() + 15), str(note))
        if node.step.id == self._chosen:
            painter.setPen(QPen(self._ink("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(-4, -4, 4, 4), _ROUND + 3, _ROUND + 3)

    def _tick(self, at: QPointF, side: float) -> None:
        painter = self._painter
        pen = QPen(self._ink("done"), 2.2)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        spots = ((0.1, 0.55), (0.4, 0.85), (0.95, 0.2))
        painter.drawPolyline(QPolygonF([at + QPointF(x, y) * side for x, y in spots]))

    def _look(self, node: NodeBox) -> tuple[str, str, float]:
        """Return ground, edge and the edge's width."""
        if node.state == "here":
            return "accent_soft", "accent", 3
        if node.state == "done":
            return "surface", "done", 2
        if node.refusal:
            return "refused_soft", "refused", 1
        return ("window", "line", 1) if node.on_map else ("surface", "control", 1.4)

    def _label(self, label: Label) -> None:
        painter = self._painter
        ink = self._line_ink(label.kind, label.taken)
        if label.lines:
            soft = {"refusal": "refused_soft", "return": "surface"}.get(
                label.kind, "accent_soft" if label.taken else "sunken"
            )
            pen = QPen(self._ink(ink), 2) if label.taken else QPen(self._ink("line"), 1)
            if label.kind == "return":
                pen = QPen(self._ink("muted"), 1, Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.setBrush(self._ink(soft))
            painter.drawRoundedRect(_box(label.box), 4, 4)
            words = {"refusal": "refused", "return": "muted"}.get(label.kind, "text")
            left, top = label.box.left + 6, label.box.top + 5
            top = self._text(label.lines, left, top, "small", words)
            if label.paper:
                self._leaf(QPointF(left + 1, top + 3), words)
                self._text(label.paper, left + 16, top, "small", words, strong=True)
        if label.end is not None:
            self._end(label, ink)

    def _leaf(self, at: QPointF, ink: str) -> None:
        """A leaf of paper with a turned corner: the outcome gives a document."""
        path = QPainterPath(at)
        for x, y in ((6, 0), (9, 3), (9, 11), (0, 11), (0, 0)):
            path.lineTo(at + QPointF(x, y))
        self._painter.setPen(QPen(self._ink(ink), 1))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawPath(path)

    def _end(self, label: Label, ink: str) -> None:
        """The mark of an end, and the arrow to it."""
        painter, end = self._painter, QPointF(*label.end)
        below = end.y() > label.box.bottom
        painter.setPen(QPen(self._ink(ink), 3 if label.taken else 1.4))
        if below:
            start = QPointF(end.x(), label.box.bottom)
            tip = QPointF(end.x(), end.y() - 8)
            painter.drawLine(start, QPointF(tip.x(), tip.y() - 3))
        else:
            start = QPointF(label.box.right, end.y())
            tip = QPointF(end.x() - 8, end.y())
            painter.drawLine(start, QPointF(tip.x() - 3, tip.y()))
        self._arrow(tip, self._ink(ink), sideways=not below)
        painter.setPen(QPen(self._ink(ink), 1.6))
        painter.setBrush(self._ink("surface"))
        painter.drawEllipse(end, 7, 7)
        painter.setBrush(self._ink(ink))
        painter.drawEllipse(end, 3.5, 3.5)

    def _badge(self, middle: QPointF, text: str) -> None:
        painter = self._painter
        painter.setPen(QPen(self._ink("soon"), 1.2))
        painter.setBrush(self._ink("soon_soft"))
        painter.drawEllipse(middle, 9, 9)
        painter.setFont(font("small", strong=True))
        painter.setPen(self._ink("soon"))
        painter.drawText(QRectF(middle.x() - 9, middle.y() - 9, 18, 18), Qt.AlignmentFlag.AlignCenter, text)

    def notes(self) -> None:
        top = self._shapes.foot
        for _note, lines in self._shapes.notes:
            top = self._text(lines, 16, top, "small", "soon") + 4

    def _text(
        self,
        lines: tuple[str, ...],
        left: float,
        top: float,
        size: str,
        ink: str,
        *,
        strong: bool = False,
    ) -> float:
        """Write lines under each other; return where the next would stand."""
        painter = self._painter
        painter.setFont(font(size, strong=strong))
        painter.setPen(self._ink(ink))
        metrics = QFontMetricsF(font(size, strong=strong))
        for line in lines:
            painter.drawText(QPointF(left, top + metrics.ascent()), line)
            top += self._letters.height(size)
        return top


def _rounded(points: list[QPointF]) -> QPainterPath:
    """Return the line with its corners rounded."""
    path = QPainterPath(points[0])
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        first, second = corner - before, after - corner
        reach = min(_TURN, _length(first) / 2, _length(second) / 2)
        if reach < 0.5:
            continue
        path.lineTo(corner - first / _length(first) * reach)
        path.quadTo(corner, corner + second / _length(second) * reach)
    path.lineTo(points[-1])
    return path


def _length(step: QPointF) -> float:
    return abs(step.x()) + abs(step.y())
