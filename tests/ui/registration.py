"""What the tests of the registration form share: a filled form and how its controls are found."""

from datetime import datetime
from typing import Any

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from desktop.regulation.model import COUNTERS, Channel, FieldKind
from desktop.ui.screens.register import RegisterScreen

GOOD_BIN = "210440038887"


def control(screen: QWidget, name: str, kind: type = QWidget) -> Any:
    found = screen.findChild(kind, name)
    assert found is not None, name
    return found


def type_into(screen: QWidget, name: str, text: str) -> None:
    """Type as a person does: the text, then the field is left."""
    editor = control(screen, f"register.{name}", QLineEdit)
    editor.setText(text)
    editor.editingFinished.emit()


def problem_of(screen: RegisterScreen, name: str) -> str:
    """What stands under the field as wrong; "" when nothing does."""
    return next(section.fields[name].problem for section in screen.page.sections if name in section.fields)


def fill(screen: RegisterScreen, **changes: str) -> None:
    """Fill everything a registrable application needs; ``changes`` by the name of the control."""
    texts = {
        "identifier": GOOD_BIN,
        "holder_kk": "«Ақ жайық» ЖШС",
        "holder_ru": "ТОО «Ақ жайық»",
        "holder_address": "Орал қ., Абай даңғ., 1",
        "site": "Орал қ., Достық-Дружба даңғ., 201",
        "fee_receipt": "K-1",
        "fee_paid_on": "08.06.2018",
        "fee_tenge": "24050",
    } | changes
    for name, text in texts.items():
        type_into(screen, name, text)
    kinds = screen.page.activity.list
    if kinds.count():
        kinds.item(0).setCheckState(kinds.item(0).checkState().Checked)
    chosen = screen.page.service.chosen()
    for paper in chosen.papers:
        if paper.required:
            control(screen, f"register.paper.{paper.id}", QCheckBox).setChecked(True)
    control(screen, "register.consent", QCheckBox).setChecked(True)
    screen.check()


def opened(desk, qtbot) -> RegisterScreen:
    screen = RegisterScreen(desk)
    qtbot.addWidget(screen)
    screen.resize(1100, 800)
    with qtbot.waitActive(screen):
        screen.show()
        screen.activateWindow()
    screen.refresh()
    return screen


def choose(screen: RegisterScreen, service: str, operation: str, *, regulation: str) -> None:
    """Choose a service of an act, and its operation."""
    part = screen.page.service
    part.service.setCurrentIndex(part._index_of((regulation, service)))
    part.operation.setCurrentIndex(part.operation.findData(operation))


def come_through(screen: RegisterScreen, channel: Channel, received: datetime) -> None:
    """Choose the channel; another counter than the office's own tells when it took the papers."""
    part = screen.page.service
    part.channel.setCurrentIndex(part.channel.findData(channel.value))
    if channel not in COUNTERS:
        type_into(screen, "received_date", f"{received:%d.%m.%Y}")
        type_into(screen, "received_time", f"{received:%H:%M}")
        type_into(screen, "outside_number", "002-17")


def answer_the_act(screen: RegisterScreen) -> None:
    """Fill in what the act asks for besides; the licence it is about was issued before the register began."""
    details = screen.page.details
    for one in screen.page.service.chosen().fields:
        if one.site:
            continue  # said above already
        name = f"details.{one.id}"
        if one.kind is FieldKind.CHOICE:
            control(screen, f"register.{name}").setCurrentIndex(1)
        else:
            type_into(screen, name, {FieldKind.DATE: "01.06.2018"}.get(one.kind, "12345678"))
        if one.kind is FieldKind.LICENCE:
            details.confirm.set_checked(True)
            type_into(screen, "licence_issued_on", "03.02.2015")
