"""Numbers of the registers: given inside the transaction that needs them, so that none is ever missing.

One statement takes the next number and holds its counter until the transaction ends; a rollback
gives it back. A number reserved for a draft that came to nothing is voided with a reason and stays.
"""

import re
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from desktop.errors import BadInput
from desktop.models import Case, Licence, Office, RegisterCounter, RegisterNumber


class Register(StrEnum):
    INCOMING = "incoming"
    OUTGOING = "outgoing"
    LICENCE = "licence"
    OUTSIDE_LICENCE = "outside"  # licence numbers given by the central database, only kept here


_PLACE = re.compile(r"\{(?:year2?|sequence(?::0?\d?d)?)\}")

USED, RESERVED, VOIDED = "used", "reserved", "voided"


def take(
    session: Session,
    register: Register,
    now: datetime,
    template: str,
    case: Case | None,
    *,
    state: str = USED,
) -> RegisterNumber:
    """Take the next number of ``register`` in the office's year of ``now``.

    ``template`` knows {year}, {year2} and {sequence}. ``case`` may still be without an id: the caller
    then sets ``case_id`` after the flush.
    """
    year = now.astimezone(ZoneInfo(session.get_one(Office, 1).time_zone)).year
    sequence = _advance(session, register, year)
    return _keep(session, register, year, sequence, written(template, year, sequence), state, case, now)


def written(template: str, year: int, sequence: int) -> str:
    """Return the number as it is written; ValueError or KeyError for a broken template."""
    return template.format(year=year, year2=f"{year % 100:02d}", sequence=sequence)


def template_problem(template: str) -> str | None:
    """Return the code of what is wrong with a template: it must tell years and sequences apart."""
    bare = _PLACE.sub("", template)
    if "{" in bare or "}" in bare or not bare.isprintable():
        return "template-wrong"
    numbers = {written(template, year, sequence) for year in (2018, 2019) for sequence in (1, 12, 123)}
    if len(numbers) < 6 or any(len(number) > 60 for number in numbers):
        return "template-wrong"
    return None


def reserve_outside(session: Session, text: str, now: datetime, case: Case) -> RegisterNumber:
    """Keep a licence number the central database gave; BadInput "licence-number-taken" if another case has it."""
    year = now.astimezone(ZoneInfo(session.get_one(Office, 1).time_zone)).year
    _advance(session, Register.OUTSIDE_LICENCE, year, by=0)  # a second writer of the same number waits here
    known = _find(session, Register.OUTSIDE_LICENCE, text)
    if any(
        _taken(session, register, text, case) for register in (Register.LICENCE, Register.OUTSIDE_LICENCE)
    ):
        raise BadInput("licence-number-taken", field="licence_number", number=text)
    if known is None:
        sequence = _advance(session, Register.OUTSIDE_LICENCE, year)
        return _keep(session, Register.OUTSIDE_LICENCE, year, sequence, text, RESERVED, case, now)
    if known.state == VOIDED:
        known.state, known.case_id, known.reason = RESERVED, case.id, ""
    return known


def reserved_for(session: Session, case: Case, *registers: Register) -> RegisterNumber | None:
    """Return the number that waits for the case's signature, of the first of ``registers`` that has one."""
    return session.scalars(
        select(RegisterNumber)
        .where(
            RegisterNumber.case_id == case.id,
            RegisterNumber.state == RESERVED,
            RegisterNumber.register.in_([register.value for register in registers]),
        )
        .order_by(RegisterNumber.year.desc(), RegisterNumber.sequence.desc())
        .limit(1)
    ).first()


def void(number: RegisterNumber, reason: str) -> None:
    number.state, number.reason = VOIDED, reason


def void_reserved(session: Session, case: Case, reason: str) -> list[str]:
    """Void every number still reserved for the case; return them for the journal."""
    waiting = session.scalars(
        select(RegisterNumber)
        .where(RegisterNumber.case_id == case.id, RegisterNumber.state == RESERVED)
        .order_by(RegisterNumber.register, RegisterNumber.year, RegisterNumber.sequence)
    ).all()
    for number in waiting:
        void(number, reason)
    return [number.text for number in waiting]


def _advance(session: Session, register: Register, year: int, by: int = 1) -> int:
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = (
        dialect.insert(RegisterCounter)
        .values(register=register.value, year=year, last=by)
        .on_conflict_do_update(
            index_elements=[RegisterCounter.register, RegisterCounter.year],
            set_={"last": RegisterCounter.last + by},
        )
        .returning(RegisterCounter.last)
    )
    return int(session.execute(statement).scalar_one())


def _keep(
    session: Session,
    register: Register,
    year: int,
    sequence: int,
    text: str,
    state: str,
    case: Case | None,
    now: datetime,
) -> RegisterNumber:
    number = RegisterNumber(
        register=register.value,
        year=year,
        sequence=sequence,
        text=text,
        state=state,
        case_id=case.id if case else None,
        given_at=now,
    )
    session.add(number)
    return number


def _taken(session: Session, register: Register, text: str, case: Case) -> bool:
    """True when another case has the number, or an office's own licence bears it, in sight of the actor or not."""
    if session.get_bind().dialect.name == "postgresql":
        return bool(session.scalar(select(func.number_taken(register.value, text, case.id))))
    if register is Register.OUTSIDE_LICENCE:
        known = _find(session, register, text)
        return known is not None and known.state != VOIDED and known.case_id != case.id
    issued = select(Licence.id).where(Licence.number == text, Licence.case_id != case.id)
    return _find(session, register, text) is not None or session.scalars(issued).first() is not None


def _find(session: Session, register: Register, text: str) -> RegisterNumber | None:
    return session.scalars(
        select(RegisterNumber)
        .where(RegisterNumber.register == register.value, RegisterNumber.text == text)
        .execution_options(populate_existing=True)
    ).first()
