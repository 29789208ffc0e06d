"""The second person: what one sets about a signer, or whom to believe, counts once another has confirmed it.

``security`` notes T5. Whoever signs (head, acting head) and whoever confirms (administrator, auditor) is told of here:
each change of his login, name, ИИН, password, roles or orders is a row that another must confirm, or he may do
neither. A confirmer who is himself unconfirmed confirms nothing: else the first to hire could hire his own second person.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.cases import journal
from desktop.cases.claiming import claiming, nothing, once
from desktop.cases.journal import Event
from desktop.cases.standing import standing
from desktop.errors import BadInput, NotAllowed
from desktop.models import Confirmation, Person, TrustRoot
from desktop.regulation import rights
from desktop.regulation.rights import Actor, Command
from desktop.store.confirmed import alone, person_waits
from desktop.store.database import Store


def note_person(session: Session, actor: Actor, now: datetime, person: Person, *what: str) -> None:
    """Note what the actor sets about a person; it is confirmed already while the office is being founded."""
    session.add(_row(session, actor, now, what, person_id=person.id))


def note_root(session: Session, actor: Actor, now: datetime, sha256: str) -> None:
    """The same of a trust root."""
    session.add(_row(session, actor, now, ("added",), root_sha256=sha256))


def founded(now: datetime, *what: str, person_id: int | None = None, root: str | None = None) -> Confirmation:
    """Return the row of what the office is founded with: nobody is there to confirm it, and nobody set it alone."""
    return Confirmation(
        person_id=person_id, root_sha256=root, what=[*what], set_at=now, set_by=None, confirmed_at=now
    )


def _row(
    session: Session,
    actor: Actor,
    now: datetime,
    what: Collection[str],
    *,
    person_id: int | None = None,
    root_sha256: str | None = None,
) -> Confirmation:
    return Confirmation(
        person_id=person_id,
        root_sha256=root_sha256,
        what=sorted(what),
        set_at=now,
        set_by=actor.person_id,
        confirmed_at=now if alone(session, actor.person_id) else None,
        confirmed_by=None,
    )


def require_confirmed(session: Session, actor: Actor) -> None:
    """Raise NotAllowed "identity-unconfirmed" while something about the actor waits for another's confirmation."""
    if person_waits(session, actor.person_id):
        raise NotAllowed("identity-unconfirmed")


@once(nothing)
def confirm(store: Store, actor: Actor, *, noted: Collection[int]) -> None:
    """Confirm what was noted (ids of rows) and the actor has looked at, all of one person or of one trust root.

    NotAllowed: "identity-unconfirmed" (the actor himself waits), "confirm-own" (he set one of them, or they are about
    himself), "confirm-moved-on" (one is confirmed or its root gone meanwhile). Later changes go on waiting.
    """
    with claiming(store, actor, Command.CONFIRM) as claimed:
        session, now = claimed.session, claimed.now
        acting = standing(session, actor, now)
        rights.require(acting, Command.CONFIRM)
        require_confirmed(session, acting)
        rows = session.scalars(
            select(Confirmation).where(Confirmation.id.in_(noted)).order_by(Confirmation.id).with_for_update()
        ).all()
        if len({(row.person_id, row.root_sha256) for row in rows}) != 1 or len(rows) < len(set(noted)):
            raise BadInput("nothing-changed", field="noted")
        for row in rows:
            if row.confirmed_at is not None:
                raise NotAllowed("confirm-moved-on")
            if acting.person_id in {row.set_by, row.person_id}:
                raise NotAllowed("confirm-own")
            row.confirmed_at, row.confirmed_by = now, acting.person_id
        tell_confirmed(session, acting, now, rows)


def tell_confirmed(
    session: Session, actor: Actor | None, now: datetime, rows: Sequence[Confirmation]
) -> None:
    """Tell the journal of rows that were confirmed, all of one person or root; ``actor`` as the journal's."""
    row = rows[0]
    if row.person_id is not None:
        person = session.get_one(Person, row.person_id)
        journal.record(
            session,
            actor,
            Event.PERSON_CONFIRMED,
            None,
            at=now,
            login=person.login,
            name_kk=person.name_kk,
            name_ru=person.name_ru,
            iin=person.iin,
            what=sorted({word for row in rows for word in row.what}),
        )
        return
    root = session.get(TrustRoot, row.root_sha256)
    if root is None:
        raise NotAllowed("confirm-moved-on")
    journal.record(
        session, actor, Event.TRUST_ROOT_CONFIRMED, None, at=now, subject=root.subject, sha256=root.sha256
    )
