"""A year as twelve months: working days, days off, holidays and moved days told by colour and by shape."""

import calendar
from datetime import date, timedelta

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop.queries.office_calendar import CalendarYear, DayRow
from desktop.ui import theme

_COLUMNS = (4, 3, 2)  # as many as there is room for
_NARROWEST = 34  # of a month, in units of the grid
_STEPS = {
    Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7,
    Qt.Key.Key_PageUp: -28, Qt.Key.Key_PageDown: 28,
}  # fmt: skip


def tone_of(row: DayRow) -> str:
    """Return the meaning of a day: "" worked as usual, paused off as usual, late holiday, soon and done moved."""
    if not row.special:
        return "" if row.working else "paused"
    if row.overridden:
        return "accent"
    return "done" if row.working else "late"


class YearView(QWidget):
    """Paints the year; the arrow keys walk from day to day. ``day_chosen`` gives the day one stands on."""

    day_chosen = Signal(object)  # date

    def __init__(self, language, tell, parent: QWidget | None = None, *, name: str) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._language, self._tell = language, tell
        self._rows: dict[date, DayRow] = {}
        self._year = self._today = None
        self._day: date | None = None
        self._columns = _COLUMNS[0]
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)

    @property
    def day(self) -> date | None:
        return self._day

    def row(self, day: date | None) -> DayRow | None:
        return self._rows.get(day)

    def show_year(self, year: CalendarYear) -> None:
        """Show the year; the day one stood on stays, in another year its like."""
        self._rows = {row.day: row for row in year.days}
        self._year, self._today = year.year, year.today
        wanted = self._day or year.today
        if wanted.year != year.year:
            last = calendar.monthrange(year.year, wanted.month)[1]
            wanted = date(year.year, wanted.month, min(wanted.day, last))
        self.choose(wanted)
        self.update()

    def choose(self, day: date) -> None:
        """Stand on a day of the year shown."""
        if day in self._rows:
            self._day = day
            self.setAccessibleDescription(self._tell(self._rows[day]))
            self.day_chosen.emit(day)
            self.update()

    # measures

    def _cell(self) -> tuple[float, float]:
        room = self.width() / self._columns - theme.spacing(4)
        return room / 7, float(theme.spacing(5.5))

    def _month_height(self) -> float:
        return theme.spacing(6) + 7 * self._cell()[1] + theme.spacing(3)

    def sizeHint(self) -> QSize:
        return QSize(theme.spacing(180), round(12 / self._columns * self._month_height()))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.spacing(2 * _NARROWEST), self.sizeHint().height())

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        columns = next((n for n in _COLUMNS if self.width() >= n * theme.spacing(_NARROWEST)), _COLUMNS[-1])
        if columns != self._columns:
            self._columns = columns
            self.updateGeometry()

    def _place(self, day: date) -> QRectF:
        width, height = self._cell()
        left = (day.month - 1) % self._columns * (self.width() / self._columns)
        top = (day.month - 1) // self._columns * self._month_height() + theme.spacing(6) + height
        before = date(day.year, day.month, 1).weekday()
        line, column = divmod(before + day.day - 1, 7)
        return QRectF(left + column * width, top + line * height, width, height)

    # drawing

    def paintEvent(self, event) -> None:
        if self._year is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for month in range(1, 13):
            self._paint_month(painter, month)
        for row in self._rows.values():
            self._paint_day(painter, row)

    def _paint_month(self, painter: QPainter, month: int) -> None:
        width, height = self._cell()
        left = (month - 1) % self._columns * (self.width() / self._columns)
        top = (month - 1) // self._columns * self._month_height()
        painter.setFont(theme.font("body", strong=True))
        painter.setPen(QColor(theme.colour("text")))
        name = self._language.locale.standaloneMonthName(month)
        room = QRectF(left + theme.spacing(1), top, width * 7, theme.spacing(6))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, name[:1].upper() + name[1:])
        painter.setFont(theme.font("small"))
        painter.setPen(QColor(theme.colour("muted")))
        metrics = QFontMetrics(theme.font("small"))
        for column in range(7):
            short = self._language.locale.standaloneDayName(
                column + 1, self._language.locale.FormatType.ShortFormat
            )
            short = metrics.elidedText(short, Qt.TextElideMode.ElideNone, round(width))
            spot = QRectF(left + column * width, top + theme.spacing(6), width, height)
            painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, short[:2])

    def _paint_day(self, painter: QPainter, row: DayRow) -> None:
        spot = self._place(row.day).adjusted(1, 1, -1, -1)
        tone = tone_of(row)
        if tone in ("late", "done", "accent"):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.colour(f"{tone}_soft")))
            painter.drawRoundedRect(spot, 4, 4)
        ink = {"": "text", "paused": "muted"}.get(tone, tone)
        painter.setFont(theme.font("small", strong=row.special))
        painter.setPen(QColor(theme.colour(ink)))
        painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, str(row.day.day))
        if row.special and row.working:  # worked though the weekday is not: underlined
            middle = spot.center().x()
            painter.setPen(QPen(QColor(theme.colour(ink)), 2))
            painter.drawLine(
                round(middle - 5), round(spot.bottom() - 2), round(middle + 5), round(spot.bottom() - 2)
            )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if row.day == self._today:
            painter.setPen(QPen(QColor(theme.colour("control")), 1))
            painter.drawRoundedRect(spot, 4, 4)
        if row.day == self._day:
            painter.setPen(QPen(QColor(theme.colour("accent")), 2))
            painter.drawRoundedRect(spot, 4, 4)

    # pointing and walking

    def _day_at(self, point) -> date | None:
        return next((day for day in self._rows if self._place(day).contains(point)), None)

    def mousePressEvent(self, event) -> None:
        day = self._day_at(event.position())
        if day is not None:
            self.choose(day)

    def keyPressEvent(self, event) -> None:
        step = _STEPS.get(event.key())
        if step is None or self._day is None:
            super().keyPressEvent(event)
        else:
            self.choose(self._day + timedelta(days=step))

    def event(self, event) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            day = self._day_at(event.position() if hasattr(event, "position") else event.pos().toPointF())
            text = self._tell(self._rows[day]) if day is not None else ""
            QToolTip.showText(event.globalPos(), theme.plain_tip(text), self)
            return True
        return super().event(event)
