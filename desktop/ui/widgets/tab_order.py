"""Tab goes as the eye does: from control to control in the order in which layouts show them.

Qt goes in the order in which widgets were made, so whatever is made later (the rows of a list that was read, the
people who may vote) came last, or never. Here the order is read off the layouts when Tab is pressed.
"""

from collections.abc import Iterable, Iterator

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QCheckBox,
    QGridLayout,
    QLayout,
    QMainWindow,
    QScrollArea,
    QSplitter,
    QWidget,
)

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class TabsByEye:
    """Put before the class of a window (and of what may stand alone as one)."""

    def focusNextPrevChild(self, forward: bool) -> bool:
        if not self.isWindow():
            return super().focusNextPrevChild(forward)
        return go(self, forward=forward) or super().focusNextPrevChild(forward)

    def keyPressEvent(self, event) -> None:
        """Enter presses the button it stands on; Qt does so in dialogs only."""
        if self.isWindow() and event.key() in _ENTER and press(self.focusWidget(), event):
            return
        super().keyPressEvent(event)


def press(here: QWidget | None, event) -> bool:
    """Click the button ``here`` for the Enter of ``event``; False when it is none, or keys are held beside it."""
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if held or not isinstance(here, QAbstractButton) or isinstance(here, QCheckBox):
        return False
    here.click()
    return True


def go(window: QWidget, *, forward: bool) -> bool:
    """Give the focus to the next stop of ``window``, or the one before; False when where it is now is no stop.

    Qt asks the same when what has the focus is being hidden, disabled or destroyed: that is answered by Qt alone.
    """
    here = window.focusWidget()
    if here is not None and not (here.isVisible() and here.isEnabled()):
        return False
    order = list(stops(window))
    if here not in order:
        if here is not None and here is not window:
            return False
        order, at = [*order, here], len(order)
    else:
        at = order.index(here)
    if len(order) < 2:
        return False
    stop = order[(at + (1 if forward else -1)) % len(order)]
    stop.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
    bring_into_view(stop)
    return True


def bring_into_view(widget: QWidget) -> None:
    """Scroll whatever ``widget`` lies in so that it is seen."""
    above = widget.parentWidget()
    while above is not None and not above.isWindow():
        if isinstance(above, QScrollArea) and above.widget() is not None:
            show_in(above, widget)
        above = above.parentWidget()


def show_in(area: QScrollArea, widget: QWidget, beside: int = 50, around: int = 50) -> None:
    """Scroll ``area`` to the whole of ``widget`` with so many pixels to spare; Qt shows a list's current line alone."""
    top = widget.mapTo(area.widget(), QPoint())
    if widget.height() <= area.viewport().height():
        area.ensureVisible(top.x(), top.y() + widget.height(), beside, around)
        area.ensureVisible(top.x(), top.y(), beside, min(around, area.viewport().height() - widget.height()))
    else:
        area.ensureWidgetVisible(widget, beside, around)


def stops(widget: QWidget) -> Iterator[QWidget]:
    """Yield what Tab stops at within ``widget``, in the order it is laid out."""
    for child in _laid_out(widget):
        if not child.isVisibleTo(widget) or child.isWindow():
            continue
        if _is_stop(child):
            yield child
        yield from stops(child)


def _is_stop(widget: QWidget) -> bool:
    return bool(
        widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isEnabled() and widget.focusProxy() is None
    )


def _laid_out(widget: QWidget) -> Iterable[QWidget]:
    """Return the children of ``widget``: as its layout has them, then those that lie in no layout."""
    if isinstance(widget, QSplitter):
        return [widget.widget(number) for number in range(widget.count())]
    if isinstance(widget, QMainWindow):
        bars = widget.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        return sorted(bars, key=lambda one: (one.y(), one.x()))
    if isinstance(widget, QAbstractScrollArea) and not isinstance(widget, QScrollArea):
        return []  # a list, a table, a text: one stop
    children = widget.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    layout = widget.layout()
    if layout is None:
        return children
    placed = dict.fromkeys(_in_layout(layout, children))
    return [*placed, *(one for one in children if one not in placed)]


def _in_layout(layout: QLayout, children: list[QWidget]) -> Iterator[QWidget]:
    """Yield those of ``children`` that lie in ``layout``, as it has them.

    Layout items are not touched: PySide gives them wrappers which outlive them, and the heap breaks later.
    """
    inner = [one for one in layout.children() if isinstance(one, QLayout)]
    here = [(layout.indexOf(one), one) for one in (*children, *inner)]
    found = [(number, one) for number, one in here if number >= 0]
    if isinstance(layout, QGridLayout):
        found.sort(key=lambda pair: layout.getItemPosition(pair[0]))
    else:
        found.sort(key=lambda pair: pair[0])
    for _, one in found:
        if isinstance(one, QLayout):
            yield from _in_layout(one, children)
        else:
            yield one
