"""Who is at the desk: sign-in by login and password, with a growing delay after wrong ones.

A local file keeps argon2id hashes. On PostgreSQL the server keeps the passwords of its logins: it is given a SCRAM
verifier made here and never the password, and whoever signs in has proved his password by being connected.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desktop.cases import journal
from desktop.cases.claiming import claiming
from desktop.cases.journal import Event
from desktop.cases.plain_text import clean
from desktop.cases.standing import actor_of
from desktop.errors import BadInput, NotAllowed
from desktop.models import Office, Person
from desktop.regulation.rights import Actor, Command
from desktop.store.authority.passwords import scram_verifier
from desktop.store.database import Store

ATTEMPTS = 5  # wrong passwords before the first delay
FIRST_DELAY = timedelta(minutes=1)  # doubled by each further wrong password
LONGEST_DELAY = timedelta(hours=1)
SHORTEST_PASSWORD = 8
_LONGEST_PASSWORD = 1024  # so that a pasted book is not hashed

_hasher = PasswordHasher()  # RFC 9106, second recommended set
_NOBODY = (  # a hash of nothing anybody types, so that an unknown login takes as long as a known one
    "$argon2id$v=19$m=65536,t=3,p=4$ziTeKN7i7qoyjfKqS1NipA$78f/1jCL7z0HMS8UJSYFOZnb60XBEohJ3EOyUavuh64"
)


def sign_in(store: Store, *, login: str, password: str, workstation: str) -> Actor:
    """Return who signed in, with the rights of this day.

    NotAllowed: "sign-in-wrong" (left: attempts before a delay), "sign-in-locked" (until, office time),
    "sign-in-blocked". A wrong attempt is counted and journalled, then told. On PostgreSQL the server has asked
    for the password: ``store`` must be connected as the very person.
    """
    login, workstation = clean(login).casefold(), clean(workstation)
    nobody = Actor(0, login[:63], "", "", frozenset(), workstation)
    with claiming(store, nobody, Command.SIGN_IN) as claimed:
        session, now = claimed.session, claimed.now
        person = session.scalars(select(Person).where(Person.login == login).with_for_update()).first()
        told = (
            _refusal_of_connected(session, person, login)
            if store.dialect == "postgresql"
            else _refusal(session, person, password, now, login, workstation)
        )
        if told is None and person is not None:
            person.failed_attempts, person.locked_until = 0, None
            actor = actor_of(session, person, now, workstation)
            journal.record(session, actor, Event.SIGNED_IN, None, at=now)
    if told is not None:
        raise told
    return actor


def kept_password(session: Session, login: str, password: str, *, field: str = "password") -> str:
    """Return what the person's row is given for a new password: a hash, or the verifier for the server's login.

    BadInput as :func:`hashed`.
    """
    if session.get_bind().dialect.name == "sqlite":
        return hashed(password, field=field)
    _prove_length(password, field)
    return scram_verifier(session.connection(), login, password)


def hashed(password: str, *, field: str = "password") -> str:
    """Return the argon2id hash to keep; BadInput "password-short" (least), "password-long"."""
    _prove_length(password, field)
    return _hasher.hash(_octets(password))


def _prove_length(password: str, field: str) -> None:
    if len(password) < SHORTEST_PASSWORD:
        raise BadInput("password-short", field=field, least=SHORTEST_PASSWORD)
    if len(password) > _LONGEST_PASSWORD:
        raise BadInput("password-long", field=field, limit=_LONGEST_PASSWORD)


def matches(password_hash: str, password: str) -> bool:
    """True when ``password`` is the one of the hash."""
    try:
        return _hasher.verify(password_hash, _octets(password[:_LONGEST_PASSWORD]))
    except (VerifyMismatchError, InvalidHashError):
        return False


def _octets(password: str) -> bytes:
    """UTF-8; half a surrogate, which a strange keyboard may send, is a wrong password and no defect."""
    return password.encode("utf-8", "surrogatepass")


def _refusal_of_connected(session: Session, person: Person | None, login: str) -> NotAllowed | None:
    """Return why not, on PostgreSQL: the server has proved the password, so only who is connected counts."""
    if person is None or session.scalar(func.session_login()) != login:
        return NotAllowed("sign-in-wrong", left=ATTEMPTS - 1)
    return None if person.active else NotAllowed("sign-in-blocked", login=login)


def _refusal(
    session: Session, person: Person | None, password: str, now: datetime, login: str, workstation: str
) -> NotAllowed | None:
    """Return why not, with the attempt counted and journalled; None when the person may come in."""
    if person is not None and person.locked_until is not None and now < person.locked_until:
        return NotAllowed("sign-in-locked", until=_local(session, person.locked_until))
    right = matches(person.password_hash if person else _NOBODY, password)
    if person is not None and right and person.active:
        return None
    nobody = Actor(0, login[:63], "", "", frozenset(), workstation)
    if person is not None and right:
        journal.record(session, nobody, Event.SIGN_IN_FAILED, None, at=now, login=login[:63], attempts=0)
        return NotAllowed("sign-in-blocked", login=login)
    attempts = 0
    if person is not None:
        person.failed_attempts = attempts = person.failed_attempts + 1
    journal.record(session, nobody, Event.SIGN_IN_FAILED, None, at=now, login=login[:63], attempts=attempts)
    if person is None or attempts < ATTEMPTS:
        return NotAllowed("sign-in-wrong", left=max(0, ATTEMPTS - attempts) if person else ATTEMPTS - 1)
    delay = min(FIRST_DELAY * 2 ** min(attempts - ATTEMPTS, 10), LONGEST_DELAY)
    person.locked_until = now + delay
    journal.record(
        session, nobody, Event.SIGN_IN_LOCKED, None, at=now, login=login[:63], until=person.locked_until
    )
    return NotAllowed("sign-in-locked", until=_local(session, person.locked_until))


def _local(session: Session, moment: datetime) -> datetime:
    office = session.get_one(Office, 1)
    return moment.astimezone(ZoneInfo(office.time_zone))
