"""The inventory and the files of a case: what was brought, what is attached, and attaching more."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QLayout, QWidget

from desktop.cases.application import IncomingFile
from desktop.queries.rows import AttachmentRow, CaseCard, InventoryRow
from desktop.regulation.rights import Command
from desktop.ui import case_words as words
from desktop.ui import theme
from desktop.ui.screens.case_parts.part import Part, Scrolling, clear, column
from desktop.ui.screens.case_parts.verdicts import VerdictList
from desktop.ui.widgets.plain import Button, PlainLabel, set_tip
from desktop.ui.words import cited_item

VERDICT_TONES = {"ok": "done", "later": "done", "missing": "late", "expired": "late"}


def attach_files(store, actor, **facts) -> None:
    """Run the command; imported where it runs."""
    from desktop.cases.filing import attach_files as attach

    attach(store, actor, **facts)


def paper_meta(row: InventoryRow, language, tr) -> str:
    """Return the small line of an inventory item: sheets, date, item of the act."""
    parts = []
    if row.brought:
        parts.append(tr("%n sheet(s)", "", row.sheets) if row.sheets else tr("brought"))
    else:
        parts.append(tr("not brought"))
    if row.expires_on is not None:
        parts.append(tr("valid until {day}").format(day=language.format_short(row.expires_on)))
    if not row.paper.required:
        parts.append(tr("if it applies"))
    if item := cited_item(row.paper.clause):
        parts.append(item)
    if row.paper.unverified:
        parts.append(tr("not checked against its source"))
    return " · ".join(parts)


def short_name(name: str, most: int = 20) -> str:
    """Return a file's name in at most ``most`` letters: its middle gives way, its ending stays."""
    return name if len(name) <= most else f"{name[: most - 8]}…{name[-7:]}"


def link_files(layout: QLayout, files: list[AttachmentRow], open_file, parent: QWidget, tr) -> None:
    """Fill ``layout`` with one link per file; its warnings stand beside the name."""
    clear(layout)
    for file in files:
        link = Button(parent=parent, kind="link", name=f"case.file.{file.attachment_id}")
        link.set_text(short_name(file.file_name))
        link.setAccessibleName(file.file_name)
        set_tip(link, file.file_name)
        link.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        link.clicked.connect(partial(open_file, file))
        layout.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        if file.flags:
            told = ", ".join(words.flag(flag) for flag in file.flags)
            warning = PlainLabel(
                tr("Careful: {warnings}").format(warnings=told), parent, role="small", wrap=True
            )
            theme.mark(warning, tone="soon")
            layout.addWidget(warning)


class PapersPart(Part):
    """The inventory with its files; files may be attached by the dialog or dropped."""

    file_chosen = Signal(object)  # AttachmentRow

    def __init__(self, desk, act_on, parent: QWidget | None = None, *, choose_files=None) -> None:
        super().__init__(desk, parent)
        self.act_on = act_on
        self._choose = choose_files or self._choose_by_dialog
        self._page = Scrolling(self)
        self.rows = VerdictList((), name="case.paper", parent=self._page.page)
        self.rows.opened.connect(self._open_first)
        self.other_title = PlainLabel(parent=self, role="heading")
        self._other_box = QWidget(self)
        self.other = column(self._other_box, gap=1)
        self.attach = Button(parent=self, icon="attach", name="case.attach")
        self.attach.clicked.connect(self._ask_for_files)
        self.drop_hint = PlainLabel(parent=self, role="small", wrap=True)
        for widget in (self.rows, self.other_title, self._other_box, self.attach, self.drop_hint):
            self._page.column.addWidget(widget)
        self._page.column.addStretch(1)
        column(self).addWidget(self._page)
        self.setAcceptDrops(True)

    def show_card(self, card: CaseCard) -> None:
        super().show_card(card)
        self.rows.show_items([row.paper.id for row in card.inventory])
        for row in card.inventory:
            shown = self.rows.row(row.paper.id)
            shown.say(self.language.text(row.paper.title), paper_meta(row, self.language, self.tr))
            word = words.verdict(row.verdict) if row.verdict else ""
            note = f": {row.note}" if row.note else ""
            shown.show_only(word + note, VERDICT_TONES.get(row.verdict, "calm"))
            files = [file for file in card.attachments if file.paper == row.paper.id]
            link_files(shown.links, files, self._open, shown, self.tr)
        known = {row.paper.id for row in card.inventory}
        others = [file for file in card.attachments if file.paper not in known]
        link_files(self.other, others, self._open, self._other_box, self.tr)
        self.other_title.setVisible(bool(others))
        self._other_box.setVisible(bool(others))
        open_now = card.closed_at is None and self.desk.may(Command.ATTACH)
        self.attach.setVisible(open_now)
        self.drop_hint.setVisible(open_now)

    def retranslate(self) -> None:
        self.rows.retranslate()
        self.other_title.setText(self.tr("Other files"))
        self.attach.set_text(self.tr("Attach files…"))
        self.drop_hint.setText(self.tr("PDF, JPEG, PNG and TIFF; files can also be dropped here."))

    def _open(self, file: AttachmentRow, *_: object) -> None:
        self.file_chosen.emit(file)

    def _open_first(self, paper: str) -> None:
        file = next((item for item in self.card.attachments if item.paper == paper), None)
        if file is not None:
            self.file_chosen.emit(file)

    # attaching

    def _ask_for_files(self) -> None:
        self.attach_paths(self._choose())

    def _choose_by_dialog(self) -> list[str]:
        kinds = self.tr("Papers (*.pdf *.jpg *.jpeg *.png *.tif *.tiff)")
        return QFileDialog.getOpenFileNames(self, self.tr("Attach files…"), "", kinds)[0]

    def attach_paths(self, paths: list[str], paper: str | None = None) -> None:
        """Attach files to the case, to an item of the inventory or to none."""
        files = tuple(IncomingFile(Path(path), paper) for path in paths)
        if files:
            self.act_on(attach_files, said=self.tr("%n file(s) attached", "", len(files)), files=files)

    def dragEnterEvent(self, event) -> None:
        if event.mimeData().hasUrls() and self.attach.isVisible():
            event.acceptProposedAction()

    def dropEvent(self, event) -> None:
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        spot = self.rows.mapFrom(self, event.position().toPoint())
        on = next((row.item for row in self.rows.rows if row.geometry().contains(spot)), None)
        event.acceptProposedAction()
        self.attach_paths(paths, on)
