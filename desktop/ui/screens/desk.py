"""My desk: the cases that wait for the person signed in, grouped by the time they have left."""

from datetime import datetime

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QVBoxLayout, QWidget

from desktop.queries.rows import DeskRow
from desktop.regulation import deadlines
from desktop.regulation.model import Act
from desktop.regulation.rights import Command
from desktop.ui import theme
from desktop.ui.batch_ledger import is_kept
from desktop.ui.screens.journal_parts.reminder import CheckpointReminder
from desktop.ui.widgets.empty import States
from desktop.ui.widgets.form import line_edit
from desktop.ui.widgets.plain import Button, PlainLabel
from desktop.ui.widgets.screen import Screen

ROW = Qt.ItemDataRole.UserRole + 1
GROUPS = ("overdue", "today", "week", "later")
_MINUTE = 60_000


def read_desk(store, actor) -> tuple[tuple[DeskRow, ...], datetime]:
    """Ask the query, and the time of the one who keeps it; runs on the store lane."""
    from desktop.queries.desk import my_desk

    return my_desk(store, actor), store.now()


def due_of(row: DeskRow) -> datetime:
    """Return what presses first: the step's own term, or the whole service's, unless that stands still."""
    if row.step_due_at is None:
        return row.due_at
    return row.step_due_at if row.paused else min(row.step_due_at, row.due_at)


def group_of(due_at: datetime, now: datetime) -> str:
    """Return the group of a deadline: overdue, today, week (to its Sunday) or later."""
    if now > due_at:
        return "overdue"
    today = now.astimezone(due_at.tzinfo).date()
    days = (due_at.date() - today).days
    if days == 0:
        return "today"
    return "week" if days <= 6 - today.weekday() else "later"


class _Lines(QAbstractListModel):
    """Headings and rows under each other; a heading is a text and cannot be chosen."""

    def __init__(self, parent=None) -> None:
        super().__init__(parent)
        self.lines: list[DeskRow | str] = []
        self.told = lambda row: ""

    def show_lines(self, lines: list[DeskRow | str]) -> None:
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole):
        line = self.lines[index.row()]
        if role == ROW:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return line if isinstance(line, str) else self.told(line)
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(line, DeskRow):
            return theme.plain_tip(self.told(line))
        return None

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        heading = isinstance(self.lines[index.row()], str)
        return Qt.ItemFlag.NoItemFlags if heading else super().flags(index)

    def find(self, case_id: int) -> int:
        """Return the line of a case, -1 when it is not on the desk."""
        for number, line in enumerate(self.lines):
            if isinstance(line, DeskRow) and line.case_id == case_id:
                return number
        return -1


class _Painter(QStyledItemDelegate):
    """Draws a row in three lines: the holder; what is to be done; the number and the time left."""

    def __init__(self, screen: "DeskScreen") -> None:
        super().__init__(screen)
        self._screen = screen

    def sizeHint(self, option, index) -> QSize:
        body, small = QFontMetrics(theme.font()), QFontMetrics(theme.font("small"))
        if isinstance(index.data(ROW), str):
            return QSize(theme.spacing(50), small.lineSpacing() + theme.spacing(5))
        return QSize(theme.spacing(50), body.lineSpacing() + 2 * small.lineSpacing() + theme.spacing(6))

    def paint(self, painter: QPainter, option, index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line, room = index.data(ROW), option.rect
        if isinstance(line, str):
            self._heading(painter, room, line)
        else:
            chosen = bool(option.state & QStyle.StateFlag.State_Selected)
            focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
            self._row(painter, room, line, chosen=chosen, focused=focused)
        painter.restore()

    def _heading(self, painter: QPainter, room: QRect, text: str) -> None:
        font = theme.font("small", strong=True)
        late = text == self._screen.group_title("overdue")
        painter.setFont(font)
        painter.setPen(QColor(theme.colour("late" if late else "muted")))
        inside = room.adjusted(theme.spacing(3), 0, -theme.spacing(3), -theme.spacing(1))
        painter.drawText(inside, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, text)
        painter.setPen(QPen(QColor(theme.colour("line")), 1))
        start = inside.left() + QFontMetrics(font).horizontalAdvance(text) + theme.spacing(2)
        middle = inside.bottom() - QFontMetrics(font).ascent() // 2 + 1
        painter.drawLine(start, middle, inside.right(), middle)

    def _row(self, painter: QPainter, room: QRect, row: DeskRow, *, chosen: bool, focused: bool) -> None:
        if chosen:
            painter.fillRect(room, QColor(theme.colour("accent_soft")))
            painter.fillRect(
                QRect(room.left(), room.top(), theme.spacing(1), room.height()),
                QColor(theme.colour("accent")),
            )
        if focused:
            painter.setPen(QPen(QColor(theme.colour("accent")), 1))
            painter.drawRect(room.adjusted(0, 0, -1, -1))
        inside = room.adjusted(theme.spacing(3), theme.spacing(2), -theme.spacing(3), -theme.spacing(2))
        body, small = theme.font(strong=True), theme.font("small")
        high, low, gap = QFontMetrics(body).lineSpacing(), QFontMetrics(small).lineSpacing(), theme.spacing(1)
        first = QRect(inside.left(), inside.top(), inside.width(), high)
        second = QRect(inside.left(), first.bottom() + gap, inside.width(), low)
        third = QRect(inside.left(), second.bottom() + gap, inside.width(), low)
        painter.setPen(QColor(theme.colour("text")))
        painter.setFont(body)
        self._elided(painter, first, self._screen.desk.language.text(row.holder), body)
        painter.setFont(small)
        self._elided(painter, second, self._screen.step_words(row), small)
        painter.setPen(QColor(theme.colour("muted")))
        painter.drawText(third, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, row.number)
        tone = deadlines.tone(due_of(row), self._screen.now(), paused=row.paused and row.step_due_at is None)
        self._left(painter, third, self._screen.left_words(row), tone, small)

    def _left(self, painter: QPainter, room: QRect, text: str, tone: str, font) -> None:
        ink, side = tone if tone != "calm" else "muted", theme.spacing(4)
        wide = QFontMetrics(font).horizontalAdvance(text) + theme.spacing(1) + side
        painter.setPen(QColor(theme.colour(ink)))
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        picture = theme.pixmap(tone if tone != "calm" else "clock", theme.colour(ink), side * 2)
        top = room.top() + (room.height() - side) // 2
        painter.drawPixmap(QRect(room.right() - wide + 1, top, side, side), picture)

    def _elided(self, painter: QPainter, room: QRect, text: str, font) -> None:
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


class DeskScreen(Screen):
    """The list; Enter or a click opens the case beside it. ``case_offered``: the one to begin with."""

    shows_what_others_do = True

    case_offered = Signal(int)

    def __init__(self, desk, parent: QWidget | None = None, *, read=read_desk) -> None:
        super().__init__(desk, parent)
        self.setObjectName("screen.desk")
        self._read = read
        self._rows: tuple[DeskRow, ...] = ()
        self._chosen_case = 0
        self._broken_off = False  # a batch of this person was left unfinished here
        self._build()
        self._minute = QTimer(self, interval=_MINUTE)
        self._minute.timeout.connect(self._arrange)
        self._minute.start()
        self.retranslate()

    def _build(self) -> None:
        content = QWidget(self)
        self.reminder = CheckpointReminder(self.desk, content)
        self.reminder.wanted.connect(lambda: self.screen_chosen.emit("journal"))
        self.filter = line_edit()
        self.filter.setObjectName("desk.filter")
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(lambda _: self._arrange())
        self.title = PlainLabel(parent=content, role="title", name="desk.title")
        self.lines = _Lines(self)
        self.lines.told = self.told
        self.list = QListView(content)
        self.list.setObjectName("desk.list")
        self.list.setModel(self.lines)
        self.list.setItemDelegate(_Painter(self))
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setUniformItemSizes(False)
        self.list.setMouseTracking(True)
        self.list.clicked.connect(self._open)
        self.list.activated.connect(self._open)
        self.list.selectionModel().currentChanged.connect(self._remember)
        self.states = States(self.list, content)
        self.batch = Button(parent=content, icon="sign", name="desk.batch")
        self.batch.clicked.connect(self._sign_several)
        whole = QVBoxLayout(content)
        whole.setContentsMargins(0, theme.spacing(3), 0, 0)
        whole.setSpacing(theme.spacing(2))
        top = QVBoxLayout()
        top.setContentsMargins(theme.spacing(3), 0, theme.spacing(3), 0)
        top.addWidget(self.title)
        top.addWidget(self.reminder)
        top.addWidget(self.filter)
        top.addWidget(self.batch, 0, Qt.AlignmentFlag.AlignLeft)
        whole.addLayout(top)
        whole.addWidget(self.states, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(content)
        self.setFocusProxy(self.list)
        self.setMinimumWidth(theme.spacing(60))

    # reading

    def now(self) -> datetime:
        return self.desk.now()

    def refresh(self) -> None:
        self.reminder.refresh()
        self.states.show_loading()
        self.desk.read(self._read, then=self._show, on_error=self._failed, latest="desk")

        if self.desk.may(Command.SIGN):
            self.desk.files(
                is_kept,
                then=self._tell_left,
                on_error=lambda _error: True,
                person_id=self.desk.actor.person_id,
            )

    def _tell_left(self, left: bool) -> None:
        """A batch that was broken off is offered again, also when one paper or none is left to sign."""
        if left != self._broken_off:
            self._broken_off = left
            self._arrange()

    def _failed(self, error: BaseException) -> bool:
        return self.states.show_error(error, self.refresh)

    def _show(self, answer: tuple[tuple[DeskRow, ...], datetime]) -> None:
        self._rows, now = answer
        self.desk.hear_time(now)
        self._arrange()
        self.offer_case()

    def offer_case(self) -> None:
        """Offer the case the cursor is on, so that the most urgent one is seen without a key."""
        row = self.list.currentIndex().data(ROW)
        if isinstance(row, DeskRow):
            self.case_offered.emit(row.case_id)

    def _arrange(self) -> None:
        """Group what is shown; selection and scroll stay where they were."""
        wanted = self.filter.text().casefold().split()
        rows = [row for row in self._rows if all(word in self._searched(row) for word in wanted)]
        now, lines = self.now(), []
        for group in GROUPS:
            of_group = [row for row in rows if group_of(due_of(row), now) == group]
            if of_group:
                lines += [self.group_title(group), *of_group]
        if lines != self.lines.lines:
            chosen, scroll = self._chosen_case, self.list.verticalScrollBar().value()
            self.lines.show_lines(lines)
            self._choose(chosen)
            self.list.verticalScrollBar().setValue(scroll)
        self.list.viewport().update()
        self.batch.setVisible(len(self.to_sign) > 1 or self._broken_off)
        self._show_state(bool(rows))

    @property
    def to_sign(self) -> tuple[DeskRow, ...]:
        """What waits for the signature of the person signed in."""
        return tuple(row for row in self._rows if row.act == Act.SIGN)

    def _sign_several(self) -> None:
        from desktop.ui.screens.batch import BatchDialog

        self.dialog = BatchDialog(self.desk, self.to_sign, self.window())
        self.dialog.finished.connect(self.dialog.deleteLater)
        self.dialog.finished.connect(lambda _result: self.refresh())
        self.dialog.open()

    def _searched(self, row: DeskRow) -> str:
        return f"{row.number} {row.holder.kk} {row.holder.ru} {self.step_words(row)}".casefold()

    def _show_state(self, some: bool) -> None:
        if some:
            self.states.show_content()
        elif self._rows:
            self.states.show_empty(self.tr("Nothing on the desk is like that"), icon="search")
        else:
            self.states.show_empty(
                self.tr("Nothing waits for you"),
                self.tr("New cases appear here by themselves when they reach you."),
                icon="done",
            )

    # choosing

    def choose_case(self, case_id: int) -> None:
        """Mark a case in the list, without opening it."""
        self._chosen_case = case_id
        self._choose(case_id)

    def _choose(self, case_id: int) -> None:
        """Mark the case. Where it has left the list, the cursor waits at the most urgent one, which is not marked."""
        number = self.lines.find(case_id)
        here = number >= 0 or not case_id
        if number < 0:
            number = next((n for n, line in enumerate(self.lines.lines) if isinstance(line, DeskRow)), -1)
        if number < 0:
            return
        if here:
            self.list.setCurrentIndex(self.lines.index(number))
        else:
            flags = QItemSelectionModel.SelectionFlag.Clear
            self.list.selectionModel().setCurrentIndex(self.lines.index(number), flags)
            self._chosen_case = case_id

    def _remember(self, index: QModelIndex) -> None:
        row = index.data(ROW) if index.isValid() else None
        if isinstance(row, DeskRow):
            self._chosen_case = row.case_id

    def _open(self, index: QModelIndex) -> None:
        row = index.data(ROW)
        if isinstance(row, DeskRow):
            self.case_chosen.emit(row.case_id)

    # words

    def left_words(self, row: DeskRow) -> str:
        """Return the time a row has left, in words."""
        if row.paused and row.step_due_at is None:
            return self.tr("the term stands still")
        return self.desk.language.format_left(due_of(row), self.now())

    def step_words(self, row: DeskRow) -> str:
        """Return what is to be done with a row's case."""
        step = self.desk.language.text(row.step)
        return self.tr("{step} · returned for rework").format(step=step) if row.returned else step

    def told(self, row: DeskRow) -> str:
        """Return a row as a screen reader says it."""
        due = self.desk.language.format_moment(due_of(row))
        parts = (
            row.number,
            self.desk.language.text(row.holder),
            self.step_words(row),
            due,
            self.left_words(row),
        )
        return ", ".join(parts)

    def group_title(self, group: str) -> str:
        return {
            "overdue": self.tr("Overdue"),
            "today": self.tr("Today"),
            "week": self.tr("This week"),
        }.get(group, self.tr("Later"))

    def retranslate(self) -> None:
        self.title.setText(self.tr("My desk"))
        self.reminder.retranslate()
        self.filter.setPlaceholderText(self.tr("Number, applicant, step…"))
        self.filter.setAccessibleName(self.tr("Filter the desk"))
        self.list.setAccessibleName(self.tr("My desk"))
        self.batch.set_text(self.tr("Sign several papers…"))
        self.lines.show_lines([])
        if self._rows:
            self._arrange()
