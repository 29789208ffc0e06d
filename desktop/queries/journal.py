"""The journal, newest first."""

from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from desktop.models import Case, JournalEntry, Person
from desktop.models.folding import fold, storable
from desktop.queries import case_parts, search
from desktop.queries.moments import day_begins, day_ends, office_zone
from desktop.queries.paging import Key, Order, key_of, page
from desktop.queries.rows import JournalRow, Page
from desktop.regulation.rights import Actor, Command, require
from desktop.store.database import Store
from desktop.store.sight import in_sight, journal_in_sight

_ORDER = Order((JournalEntry.id,))
_LONGEST_NUMBER = 80


def entries(
    store: Store,
    actor: Actor,
    *,
    case_id: int | None = None,
    text: str = "",
    first_day: date | None = None,
    last_day: date | None = None,
    after: Key | None = None,
    limit: int = 128,
) -> Page[JournalRow]:
    """Return a page of the whole journal, or of one case's.

    ``text`` finds entries by the case (as the register does), by the actor's name or login, by the event's code.
    """
    require(actor, Command.READ_JOURNAL if case_id is None else Command.READ_CASES)
    with store.reading(by=actor.login) as session:
        zone = office_zone(session)
        conditions: list[ColumnElement[bool]] = []
        if case_id is not None:
            conditions += [JournalEntry.case_id == case_id, in_sight(session, actor, JournalEntry.case_id)]
        else:
            conditions.append(journal_in_sight(session, actor))
        if first_day is not None:
            conditions.append(JournalEntry.at >= day_begins(first_day, zone))
        if last_day is not None:
            conditions.append(JournalEntry.at < day_ends(last_day, zone))
        if fold(storable(text)):
            conditions.append(_about(session, text))
        query = case_parts.JOURNAL.where(*conditions)
        rows, more = page(session, query, _ORDER, descending=True, after=after, limit=limit)
        return Page(case_parts.journal_rows(session, zone, rows), key_of([rows[-1].id]) if more else None)


def _about(session: Session, words: str) -> ColumnElement[bool]:
    words = storable(words)
    folded = fold(words)
    people = session.execute(select(Person.login, Person.name_kk, Person.name_ru))
    logins = [row.login for row in people if folded in fold(f"{row.login} {row.name_kk} {row.name_ru}")]
    conditions: list[ColumnElement[bool]] = [JournalEntry.actor.in_(logins)]
    if len(words) <= _LONGEST_NUMBER:  # SQLite's LIKE has a limit that a pasted page is beyond
        conditions.append(JournalEntry.event.contains(folded, autoescape=True))
        conditions.append(JournalEntry.case_number.contains(words.strip(), autoescape=True))
    cases = search.matching(session, search.CASES, words, page=False)
    if cases is not None:
        conditions.append(JournalEntry.case_id.in_(select(Case.id).where(cases)))
    return or_(*conditions)
