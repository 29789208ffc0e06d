"""L5: the registers give numbers without a gap and without a double, and every registered case has exactly one.

A licence's state is what the last decision about it brought.
"""

from collections.abc import Iterator

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from desktop.models import Case, Licence, LicenceChange, RegisterCounter, RegisterNumber
from desktop.store.proving.files import last_position
from desktop.store.proving.finding import Finding

_INCOMING = "incoming"


def prove(session: Session) -> Iterator[Finding]:
    """Name gaps, doubles, counters that say something else, cases without a number, licences in a state nobody entered."""
    yield from _gaps(session)
    yield from _doubles(session)
    yield from _counters(session)
    yield from _cases(session)
    yield from _licences(session)


def _gaps(session: Session) -> Iterator[Finding]:
    own = (RegisterNumber.register, RegisterNumber.year, RegisterNumber.sequence)
    before = func.lag(RegisterNumber.sequence, 1, 0).over(
        partition_by=(RegisterNumber.register, RegisterNumber.year), order_by=RegisterNumber.sequence
    )
    numbered = select(*own, before.label("before")).subquery()
    for register, year, sequence, last in session.execute(
        select(numbered).where(numbered.c.sequence > numbered.c.before + 1)
    ):
        facts = {"register": register, "year": year, "first": last + 1, "last": sequence - 1}
        yield Finding("L5", "journal-number-missing", _position(session, register, year, sequence), facts)


def _doubles(session: Session) -> Iterator[Finding]:
    """What the tables' own constraints forbid, should somebody have taken them away."""
    twice = (
        select(RegisterNumber.register, RegisterNumber.text, func.max(RegisterNumber.year),
               func.max(RegisterNumber.sequence))
        .group_by(RegisterNumber.register, RegisterNumber.text)
        .having(func.count() > 1)
    )  # fmt: skip
    for register, number, year, sequence in session.execute(twice).all():
        facts = {"register": register, "number": number}
        yield Finding("L5", "journal-number-double", _position(session, register, year, sequence), facts)
    cases = select(Case.number, func.max(Case.id)).group_by(Case.number).having(func.count() > 1)
    for number, case_id in session.execute(cases).all():
        position = last_position(session, "case_file", str(case_id))
        yield Finding("L5", "journal-number-double", position, {"register": _INCOMING, "number": number})


def _counters(session: Session) -> Iterator[Finding]:
    given = (
        select(RegisterNumber.register, RegisterNumber.year, func.max(RegisterNumber.sequence).label("last"))
        .group_by(RegisterNumber.register, RegisterNumber.year)
        .subquery()
    )
    wrong = (
        select(RegisterCounter.register, RegisterCounter.year, RegisterCounter.last, given.c.last)
        .outerjoin(
            given, (given.c.register == RegisterCounter.register) & (given.c.year == RegisterCounter.year)
        )
        .where(RegisterCounter.last != func.coalesce(given.c.last, 0))
    )
    for register, year, counter, last in session.execute(wrong).all():
        facts = {"register": register, "year": year, "counter": counter, "last": last or 0}
        position = last_position(session, "register_counter", register, str(year))
        yield Finding("L5", "journal-number-counter", position, facts)
    lost = select(given).where(
        ~exists().where(RegisterCounter.register == given.c.register, RegisterCounter.year == given.c.year)
    )
    for register, year, last in session.execute(lost).all():
        facts = {"register": register, "year": year, "counter": 0, "last": last}
        yield Finding("L5", "journal-number-counter", None, facts)


def _cases(session: Session) -> Iterator[Finding]:
    number = aliased(RegisterNumber)
    given = exists().where(
        number.register == _INCOMING, number.text == Case.number, number.case_id == Case.id
    )
    for case_id, text in session.execute(select(Case.id, Case.number).where(~given)).all():
        position = last_position(session, "case_file", str(case_id))
        yield Finding("L5", "journal-number-of-nobody", position, {"number": text})


def _licences(session: Session) -> Iterator[Finding]:
    last = (
        select(LicenceChange.status)
        .where(LicenceChange.licence_id == Licence.id)
        .order_by(LicenceChange.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    wrong = select(Licence.id, Licence.number, Licence.status, last).where(
        Licence.status != func.coalesce(last, "issued"), Licence.replaced_by.is_(None)
    )
    for licence_id, number, status, entered in session.execute(wrong).all():
        facts = {"number": number, "status": status, "entered": entered or "issued"}
        position = last_position(session, "licence", str(licence_id))
        yield Finding("L5", "journal-licence-state", position, facts)


def _position(session: Session, register: str, year: int, sequence: int) -> int | None:
    return last_position(session, "register_number", register, str(year), str(sequence))
