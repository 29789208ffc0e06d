"""What Qt's layouts need a hand with."""

from PySide6.QtWidgets import QLayout


def take_out(layout: QLayout) -> None:
    """Empty a layout whose widgets are placed anew at once.

    ``takeAt`` alone leaves the old items alive behind their widgets: told of a changed size are then they, and the new
    ones go on with the size they first saw.
    """
    while (item := layout.itemAt(0)) is not None:
        if item.widget() is not None:
            layout.removeWidget(item.widget())
        else:
            layout.takeAt(0)
