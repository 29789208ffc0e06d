"""Which service, through which channel; for the State corporation its own receipt."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.queries.rows import ServiceChoice
from desktop.regulation.model import Channel
from desktop.ui.screens.register_parts.entry import Values
from desktop.ui.screens.register_parts.fields import Columns, DateEdit, Section, TimeEdit
from desktop.ui.widgets.form import choice, line_edit
from desktop.ui.widgets.plain import PlainLabel
from desktop.ui.words import channel_name


class ServiceSection(Section):
    """Service and operation, channel; moment and number of the outside receipt."""

    service_changed = Signal()

    def __init__(self, language, parent: QWidget | None = None) -> None:
        super().__init__("service", parent)
        self._language = language
        self._choices: tuple[ServiceChoice, ...] = ()
        self._kept: Values = {}  # shown before the services were known
        self.service, self.channel = choice(), choice()
        self.notes = PlainLabel(parent=self, role="small", wrap=True, name="register.notes")
        self.body.addWidget(
            Columns(
                [
                    [self.add_field("service", self.service, required=True)],
                    [self.add_field("channel", self.channel, required=True)],
                ],
                self,
            )
        )
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
        self.service.currentIndexChanged.connect(self._service_picked)
        self.channel.currentIndexChanged.connect(self._channel_picked)
        self.retranslate()

    def show_services(self, choices: tuple[ServiceChoice, ...]) -> None:
        """Offer what can be applied for; what was chosen before stays chosen."""
        kept = self.values() if self._choices else self._kept
        self._choices = choices
        self.service.blockSignals(True)
        self.service.clear()
        for one in choices:
            self.service.addItem(self._title(one), one)
        self.service.blockSignals(False)
        self._choose(kept)

    def chosen(self) -> ServiceChoice | None:
        return self.service.currentData()

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
        mine = ("service", "channel", "outside_number", "received_date", "received_time")
        self._kept = {key: values[key] for key in mine if key in values}
        super().show_values(values | {"received_at": values.get("received_date", "")})
        if self._choices:
            self._choose(self._kept)

    def _choose(self, values: Values) -> None:
        wanted = list(values.get("service", []))
        found = [
            number
            for number, one in enumerate(self._choices)
            if [one.regulation_id, one.service, one.operation] == wanted
        ]
        self.service.setCurrentIndex(found[0] if found else (0 if self._choices else -1))
        self._offer_channels(values.get("channel", ""))
        self._tell_notes()
        self.service_changed.emit()

    def _service_picked(self) -> None:
        self._offer_channels(self.channel.currentData() or "")
        self._tell_notes()
        self.fields["service"].set_problem("")
        self.service_changed.emit()
        self.edited.emit()

    def _offer_channels(self, wanted: str) -> None:
        one = self.chosen()
        self.channel.blockSignals(True)
        self.channel.clear()
        for channel in one.channels if one else ():
            self.channel.addItem(channel_name(channel), channel.value)
        usual = max(0, self.channel.findData(Channel.OFFICE.value))  # whoever sits here sits at the counter
        found = self.channel.findData(wanted)
        self.channel.setCurrentIndex((found if found >= 0 else usual) if one else -1)
        self.channel.blockSignals(False)
        self._tell_outside()

    def _channel_picked(self) -> None:
        self.fields["channel"].set_problem("")
        self._tell_outside()
        self.edited.emit()

    def _tell_outside(self) -> None:
        self.outside.setVisible(self.chosen_channel() is not Channel.OFFICE)

    def _tell_notes(self) -> None:
        one = self.chosen()
        lines = [one.act_title, self._language.text(one.repealed_by)] if one else []
        self.notes.setText("\n".join(line for line in lines if line))

    def _title(self, one: ServiceChoice) -> str:
        """Return service and operation; where two acts have the same one, with the act."""
        told = self._plain_title(one)
        alike = [other for other in self._choices if self._plain_title(other) == told]
        return f"{told} ({one.act_title})" if len(alike) > 1 else told

    def _plain_title(self, one: ServiceChoice) -> str:
        return f"{self._language.text(one.service_title)}: {self._language.text(one.operation_title)}"

    def retranslate(self) -> None:
        self.heading.setText(self.tr("Service and channel"))
        self.fields["service"].set_label(self.tr("Service"))
        self.fields["channel"].set_label(self.tr("How the papers came"))
        self.fields["received_at"].set_label(self.tr("Taken in there on"))
        self.fields["received_time"].set_label(self.tr("At"))
        self.fields["outside_number"].set_label(self.tr("Number of its receipt"))
        self.day.setPlaceholderText("31.12.2026")
        self.time.setPlaceholderText("16:50")
        for number, one in enumerate(self._choices):
            self.service.setItemText(number, self._title(one))
        for number in range(self.channel.count()):
            self.channel.setItemText(number, channel_name(Channel(self.channel.itemData(number))))
        self._tell_notes()
