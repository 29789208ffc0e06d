"""The middle and the right side: the place one is at, and the case beside it (or over it when there is no room)."""

from PySide6.QtCore import QCoreApplication, QEvent, QSettings, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from desktop.ui import theme
from desktop.ui.changes import Changed
from desktop.ui.places import PLACES, Place
from desktop.ui.widgets.empty import Empty
from desktop.ui.widgets.pages import Pages
from desktop.ui.widgets.plain import Button
from desktop.ui.widgets.screen import Screen

LIST_SHARE = 0.3  # of the width, until the person moves the divider
BESIDE_FROM = {"always": 1100, "chosen": 1500}  # window width in px at which list and case stand side by side


class Workplace(QWidget):
    """Opens places and cases; screens are made when first opened and kept."""

    went = Signal(str)

    def __init__(self, desk, geometry: QSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("workplace")
        self._desk, self._geometry = desk, geometry
        self._screens: dict[str, Screen] = {}
        self._stale: set[str] = set()
        self._place: Place | None = None
        self._case: Screen | None = None
        self._case_id: int | None = None
        self._takes_offers = False
        self._stack = Pages(self)
        self._right = Pages(self)
        self._nothing = Empty(self._right, name="no_case")
        self._right.addWidget(self._nothing)
        self._back = Button(
            parent=self, kind="quiet", icon="back", name="workplace.back", shortcut="Alt+Left"
        )
        self._back.clicked.connect(self.leave_case)
        bar = QHBoxLayout()
        bar.setContentsMargins(theme.spacing(2), theme.spacing(1), 0, 0)
        bar.addWidget(self._back)
        bar.addStretch(1)
        side = QWidget(self)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self._right, 1)
        self._side = side
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._splitter.setObjectName("workplace.splitter")
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(self._stack)
        self._splitter.addWidget(side)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.splitterMoved.connect(self._remember)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._splitter)
        desk.changed.connect(self._hear)
        self.retranslate()

    @property
    def place(self) -> Place | None:
        return self._place

    @property
    def case_id(self) -> int | None:
        return self._case_id

    def screen(self, place_id: str) -> Screen | None:
        """Return a screen that has been opened, for menus and tests."""
        return self._screens.get(place_id)

    def case_screen(self) -> Screen | None:
        return self._case

    def go(self, place_id: str) -> None:
        """Show a place, unless the present one holds the person back (it has said why)."""
        here = self._screens.get(self._place.id) if self._place else None
        if here is not None and self._place.id != place_id and not here.may_leave():
            return
        place = next(one for one in PLACES if one.id == place_id)
        screen = self._screens.get(place_id)
        if screen is None:
            screen = self._screens[place_id] = place.load()(self._desk, self._stack)
            screen.case_chosen.connect(self.open_case)
            if hasattr(screen, "case_offered"):
                screen.case_offered.connect(self._take_offer)
            if hasattr(screen, "screen_chosen"):
                screen.screen_chosen.connect(self.go)
            self._stack.addWidget(screen)
            self._stale.add(place_id)
        again = self._place is not None and self._place.id == place_id
        # a case that lies over the list is left for it
        kept_case = again and place.case_beside == "always" and self._is_beside()
        self._place = place
        self._stack.setCurrentWidget(screen)
        if not kept_case:
            self._case_id = None
            self._right.setCurrentWidget(self._nothing)
            self._takes_offers = place.case_beside == "always"
        if place_id in self._stale:
            self._stale.discard(place_id)
            screen.refresh()
        elif self._takes_offers and hasattr(screen, "offer_case"):
            screen.offer_case()
        self._arrange()
        screen.setFocus(Qt.FocusReason.OtherFocusReason)
        self.went.emit(place_id)

    def _take_offer(self, case_id: int) -> None:
        """Open what a list offers by itself: beside it, once a visit, and only when nothing is open."""
        if self._takes_offers and self._case_id is None and self._is_beside():
            self._takes_offers = False
            self.open_case(case_id, quietly=True)

    def open_case(self, case_id: int, *, quietly: bool = False) -> None:
        """Open a case beside the list, or over it when the window is narrow; ``quietly`` leaves the keys there."""
        if self._case is None:
            from desktop.ui.screens.case import CaseScreen

            self._case = CaseScreen(self._desk, self._right)
            self._case.case_chosen.connect(self.open_case)
            self._case.gone.connect(self._go_on)
            self._right.addWidget(self._case)
        if self._place is None or not self._place.case_beside:
            self.go("applications")
        self._case_id = case_id
        self._case.open_case(case_id, **({"quietly": True} if quietly else {}))
        here = self._screens[self._place.id]
        if hasattr(here, "choose_case"):
            here.choose_case(case_id)
        self._right.setCurrentWidget(self._case)
        self._arrange()

    def leave_case(self) -> None:
        """Go back to the list; the case closes."""
        self._case_id = None
        self._right.setCurrentWidget(self._nothing)
        self._arrange()
        if self._place is not None:
            self._screens[self._place.id].setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_on(self) -> None:
        """The open case went to where its person does not see it any more: the list offers the next one."""
        self.leave_case()
        if self._place is not None:
            self._takes_offers = self._place.case_beside == "always"
            self._screens[self._place.id].refresh()

    def refresh(self) -> None:
        """Read the present place and the open case anew."""
        if self._place is not None:
            self._screens[self._place.id].refresh()
        if self._case_id is not None and self._case is not None:
            self._case.refresh()

    def may_close(self) -> bool:
        return all(screen.may_close() for screen in self._screens.values() if hasattr(screen, "may_close"))

    def clear(self) -> None:
        """Forget every screen: another person sits down."""
        for screen in [*self._screens.values(), *([self._case] if self._case else [])]:
            screen.setParent(None)
            screen.deleteLater()
        self._screens, self._stale, self._case, self._case_id, self._place = {}, set(), None, None, None

    def _hear(self, change: Changed) -> None:
        here = self._place.id if self._place else ""
        self._stale |= set(self._screens) - {here}
        if here:
            screen = self._screens[here]
            if change.by_others and not screen.shows_what_others_do:
                self._stale.add(here)  # what is being filled in there stays as it is
            else:
                self._stale.discard(here)
                screen.refresh()
        if self._case is not None and change.concerns(self._case_id):
            self._case.refresh()

    def _arrange(self) -> None:
        """Decide what is seen: both, the list, or the case; the way back is there when the list is not."""
        if self._place is None:
            return
        beside = self._is_beside()
        has_case = self._case_id is not None
        self._side.setVisible(has_case or (beside and self._place.case_beside == "always"))
        self._stack.setVisible(beside or not has_case)
        self._back.setVisible(has_case and not (beside and self._place.case_beside == "always"))
        if self._side.isVisibleTo(self) and self._stack.isVisibleTo(self):
            kept = self._geometry.value(f"splitter/{self._place.id}")
            if kept:
                self._splitter.setSizes([int(one) for one in kept])
            else:
                whole = self.width() or self.window().width()
                self._splitter.setSizes([int(whole * LIST_SHARE), int(whole * (1 - LIST_SHARE))])

    def _is_beside(self) -> bool:
        """Return whether the window is wide enough for list and case side by side here."""
        room = BESIDE_FROM.get(self._place.case_beside) if self._place is not None else None
        return room is not None and self.window().width() >= room * max(1.0, theme.spacing(25) / 100)

    def _remember(self) -> None:
        if self._place is not None:
            self._geometry.setValue(f"splitter/{self._place.id}", self._splitter.sizes())

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._arrange()

    def keyPressEvent(self, event) -> None:
        if event.key() == Qt.Key.Key_Escape and self._case_id is not None:
            self.leave_case()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self._back.set_text(self.tr("Back to the list"))
        self._nothing.say(
            self.tr("Choose a case"),
            self.tr("It opens here. Ctrl+K finds any case by its number, name or IIN/BIN."),
            icon="desk",
        )


def place_title(place: Place) -> str:
    return QCoreApplication.translate("Place", place.title)
