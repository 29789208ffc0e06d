"""Where the activity will be, and which kinds of it: a list to tick, narrowed by typing."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from desktop.queries.service_rows import ServiceChoice
from desktop.regulation.model import ServiceKind, SubType
from desktop.ui import theme
from desktop.ui.screens.register_parts.entry import Values
from desktop.ui.screens.register_parts.fields import DOUBT, Section
from desktop.ui.widgets.form import line_edit
from desktop.ui.widgets.keys import Shortcut
from desktop.ui.widgets.plain import Button, PlainLabel

_ID = Qt.ItemDataRole.UserRole


class _Ticks(QListWidget):
    """Space ticks; Enter belongs to the form."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setUniformItemSizes(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)

    def focusInEvent(self, event) -> None:
        super().focusInEvent(event)
        if self.currentRow() < 0 or self.currentItem().isHidden():
            shown = next((row for row in range(self.count()) if not self.item(row).isHidden()), -1)
            self.setCurrentRow(shown)


class ActivitySection(Section):
    """The site, and the sub-types chosen."""

    def __init__(self, language, parent: QWidget | None = None) -> None:
        super().__init__("activity", parent)
        self._language = language
        self._offered: tuple[SubType, ...] = ()
        self._ticked: list[str] = []
        self._kind = ServiceKind.LICENCE
        self._asks = True
        self.body.addWidget(self.add_field("site", line_edit(), required=True))
        self.same = Button(parent=self, kind="link", name="register.same_address")
        self.body.addWidget(self.same, 0, Qt.AlignmentFlag.AlignLeft)
        self.filter = line_edit(limit=80)
        self.filter.setObjectName("register.sub_types_filter")
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._narrow)
        self._down = Shortcut(
            QKeySequence(Qt.Key.Key_Down),
            self.filter,
            self._to_list,
            context=Qt.ShortcutContext.WidgetShortcut,
        )
        self.list = _Ticks()  # comes into the tab order after the filter
        self.list.setMinimumHeight(theme.spacing(44))
        self.list.setMaximumHeight(theme.spacing(60))
        kinds = QWidget(self)
        both = QVBoxLayout(kinds)
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(theme.spacing(1))
        both.addWidget(self.filter)
        both.addWidget(self.list)
        field = self.add_field("sub_types", kinds, required=True)
        kinds.setObjectName("register.sub_types_box")
        self.list.setObjectName("register.sub_types")
        self.chosen_line = PlainLabel(parent=self, role="small", wrap=True, name="register.sub_types_chosen")
        self.body.addWidget(field)
        self.body.addWidget(self.chosen_line)
        self.list.itemChanged.connect(self._ticked_one)
        self.retranslate()

    def show_service(self, chosen: ServiceChoice | None, *, asks_sub_types: bool) -> None:
        """Show the kinds of the service where they are asked for, and call the site what it is here."""
        self._kind = chosen.kind if chosen else ServiceKind.LICENCE
        self._asks = asks_sub_types
        self.show_sub_types(chosen.sub_types if chosen else ())
        self.fields["sub_types"].setVisible(asks_sub_types)
        self.same.setVisible(self._kind is ServiceKind.LICENCE)
        self._tell_site()

    def _tell_site(self) -> None:
        headings = {
            ServiceKind.LICENCE: (self.tr("Activity"), self.tr("Site of the activity (address)")),
            ServiceKind.ATTESTATION: (self.tr("Work"), self.tr("Place of work")),
            ServiceKind.ATTACHMENT: (
                self.tr("Attachment"),
                self.tr("Organisation of primary care to be attached to"),
            ),
        }
        heading, site = headings[self._kind]
        self.heading.setText(heading)
        self.fields["site"].set_label(site)

    def show_sub_types(self, offered: tuple[SubType, ...]) -> None:
        """Offer the kinds of the service; what was ticked and is still offered stays ticked."""
        self._offered = offered
        self.list.blockSignals(True)
        self.list.clear()
        for one in offered:
            item = QListWidgetItem(self._language.text(one.title) + (DOUBT if one.unverified else ""))
            item.setData(_ID, one.id)
            item.setFlags(
                Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable
            )
            item.setCheckState(Qt.CheckState.Checked if one.id in self._ticked else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.blockSignals(False)
        self._narrow(self.filter.text())
        self._tell_chosen()

    def _to_list(self) -> None:
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def chosen(self) -> list[str]:
        """Return the ids ticked, in the order of the list."""
        if not self._offered:
            return list(self._ticked)
        return [one.id for one in self._offered if one.id in self._ticked]

    def go_to(self, key: str) -> None:
        if key == "sub_types":
            self.filter.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().go_to(key)

    def values(self) -> Values:
        return {"site": self.text("site"), "sub_types": self.chosen()}

    def show_values(self, values: Values) -> None:
        super().show_values(values)
        self._ticked = [str(one) for one in values.get("sub_types", [])]
        self.fields["sub_types"].set_problem("")
        self.show_sub_types(self._offered)

    def _ticked_one(self, item: QListWidgetItem) -> None:
        chosen = item.data(_ID)
        if item.checkState() == Qt.CheckState.Checked:
            self._ticked = [*self._ticked, chosen] if chosen not in self._ticked else self._ticked
        else:
            self._ticked = [one for one in self._ticked if one != chosen]
        self.fields["sub_types"].set_problem("")
        self._tell_chosen()
        self.edited.emit()

    def _narrow(self, text: str) -> None:
        words = text.casefold().split()
        for row, one in enumerate(self._offered):
            both = f"{one.title.kk} {one.title.ru}".casefold()
            self.list.item(row).setHidden(not all(word in both for word in words))

    def _tell_chosen(self) -> None:
        doubt = any(one.unverified for one in self._offered)
        hint = f"{DOUBT} {self.tr('usual, but still to be checked against its source')}" if doubt else ""
        self.fields["sub_types"].set_hint(hint)
        titles = [self._language.text(one.title) for one in self._offered if one.id in self._ticked]
        self.chosen_line.setText(
            self.tr("Chosen: {titles}").format(titles="; ".join(titles)) if titles else ""
        )
        self.chosen_line.setVisible(bool(titles) and self._asks)

    def retranslate(self) -> None:
        self._tell_site()
        self.same.set_text(self.tr("Same as the address of the applicant"))
        self.fields["sub_types"].set_label(self.tr("Kinds of the activity"))
        self.list.setAccessibleName(self.tr("Kinds of the activity"))
        self.filter.setPlaceholderText(self.tr("Type to narrow the list"))
        self.filter.setAccessibleName(self.tr("Narrow the list of kinds"))
        self.show_sub_types(self._offered)
