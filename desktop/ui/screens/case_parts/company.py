"""Who else has the case open: said beside its dates, and nobody is held back by it."""

from functools import partial

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QWidget

from desktop.ui.widgets.plain import PlainLabel

RENEW_MS = 60_000


def meet(store, actor, *, case_id: int):
    """Say that one is here and see who else is; runs on the store lane."""
    from desktop.cases import presence
    from desktop.queries.presence import others

    presence.note(store, actor, case_id=case_id, here=True)
    return others(store, actor, case_id=case_id)


def part(store, actor, *, case_id: int) -> None:
    """Say that one has left."""
    from desktop.cases import presence

    presence.note(store, actor, case_id=case_id, here=False)


class Company(PlainLabel):
    """Hidden while one is alone, and always where no colleague can be. ``head``: seen as long as the case is."""

    def __init__(self, desk, head: QWidget) -> None:
        super().__init__(parent=head, role="small", name="case.company")
        self._desk = desk
        self._head = head
        self._wanted: int | None = None  # the case of the card shown last
        self._case_id: int | None = None
        self._others: tuple = ()
        self._renew = QTimer(self, interval=RENEW_MS, timeout=self._meet)
        head.installEventFilter(self)
        desk.link.visited.connect(self._visited)
        desk.signed_out.connect(self._forget)
        self.hide()

    def be_at(self, case_id: int) -> None:
        """The card of the case is here; one is at it from when it is seen, not when it was read after leaving."""
        self._wanted = case_id
        if self._head.isVisible():
            self._enter(case_id)

    def _enter(self, case_id: int) -> None:
        if case_id == self._case_id or getattr(self._desk.store, "dialect", "") != "postgresql":
            return
        self._leave()
        self._case_id = case_id
        self._renew.start()
        self._meet()

    def _meet(self) -> None:
        if self._case_id is not None and self._desk.actor is not None and not self._desk.link.is_away:
            self._desk.read(
                meet, then=partial(self._show, self._case_id), on_error=_quietly, latest="company",
                case_id=self._case_id,
            )  # fmt: skip

    def _visited(self, cases: frozenset[int]) -> None:
        if self._case_id in cases:
            self._meet()

    def _leave(self) -> None:
        left, store, actor = self._case_id, self._desk.store, self._desk.actor
        self._forget()
        if left is not None and store is not None and actor is not None and not self._desk.link.is_away:
            self._desk.tasks.run(partial(part, store, actor, case_id=left), on_error=_quietly)

    def _forget(self) -> None:
        self._renew.stop()
        self._case_id, self._others = None, ()
        self.hide()

    def _show(self, case_id: int, others: tuple) -> None:
        if case_id == self._case_id:
            self._others = others
            self.retranslate()
            self.setVisible(bool(others))

    def retranslate(self) -> None:
        said = []
        for one in self._others:
            name, minutes = self._desk.language.text(one.name), int(one.since.total_seconds() // 60)
            words = (
                self.tr("Opened by {name} %n minute(s) ago", "", minutes)
                if minutes
                else self.tr("Opened by {name} just now")
            )
            said.append(words.format(name=name))
        self.setText(" · ".join(said))

    def eventFilter(self, watched, event) -> bool:
        if event.type() == QEvent.Type.Hide and not event.spontaneous():
            self._leave()
        elif event.type() == QEvent.Type.Show and not event.spontaneous() and self._wanted is not None:
            self._enter(self._wanted)
        return super().eventFilter(watched, event)


def _quietly(_error: BaseException) -> bool:
    return True
