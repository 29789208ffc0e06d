"""What the sections that change the office's one row have in common: read, typed over, taken back, saved."""

from typing import Any

from desktop.queries.office import office
from desktop.queries.rows import OfficeRow
from desktop.ui.screens.administration_parts.section import Section
from desktop.ui.widgets.form import Form
from desktop.ui.widgets.plain import Button


class OfficeFormSection(Section):
    """One form. Save is open only when something differs from what is kept.

    A section says how it fills the form from ``_kept`` (``_fill``) and what was changed (``_changes``); ``build`` makes
    ``form``, ``save`` and ``undo``.
    """

    form: Form
    save: Button
    undo: Button
    _kept: OfficeRow | None = None

    def _fill(self) -> None:
        raise TypeError("a section fills its own form")

    def _changes(self) -> dict[str, str | bool | int]:
        raise TypeError("a section knows its own fields")

    def refresh(self) -> None:
        self.states.show_loading()
        self.desk.read(_office, then=self._show, on_error=self.failed)

    def is_dirty(self) -> bool:
        return self._kept is not None and bool(self._changes())

    def _show(self, row: OfficeRow) -> None:
        dirty = self.is_dirty()
        self.states.show_content()
        if dirty:
            return  # what is typed stays; saving over a colleague's change is refused by the version
        self._kept = row
        self._fill()

    def _typed(self, *_: object) -> None:
        dirty = self.is_dirty()
        self.save.set_why_not("" if dirty else self.tr("Nothing has been changed"))
        self.undo.setVisible(dirty)

    def _undo(self) -> None:
        self._kept, row = None, self._kept
        self._show(row)
        self.refresh()

    def _saved(self, _: Any) -> None:
        self._kept = None
        self.refresh()


def _office(store, _actor) -> OfficeRow:
    return office(store)
