"""What the server's administrator does for an office nobody can sign in to: after a restore, or a forgotten password."""

from sqlalchemy import select

from desktop.cases import journal
from desktop.cases.claiming import claiming
from desktop.cases.journal import Event
from desktop.cases.signing_in import kept_password
from desktop.errors import BadInput
from desktop.models import Person
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
