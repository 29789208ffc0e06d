"""Packages of the portal and the centres: what came, what the law's conditions found, what became of each."""

from functools import partial

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from desktop.regulation.package_checks import Verdict
from desktop.ui import exchange_words, theme, words
from desktop.ui.messages import sentence
from desktop.ui.rows_model import Column
from desktop.ui.screens.package_parts.found import FoundPart
from desktop.ui.screens.register_lists.table import RegisterModel, RegisterTable
from desktop.ui.widgets.drop_area import DropArea
from desktop.ui.widgets.empty import States
from desktop.ui.widgets.plain import PlainLabel
from desktop.ui.widgets.screen import Screen

_STATES = {
    "waiting": QT_TRANSLATE_NOOP("Packages", "waits"),
    "registered": QT_TRANSLATE_NOOP("Packages", "registered"),
    "refused": QT_TRANSLATE_NOOP("Packages", "refused"),
}


def read_packages(store, actor, *, waiting_only: bool):
    """Ask the query; imported where it runs."""
    from desktop.queries.exchange import packages

    return packages(store, actor, waiting_only=waiting_only)


class PackagesScreen(Screen):
    """The list above or at the left, what was found of the chosen one beside it. Drop packages anywhere."""

    shows_what_others_do = True

    def __init__(self, desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.setObjectName("screen.packages")
        self.setAcceptDrops(True)
        self._faults: list[tuple[str, BaseException]] = []
        self.drop = DropArea(self, name="packages.drop", filters="ZIP (*.zip)")
        self.drop.chosen.connect(lambda path: desk.arriving.take([path]))
        self.drop.folder = desk.settings.incoming_folder
        self.all = QCheckBox(self)
        self.all.setObjectName("packages.all")
        self.all.toggled.connect(self.refresh)
        self.count = PlainLabel(parent=self, role="muted", name="packages.count")
        self.faults = PlainLabel(parent=self, wrap=True, name="packages.faults").make_selectable()
        theme.mark(self.faults, tone="late")
        self.faults.hide()
        self.model = RegisterModel(self._columns(), self)
        self.table = RegisterTable(self.model, "packages", name="packages.table")
        self.table.horizontalHeader().setSortIndicatorShown(False)
        self.states = States(self.table, self)
        self.found = FoundPart(desk, self)
        self.found.case_chosen.connect(self.case_chosen)
        self.found.settled.connect(self.refresh)
        self.table.selectionModel().currentRowChanged.connect(self._choose)
        self.table.row_opened.connect(self._open)
        self._lay_out()
        desk.arriving.came.connect(self._came)
        desk.arriving.refused.connect(self._refuse)
        self.retranslate()

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.addWidget(self.all)
        bar.addStretch(1)
        bar.addWidget(self.count)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.setObjectName("packages.splitter")
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.states)
        self.splitter.addWidget(self.found)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.spacing(4), theme.spacing(3), theme.spacing(4), theme.spacing(2))
        layout.setSpacing(theme.spacing(2))
        layout.addWidget(self.drop)
        layout.addWidget(self.faults)
        layout.addLayout(bar)
        layout.addWidget(self.splitter, 1)

    def _columns(self) -> tuple[Column, ...]:
        say = self.desk.language
        return (
            Column(
                "came_at",
                QT_TRANSLATE_NOOP("Column", "Received"),
                lambda row: say.format_short_moment(row.came_at),
                width=36,
            ),
            Column(
                "state",
                QT_TRANSLATE_NOOP("Column", "State"),
                self._state_of,
                width=44,
                tone=_tone,
                icon=_tone,
            ),
            Column(
                "holder", QT_TRANSLATE_NOOP("Column", "Applicant"), lambda row: say.text(row.holder), width=64
            ),
            Column(
                "identifier", QT_TRANSLATE_NOOP("Column", "IIN / BIN"), lambda row: row.identifier, width=34
            ),
            Column(
                "service", QT_TRANSLATE_NOOP("Column", "Service"), lambda row: say.text(row.service), width=64
            ),
            Column(
                "channel",
                QT_TRANSLATE_NOOP("Column", "Channel"),
                lambda row: words.channel_name(row.channel),
                width=44,
            ),
            Column("case", QT_TRANSLATE_NOOP("Column", "Case"), lambda row: row.case_number, width=30),
        )

    def _state_of(self, row) -> str:
        if row.state == "waiting":
            failed = [one for one in row.found if one.verdict is Verdict.FAILED]
            if failed:
                return (
                    exchange_words.check(failed[0].check) + ": " + exchange_words.verdict(failed[0].verdict)
                )
        return QCoreApplication.translate("Packages", _STATES.get(row.state, row.state))

    # reading

    def refresh(self) -> None:
        self.states.show_loading()
        self.desk.read(
            read_packages,
            then=self._show,
            on_error=partial(self.states.show_error, retry=self.refresh),
            latest="packages",
            waiting_only=not self.all.isChecked(),
        )

    def _show(self, rows) -> None:
        self.table.show_rows(rows, same=lambda old, new: old.row_id == new.row_id)
        self.count.setText(self.tr("%n package(s)", "", len(rows)))
        if not rows:
            self.found.show_package(None)
            self._say_empty()
            return
        self.states.show_content()
        if not self.table.currentIndex().isValid():
            self.table.put_cursor(0)
        self.found.show_package(self.table.current_row())

    def _say_empty(self) -> None:
        none = self.tr("No package ever came") if self.all.isChecked() else self.tr("No package waits")
        self.states.show_empty(none, icon="import")

    def _choose(self, *_: object) -> None:
        self.found.show_package(self.table.current_row())

    def _open(self, row) -> None:
        if row.case_id is not None:
            self.case_chosen.emit(row.case_id)

    # arriving

    def _came(self, _row_id: int) -> None:
        self.refresh()

    def _refuse(self, name: str, error: BaseException) -> None:
        """What could not be opened is nobody's package yet: it is said here, by the name of its file."""
        self._faults = [*self._faults[-4:], (name, error)]
        self._say_faults()

    def _say_faults(self) -> None:
        told = [f"{name}: {sentence(error, self.desk.language)}" for name, error in self._faults]
        self.faults.setText("\n".join(told))
        self.faults.setVisible(bool(told))

    def dragEnterEvent(self, event) -> None:
        self.drop.dragEnterEvent(event)

    def dropEvent(self, event) -> None:
        """Take every file dropped, wherever on the screen it fell."""
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self._faults.clear()
            self._say_faults()
            self.desk.arriving.take(paths)

    def focusInEvent(self, event) -> None:
        super().focusInEvent(event)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        self.drop.set_texts(
            self.tr("Drop packages of the portal and the centres here."), self.tr("Choose a package…")
        )
        self.all.setText(self.tr("Settled ones too"))
        self.all.setAccessibleName(self.all.text())
        self.table.setAccessibleName(self.tr("Packages"))
        self.model.retranslate()
        self.count.setText(self.tr("%n package(s)", "", self.model.rowCount()))
        self._say_faults()
        self.found.retranslate()
        if self.states.currentWidget() is self.states.empty:
            self._say_empty()


def _tone(row) -> str:
    if row.state == "registered":
        return "done"
    verdicts = {one.verdict for one in row.found}
    if row.state == "refused" or Verdict.FAILED in verdicts:
        return "refused"
    return "soon" if Verdict.UNCHECKED in verdicts else "done"
