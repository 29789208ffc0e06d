"""Saves a paper of the office as a file: the very bytes that are stored, signature and all."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.queries.rows import DocumentRow

_TITLE = QT_TRANSLATE_NOOP("Saving", "Save as…")
_KINDS = QT_TRANSLATE_NOOP("Saving", "PDF papers (*.pdf)")
_SAVED = QT_TRANSLATE_NOOP("Saving", "Saved as {file}")


def read_bytes(store, actor, *, document_id: int) -> tuple[str, bytes]:
    """Ask the query; imported where it runs."""
    from desktop.queries.papers import document_bytes

    return document_bytes(store, actor, document_id=document_id)


def write_bytes(*, path: str, content: bytes) -> str:
    """Write the bytes on the lane of files; returns the file's name. Unavailable "file-not-saved"."""
    from desktop.ui.printing import save_bytes, with_pdf_ending

    target = Path(with_pdf_ending(path))
    save_bytes(target, content)
    return target.name


def ask_and_save(desk, parent: QWidget, document: DocumentRow, *, choose=None) -> None:
    """Read the paper, ask where to, write it, say so."""
    ask = choose or partial(_ask, parent, desk)

    def read(found: tuple[str, bytes]) -> None:
        name, content = found
        if path := ask(name):
            desk.files(write_bytes, then=saved, path=path, content=content)

    def saved(name: str) -> None:
        assert parent is not None
        desk.notices.done(QCoreApplication.translate("Saving", _SAVED).format(file=name))

    desk.read(read_bytes, then=read, document_id=document.document_id)


def _ask(parent: QWidget, desk, name: str) -> str:
    title = QCoreApplication.translate("Saving", _TITLE)
    start = str(Path(desk.settings.save_folder or Path.home()) / name)
    return QFileDialog.getSaveFileName(parent, title, start, QCoreApplication.translate("Saving", _KINDS))[0]
