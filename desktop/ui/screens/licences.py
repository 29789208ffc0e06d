"""The register of licences issued here."""

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop.queries import registers
from desktop.queries.rows import LicenceRow
from desktop.ui.rows_model import Column
from desktop.ui.screens.register_lists.list_screen import ListScreen

_STATES = (
    ("issued", QT_TRANSLATE_NOOP("Register", "Issued")),
    ("reissued", QT_TRANSLATE_NOOP("Register", "Re-issued")),
    ("suspended", QT_TRANSLATE_NOOP("Register", "Suspended")),
    ("resumed", QT_TRANSLATE_NOOP("Register", "Resumed")),
    ("terminated", QT_TRANSLATE_NOOP("Register", "Terminated")),
)
_TONES = {
    "issued": "done",
    "reissued": "done",
    "resumed": "done",
    "suspended": "paused",
    "terminated": "refused",
}


class LicencesScreen(ListScreen):
    """Every licence, the newest first."""

    KIND = "licences"
    SORT = "issued_on"
    STATES = _STATES
    read_page = staticmethod(registers.licences)
    read_count = staticmethod(registers.count_licences)

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
                width=70,
                sortable=True,
            ),
            Column(
                "identifier", QT_TRANSLATE_NOOP("Column", "IIN/BIN"), lambda row: row.identifier, width=30
            ),
            Column(
                "status",
                QT_TRANSLATE_NOOP("Column", "State"),
                lambda row: state_word(row.status),
                width=30,
                tone=lambda row: _TONES.get(row.status, ""),
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


def state_word(status: str) -> str:
    """Return the state's name; one this program does not know stays as it is."""
    source = dict(_STATES).get(status)
    return QCoreApplication.translate("Register", source) if source else status
