"""The register of applications."""

from PySide6.QtCore import QT_TRANSLATE_NOOP

from desktop.queries import registers
from desktop.queries.rows import ApplicationRow
from desktop.ui.case_words import channel, result
from desktop.ui.rows_model import Column
from desktop.ui.screens.register_lists.list_screen import ListScreen

_TONES = {
    "licence": "done",
    "attestation": "done",
    "notice": "done",
    "refusal": "refused",
    "termination": "refused",
    "withdrawn": "paused",
}


class ApplicationsScreen(ListScreen):
    """Every application ever taken in, the newest first."""

    KIND = "applications"
    SORT = "received_at"
    STATES = (
        ("open", QT_TRANSLATE_NOOP("Register", "Under consideration")),
        ("overdue", QT_TRANSLATE_NOOP("Register", "Overdue")),
        ("closed", QT_TRANSLATE_NOOP("Register", "Closed")),
        ("licence", QT_TRANSLATE_NOOP("Register", "Licence issued")),
        ("refusal", QT_TRANSLATE_NOOP("Register", "Refused")),
        ("termination", QT_TRANSLATE_NOOP("Register", "Consideration terminated")),
        ("attestation", QT_TRANSLATE_NOOP("Register", "The commission has decided")),
        ("notice", QT_TRANSLATE_NOOP("Register", "Notice given")),
        ("withdrawn", QT_TRANSLATE_NOOP("Register", "Withdrawn by the applicant")),
    )
    read_page = staticmethod(registers.applications)
    read_count = staticmethod(registers.count_applications)

    def columns(self) -> tuple[Column, ...]:
        say = self.desk.language
        return (
            Column(
                "number",
                QT_TRANSLATE_NOOP("Column", "Number"),
                lambda row: row.number,
                width=28,
                sortable=True,
            ),
            Column(
                "received_at",
                QT_TRANSLATE_NOOP("Column", "Received"),
                lambda row: say.format_short_moment(row.received_at),
                width=34,
                sortable=True,
            ),
            Column(
                "holder",
                QT_TRANSLATE_NOOP("Column", "Applicant"),
                lambda row: say.text(row.holder),
                width=70,
                sortable=True,
            ),
            Column(
                "identifier", QT_TRANSLATE_NOOP("Column", "IIN/BIN"), lambda row: row.identifier, width=30
            ),
            Column(
                "due_at",
                QT_TRANSLATE_NOOP("Column", "Due"),
                lambda row: say.format_short_moment(row.due_at),
                width=34,
                sortable=True,
                tone=self._due_tone,
            ),
            Column(
                "result",
                QT_TRANSLATE_NOOP("Column", "State"),
                lambda row: result(row.result) if row.result else say.text(row.step),
                width=50,
                sortable=True,
                tone=lambda row: _TONES.get(row.result or "", ""),
            ),
            Column(
                "executor",
                QT_TRANSLATE_NOOP("Column", "Executor"),
                lambda row: say.text(row.executor),
                width=44,
            ),
            Column(
                "channel", QT_TRANSLATE_NOOP("Column", "Channel"), lambda row: channel(row.channel), width=36
            ),
            Column(
                "site", QT_TRANSLATE_NOOP("Column", "Site of the activity"), lambda row: row.site, width=64
            ),
            Column(
                "sub_types",
                QT_TRANSLATE_NOOP("Column", "Kinds of the activity"),
                lambda row: "; ".join(say.text(one) for one in row.sub_types),
                width=64,
            ),
            Column(
                "service", QT_TRANSLATE_NOOP("Column", "Service"), lambda row: say.text(row.service), width=60
            ),
            Column(
                "closed_at",
                QT_TRANSLATE_NOOP("Column", "Closed on"),
                lambda row: say.format_short_moment(row.closed_at),
                width=34,
            ),
            Column(
                "fee_tenge",
                QT_TRANSLATE_NOOP("Column", "Fee paid"),
                lambda row: say.format_money(row.fee_tenge),
                align="right",
                width=26,
            ),
        )

    def _due_tone(self, row: ApplicationRow) -> str:
        """Red when the day passed before the case was closed, or before its term stood still."""
        return "late" if (row.closed_at or row.paused_since or self.desk.now()) > row.due_at else ""

    def title(self) -> str:
        return self.tr("Applications")
