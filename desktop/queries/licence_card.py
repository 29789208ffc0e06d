"""A licence of the register with its whole history: what was decided about it, and its state on any day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.errors import NotAllowed
from desktop.models import Attachment, Licence, LicenceChange, Person
from desktop.models.folding import storable
from desktop.queries import register_rows
from desktop.queries.moments import local, office_zone
from desktop.queries.rows import LicenceRow
from desktop.regulation.licence_states import LicenceState, licence_law, state_on
from desktop.regulation.model import Text
from desktop.regulation.rights import Actor, Command, require
from desktop.store.database import Store
from desktop.store.sight import in_sight


@dataclass(frozen=True, slots=True)
class LicenceChangeRow:
    """One decision. ``ground`` and ``decided_by`` are titles; ``recorded_at`` is office time."""

    change_id: int
    status: str
    ground: Text
    decided_by: Text
    decision_number: str
    decided_on: date | None
    from_on: date
    until_on: date | None
    note: str
    file_name: str
    attachment_id: int | None
    recorded_at: datetime
    recorded_by: Text


@dataclass(frozen=True, slots=True)
class LicenceCard:
    """``today`` is the office's; ``replaced_on``: the day another took its place."""

    row: LicenceRow
    today: date
    changes: tuple[LicenceChangeRow, ...] = ()
    replaced_on: date | None = None

    @property
    def last_change(self) -> int:
        """The id of the last decision, 0 for none: what a command must have seen."""
        return self.changes[-1].change_id if self.changes else 0

    def state_on(self, day: date) -> LicenceState | None:
        """Return the state on a day as it is known now; None before the licence was issued."""
        return state_on(day, issued_on=self.row.issued_on, changes=self.changes, replaced_on=self.replaced_on)

    def decision_on(self, day: date) -> LicenceChangeRow | None:
        """Return the decision that held on a day."""
        begun = [change for change in self.changes if change.from_on <= day]
        return begun[-1] if begun else None

    @property
    def suspension_over(self) -> date | None:
        """The last day of a suspension that has passed while nobody has entered what came of it."""
        last = self.changes[-1] if self.changes else None
        if last is None or self.row.status != LicenceState.SUSPENDED or last.until_on is None:
            return None
        return last.until_on if last.until_on < self.today else None


def licence_card(store: Store, actor: Actor, *, licence_id: int) -> LicenceCard:
    """Return the card; NotAllowed "licence-not-found" for a licence out of the actor's sight."""
    require(actor, Command.READ_CASES)
    with store.reading(by=actor.login) as session:
        cards = _cards(store, session, actor, Licence.id == licence_id)
        if not cards:
            raise NotAllowed("licence-not-found")
        return cards[0]


def licence_cards(store: Store, actor: Actor, *, number: str) -> tuple[LicenceCard, ...]:
    """Return every licence of a number the actor may see, the latest first."""
    require(actor, Command.READ_CASES)
    wanted = storable(number.strip())
    with store.reading(by=actor.login) as session:
        return _cards(store, session, actor, Licence.number.in_(sorted({wanted, wanted.upper()})))


def _cards(store: Store, session: Session, actor: Actor, wanted: object) -> tuple[LicenceCard, ...]:
    query = register_rows.LICENCES.where(wanted, in_sight(session, actor, Licence.case_id))  # type: ignore[arg-type]
    found = session.execute(query.order_by(Licence.id.desc())).all()
    today = store.now(session).astimezone(office_zone(session)).date()
    rows = tuple(register_rows.licence_rows(session, found))
    changes = _changes(session, [row.licence_id for row in rows])
    return tuple(
        LicenceCard(
            row,
            today,
            tuple(changes.get(row.licence_id, ())),
            row.changed_on if row.status == LicenceState.REISSUED else None,
        )
        for row in rows
    )


def _changes(session: Session, licence_ids: Iterable[int]) -> dict[int, list[LicenceChangeRow]]:
    zone, law = office_zone(session), licence_law()
    query = (
        select(LicenceChange, Attachment.file_name, Person.name_kk, Person.name_ru)
        .outerjoin(Attachment, Attachment.id == LicenceChange.attachment_id)
        .join(Person, Person.id == LicenceChange.recorded_by)
        .where(LicenceChange.licence_id.in_(list(licence_ids)))
        .order_by(LicenceChange.id)
    )
    found: dict[int, list[LicenceChangeRow]] = {}
    for change, file_name, name_kk, name_ru in session.execute(query):
        found.setdefault(change.licence_id, []).append(
            LicenceChangeRow(
                change_id=change.id,
                status=change.status,
                ground=law.ground_title(change.ground),
                decided_by=law.decider_title(change.decided_by),
                decision_number=change.decision_number,
                decided_on=change.decided_on,
                from_on=change.from_on,
                until_on=change.until_on,
                note=change.note,
                file_name=file_name or "",
                attachment_id=change.attachment_id,
                recorded_at=local(change.recorded_at, zone),
                recorded_by=Text(name_kk, name_ru),
            )
        )
    return found
