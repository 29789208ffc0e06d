"""What waits for the printer, what has been printed, what has been handed over; the chosen paper beside the list."""

from functools import partial

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QSplitter, QTabBar, QVBoxLayout, QWidget

from desktop.queries import papers
from desktop.queries.printed import printed
from desktop.queries.rows import DocumentRow
from desktop.regulation.rights import Command
from desktop.ui import theme
from desktop.ui.printing import PrintDialog
from desktop.ui.rows_model import Column, RowsModel
from desktop.ui.widgets.empty import States
from desktop.ui.widgets.keys import Shortcut
from desktop.ui.widgets.plain import Button, PlainLabel
from desktop.ui.widgets.rows_table import RowsTable
from desktop.ui.widgets.screen import Screen
from desktop.ui.widgets.viewer import DocumentViewer
from desktop.ui.words import kind_name

_FACES = (
    ("ready", QT_TRANSLATE_NOOP("PrintQueue", "To print")),
    ("printed", QT_TRANSLATE_NOOP("PrintQueue", "Printed")),
    ("handed", QT_TRANSLATE_NOOP("PrintQueue", "Handed over")),
)


class PrintQueueScreen(Screen):
    """Three lists of papers. The primary action prints what is selected."""

    shows_what_others_do = True

    def __init__(self, desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.setObjectName("screen.print_queue")
        self._face = "ready"
        self._shown: int | None = None
        self.model = RowsModel(self._columns(), self)
        self.table = RowsTable(self.model, name="print_queue.table")
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.states = States(self.table, self)
        self.viewer = DocumentViewer(self, name="print_queue.viewer")
        self._build()
        self.table.row_chosen.connect(self._show_paper)
        self.table.row_opened.connect(self._open_case)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._name_action())
        self.print.clicked.connect(self.print_chosen)
        Shortcut(
            QKeySequence("Ctrl+Enter"),
            self,
            self.print.click,
            context=Qt.ShortcutContext.WidgetWithChildrenShortcut,
        )
        self.retranslate()

    def _build(self) -> None:
        self.faces = QTabBar(self)
        self.faces.setObjectName("print_queue.faces")
        self.faces.setExpanding(False)
        for _key, source in _FACES:
            self.faces.addTab(QCoreApplication.translate("PrintQueue", source))
        self.faces.currentChanged.connect(lambda number: self.show_face(_FACES[number][0]))
        bar = QHBoxLayout()
        bar.setContentsMargins(theme.spacing(4), theme.spacing(2), theme.spacing(4), 0)
        bar.setSpacing(theme.spacing(2))
        bar.addWidget(self.faces)
        bar.addStretch(1)
        self.count = PlainLabel(parent=self, role="muted", name="print_queue.count")
        self.print = Button(
            parent=self, kind="primary", icon="print", name="print_queue.print", shortcut="Ctrl+Return"
        )
        self.print.setVisible(self.desk.may(Command.PRINT))
        bar.addWidget(self.count)
        bar.addWidget(self.print)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.states)
        self.splitter.addWidget(self.viewer)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addWidget(self.splitter, 1)

    def _columns(self) -> tuple[Column, ...]:
        say = self.desk.language
        return (
            Column("kind", QT_TRANSLATE_NOOP("Column", "Paper"), lambda row: kind_name(row.kind), width=56),
            Column("number", QT_TRANSLATE_NOOP("Column", "Number"), lambda row: row.number, width=28),
            Column("holder", QT_TRANSLATE_NOOP("Column", "Applicant"), lambda row: say.text(row.holder)),
            Column(
                "dated",
                QT_TRANSLATE_NOOP("Column", "Date"),
                lambda row: say.format_short(row.dated),
                width=24,
            ),
            Column("case", QT_TRANSLATE_NOOP("Column", "Case"), lambda row: row.case_number, width=28),
            Column(
                "signer", QT_TRANSLATE_NOOP("Column", "Signed by"), lambda row: say.text(row.signer), width=40
            ),
            Column(
                "printed_at",
                QT_TRANSLATE_NOOP("Column", "Printed on"),
                lambda row: say.format_short_moment(row.printed_at),
                width=34,
            ),
            Column(
                "copies",
                QT_TRANSLATE_NOOP("Column", "Copies"),
                lambda row: str(row.copies or ""),
                align="right",
                width=18,
            ),
            Column("handed", QT_TRANSLATE_NOOP("Column", "Handed to"), lambda row: row.handed_to, width=44),
        )

    def show_face(self, face: str) -> None:
        """Show one of the three lists: ready, printed or handed."""
        self._face = face
        number = [key for key, _source in _FACES].index(face)
        if self.faces.currentIndex() != number:
            self.faces.setCurrentIndex(number)  # comes back here
            return
        self.refresh()

    def _hide_columns(self) -> None:
        shown = {
            "ready": ("kind", "number", "holder", "dated"),
            "printed": ("kind", "number", "holder", "printed_at", "copies"),
            "handed": ("kind", "number", "holder", "handed"),
        }[self._face]
        for number, column in enumerate(self.model.columns):
            self.table.setColumnHidden(number, column.id not in shown)

    def refresh(self) -> None:
        self._hide_columns()
        self.states.show_loading()
        asks = {
            "ready": partial(self.desk.read, papers.print_queue),
            "printed": partial(self.desk.read, printed, handed=False),
            "handed": partial(self.desk.read, printed, handed=True),
        }
        asks[self._face](
            then=partial(self._show, self._face),
            on_error=partial(self.states.show_error, retry=self.refresh),
            latest="papers",
        )

    def _show(self, face: str, rows: tuple[DocumentRow, ...]) -> None:
        if face != self._face:
            return
        self.table.show_rows(rows, same=lambda old, new: old.document_id == new.document_id)
        self.count.setText(self.tr("%n paper(s)", "", len(rows)))
        if rows:
            self.states.show_content()
            if not self.table.currentIndex().isValid():
                self.table.put_cursor(0)
            self._show_paper(self.table.current_row())
        else:
            self._say_empty()
            self._show_paper(None)
        self._name_action()

    def _say_empty(self) -> None:
        words = {
            "ready": self.tr("Nothing waits for the printer"),
            "printed": self.tr("No printed paper waits to be handed over"),
            "handed": self.tr("Nothing has been handed over yet"),
        }
        self.states.show_empty(words[self._face], icon="print")

    def _show_paper(self, row: DocumentRow | None) -> None:
        if row is None:
            self._shown = None
            self.viewer.show_nothing()
            return
        if row.document_id == self._shown:
            return
        self._shown = row.document_id
        title = f"{kind_name(row.kind)} {row.number}"
        self.viewer.show_loading(title)
        self.desk.read(
            papers.document_bytes,
            then=partial(self._read, row.document_id, title),
            on_error=self._unread,
            latest="paper",
            document_id=row.document_id,
        )

    def _read(self, document_id: int, title: str, found: tuple[str, bytes]) -> None:
        if document_id == self._shown:
            self.viewer.show_pdf(found[1], title)

    def _unread(self, error: BaseException) -> bool:
        self._shown = None
        if not hasattr(error, "code"):
            return False
        self.viewer.show_trouble(error.code, **error.facts)
        return True

    def _open_case(self, row: DocumentRow) -> None:
        if row.case_id is not None:
            self.case_chosen.emit(row.case_id)

    def chosen(self) -> tuple[DocumentRow, ...]:
        """Return the rows selected (Ctrl+A selects all)."""
        return tuple(self.model.row_at(index) for index in self.table.selectionModel().selectedRows())

    def print_chosen(self) -> None:
        """Open the dialog for what is selected."""
        rows = self.chosen()
        if rows:
            dialog = PrintDialog.of_rows(self.desk, rows, self)
            dialog.finished.connect(self._after_printing)
            dialog.open()

    def _after_printing(self) -> None:
        self.refresh()

    def _name_action(self) -> None:
        count = len(self.chosen())
        self.print.set_text(self.tr("Print…") if count <= 1 else self.tr("Print %n paper(s)…", "", count))
        self.print.set_why_not("" if count else self.tr("Choose a paper first"))

    def focusInEvent(self, event) -> None:
        super().focusInEvent(event)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        for number, (_key, source) in enumerate(_FACES):
            self.faces.setTabText(number, QCoreApplication.translate("PrintQueue", source))
        self.faces.setAccessibleName(self.tr("Papers"))
        self.table.setAccessibleName(self.tr("Papers"))
        self.model.retranslate()
        self.count.setText(self.tr("%n paper(s)", "", self.model.rowCount()))
        if self.states.currentWidget() is self.states.empty:
            self._say_empty()
        self._name_action()
