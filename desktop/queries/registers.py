"""The registers of applications and of licences: a page, a count, and all of it for the export.

Screen and workbook use the same filter and the same order, so they show the same rows.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, UnaryExpression, and_, exists, func, select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.util import AliasedClass

from desktop.models import Case, Licence
from desktop.queries import law, register_rows, search
from desktop.queries.moments import day_begins, day_ends, office_zone
from desktop.queries.paging import Key, Order, key_of, page
from desktop.queries.rows import ApplicationRow, LicenceRow, Page, RegisterFilter
from desktop.regulation.rights import Actor, Command, require
from desktop.regulation.sight import Sight, sight_of
from desktop.store.database import Store
from desktop.store.sight import sees_all

BATCH = 250  # rows of an export in memory at once
_Other = aliased(Case, name="other_case")
_RESULTS = ("licence", "attestation", "notice", "refusal", "termination", "withdrawn", None)

APPLICATION_ORDERS = {
    "number": Order((Case.number,)),
    "received_at": Order((Case.received_at, Case.id)),
    "holder": Order((Case.holder_sort, Case.id)),
    "due_at": Order((Case.due_at, Case.id)),
    "result": Order((Case.result, Case.id), values=_RESULTS),
}
LICENCE_ORDERS = {
    "number": Order((Licence.number, Licence.annex_number)),
    "issued_on": Order((Licence.issued_on, Licence.id)),
    "holder": Order((Licence.holder_sort, Licence.id)),
}


def applications(
    store: Store,
    actor: Actor,
    *,
    filter: RegisterFilter,
    sort: str = "received_at",
    descending: bool = True,
    after: Key | None = None,
    limit: int = 128,
) -> Page[ApplicationRow]:
    """Return a page of the register; ``sort`` is one of ``APPLICATION_ORDERS``, ``after`` the last page's key."""
    require(actor, Command.READ_CASES)
    with store.reading(by=actor.login) as session:
        order = APPLICATION_ORDERS[sort]
        query = register_rows.APPLICATIONS.where(
            *_applications_where(store, session, actor, filter, page=True)
        )
        rows, more = page(session, query, order, descending=descending, after=after, limit=limit)
        return Page(
            tuple(register_rows.application_rows(session, rows)), _next(rows, order) if more else None
        )


def count_applications(store: Store, actor: Actor, *, filter: RegisterFilter) -> int:
    require(actor, Command.READ_CASES)
    with store.reading(by=actor.login) as session:
        if sees_all(actor) and filter == RegisterFilter(text=filter.text):
            by_text = search.count(session, search.CASES, filter.text)
            if by_text is not None:
                return by_text
        if sight_of(actor.roles) is Sight.OWN and filter == RegisterFilter():
            return search.count_own(session, actor)
        conditions = _applications_where(store, session, actor, filter, page=False)
        return session.execute(select(func.count()).select_from(Case).where(*conditions)).scalar_one()


def stream_applications(
    store: Store,
    actor: Actor,
    *,
    filter: RegisterFilter,
    sort: str = "received_at",
    descending: bool = True,
) -> Iterator[ApplicationRow]:
    """Yield every row of the register in batches of the server; one snapshot from first to last."""
    require(actor, Command.EXPORT)
    return _stream_applications(store, actor, filter, APPLICATION_ORDERS[sort], descending)


def licences(
    store: Store,
    actor: Actor,
    *,
    filter: RegisterFilter,
    sort: str = "issued_on",
    descending: bool = True,
    after: Key | None = None,
    limit: int = 128,
) -> Page[LicenceRow]:
    """Return a page of the register; ``sort`` is one of ``LICENCE_ORDERS``, ``after`` the last page's key."""
    require(actor, Command.READ_CASES)
    with store.reading(by=actor.login) as session:
        order = LICENCE_ORDERS[sort]
        query = register_rows.LICENCES.where(*_licences_where(session, actor, filter, page=True))
        rows, more = page(session, query, order, descending=descending, after=after, limit=limit)
        return Page(tuple(register_rows.licence_rows(session, rows)), _next(rows, order) if more else None)


def count_licences(store: Store, actor: Actor, *, filter: RegisterFilter) -> int:
    require(actor, Command.READ_CASES)
    with store.reading(by=actor.login) as session:
        if sees_all(actor) and filter == RegisterFilter(text=filter.text):
            by_text = search.count(session, search.LICENCES, filter.text)
            if by_text is not None:
                return by_text
        conditions = _licences_where(session, actor, filter, page=False)
        return session.execute(select(func.count()).select_from(Licence).where(*conditions)).scalar_one()


def stream_licences(
    store: Store,
    actor: Actor,
    *,
    filter: RegisterFilter,
    sort: str = "issued_on",
    descending: bool = True,
) -> Iterator[LicenceRow]:
    """Yield every row of the register in batches of the server; one snapshot from first to last."""
    require(actor, Command.EXPORT)
    return _stream_licences(store, actor, filter, LICENCE_ORDERS[sort], descending)


def _stream_applications(
    store: Store, actor: Actor, chosen: RegisterFilter, order: Order, descending: bool
) -> Iterator[ApplicationRow]:
    with store.reading(by=actor.login) as session:
        query = register_rows.EXPORTED.where(*_applications_where(store, session, actor, chosen, page=False))
        made = register_rows.Applications(session, register_rows.all_names(session))
        for rows in _batches(session, query, order, descending):
            yield from map(made.row, rows)


def _stream_licences(
    store: Store, actor: Actor, chosen: RegisterFilter, order: Order, descending: bool
) -> Iterator[LicenceRow]:
    with store.reading(by=actor.login) as session:
        query = register_rows.LICENCES.where(*_licences_where(session, actor, chosen, page=False))
        for rows in _batches(session, query, order, descending):
            yield from register_rows.licence_rows(session, rows)


def _batches(
    session: Session, query: Select[*tuple[Any, ...]], order: Order, descending: bool
) -> Iterator[list[Row[*tuple[Any, ...]]]]:
    clauses = order.clauses(descending=descending)
    if order.values:  # as the pages have it: the empty ones are the last value
        clauses[0] = _empty_last(clauses[0], descending)
    # as plain columns: mapped ones would be made twice
    result = session.connection().execute(
        query.order_by(*clauses), execution_options={"stream_results": True, "yield_per": BATCH}
    )
    for rows in result.partitions():
        yield list(rows)


def _empty_last(clause: ColumnElement[Any], descending: bool) -> UnaryExpression[Any]:
    return clause.nulls_first() if descending else clause.nulls_last()


def _next(rows: list[Row[*tuple[Any, ...]]], order: Order) -> Key:
    return key_of([rows[-1]._mapping[item.key] for item in order.columns])


def _applications_where(
    store: Store, session: Session, actor: Actor, chosen: RegisterFilter, *, page: bool
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [search.sight(session, actor, Case.id, page=page)]
    words = search.matching(session, search.CASES, chosen.text, page=page)
    if words is not None:
        conditions.append(words)
    zone = office_zone(session)
    if chosen.first_day is not None:
        conditions.append(Case.received_at >= day_begins(chosen.first_day, zone))
    if chosen.last_day is not None:
        conditions.append(Case.received_at < day_ends(chosen.last_day, zone))
    if chosen.state:
        conditions.append(_state(store, session, chosen.state, page=page))
    if chosen.channel is not None:
        conditions.append(Case.channel == chosen.channel.value)
    if chosen.executor_id is not None:
        conditions.append(register_rows.handled_by(session, Case.id, chosen.executor_id, page=page))
    return conditions


def _state(store: Store, session: Session, state: str, *, page: bool) -> ColumnElement[bool]:
    """A state may be that of few cases or of most: a page is filled accordingly."""
    now = store.now(session)
    condition = _in_state(session, Case, state, now)
    if not page:
        return condition
    hits = select(_Other.id).where(_in_state(session, _Other, state, now))
    return search.few_or_walk(session, Case.id, hits, search.unindexed(session, condition), page=True)


def _in_state(
    session: Session, case: type[Case] | AliasedClass[Case], state: str, now: datetime
) -> ColumnElement[bool]:
    match state:
        case "open":
            return case.step.is_not(None)
        case "closed":
            return case.step.is_(None)
        case "overdue":
            return and_(case.step.is_not(None), law.overdue(session, now, case))
        case _:
            return case.result == state


def _licences_where(
    session: Session, actor: Actor, chosen: RegisterFilter, *, page: bool
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [search.sight(session, actor, Licence.case_id, page=page)]
    words = search.matching(session, search.LICENCES, chosen.text, page=page)
    if words is not None:
        conditions.append(words)
    if chosen.first_day is not None:
        conditions.append(Licence.issued_on >= chosen.first_day)
    if chosen.last_day is not None:
        conditions.append(Licence.issued_on <= chosen.last_day)
    if chosen.state:
        conditions.append(Licence.status == chosen.state)  # no index: a page is filled by walking
    if chosen.channel is not None:
        conditions.append(
            exists().where(_Other.id == Licence.case_id, _Other.channel == chosen.channel.value)
        )
    if chosen.executor_id is not None:
        conditions.append(register_rows.handled_by(session, Licence.case_id, chosen.executor_id, page=page))
    return conditions
