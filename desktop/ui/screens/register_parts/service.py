"""Which service of which act, which operation, through which channel; for another counter its own receipt."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop.queries.service_rows import ServiceChoice
from desktop.regulation.model import CENTRES, COUNTERS, Channel
from desktop.ui import theme
from desktop.ui.screens.register_parts.entry import Values
from desktop.ui.screens.register_parts.fields import Columns, DateEdit, Section, TimeEdit
from desktop.ui.widgets.form import choice, line_edit
from desktop.ui.widgets.plain import PlainLabel
from desktop.ui.widgets.search_choice import SearchChoice
from desktop.ui.words import channel_name

_Service = tuple[str, str]  # ids of the regulation and of its service
KEPT = ("service", "channel", "outside_number", "received_date", "received_time")


class ServiceSection(Section):
    """Service (typed to be found), operation, channel; moment and number of the outside receipt."""

    service_changed = Signal()

    def __init__(self, language, parent: QWidget | None = None) -> None:
        super().__init__("service", parent)
        self._language = language
        self._choices: tuple[ServiceChoice, ...] = ()
        self._kept: Values = {}  # shown before the services were known
        self.service = SearchChoice(name="register.service")
        self.operation, self.channel = choice(), choice()
        self.notes = PlainLabel(parent=self, role="small", wrap=True, name="register.notes")
        self.repealed = PlainLabel(parent=self, role="small", wrap=True, name="register.repealed")
        theme.mark(self.repealed, tone="soon")
        service = self.add_field("service", self.service, required=True)
        operation = self.add_field("operation", self.operation, required=True)
        channel = self.add_field("channel", self.channel, required=True)
        self.body.addWidget(Columns([[service], [operation], [channel]], self))
        self.day, self.time = DateEdit(), TimeEdit()
        received = self.add_field("received_at", self.day, required=True)
        received_time = self.add_field("received_time", self.time, required=True)
        self.day.setObjectName("register.received_date")
        self.outside = Columns(
            [[received, received_time, self.add_field("outside_number", line_edit(limit=80), required=True)]],
            self,
        )
        self.body.addWidget(self.outside)
        self.body.addWidget(self.notes)
        self.body.addWidget(self.repealed)
        self.service.currentIndexChanged.connect(self._service_picked)
        self.operation.currentIndexChanged.connect(self._operation_picked)
        self.channel.currentIndexChanged.connect(self._channel_picked)
        self.retranslate()

    def show_services(self, choices: tuple[ServiceChoice, ...]) -> None:
        """Offer what can be applied for, the likeliest first; what was chosen before stays chosen."""
        kept = self.values() if self._choices else self._kept
        self._choices = choices
        self.service.blockSignals(True)
        self.service.clear()
        for number, (place, title) in enumerate(self._services().items()):
            self.service.addItem(title, place)
            self.service.setItemData(number, self._tip(place), Qt.ItemDataRole.ToolTipRole)
        self.service.blockSignals(False)
        self._choose(kept)

    def chosen(self) -> ServiceChoice | None:
        """Return the operation chosen with all that belongs to it."""
        wanted = self.operation.currentData()
        return next((one for one in self._of_service() if one.operation == wanted), None)

    def chosen_channel(self) -> Channel:
        return Channel(self.channel.currentData() or Channel.OFFICE)

    def values(self) -> Values:
        if not self._choices:
            return dict(self._kept)
        one = self.chosen()
        place = [one.regulation_id, one.service, one.operation] if one else []
        return {
            "service": place,
            "channel": self.chosen_channel().value,
            "outside_number": self.text("outside_number"),
            "received_date": self.day.text(),
            "received_time": self.time.text(),
        }

    def show_values(self, values: Values) -> None:
        self._kept = {key: values[key] for key in KEPT if key in values}
        super().show_values(values | {"received_at": values.get("received_date", "")})
        if self._choices:
            self._choose(self._kept)

    def _choose(self, values: Values) -> None:
        wanted = [*values.get("service", []), "", "", ""][:3]
        self.service.blockSignals(True)
        found = self._index_of((wanted[0], wanted[1]))
        self.service.setCurrentIndex(found if found >= 0 else (0 if self._choices else -1))
        self.service.blockSignals(False)
        self._offer_operations(wanted[2])
        self._offer_channels(values.get("channel", ""))
        self._tell_notes()
        self.service_changed.emit()

    # the three lists

    def _services(self) -> dict[_Service, str]:
        """Return each service once, with what its line says."""
        return {(one.regulation_id, one.service): self._title(one) for one in self._choices}

    def _of_service(self) -> tuple[ServiceChoice, ...]:
        place = self.service.currentData()
        if place is None:
            return ()
        return tuple(one for one in self._choices if [one.regulation_id, one.service] == list(place))

    def _index_of(self, place: _Service) -> int:
        rows = range(self.service.count())
        return next((row for row in rows if tuple(self.service.itemData(row)) == place), -1)

    def _offer_operations(self, wanted: str) -> None:
        self.operation.blockSignals(True)
        self.operation.clear()
        for one in self._of_service():
            self.operation.addItem(self._language.text(one.operation_title), one.operation)
        found = self.operation.findData(wanted)
        self.operation.setCurrentIndex(max(found, 0) if self.operation.count() else -1)
        self.operation.blockSignals(False)

    def _offer_channels(self, wanted: str) -> None:
        one = self.chosen()
        self.channel.blockSignals(True)
        self.channel.clear()
        for channel in one.channels if one else ():
            self.channel.addItem(channel_name(channel), channel.value)
        counters = (self.channel.findData(channel.value) for channel in sorted(COUNTERS))
        usual = next((row for row in counters if row >= 0), 0)  # whoever sits here sits at the counter
        found = self.channel.findData(wanted)
        self.channel.setCurrentIndex((found if found >= 0 else usual) if one else -1)
        self.channel.blockSignals(False)
        self._tell_outside()

    def _service_picked(self) -> None:
        self._offer_operations(self.operation.currentData() or "")
        self._operation_picked()

    def _operation_picked(self) -> None:
        self._offer_channels(self.channel.currentData() or "")
        self._tell_notes()
        for key in ("service", "operation", "channel"):
            self.fields[key].set_problem("")
        self.service_changed.emit()
        self.edited.emit()

    def _channel_picked(self) -> None:
        self.fields["channel"].set_problem("")
        self._tell_outside()
        self.edited.emit()

    # what they say

    def _tell_outside(self) -> None:
        channel = self.chosen_channel()
        self.outside.setVisible(channel not in COUNTERS)
        for key in ("received_at", "received_time", "outside_number"):
            self.fields[key].set_required(
                channel in CENTRES
            )  # what the portal sent may come without a receipt

    def _tell_notes(self) -> None:
        one = self.chosen()
        self.notes.setText(f"{self._language.text(one.regulation_title)}, {one.act_title}" if one else "")
        self.notes.setVisible(one is not None)
        repealed = one.repealed_by if one else None
        self.repealed.setText(self._language.text(repealed) if repealed else "")
        self.repealed.setVisible(repealed is not None)

    def _title(self, one: ServiceChoice) -> str:
        """Return the act, then the service: titles are long, and several acts have the same one."""
        told = f"{one.act_title} ({self.tr('repealed')})" if one.repealed_by else one.act_title
        return f"{told} · {self._language.text(one.service_title)}"

    def _tip(self, place: _Service) -> str:
        one = next(one for one in self._choices if (one.regulation_id, one.service) == place)
        return theme.plain_tip(self._language.text(one.regulation_title))

    def retranslate(self) -> None:
        self.heading.setText(self.tr("Service and channel"))
        self.fields["service"].set_label(self.tr("Service"))
        self.service.say(self.tr("Service"))
        self.fields["operation"].set_label(self.tr("Operation"))
        self.fields["channel"].set_label(self.tr("How the papers came"))
        self.fields["received_at"].set_label(self.tr("Taken in there on"))
        self.fields["received_time"].set_label(self.tr("At"))
        self.fields["outside_number"].set_label(self.tr("Number of its receipt"))
        self.day.setPlaceholderText("31.12.2026")
        self.time.setPlaceholderText("16:50")
        for number, (place, title) in enumerate(self._services().items()):
            self.service.setItemText(number, title)
            self.service.setItemData(number, self._tip(place), Qt.ItemDataRole.ToolTipRole)
        for number, one in enumerate(self._of_service()):
            self.operation.setItemText(number, self._language.text(one.operation_title))
        for number in range(self.channel.count()):
            self.channel.setItemText(number, channel_name(Channel(self.channel.itemData(number))))
        self._tell_notes()
