"""What becomes of a licence after it was issued: a decision suspends, resumes or terminates it.

The office does not decide here: it enters a decision that was made on paper, with its scan. Each entry is a row that is
never changed; what was entered by mistake is taken back by another entry, on a ground that says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.cases import filing
from desktop.cases.application import IncomingFile
from desktop.cases.claiming import Claimed, claiming, once, row_id
from desktop.cases.confirming import require_confirmed
from desktop.cases.journal import Event, last_entry, record
from desktop.cases.plain_text import TEXT, optional, required
from desktop.cases.standing import at_work
from desktop.errors import BadInput, NotAllowed
from desktop.models import Case, Licence, LicenceChange
from desktop.regulation import rights
from desktop.regulation.licence_states import Ground, LicenceState, licence_law
from desktop.regulation.rights import Actor, Command
from desktop.store.database import Store
from desktop.store.sight import in_sight

_OLDEST = 1991
_NUMBER_LENGTH = 80
_EVENTS = {
    LicenceState.SUSPENDED: Event.LICENCE_SUSPENDED,
    LicenceState.RESUMED: Event.LICENCE_RESUMED,
    LicenceState.TERMINATED: Event.LICENCE_TERMINATED,
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What the office enters. ``ground`` and ``decided_by`` are ids of the table; ``until_on``: of a suspension alone."""

    ground: str
    decided_by: str
    from_on: date | None
    decision_number: str = ""
    decided_on: date | None = None
    until_on: date | None = None
    note: str = ""


@once(row_id)
def change_licence(
    store: Store,
    actor: Actor,
    *,
    licence_id: int,
    seen_change: int,
    decision: Decision,
    files: Iterable[IncomingFile] = (),
) -> int:
    """Enter a decision about a licence; return the id of the row of its history.

    ``seen_change``: id of the last change the user saw, 0 for none. ``files``: the scan of the decision, one.
    NotAllowed "licence-not-found", "licence-moved-on" (number, who, when), "licence-way-closed" (number, status).
    BadInput at ``ground``, ``decided_by``, ``decision_number``, ``decided_on``, ``from_on``, ``until_on``, ``note``,
    ``files``: "field-required", "choice-unknown", "too-long", "date-in-future", "date-impossible", "one-file-only",
    "before-licence-issued", "before-last-change", "until-not-asked", "until-before-from", "suspended-too-long" (last).
    """
    limit = filing.file_limit(store)
    ready = filing.inspect_all(files, limit)
    with claiming(store, actor, Command.CHANGE_LICENCE) as claimed:
        session, now = claimed.session, claimed.now
        office, acting = at_work(session, actor, now)
        rights.require(acting, Command.CHANGE_LICENCE)
        require_confirmed(session, acting)
        licence = _licence(session, acting, licence_id)
        zone = ZoneInfo(office.time_zone)
        before = _unmoved(session, licence, seen_change, zone)
        today = now.astimezone(zone).date()
        ground, decided = _checked(decision, licence, before, today, len(ready))
        case = _case(claimed, licence)
        told = filing.add(session, case, ready, limit, set(), now, acting.person_id)
        session.flush()
        row = LicenceChange(
            licence_id=licence.id,
            case_id=case.id,
            status=ground.brings.value,
            ground=ground.id,
            decided_by=decided.decided_by,
            decision_number=decided.decision_number,
            decided_on=decided.decided_on,
            from_on=decided.from_on,
            until_on=decided.until_on,
            note=decided.note,
            attachment_id=case.attachments[-1].id if ready else None,
            recorded_at=now,
            recorded_by=acting.person_id,
        )
        session.add(row)
        session.flush()  # the row that says why comes before the state
        licence.status = ground.brings.value
        _tell(session, acting, case, licence, row, ground, now, told)
        return claimed.returns(row.id)


def _licence(session: Session, actor: Actor, licence_id: int) -> Licence:
    """Return the licence, locked: who comes second waits here."""
    found = session.scalars(
        select(Licence)
        .where(Licence.id == licence_id, in_sight(session, actor, Licence.case_id))
        .with_for_update(of=Licence, key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotAllowed("licence-not-found")
    return found


def _unmoved(session: Session, licence: Licence, seen_change: int, zone: ZoneInfo) -> LicenceChange | None:
    """Return the last change; NotAllowed "licence-moved-on" when the user saw another."""
    last = session.scalars(
        select(LicenceChange)
        .where(LicenceChange.licence_id == licence.id)
        .order_by(LicenceChange.id.desc())
        .limit(1)
    ).first()
    if (last.id if last else 0) == seen_change:
        return last
    entry = last_entry(session, licence.case_id, *_EVENTS.values())
    raise NotAllowed(
        "licence-moved-on",
        number=licence.number,
        who=entry.actor_name if entry else "",
        when=entry.at.astimezone(zone) if entry else None,
    )


def _case(claimed: Claimed, licence: Licence) -> Case:
    claimed.row.case_id = licence.case_id
    claimed.session.flush()  # the claim knows its case before anything of the case is written
    return claimed.session.get_one(Case, licence.case_id)


def _checked(
    decision: Decision, licence: Licence, before: LicenceChange | None, today: date, files: int
) -> tuple[Ground, Decision]:
    """Return the ground and the decision with its texts cleaned, or say what is wrong and at which field."""
    law = licence_law()
    if not decision.ground:
        raise BadInput("field-required", field="ground")
    ground = law.ground(decision.ground)
    if ground is None:
        raise BadInput("choice-unknown", field="ground", choice=decision.ground)
    if licence.status not in ground.after:
        raise NotAllowed("licence-way-closed", number=licence.number, status=licence.status)
    if decision.decided_by not in ground.deciders:
        code = "choice-unknown" if decision.decided_by else "field-required"
        raise BadInput(code, field="decided_by", choice=decision.decided_by)
    cleaned = replace(
        decision,
        decision_number=_number(decision, ground),
        note=optional(decision.note, "note", limit=TEXT, lines=True),
    )
    _check_days(cleaned, ground, licence, before, today)
    if files > 1:
        raise BadInput("one-file-only", field="files")
    if not files and ground.decided:
        raise BadInput("field-required", field="files")
    return ground, cleaned


def _number(decision: Decision, ground: Ground) -> str:
    work = required if ground.decided else optional
    return work(decision.decision_number, "decision_number", limit=_NUMBER_LENGTH)


def _check_days(
    decision: Decision, ground: Ground, licence: Licence, before: LicenceChange | None, today: date
) -> None:
    decided = decision.decided_on
    if decided is None and ground.decided:
        raise BadInput("field-required", field="decided_on")
    first = decision.from_on
    if first is None:
        raise BadInput("field-required", field="from_on")
    for field, day in (("decided_on", decided), ("from_on", first)):
        if day is not None and day.year < _OLDEST:
            raise BadInput("date-impossible", field=field, day=day)
        if day is not None and day > today:
            raise BadInput("date-in-future", field=field, day=day)
    if first < licence.issued_on:
        raise BadInput("before-licence-issued", field="from_on", day=first, issued_on=licence.issued_on)
    if before is not None and first < before.from_on:
        raise BadInput("before-last-change", field="from_on", day=first, since=before.from_on)
    _check_until(decision.until_on, first, ground)


def _check_until(until: date | None, first: date, ground: Ground) -> None:
    if ground.brings is not LicenceState.SUSPENDED:
        if until is not None:
            raise BadInput("until-not-asked", field="until_on")
        return
    if until is None:
        raise BadInput("field-required", field="until_on")
    if until < first:
        raise BadInput("until-before-from", field="until_on", day=until, first=first)
    last = licence_law().suspended_until(first)
    if until > last:
        raise BadInput("suspended-too-long", field="until_on", day=until, last=last)


def _tell(
    session: Session,
    actor: Actor,
    case: Case,
    licence: Licence,
    row: LicenceChange,
    ground: Ground,
    now: datetime,
    files: list[dict[str, object]],
) -> None:
    decided = licence_law().decider_title(row.decided_by)
    facts: dict[str, Any] = {
        "number": licence.number,
        "annex": licence.annex_number,
        "ground": ground.id,
        "ground_kk": ground.title.kk,
        "ground_ru": ground.title.ru,
        "decided_by": row.decided_by,
        "decided_kk": decided.kk,
        "decided_ru": decided.ru,
        "decision_number": row.decision_number,
        "decided_on": row.decided_on,
        "from_on": row.from_on,
        "note": row.note,
        "files": files,
    }
    if row.until_on is not None:
        facts["until_on"] = row.until_on
    record(session, actor, _EVENTS[ground.brings], case, at=now, **facts)
