"""What the tests of the case screen share: a window on a real case, and how a person works in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget

from desktop.eds.certificates import OwnerRole
from desktop.eds.demo_ca import DemoAuthority, DemoKey, DemoPerson
from desktop.regulation.model import Effect
from desktop.regulation.rights import Actor
from desktop.ui.screens.case import CaseScreen
from tests.clock import OFFICE_ZONE

PASSWORD = "Qwerty12"
OFFICE_BIN = "050140003412"
HEAD_IIN = "700520350035"
ORGANISATION = "Батыс Қазақстан облысының денсаулық сақтау басқармасы"
VALID_FROM = datetime(2018, 1, 1, tzinfo=OFFICE_ZONE)


@dataclass(frozen=True)
class Keys:
    """The demo authority and the key files a signing test needs."""

    authority: DemoAuthority
    head: DemoKey
    foreign: DemoKey
    expired: DemoKey


def make_keys() -> Keys:
    authority = DemoAuthority(valid_from=VALID_FROM - timedelta(days=700))
    head = DemoPerson("БАСШЫБАЕВ ЕРЛАН", HEAD_IIN, "ҚУАТҰЛЫ", ORGANISATION, OFFICE_BIN)
    other = DemoPerson("БӨТЕН БІРЕУ", "850505300120", "", ORGANISATION, OFFICE_BIN)
    assert OwnerRole.FIRST_HEAD in head.roles
    return Keys(
        authority,
        head=authority.issue(head, valid_from=VALID_FROM),
        foreign=authority.issue(other, valid_from=VALID_FROM),
        expired=authority.issue(head, valid_from=VALID_FROM - timedelta(days=400)),
    )


def give(row, key: Qt.Key) -> None:
    """Give an item a verdict by its number; what was not brought stays missing where others are found in order."""
    if key != Qt.Key.Key_1 or not row.choices[0].needs_note:
        QTest.keyClick(row, key)


class Window:
    """A case screen in the hands of one person."""

    def __init__(self, desk, actor: Actor, case_id: int) -> None:
        self.desk = desk
        desk.actor = actor
        self.screen = CaseScreen(desk)
        self.screen.resize(1000, 760)
        desk.changed.connect(lambda _: self.screen.refresh())
        self.screen.show()
        self.screen.activateWindow()
        QTest.qWaitForWindowActive(self.screen)
        self.screen.open_case(case_id)

    @property
    def card(self):
        return self.screen.card

    @property
    def panel(self):
        return self.screen.panel

    def control(self, name: str, kind: type[Any] = QWidget) -> Any:
        found = self.screen.findChild(kind, name)
        assert found is not None, name
        return found

    def click(self, name: str) -> None:
        self.control(name, QAbstractButton).click()

    def primary(self) -> None:
        """Do the primary action; it must be open."""
        button = self.screen.bar.primary
        assert button.isEnabled(), self.screen.bar.why.text()
        button.click()

    def other(self, effect: Effect) -> None:
        """Take the outcome with ``effect``, wherever its button stands."""
        bar = self.screen.bar
        buttons = [bar.primary] if bar._primary.effect == effect else []
        buttons += [one for one in bar._others if one.objectName() == f"case.outcome.{effect.value}"]
        assert buttons, effect
        assert buttons[0].isEnabled(), buttons[0].accessibleDescription()
        buttons[0].click()

    def type_into(self, name: str, text: str) -> None:
        editor = self.control(name)
        editor.setText(text)  # QTest types ASCII only
        editor.textEdited.emit(text)

    def give_all(self, key: Qt.Key) -> None:
        """Give every item of the checklist the same verdict, by its number."""
        for row in self.panel.rows.rows:
            give(row, key)

    def close(self) -> None:
        self.screen.close()
        self.screen.deleteLater()


def sign(window: Window, path: str, pin: str = PASSWORD) -> None:
    """Choose the key file, press the primary button, type the PIN."""
    window.panel.keys.set_file(path)
    window.primary()
    dialog = window.panel._dialog
    assert dialog is not None
    dialog.pin.editor.setText(pin)
    dialog.sign.click()


Opener = Callable[[Actor, int], Window]
