"""Files dropped on the registration screen: they fall on the form, and only while it is the form that is shown."""

from pathlib import Path


class TakesDrops:
    """Mixed into the screen; it has ``pages``, ``states`` (the form's page) and ``page`` (the form)."""

    def dragEnterEvent(self, event) -> None:
        if (
            any(url.isLocalFile() for url in event.mimeData().urls())
            and self.pages.currentWidget() is self.states
        ):
            event.acceptProposedAction()

    def dragMoveEvent(self, event) -> None:
        event.acceptProposedAction()

    def dropEvent(self, event) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        self.page.drop(paths, self.page.mapFrom(self, event.position().toPoint()))
        event.acceptProposedAction()
