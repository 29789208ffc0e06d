"""What the server's administrator does for an office nobody can sign in to: after a restore, or a forgotten password."""

from sqlalchemy import select

from desktop.cases import journal
from desktop.cases.claiming import claiming
from desktop.cases.confirming import tell_confirmed
from desktop.cases.journal import Event
from desktop.cases.signing_in import kept_password
from desktop.errors import BadInput
from desktop.models import Confirmation, Person
from desktop.regulation.rights import Command
from desktop.store.database import Store


def give_password(store: Store, *, login: str, password: str) -> None:
    """Give the person a new password; ``store`` is the server's administrator's, so the journal names nobody of the office.

    BadInput "login-unknown", and those of a new password.
    """
    with claiming(store, None, Command.SET_PEOPLE) as claimed:
        session = claimed.session
        person = session.scalars(select(Person).where(Person.login == login)).first()
        if person is None:
            raise BadInput("login-unknown", field="login", login=login)
        person.password_hash = kept_password(session, person.login, password)
        person.failed_attempts, person.locked_until = 0, None
        journal.record(session, None, Event.PASSWORD_SET, None, at=claimed.now, login=login)


def confirm_person(store: Store, *, login: str) -> None:
    """Confirm all that waits about a person, where nobody is left in the office who may.

    BadInput "login-unknown", "nothing-changed".
    """
    with claiming(store, None, Command.CONFIRM) as claimed:
        session = claimed.session
        person = session.scalars(select(Person).where(Person.login == login)).first()
        if person is None:
            raise BadInput("login-unknown", field="login", login=login)
        waits = select(Confirmation).where(
            Confirmation.person_id == person.id, Confirmation.confirmed_at.is_(None)
        )
        rows = session.scalars(waits.order_by(Confirmation.id)).all()
        if not rows:
            raise BadInput("nothing-changed", field="login")
        for row in rows:
            row.confirmed_at = claimed.now
        tell_confirmed(session, None, claimed.now, rows)
