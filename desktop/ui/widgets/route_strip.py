"""The case's way through the act: what is done, where it stands, what lies ahead."""

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop.queries.rows import RouteStop
from desktop.ui import case_words as words
from desktop.ui import theme

_HERE_SHARE = 1.8  # the stop where the case stands gets more room than the others
_LOW_HERE_SHARE = 6.0  # on one line, where its words stand beside its dot


class RouteStrip(QWidget):
    """Draws the stops on one line. The arrow keys walk along it and tell who, when, by which item."""

    def __init__(self, language, parent: QWidget | None = None, *, name: str = "route") -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._language = language
        self._stops: tuple[RouteStop, ...] = ()
        self._chosen = -1
        self._low = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)

    def show_route(self, stops: tuple[RouteStop, ...]) -> None:
        self._stops = stops
        self._chosen = min(self._chosen, len(stops) - 1)
        self.retranslate()

    def set_low(self, low: bool) -> None:
        """Say only where the case stands, beside its dot; the tips say the rest."""
        if low != self._low:
            self._low = low
            self.updateGeometry()
            self.update()

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Route of the case"))
        told = "; ".join(self._short(stop) for stop in self._stops)
        self.setAccessibleDescription(told)
        self.updateGeometry()
        self.update()

    def _short(self, stop: RouteStop) -> str:
        state = {"done": self.tr("done"), "here": self.tr("here")}.get(stop.state, self.tr("ahead"))
        return f"{self._language.text(stop.title)} ({state})"

    def tell(self, stop: RouteStop) -> str:
        """Return everything about a stop: title, who is to do it, term, item, and who did it when."""
        lines = [self._language.text(stop.title)]
        role = self._language.text(stop.role_title) if stop.role_title else words.role(stop.role)
        lines.append(role)
        if stop.term:
            lines.append(self.tr("Term: {term}").format(term=words.term(stop.term)))
        if stop.clause:
            lines.append(self.tr("Item {clause}").format(clause=stop.clause))
        if stop.done_by is not None or stop.done_at is not None:
            done_at = self._language.format_moment(stop.done_at)
            lines.append(" · ".join(part for part in (self._language.text(stop.done_by), done_at) if part))
        return "\n".join(lines)

    # drawing

    def sizeHint(self) -> QSize:
        words = 0 if self._low else QFontMetrics(theme.font("small")).lineSpacing() * 2
        return QSize(theme.spacing(100), theme.spacing(6 if self._low else 7) + words)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.spacing(60), self.sizeHint().height())

    def _places(self) -> list[QRect]:
        if not self._stops:
            return []
        here = _LOW_HERE_SHARE if self._low else _HERE_SHARE
        shares = [here if stop.state == "here" else 1.0 for stop in self._stops]
        unit, left, places = self.width() / sum(shares), 0.0, []
        for share in shares:
            places.append(QRect(round(left), 0, round(unit * share), self.height()))
            left += unit * share
        return places

    def paintEvent(self, event) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        places, middle = self._places(), theme.spacing(3)
        for number, (stop, place) in enumerate(zip(self._stops, places, strict=True)):
            self._paint_line(painter, stop, place, middle, last=number == len(places) - 1)
            self._paint_dot(painter, stop, place, middle)
            self._paint_words(painter, stop, place, middle)
        if self.hasFocus() and 0 <= self._chosen < len(places):
            painter.setPen(QPen(QColor(theme.colour("accent")), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(places[self._chosen].adjusted(1, 1, -2, -2), 4, 4)

    def _paint_line(
        self, painter: QPainter, stop: RouteStop, place: QRect, middle: int, *, last: bool
    ) -> None:
        if last:
            return
        ink = "done" if stop.state == "done" else "line"
        painter.setPen(QPen(QColor(theme.colour(ink)), 2))
        start = place.left() + theme.spacing(5)
        painter.drawLine(start, middle, place.right(), middle)

    def _paint_dot(self, painter: QPainter, stop: RouteStop, place: QRect, middle: int) -> None:
        side = theme.spacing(4)
        spot = QRect(place.left(), middle - side // 2, side, side)
        if stop.state == "done":
            painter.drawPixmap(spot, theme.pixmap("done", theme.colour("done"), side * 2))
            return
        here = stop.state == "here"
        painter.setPen(QPen(QColor(theme.colour("accent" if here else "control")), 2))
        painter.setBrush(QColor(theme.colour("accent")) if here else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(spot.adjusted(2, 2, -2, -2))

    def _paint_words(self, painter: QPainter, stop: RouteStop, place: QRect, middle: int) -> None:
        here = stop.state == "here"
        if self._low:
            if here:
                self._paint_beside(painter, stop, place, middle)
            return
        room = QRect(
            place.left(), middle + theme.spacing(2.5), place.width() - theme.spacing(2), self.height()
        )
        font = theme.font("small", strong=here)
        metrics = QFontMetrics(font)
        painter.setFont(font)
        painter.setPen(QColor(theme.colour("text" if here else "muted")))
        title = self._language.text(stop.title)
        top = room.top() + metrics.ascent()
        for line in _two_lines(title, metrics, room.width()):
            painter.drawText(room.left(), top, line)
            top += metrics.lineSpacing()

    def _paint_beside(self, painter: QPainter, stop: RouteStop, place: QRect, middle: int) -> None:
        font = theme.font("small", strong=True)
        metrics = QFontMetrics(font)
        room = QRect(place.left() + theme.spacing(5), 0, place.width() - theme.spacing(7), middle * 2)
        shown = metrics.elidedText(self._language.text(stop.title), Qt.TextElideMode.ElideRight, room.width())
        painter.fillRect(
            QRect(room.left(), 0, metrics.horizontalAdvance(shown) + theme.spacing(2), middle * 2),
            self.palette().window(),
        )
        painter.setFont(font)
        painter.setPen(QColor(theme.colour("text")))
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)

    # pointing

    def event(self, event) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            stop = self._stop_at(event.pos())
            if stop is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), theme.plain_tip(self.tell(stop)), self)
            return True
        return super().event(event)

    def _stop_at(self, point: QPoint) -> RouteStop | None:
        for stop, place in zip(self._stops, self._places(), strict=True):
            if place.contains(point):
                return stop
        return None

    def focusInEvent(self, event) -> None:
        if self._chosen < 0:
            self._chosen = next((n for n, stop in enumerate(self._stops) if stop.state == "here"), 0)
        super().focusInEvent(event)
        self.update()

    def keyPressEvent(self, event) -> None:
        by = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(event.key())
        if by is None or not self._stops:
            super().keyPressEvent(event)
            return
        self._chosen = min(max(self._chosen + by, 0), len(self._stops) - 1)
        self.update()
        place = self._places()[self._chosen]
        told = self.tell(self._stops[self._chosen])
        self.setAccessibleDescription(told)
        QToolTip.showText(self.mapToGlobal(place.bottomLeft()), theme.plain_tip(told), self)

    def changeEvent(self, event) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()


def _two_lines(text: str, metrics: QFontMetrics, width: int) -> list[str]:
    """Return ``text`` broken at a space into at most two lines; what still does not fit ends in "…"."""
    first, rest = "", text.split()
    while rest and (not first or metrics.horizontalAdvance(f"{first} {rest[0]}") <= width):
        first = f"{first} {rest.pop(0)}".strip()
    lines = [metrics.elidedText(first, Qt.TextElideMode.ElideRight, width)]
    if rest:
        lines.append(metrics.elidedText(" ".join(rest), Qt.TextElideMode.ElideRight, width))
    return lines
