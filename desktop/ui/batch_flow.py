"""Signing many papers by one PIN: the ledger of what became of each, and the way through the lanes.

Every paper is prepared when it is opened to be read (store lane). Signing then goes one by one on the token's lane;
what is made is verified and stored at once, while the key works on the next. Nothing is tried twice by itself: the
first failure of the key ends it, and the ledger says of each paper whether it is signed and stored, failed, or was not
tried. What is left is signed by pressing again, by the same certificate. The ledger is on disk before the key is opened
(:mod:`desktop.ui.batch_ledger`): a program that died says, when the list is opened again, where each paper stands.
"""

import threading
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop.cases.signing import Prepared
from desktop.errors import NotAllowed, Told
from desktop.queries.rows import DeskRow, PaperStand
from desktop.ui.batch_ledger import BatchLedger, Line, Recalled
from desktop.ui.key_steps import accepts_last_try
from desktop.ui.signing_work import (
    FILE,
    Key,
    Made,
    Proved,
    SignerFacts,
    check_key,
    open_key,
    prepare,
    reason_of,
    record,
    signer_facts,
)

UNREAD, READ, WAITING, SIGNED, FAILED, NOT_TRIED = (
    "unread",
    "read",
    "waiting",
    "signed",
    "failed",
    "not-tried",
)


@dataclass(slots=True)
class Entry:
    """A line of the ledger. ``read``: every page of ``prepared``; ``ticked``: read and chosen to be signed.

    ``row`` is a PaperStand where the case does not wait on the desk any more.
    """

    row: DeskRow | PaperStand
    state: str = UNREAD
    ticked: bool = False
    prepared: Prepared | None = None
    error: BaseException | None = None
    read: bool = False
    document_id: int = 0  # of the paper that was to be signed last, or is
    kept: bytes = b""  # what a batch before this one signed

    @property
    def wanted(self) -> bool:
        return self.ticked and self.prepared is not None and self.state != SIGNED


def open_paper(store, actor, *, case_id: int, draw) -> Prepared:
    """Prepare the exact bytes of a case as it stands."""
    from desktop.queries.case_card import case_card

    card = case_card(store, actor, case_id=case_id)
    return prepare(store, actor, case_id=case_id, seen_version=card.version, draw=draw)


def kept_paper(store, actor, *, document_id: int) -> bytes:
    """Return the signed bytes as they are stored."""
    from desktop.queries.papers import document_bytes

    return document_bytes(store, actor, document_id=document_id)[1]


def facts_of(store, actor) -> SignerFacts:
    return signer_facts(store, actor)


def sign_all(
    *, papers: list[Prepared], signer: SignerFacts, key: Key, pin: Any, last_try: bool, checked: Any, certificate: str,
    told, cancelled,
) -> str:  # fmt: skip
    """Sign one after another on the token lane, telling of each; return the certificate that signed (SHA-256)."""
    from desktop.eds.signing import ToSign, results_of

    with open_key(key, pin=pin, signer=signer, last_try=last_try, checked=checked, cancelled=cancelled) as (
        hand,
        seen,
    ):
        if certificate and hand.info.sha256 != certificate:
            raise NotAllowed("batch-other-certificate", owner=hand.info.name)
        documents = [ToSign(paper.pdf, reason_of(paper)) for paper in papers]
        for place, result in enumerate(results_of(hand, documents, at=signer.at, cancelled=cancelled)):
            told(place, result, seen)
        return str(hand.info.sha256)


class BatchFlow(QObject):
    """Leads a batch. ``stage``: "" idle, prepare, token. ``changed``: the ledger says something else."""

    stage_changed = Signal(str)
    changed = Signal()
    opened = Signal(object)  # Entry, whose bytes are there to be read
    pin_needed = Signal(object)  # Key
    pin_again = Signal(object)  # Key: the last try was accepted
    refused = Signal(object)  # the error that ended or prevented it
    finished = Signal()
    _told = Signal(int, object, object)  # from the token's lane

    def __init__(self, desk, rows: tuple[DeskRow, ...], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.entries = [Entry(row) for row in rows]
        self.stage = ""
        self._key: Key | None = None
        self._signer: SignerFacts | None = None
        self._checked: Any = None
        self._batch: list[Entry] = []
        self._recording = 0
        self._certificate = ""
        self._stop = threading.Event()
        self._told.connect(self._one)
        self.ledger = BatchLedger(desk, self)
        self.ledger.recalled.connect(self._recall)
        self.broken_off: tuple[Entry, ...] = ()  # what a batch before this one left
        self._recalled = False  # it is known what that is

    # what was left

    def _recall(self, left: tuple[Recalled, ...]) -> None:
        """Take up what a batch left that was broken off: nothing of it is ticked, everything is read anew."""
        self._recalled = True
        by_case = {entry.row.case_id: entry for entry in self.entries}
        taken = []
        for one in left:
            entry = by_case.get(one.line.case_id)
            if entry is None:
                entry = Entry(one.stand)
                self.entries.append(entry)
            entry.document_id = one.line.document_id
            if one.stand.signed:
                entry.state, entry.document_id = SIGNED, one.stand.signed
            elif entry.row is one.stand:
                entry.state, entry.error = FAILED, NotAllowed("batch-paper-gone")
            else:
                entry.state = FAILED if one.line.state == FAILED else NOT_TRIED
                entry.error = one.line.error or NotAllowed("batch-broken-off")
            taken.append(entry)
        self.broken_off = tuple(taken)
        self.changed.emit()

    def _lines(self) -> list[Line]:
        """What stands in the ledger: every paper that was to be signed, and is not for all one knows."""
        return [
            Line(
                entry.row.case_id,
                entry.document_id,
                entry.state if entry.state in (WAITING, FAILED) else NOT_TRIED,
                entry.error if isinstance(entry.error, Told) else None,
            )
            for entry in self.entries
            if entry.document_id and entry.state in (WAITING, FAILED, NOT_TRIED)
        ]

    def leave(self) -> None:
        """The window is closed: what is signed was seen to be; the rest is kept for the next time."""
        if self._recalled:
            self.ledger.keep(self._lines())

    # reading

    def open(self, entry: Entry) -> None:
        """Have the exact paper of a line prepared, once, so that it can be read."""
        if entry.prepared is not None:
            self.opened.emit(entry)
            return
        if entry.state == SIGNED:
            self._desk.read(
                kept_paper, then=lambda pdf: self._is_kept(entry, pdf),
                on_error=lambda error: self._is_not_shown(entry, error), latest="batch-kept",
                document_id=entry.document_id,
            )  # fmt: skip
            return
        self._desk.read(
            open_paper, then=lambda prepared: self._is_open(entry, prepared),
            on_error=lambda error: self._is_not_open(entry, error), latest=f"batch-{entry.row.case_id}",
            case_id=entry.row.case_id, draw=self._desk.draw,
        )  # fmt: skip

    def _is_open(self, entry: Entry, prepared: Prepared) -> None:
        entry.prepared = prepared
        self.changed.emit()
        self.opened.emit(entry)

    def _is_kept(self, entry: Entry, pdf: bytes) -> None:
        entry.kept = pdf
        self.opened.emit(entry)

    def _is_not_shown(self, entry: Entry, error: BaseException) -> bool:
        self.opened.emit(entry)
        return isinstance(error, Told)

    def _is_not_open(self, entry: Entry, error: BaseException) -> bool:
        entry.state, entry.error = FAILED, error
        self.changed.emit()
        self.opened.emit(entry)
        return isinstance(error, Told)

    def was_read(self, entry: Entry) -> None:
        """The person has seen every page."""
        if not entry.read:
            entry.read = True
            entry.state = READ if entry.state == UNREAD else entry.state
            self.changed.emit()

    def tick(self, entry: Entry, ticked: bool) -> None:
        """Choose a paper that was read; one that was not cannot be."""
        if entry.read and entry.state != SIGNED and entry.prepared is not None and not self.stage:
            entry.ticked = ticked
            self.changed.emit()

    @property
    def key(self) -> Key | None:
        """The key in hand, with what was learnt of it."""
        return self._key

    @property
    def wanted(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.wanted]

    def count(self, *states: str) -> int:
        return sum(entry.state in states for entry in self.entries)

    # signing

    def start(self, key: Key) -> None:
        """Begin to sign what is ticked; the PIN is asked for when the certificate has been looked at."""
        if self.stage or not self.wanted:
            return
        try:
            self._desk.alarms.refuse_signing()
        except NotAllowed as refusal:
            self._desk.notices.tell(refusal)
            return
        self._key = key
        self._stage("prepare")
        self._desk.read(facts_of, then=self._gathered, on_error=self._failed, latest="facts")

    def _gathered(self, signer: SignerFacts) -> None:
        self._signer = signer
        if self._key.kind == FILE:
            self._proved(Proved(self._key))
        else:
            self._desk.token(
                check_key, then=self._proved, on_error=self._failed, key=self._key, signer=signer
            )

    def _proved(self, proved: Proved) -> None:
        self._key, self._checked = proved.key, proved.checked
        self._stage("")
        self.pin_needed.emit(self._key)

    def go_on(self, pin, *, last_try: bool = False) -> None:
        """Sign with the ``Pin`` (None: it is typed elsewhere)."""
        if self.stage or self._signer is None:
            return
        self._batch = self.wanted
        for entry in self._batch:
            entry.state, entry.error, entry.document_id = WAITING, None, entry.prepared.document_id
        self._stop.clear()
        self._stage("token")
        self.changed.emit()
        self.ledger.keep(self._lines(), lambda: self._open(pin, last_try))

    def _open(self, pin, last_try: bool) -> None:
        """The ledger is on disk: now the key."""
        self._desk.token(
            sign_all, then=self._all_made, on_error=self._failed,
            papers=[entry.prepared for entry in self._batch], signer=self._signer, key=self._key, pin=pin,
            last_try=last_try, checked=self._checked, certificate=self._certificate,
            told=self._told.emit, cancelled=self._stop.is_set,
        )  # fmt: skip

    def give_up(self) -> None:
        """The PIN dialog was closed; nothing happened."""
        self._signer = None
        self._stage("")

    def stop(self) -> None:
        """Sign no further paper; the one in work is finished and kept."""
        self._stop.set()

    @property
    def is_stopping(self) -> bool:
        return self._stop.is_set()

    def _one(self, place: int, result: Any, checked: Any) -> None:
        entry = self._batch[place]
        error = getattr(result, "error", None)
        if error is not None:
            entry.state, entry.error = (FAILED if result.tried else NOT_TRIED), error
            if result.tried:
                self.ledger.keep(self._lines())
            self.changed.emit()
            return
        self._recording += 1
        self._desk.do(
            record, then=lambda _: self._kept(entry), on_error=lambda error: self._not_kept(entry, error),
            about=("signature", entry.prepared.document_id),
            case_id=entry.row.case_id, seen_version=entry.prepared.version,
            document_id=entry.prepared.document_id, signed=Made(result.pdf, checked), signer=self._signer,
        )  # fmt: skip

    def _kept(self, entry: Entry) -> None:
        entry.state, entry.ticked = SIGNED, False
        self._recording -= 1
        self.changed.emit()
        self._end()

    def _not_kept(self, entry: Entry, error: BaseException) -> bool:
        entry.state, entry.error = FAILED, error
        entry.prepared, entry.ticked, entry.read = None, False, False  # it is prepared and read anew
        self.ledger.keep(self._lines())
        self._recording -= 1
        self._stop.set()
        self.changed.emit()
        self._end()
        return isinstance(error, Told)

    def _all_made(self, certificate: str) -> None:
        self._certificate = certificate
        self._stage("record" if self._recording else "")
        self._end()

    def _failed(self, error: BaseException) -> bool:
        """The key did not open, or it is not known whose it is: nothing was tried."""
        for entry in self._batch:
            if entry.state == WAITING:
                entry.state, entry.error = NOT_TRIED, error
        self._batch = []
        self.ledger.keep(self._lines())
        self._stage("")
        self.changed.emit()
        if accepts_last_try(self._desk, error):
            self.pin_again.emit(self._key)
            return True
        self.refused.emit(error)
        return isinstance(error, Told)

    def _end(self) -> None:
        if self._recording or self.stage == "token":
            return
        self._stage("")
        failed = next((entry.error for entry in self._batch if entry.state == FAILED), None)
        stopped = next((entry.error for entry in self._batch if entry.state == NOT_TRIED), None)
        self._batch = []
        self.ledger.keep(self._lines())
        if failed or stopped:
            self.refused.emit(failed or stopped)
        self.finished.emit()

    def _stage(self, stage: str) -> None:
        if stage != self.stage:
            self.stage = stage
            self.stage_changed.emit(stage)
