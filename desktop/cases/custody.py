"""A result at a centre: handed out there, come back after its month, asked for anew and sent again (001 item 10).

The case has ended; what happens here is of its result alone. Who comes second finds it in another state.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from desktop.cases import surveying
from desktop.cases.change import Change, law
from desktop.cases.claiming import claiming, nothing, once
from desktop.cases.journal import Event, record
from desktop.cases.plain_text import LONG_LINE, clean_name, optional, required
from desktop.cases.standing import standing
from desktop.errors import NotAllowed
from desktop.models import Case, CaseDocument, Office, ResultCustody
from desktop.regulation import custody, rights
from desktop.regulation.model import Channel
from desktop.regulation.model import Custody as CustodyRule
from desktop.regulation.rights import Actor, Command
from desktop.store.calendar import working_calendar
from desktop.store.database import Store
from desktop.store.sight import in_sight

_Later = aliased(ResultCustody, name="later_custody")


def send_to_centre(change: Change, document: CaseDocument) -> ResultCustody | None:
    """Begin the keeping of a result that is handed over to a centre; None where the act knows of none."""
    rule = custody.custody_of(change.operation, Channel(change.case.channel))
    if rule is None:
        return None
    row = _sent(change.case, document.id, change.actor.person_id, change.now)
    row.kept_until = custody.kept_until(change.calendar, rule, change.now)
    change.session.add(row)
    return row


@once(nothing)
def hand_out(
    store: Store,
    actor: Actor,
    *,
    custody_id: int,
    receiver: str,
    identity_document: str,
    power_of_attorney: str = "",
    survey: Mapping[str, str] | None = None,
) -> None:
    """Record who received the result at the centre, and on which identity document.

    NotAllowed "custody-moved-on" when it is not at the centre any more; BadInput "field-required",
    "survey-answer-unknown".
    """
    with _keeping(store, actor, custody_id, Command.HAND_OUT) as keeping:
        row = keeping.row
        keeping.require(_at_centre(row))
        row.receiver = required(clean_name(receiver), "receiver", limit=LONG_LINE)
        row.identity_document = required(identity_document, "identity_document")
        row.power_of_attorney = optional(power_of_attorney, "power_of_attorney", limit=LONG_LINE)
        row.handed_at, row.handed_by = keeping.now, keeping.actor.person_id
        answers = surveying.keep(
            keeping.session, keeping.case.id, survey or {}, keeping.now, keeping.actor.person_id
        )
        keeping.record(
            Event.HANDED_OUT,
            receiver=row.receiver,
            identity_document=row.identity_document,
            power_of_attorney=row.power_of_attorney,
            survey=answers,
        )


@once(nothing)
def take_back(store: Store, actor: Actor, *, custody_id: int) -> None:
    """Record that the result came back to the office for storage.

    NotAllowed "custody-moved-on", "custody-runs" (kept_until) before its month is over.
    """
    with _keeping(store, actor, custody_id, Command.TAKE_BACK) as keeping:
        row = keeping.row
        keeping.require(_at_centre(row))
        if keeping.now <= row.kept_until:
            raise NotAllowed("custody-runs", kept_until=row.kept_until.astimezone(keeping.zone))
        row.returned_at, row.returned_by = keeping.now, keeping.actor.person_id
        keeping.record(Event.TAKEN_BACK)


@once(nothing)
def request_again(store: Store, actor: Actor, *, custody_id: int) -> None:
    """Record that the applicant asks for a result that lies in the office: the term of sending it begins.

    NotAllowed "custody-moved-on" when it is not in storage, or was asked for already.
    """
    with _keeping(store, actor, custody_id, Command.REQUEST_AGAIN) as keeping:
        row = keeping.row
        keeping.require(row.returned_at is not None and row.requested_at is None)
        by = custody.send_again_by(working_calendar(keeping.session), keeping.rule, keeping.now)
        row.requested_at, row.requested_by = keeping.now, keeping.actor.person_id
        row.send_again_by = by
        keeping.record(Event.ASKED_AGAIN, send_again_by=row.send_again_by)


@once(nothing)
def send_again(store: Store, actor: Actor, *, custody_id: int) -> None:
    """Send a result that was asked for anew to the centre: another month begins.

    NotAllowed "custody-moved-on" when nobody asked for it, or it was sent already.
    """
    with _keeping(store, actor, custody_id, Command.SEND_AGAIN) as keeping:
        row, session = keeping.row, keeping.session
        later = session.scalar(select(exists().where(_Later.case_id == row.case_id, _Later.id > row.id)))
        keeping.require(row.requested_at is not None and not later)
        again = _sent(keeping.case, row.document_id, keeping.actor.person_id, keeping.now)
        again.kept_until = custody.kept_until(working_calendar(session), keeping.rule, keeping.now)
        session.add(again)
        keeping.record(Event.SENT_AGAIN, kept_until=again.kept_until)


def _sent(case: Case, document_id: int, person_id: int, now: datetime) -> ResultCustody:
    return ResultCustody(
        case_id=case.id, document_id=document_id, channel=case.channel, sent_at=now, sent_by=person_id
    )


def _at_centre(row: ResultCustody) -> bool:
    return row.handed_at is None and row.returned_at is None


@dataclass(slots=True)
class _Keeping:
    session: Session
    actor: Actor
    row: ResultCustody
    case: Case
    document: CaseDocument
    rule: CustodyRule
    now: datetime
    zone: ZoneInfo

    def require(self, ok: bool) -> None:
        if not ok:
            raise NotAllowed("custody-moved-on", number=self.document.number)

    def record(self, event: Event, **facts: Any) -> None:
        record(
            self.session,
            self.actor,
            event,
            self.case,
            at=self.now,
            document=self.document.kind,
            number=self.document.number,
            **facts,
        )


@contextmanager
def _keeping(store: Store, actor: Actor, custody_id: int, command: Command) -> Iterator[_Keeping]:
    """Open the transaction of a command on one keeping, its row locked; NotAllowed "custody-not-found"."""
    with claiming(store, actor, command) as claimed:
        session, now = claimed.session, claimed.now
        acting = standing(session, actor, now)
        rights.require(acting, command)
        row = session.scalars(
            select(ResultCustody)
            .where(ResultCustody.id == custody_id, in_sight(session, acting, ResultCustody.case_id))
            .with_for_update(of=ResultCustody)
            .execution_options(populate_existing=True)
        ).one_or_none()
        if row is None:
            raise NotAllowed("custody-not-found")
        claimed.row.case_id = row.case_id
        session.flush()  # the claim knows its case before anything of the case is written
        case = session.get_one(Case, row.case_id)
        operation = law(session, case.regulation_sha256, case.service, case.operation)[1]
        rule = custody.custody_of(operation, Channel(row.channel))
        if rule is None:
            raise KeyError(row.channel)  # it was sent by the same act
        zone = ZoneInfo(session.get_one(Office, 1).time_zone)
        document = session.get_one(CaseDocument, row.document_id)
        yield _Keeping(session, acting, row, case, document, rule, now, zone)
