"""Shows a paper page by page. What it shows are pictures made by a child process (:mod:`desktop.ui.rendering`)."""

import math
from functools import partial

import shiboken6
from PySide6.QtCore import QSize, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QKeySequence, QPainter
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.ui import theme
from desktop.ui.messages import say
from desktop.ui.renderer import Paper, renderer
from desktop.ui.widgets.empty import Empty, Loading
from desktop.ui.widgets.keys import Shortcut
from desktop.ui.widgets.pages import Pages
from desktop.ui.widgets.plain import ElidedLabel, IconButton, PlainLabel

ZOOMS = (0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0)  # of the page at its own size; fitting lies between
_LOADING_AFTER_MS = 200


class _Page(QWidget):
    """One page of a paper: white until its picture is there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None

    def show_image(self, image: QImage | None) -> None:
        self._image = image
        self.update()

    def paintEvent(self, event) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), QColor("#FFFFFF"))
        if self._image is not None:
            painter.drawImage(self.rect(), self._image)
        painter.setPen(QColor(theme.colour("line")))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


class _Scroll(QScrollArea):
    """Scrolls the page; at its edge the page keys go on to the next page."""

    page_asked = Signal(int)
    resized = Signal()

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def keyPressEvent(self, event) -> None:
        bar, key = self.verticalScrollBar(), event.key()
        if key in (Qt.Key.Key_PageDown, Qt.Key.Key_Space) and bar.value() >= bar.maximum():
            self.page_asked.emit(1)
        elif key == Qt.Key.Key_PageUp and bar.value() <= bar.minimum():
            self.page_asked.emit(-1)
        elif key == Qt.Key.Key_Space:
            bar.triggerAction(bar.SliderAction.SliderPageStepAdd)
        else:
            super().keyPressEvent(event)


class DocumentViewer(QWidget):
    """A paper, its pages and its zoom; or why it cannot be shown.

    ``shown`` comes when a page has been drawn, ``failed`` (a message code) when it cannot be.
    """

    shown = Signal()
    failed = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, name: str = "viewer") -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._paper: Paper | None = None
        self._pages: list[QSizeF] = []
        self._index = 0
        self._zoom: float | None = None  # None fits the width
        self._turn = 0  # counts the pictures asked for, so that a late one is not shown
        self._trouble: tuple[str, dict] = ("", {})
        self._build(name)
        self._slow = QTimer(self, singleShot=True, interval=_LOADING_AFTER_MS)
        self._slow.timeout.connect(lambda: self._stack.setCurrentWidget(self._loading))
        self._soon = QTimer(self, singleShot=True, interval=120)
        self._soon.timeout.connect(self._draw)
        self.destroyed.connect(partial(_forget, self))
        self.retranslate()
        self.show_nothing()

    def _build(self, name: str) -> None:
        self._title = ElidedLabel(parent=self, role="small", name=f"{name}.title")
        self._previous = IconButton("left", parent=self, name=f"{name}.previous")
        self._number = PlainLabel(parent=self, role="small", name=f"{name}.page")
        self._next = IconButton("right", parent=self, name=f"{name}.next")
        self._smaller = IconButton("zoom-out", parent=self, name=f"{name}.smaller")
        self._larger = IconButton("zoom-in", parent=self, name=f"{name}.larger")
        self._tools = QWidget(self)
        tools = QHBoxLayout(self._tools)
        tools.setContentsMargins(theme.spacing(2), 0, theme.spacing(1), 0)
        tools.setSpacing(theme.spacing(1))
        tools.addWidget(self._title, 1)
        for widget in (self._previous, self._number, self._next, self._smaller, self._larger):
            tools.addWidget(widget)
        self._page = _Page()
        self._scroll = _Scroll(self)
        self._scroll.setObjectName(f"{name}.paper")
        self._scroll.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._scroll.setWidget(self._page)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._scroll.viewport().setAutoFillBackground(False)
        self._nothing, self._loading = Empty(self, name=f"{name}.nothing"), Loading(self)
        self._why = QScrollArea(self)  # the sentence that says why may be longer than a low window
        self._why.setWidgetResizable(True)
        self._why.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._why.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._why.setWidget(self._nothing)
        for ground in (self._why.viewport(), self._nothing):
            ground.setAutoFillBackground(False)
        self._stack = Pages(self)
        for page in (self._scroll, self._why, self._loading):
            self._stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.spacing(1))
        layout.addWidget(self._tools)
        layout.addWidget(self._stack, 1)
        self.setMinimumWidth(theme.spacing(50))
        self._previous.clicked.connect(lambda: self.step_page(-1))
        self._next.clicked.connect(lambda: self.step_page(1))
        self._smaller.clicked.connect(lambda: self.step_zoom(-1))
        self._larger.clicked.connect(lambda: self.step_zoom(1))
        self._scroll.page_asked.connect(self.step_page)
        self._scroll.resized.connect(self._room_changed)
        for keys, act in (
            ("Ctrl++", partial(self.step_zoom, 1)),
            ("Ctrl+=", partial(self.step_zoom, 1)),
            ("Ctrl+-", partial(self.step_zoom, -1)),
            ("Ctrl+0", self.fit_width),
        ):
            Shortcut(QKeySequence(keys), self, act, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    # what is shown

    @property
    def page_count(self) -> int:
        return len(self._pages)

    @property
    def page(self) -> int:
        """The number of the page shown, from 1; 0 when none is."""
        return self._index + 1 if self._pages else 0

    @property
    def title(self) -> str:
        return self._title.whole_text()

    @property
    def content(self) -> bytes:
        """The very bytes that are shown; empty when nothing is."""
        return self._paper.content if self._paper else b""

    def show_pdf(self, content: bytes, title: str = "") -> None:
        """Show a PDF, ours or a stranger's, from its first page."""
        self.show_paper(content, "application/pdf", title)

    def show_image(self, content: bytes, media_type: str, title: str = "") -> None:
        """Show a scan: image/jpeg, image/png or image/tiff."""
        self.show_paper(content, media_type, title)

    def show_paper(self, content: bytes, media_type: str, title: str = "") -> None:
        """Show a paper by its media type; the same bytes again keep page, zoom and scroll."""
        self._show(Paper(content, media_type), title)

    def show_file(self, path: str, media_type: str, title: str = "") -> None:
        """Show a paper that is too large to be held in memory, out of a file that stays where it is meanwhile."""
        self._show(Paper(b"", media_type, path), title)

    def _show(self, paper: Paper, title: str) -> None:
        shown = self._paper
        same = shown is not None and (shown.content, shown.path) == (paper.content, paper.path)
        if same and not self._trouble[0]:
            self._title.setText(title)
            return
        self._leave()
        self._title.setText(title)
        self._paper = paper
        self._slow.start()
        renderer().open(self._paper, then=self._mine(self._opened), failed=self._mine(self.show_trouble))

    def show_nothing(self) -> None:
        self._leave()
        self._slow.stop()
        self._title.setText("")
        self._say_nothing()
        self._stack.setCurrentWidget(self._why)

    def show_loading(self, title: str = "") -> None:
        """Say that the paper is on its way; what was shown leaves."""
        self._leave()
        self._title.setText(title)
        self._slow.start()

    def show_trouble(self, code: str, **facts: object) -> None:
        """Say in the place of the paper why it cannot be shown."""
        self._slow.stop()
        self._trouble = (code, facts)
        self._say_nothing()
        self._stack.setCurrentWidget(self._why)
        self._tell_tools()
        self.failed.emit(code)

    def _leave(self) -> None:
        self._turn += 1
        if self._paper is not None:
            renderer().forget(self._paper)
        self._paper, self._pages, self._index, self._trouble = None, [], 0, ("", {})
        self._page.show_image(None)
        self._tell_tools()

    def _say_nothing(self) -> None:
        code, facts = self._trouble
        if code:
            self._nothing.say(self.tr("This paper cannot be shown"), say(code, facts), icon="eye")
        else:
            self._nothing.say(
                self.tr("No paper chosen"),
                self.tr("Choose a paper in the list to read it here."),
                icon="file",
            )

    def _mine(self, then):
        """Return ``then`` as an answer that is dropped when another paper is shown by now, or no viewer."""
        turn = self._turn

        def answer(*result: object) -> None:
            if shiboken6.isValid(self) and turn == self._turn:
                then(*result)

        return answer

    # pages and zoom

    def _opened(self, pages: list[QSizeF]) -> None:
        self._pages = pages
        self._index = 0
        self._tell_tools()
        self._place()
        self._draw()

    def step_page(self, by: int) -> None:
        """Go on or back by pages; at the ends nothing happens."""
        wanted = min(max(self._index + by, 0), len(self._pages) - 1)
        if self._pages and wanted != self._index:
            self._index = wanted
            self._page.show_image(None)
            bar = self._scroll.verticalScrollBar()
            self._place()
            bar.setValue(bar.minimum() if by > 0 else bar.maximum())
            self._tell_tools()
            self._draw()

    def step_zoom(self, by: int) -> None:
        """Take the next larger or smaller step of zoom."""
        now = self._factor()
        steps = [zoom for zoom in ZOOMS if (zoom > now * 1.01 if by > 0 else zoom < now * 0.99)]
        if self._pages and steps:
            self._zoom = steps[0] if by > 0 else steps[-1]
            self._place()
            self._soon.start()

    def fit_width(self) -> None:
        self._zoom = None
        self._room_changed()

    def _room_changed(self) -> None:
        if self._pages and self._zoom is None:
            self._place()
            self._soon.start()

    def _factor(self) -> float:
        """Return how many times the page's own size (96 dpi at 100 % text) it is shown."""
        own = self._pages[self._index].width() * 96 / 72 if self._pages else 1.0
        if self._zoom is not None:
            return self._zoom
        bar = self._scroll.verticalScrollBar().sizeHint().width()
        return max(self._scroll.width() - bar - theme.spacing(2), theme.spacing(20)) / max(own, 1.0)

    def _place(self) -> None:
        page, factor = self._pages[self._index], self._factor() * 96 / 72
        self._page.resize(
            max(1, math.floor(page.width() * factor)), max(1, math.floor(page.height() * factor))
        )

    def _draw(self) -> None:
        if self._paper is None or not self._pages:
            return
        self._turn += 1
        ratio = self.devicePixelRatioF()
        size = QSize(round(self._page.width() * ratio), round(self._page.height() * ratio))
        renderer().forget(self._paper)
        renderer().page(
            self._paper, self._index, size, then=self._mine(self._drawn), failed=self._mine(self.show_trouble)
        )

    def _drawn(self, image: QImage) -> None:
        self._slow.stop()
        self._page.show_image(image)
        self._stack.setCurrentWidget(self._scroll)
        self.shown.emit()

    # words

    def _tell_tools(self) -> None:
        many = len(self._pages)
        words = self.tr("{page} of {count}").format(page=self._index + 1, count=many) if many else ""
        self._number.setText(words)
        for widget in (self._previous, self._number, self._next):
            widget.setVisible(many > 1)
        for widget in (self._smaller, self._larger):
            widget.setVisible(many > 0)
        self._previous.setEnabled(self._index > 0)
        self._next.setEnabled(self._index < many - 1)
        named = f"{self._title.whole_text()}. {words}" if words else self._title.whole_text()
        self._scroll.setAccessibleName(named)

    def retranslate(self) -> None:
        self._previous.set_text(self.tr("Previous page"))
        self._next.set_text(self.tr("Next page"))
        self._smaller.set_text(self.tr("Smaller"))
        self._larger.set_text(self.tr("Larger"))
        self._loading.text.setText(self.tr("Reading…"))
        self._say_nothing()
        self._tell_tools()

    def changeEvent(self, event) -> None:
        super().changeEvent(event)
        if event.type() == event.Type.LanguageChange:
            self.retranslate()


def _forget(viewer: DocumentViewer, *_: object) -> None:
    """A viewer that is gone waits for nothing."""
    if viewer._paper is not None:
        renderer().forget(viewer._paper)
