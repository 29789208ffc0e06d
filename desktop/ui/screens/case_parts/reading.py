"""Brings the papers of a case into the viewer, to a file, to the printer."""

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.queries.rows import AttachmentRow, CaseCard, DocumentRow
from desktop.regulation.model import Act
from desktop.ui import case_words as words
from desktop.ui import large_papers
from desktop.ui.screens.case_parts.delivering import result_of
from desktop.ui.screens.case_parts.saving import ask_and_save, read_bytes
from desktop.ui.widgets.viewer import DocumentViewer


def read_attachment(store, actor, *, attachment_id: int) -> tuple[str, bytes]:
    """Ask the query; imported where it runs."""
    from desktop.queries.papers import attachment_bytes

    return attachment_bytes(store, actor, attachment_id=attachment_id)


def read_large(store, actor, *, attachment_id: int) -> tuple[str, Path]:
    """Ask the query for a file; imported where it runs."""
    from desktop.queries.papers import attachment_file

    return attachment_file(store, actor, attachment_id=attachment_id, folder=large_papers.folder())


class Reader(QObject):
    """Reads off the GUI thread and shows what came, unless another paper was asked for meanwhile."""

    def __init__(self, desk, viewer: DocumentViewer, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._viewer, self._parent = desk, viewer, parent

    def show_first(self, card: CaseCard, *, drawn: bool, signs: bool) -> None:
        """Show what the step is about: the result, the draft, else the first file.

        ``drawn``: a paper has just been drawn and is the one to read; ``signs``: the panel shows its own.
        """
        if signs:
            return
        result = result_of(card)
        drafts = [document for document in card.documents if document.state == "draft"]
        if result is not None and (card.act == Act.DELIVER or card.closed_at is not None):
            self.show_document(result)
        elif drafts:
            self.show_document(drafts[-1])
        elif drawn and card.documents:
            self.show_document(card.documents[-1])
        elif card.attachments:
            self.show_attachment(card.attachments[0])
        elif card.documents:
            self.show_document(card.documents[-1])

    def show_attachment(self, file: AttachmentRow) -> None:
        """Show a file of the case."""
        self._viewer.show_loading(file.file_name)
        large = file.size > large_papers.LARGE

        def show(found: tuple[str, bytes | Path], kind: str = file.media_type) -> None:
            if large:
                self._viewer.show_file(str(found[1]), kind, found[0])
            else:
                self._viewer.show_paper(found[1], kind, found[0])

        self._desk.read(
            read_large if large else read_attachment,
            then=show,
            on_error=self._failed,
            latest="paper",
            attachment_id=file.attachment_id,
        )

    def show_document(self, document: DocumentRow) -> None:
        """Show a paper the office has drawn."""
        title = f"{words.document(document.kind)} № {document.number}"
        self._viewer.show_loading(title)
        self._desk.read(
            read_bytes,
            then=lambda found: self._viewer.show_pdf(found[1], title),
            on_error=self._failed,
            latest="paper",
            document_id=document.document_id,
        )

    def _failed(self, error: BaseException) -> bool:
        code = getattr(error, "code", "")
        self._viewer.show_trouble(code or "paper-unreadable", **getattr(error, "facts", {}))
        return bool(code)

    def save_document(self, document: DocumentRow) -> None:
        """Save the stored bytes under a name the person chooses."""
        ask_and_save(self._desk, self._parent, document)

    def print_document(self, document: DocumentRow) -> None:
        """Open the print dialog for a paper."""
        from desktop.ui.printing import PrintDialog

        self.dialog = PrintDialog.of_rows(self._desk, (document,), self._parent.window())
        self.dialog.open()
