"""The route of a case as a diagram, in a window of its own beside the case."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from desktop.queries.way_rows import CaseWay
from desktop.ui import theme
from desktop.ui.diagram.paper import DrawingDialog
from desktop.ui.diagram.view import DiagramView
from desktop.ui.widgets.empty import States
from desktop.ui.widgets.tab_order import TabsByEye


def read_way(store, actor, *, case_id: int) -> CaseWay:
    """Ask the query; imported where it runs, off the GUI thread."""
    from desktop.queries.case_way import case_way

    return case_way(store, actor, case_id=case_id)


class RouteWindow(TabsByEye, QDialog):
    """What the act says, and how this case has gone through it: F5 and every change read it anew."""

    def __init__(
        self, desk, case_id: int, number: str, parent: QWidget | None = None, *, read=read_way
    ) -> None:
        super().__init__(parent)
        self.setObjectName("route_diagram")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.desk, self.case_id, self._read = desk, case_id, read
        self._number = number
        self.view = DiagramView(desk.language, self, name="route_diagram.view")
        self.view.paper_asked.connect(self.open_paper)
        self.states = States(self.view, self)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(*[theme.spacing(3)] * 4)
        whole.addWidget(self.states)
        self.resize(*self._roomy())
        desk.changed.connect(self._hear)
        self.retranslate()
        self.refresh()

    def _roomy(self) -> tuple[int, int]:
        over = self.parentWidget().window() if self.parentWidget() is not None else None
        if over is None:
            return theme.spacing(280), theme.spacing(180)
        return round(over.width() * 0.92), round(over.height() * 0.94)

    def refresh(self) -> None:
        self.states.show_loading()
        self.desk.read(self._read, then=self._show, on_error=self._failed, latest="way", case_id=self.case_id)

    def _failed(self, error: BaseException) -> bool:
        return self.states.show_error(error, self.refresh)

    def _show(self, way: CaseWay) -> None:
        service = way.regulation.service(way.service)
        first = self.view.shapes is None
        self.view.show_operation(
            way.regulation, service, service.operation(way.operation), way.channel, way.trace, case=way.number
        )
        self.states.show_content()
        if first:
            self.view.canvas.choose(self.view.canvas.start())
            self.view.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_paper(self) -> None:
        """Show the drawing as it will be printed."""
        if self.view.shapes is not None:
            DrawingDialog(self.desk, self.view.shapes, self.view.title, self).open()

    def _hear(self, change) -> None:
        if change.concerns(self.case_id):
            self.refresh()

    def changeEvent(self, event) -> None:
        super().changeEvent(event)
        if event.type() == event.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Route of {number}").format(number=self._number))
