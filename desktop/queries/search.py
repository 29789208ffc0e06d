"""Finding a text in the registers: any part of a number, an identifier, a name or a site, in any case.

Both sides are folded (``models.folding``), so hits are the same on both engines. On SQLite a rare text is found
by its trigrams and its hits are sorted; a common one by walking the register in its order until the page is full.
"""

from dataclasses import dataclass

from sqlalchemy import (
    Boolean,
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    UnaryExpression,
    column,
    func,
    select,
    table,
    text,
)
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql import operators

from desktop.models import Case, Licence
from desktop.models.folding import fold, storable
from desktop.regulation.rights import Actor
from desktop.regulation.sight import Sight, sight_of
from desktop.store.sight import in_sight, own_cases

_TRIGRAM = 3
_RARE = 5000  # hits that are read and sorted in about 10 ms; more of them fill a page sooner by walking


@dataclass(frozen=True, slots=True)
class Searched:
    """A register whose rows have a folded ``search`` column and, on SQLite, a table of its trigrams."""

    row_id: InstrumentedAttribute[int]
    folded: InstrumentedAttribute[str]
    trigrams: str


CASES = Searched(Case.id, Case.search, "case_file_search")
LICENCES = Searched(Licence.id, Licence.search, "licence_search")


def matching(session: Session, searched: Searched, words: str, *, page: bool) -> ColumnElement[bool] | None:
    """Return the condition for ``words``, None when there is nothing to search.

    ``page``: the query takes one page in the register's order (and not all hits, as a count or an export does).
    """
    folded = _folded(words)
    if not folded:
        return None
    if _is_postgresql(session):
        return searched.folded.contains(folded, autoescape=True)
    somewhere = func.instr(searched.folded, folded) > 0
    if len(folded) < _TRIGRAM:
        return somewhere
    return few_or_walk(session, searched.row_id, _hits(searched, folded), somewhere, page=page)


def few_or_walk(
    session: Session,
    row_id: InstrumentedAttribute[int],
    hits: Select[int],
    walked: ColumnElement[bool],
    *,
    page: bool,
) -> ColumnElement[bool]:
    """Return the condition that fills a page soonest: among the few ``hits``, or ``walked`` row by row.

    SQLite does not weigh how many rows a page takes, so it is told; PostgreSQL knows.
    """
    if _is_postgresql(session):
        return walked
    if page and _more_than(session, hits, _RARE):
        return walked
    return row_id.in_(hits)


def sight(
    session: Session,
    actor: Actor,
    case_id: InstrumentedAttribute[int],
    *,
    page: bool,
) -> ColumnElement[bool]:
    """The condition of a row of a case in sight: a page of who has few is made of those, of who has many by walking."""
    if sight_of(actor.roles) is not Sight.OWN:
        return in_sight(session, actor, case_id)
    own = own_cases(actor)
    if page and _more_than(session, own, _RARE):
        return in_sight(session, actor, case_id)
    return case_id.in_(own)


def count_own(session: Session, actor: Actor) -> int:
    """Count the cases of somebody who sees his own alone, by what makes them his."""
    own = own_cases(actor).subquery()
    return session.execute(select(func.count(own.c[0].distinct()))).scalar_one()


def unindexed(session: Session, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition so that SQLite finds no index for it (https://www.sqlite.org/optoverview.html, 3)."""
    if _is_postgresql(session):
        return condition
    return UnaryExpression(condition.self_group(), operator=operators.custom_op("+"), type_=Boolean())


def count(session: Session, searched: Searched, words: str) -> int | None:
    """Count the hits of ``words`` alone by their trigrams; None when that is not possible."""
    folded = _folded(words)
    if len(folded) < _TRIGRAM or _is_postgresql(session):
        return None
    return session.execute(select(func.count()).select_from(_hits(searched, folded).subquery())).scalar_one()


def _folded(words: str) -> str:
    return fold(storable(words))


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def _more_than(session: Session, hits: Select[int] | CompoundSelect[int], number: int) -> bool:
    some = hits.limit(number + 1).subquery()
    return session.execute(select(func.count()).select_from(some)).scalar_one() > number


def _hits(searched: Searched, folded: str) -> Select[int]:
    trigrams = table(searched.trigrams, column("rowid", Integer))
    phrase = '"' + folded.replace('"', '""') + '"'
    return select(trigrams.c.rowid).where(
        text(f"{searched.trigrams} MATCH :phrase").bindparams(phrase=phrase)
    )
