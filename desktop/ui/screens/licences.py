"""The register of licences issued here."""

from PySide6.QtCore import QT_TRANSLATE_NOOP, Qt

from desktop.queries import registers
from desktop.queries.rows import LicenceRow
from desktop.ui import case_words as words
from desktop.ui.rows_model import Column
from desktop.ui.screens.licence_parts.card import TONES, LicenceCardDialog
from desktop.ui.screens.register_lists.list_screen import ListScreen
from desktop.ui.widgets.keys import Shortcut
from desktop.ui.widgets.plain import Button, set_tip

_STATES = tuple(words.LICENCE_STATES.items())
_KEYS = "Ctrl+H"


class LicencesScreen(ListScreen):
    """Every licence, the newest first."""

    KIND = "licences"
    SORT = "issued_on"
    STATES = _STATES
    read_page = staticmethod(registers.licences)
    read_count = staticmethod(registers.count_licences)

    def __init__(self, desk, parent=None) -> None:
        self.history = Button(icon="journal", name="licences.history")
        self.dialog: LicenceCardDialog | None = None  # the last one, for tests
        super().__init__(desk, parent)
        self.bar.add_action(self.history)
        self.history.clicked.connect(self.open_card)
        Shortcut(_KEYS, self, self.open_card, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.table.row_chosen.connect(lambda row: self.history.setEnabled(row is not None))

    def open_card(self) -> None:
        """Show the history of the licence the cursor is on, and what can be entered about it."""
        row = self.table.current_row()
        if row is None:
            return
        self.dialog = LicenceCardDialog(self.desk, row.licence_id, self)
        self.dialog.open()
        self.dialog.refresh()

    def retranslate(self) -> None:
        super().retranslate()
        self.history.set_text(self.tr("History and decisions…"))
        set_tip(self.history, self.history.accessibleName(), _KEYS)

    def columns(self) -> tuple[Column, ...]:
        say = self.desk.language
        return (
            Column(
                "number",
                QT_TRANSLATE_NOOP("Column", "Licence"),
                lambda row: row.number,
                width=30,
                sortable=True,
            ),
            Column(
                "issued_on",
                QT_TRANSLATE_NOOP("Column", "Issued on"),
                lambda row: say.format_short(row.issued_on),
                width=26,
                sortable=True,
            ),
            Column(
                "holder",
                QT_TRANSLATE_NOOP("Column", "Holder"),
                lambda row: say.text(row.holder),
                width=62,
                sortable=True,
            ),
            Column(
                "identifier", QT_TRANSLATE_NOOP("Column", "IIN/BIN"), lambda row: row.identifier, width=30
            ),
            Column(
                "status",
                QT_TRANSLATE_NOOP("Column", "State"),
                lambda row: words.licence_state(row.status),
                width=48,
                tone=lambda row: TONES.get(row.status, ""),
            ),
            Column(
                "changed_on",
                QT_TRANSLATE_NOOP("Column", "Since"),
                lambda row: say.format_short(row.changed_on),
                width=26,
            ),
            Column(
                "basis",
                QT_TRANSLATE_NOOP("Column", "Ground"),
                lambda row: say.text(row.basis) if row.basis else "",
                width=64,
            ),
            Column(
                "replaced_by",
                QT_TRANSLATE_NOOP("Column", "Replaced by"),
                lambda row: row.replaced_by,
                width=30,
            ),
            Column(
                "site", QT_TRANSLATE_NOOP("Column", "Site of the activity"), lambda row: row.site, width=64
            ),
            Column("annex", QT_TRANSLATE_NOOP("Column", "Annex"), lambda row: row.annex_number, width=18),
            Column(
                "signer", QT_TRANSLATE_NOOP("Column", "Signed by"), lambda row: say.text(row.signer), width=44
            ),
            Column("case_number", QT_TRANSLATE_NOOP("Column", "Case"), lambda row: row.case_number, width=28),
            Column(
                "handed_to", QT_TRANSLATE_NOOP("Column", "Handed to"), lambda row: row.handed_to, width=44
            ),
            Column(
                "sub_types",
                QT_TRANSLATE_NOOP("Column", "Kinds of the activity"),
                lambda row: say.text(row.sub_types),
                width=64,
            ),
            Column(
                "address",
                QT_TRANSLATE_NOOP("Column", "Address of the holder"),
                lambda row: row.holder_address,
                width=64,
            ),
        )

    @staticmethod
    def same(old: LicenceRow, new: LicenceRow) -> bool:
        return old.licence_id == new.licence_id

    def title(self) -> str:
        return self.tr("Licences")
