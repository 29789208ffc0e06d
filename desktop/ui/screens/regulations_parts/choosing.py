"""Choosing an act, one of its operations and a channel: three drop-downs, of which the act's may be elsewhere."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.queries.regulations import LawReading, RegulationRow
from desktop.regulation.model import Channel, Operation, Service
from desktop.ui import theme, words
from desktop.ui.law_words import LawWords
from desktop.ui.widgets.form import choice


class Chooser(QWidget):
    """``changed``: another operation or channel was chosen; ``law_wanted``: another act, by its hash."""

    changed = Signal()
    law_wanted = Signal(str)

    def __init__(self, desk, parent: QWidget | None = None, *, name: str, acts: bool = True) -> None:
        super().__init__(parent)
        self._desk = desk
        self._words = LawWords(desk.language)
        self._rows: tuple[RegulationRow, ...] = ()
        self._law: LawReading | None = None
        self.act, self.operation, self.channel = choice(), choice(), choice()
        self.operation.cut = (
            Qt.TextElideMode.ElideMiddle
        )  # operations of a service differ in their last words
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.spacing(2))
        for part, editor, share in (
            ("act", self.act, 4),
            ("operation", self.operation, 5),
            ("channel", self.channel, 2),
        ):
            editor.setParent(self)
            editor.setObjectName(f"{name}.{part}")
            layout.addWidget(editor, share)
        self.act.setVisible(acts)
        self.act.activated.connect(lambda at: self.law_wanted.emit(self.act.itemData(at)))
        self.operation.activated.connect(self._operation_changed)
        self.channel.activated.connect(lambda _: self.changed.emit())
        self.retranslate()

    def show_rows(self, rows: tuple[RegulationRow, ...]) -> None:
        """Offer the acts; the chosen one stays."""
        self._rows = rows
        kept = self.act.currentData()
        self.act.clear()
        for row in rows:
            self.act.addItem(self._act_of(row), row.sha256)
        self.act.setCurrentIndex(max(0, self.act.findData(kept)) if rows else -1)

    def _act_of(self, row: RegulationRow) -> str:
        return self._words.short(row)

    def choose_act(self, sha256: str) -> None:
        """Show which act is chosen elsewhere."""
        self.act.setCurrentIndex(self.act.findData(sha256))

    def suggest_other(self, than: RegulationRow, service: str) -> None:
        """Choose another act than this one where there is another: of the same service, in force, the newest first."""
        others = [row for row in self._rows if row.regulation != than.regulation]
        others = others or [row for row in self._rows if row.sha256 != than.sha256] or [than]
        other = min(
            others,
            key=lambda row: (service not in row.service_ids, row.repealed_by is not None, not row.act_number),
        )
        self.act.setCurrentIndex(self.act.findData(other.sha256))
        self.law_wanted.emit(other.sha256)

    def show_law(
        self,
        law: LawReading,
        *,
        like: tuple[Service, Operation] | None = None,
        channel: Channel | None = None,
    ) -> None:
        """Offer the operations of an act; the chosen one stays, or the one most ``like`` another act's."""
        kept = self.operation.currentData() if self._law is not None else None
        self._law = law
        self.operation.clear()
        text = self._desk.language.text
        for service in law.regulation.services:
            for operation in service.operations:
                told = self._words.joined(text(service.title), text(operation.title))
                self.operation.addItem(told, (service.id, operation.id))
        wanted = [kept] if like is None else []
        if like is not None:
            wanted = [(like[0].id, like[1].id), *self._of_kind(law, like[1])]
        at = next((at for one in wanted if (at := self._find(one)) >= 0), 0)
        self.operation.setCurrentIndex(at)
        self._offer_channels(channel)

    def _of_kind(self, law: LawReading, like: Operation) -> list[tuple[str, str]]:
        return [
            (service.id, operation.id)
            for service in law.regulation.services
            for operation in service.operations
            if operation.kind is like.kind
        ]

    def _find(self, wanted: object) -> int:
        return next((at for at in range(self.operation.count()) if self.operation.itemData(at) == wanted), -1)

    def _operation_changed(self, _at: int) -> None:
        self._offer_channels(None)
        self.changed.emit()

    def _offer_channels(self, wanted: Channel | None) -> None:
        kept = wanted or self.channel.currentData()
        self.channel.clear()
        chosen = self._operation()
        if chosen is None:
            return
        for channel in chosen[1].channels:
            self.channel.addItem(words.channel_name(channel), channel)
        at = next((at for at, one in enumerate(chosen[1].channels) if one == kept), 0)
        self.channel.setCurrentIndex(at)

    def _operation(self) -> tuple[Service, Operation] | None:
        found = self.operation.currentData()
        if self._law is None or found is None:
            return None
        service = self._law.regulation.service(found[0])
        return service, service.operation(found[1])

    def chosen(self) -> tuple[Service, Operation, Channel] | None:
        """Return what is chosen; None before there is an act."""
        found = self._operation()
        return (*found, Channel(self.channel.currentData())) if found is not None else None

    def retranslate(self) -> None:
        self.act.setAccessibleName(self.tr("Act"))
        self.operation.setAccessibleName(self.tr("Service and operation"))
        self.channel.setAccessibleName(self.tr("Channel"))
        if self._rows:
            self.show_rows(self._rows)
        if self._law is not None:
            self.show_law(self._law)
