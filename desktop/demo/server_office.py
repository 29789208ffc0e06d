"""The demo office on a PostgreSQL server: made by the server's administrator, worked in by its people alone.

Each person has a login of his own with a password nobody knows beforehand; every case is made through those logins.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.engine import make_url

from desktop.cases import office as founding
from desktop.cases import office_people, signing_in
from desktop.demo import invented, told_time
from desktop.demo.story import Clock
from desktop.errors import BadInput
from desktop.regulation.model import Role
from desktop.regulation.rights import Actor
from desktop.store import authority, connecting, making
from desktop.store.addresses import database_url
from desktop.store.database import Store


@dataclass(frozen=True, slots=True)
class Server:
    """``url``: without a login, as it stands in a setting; ``administrator``: with that of the server's administrator."""

    url: str
    administrator: str
    passwords: Mapping[str, str]
    staff: tuple[invented.DemoPerson, ...] = invented.PEOPLE

    def store(self, login: str, clock: Clock) -> Store:
        """Return a person's own store, told the time."""
        address, _login = connecting.personal(
            database_url(self.url), login=login, password=self.passwords[login]
        )
        return told_time.ToldStore(address.render_as_string(hide_password=False), clock=clock)

    def people(self) -> list[dict[str, str]]:
        """Return everybody as a reader of ``summary.json`` wants them: login of the server, password, office role."""
        own = authority.names.prefix_of(make_url(self.url).database or "")
        return [
            {
                "login": authority.names.login_role(own, person.login),
                "password": self.passwords[person.login],
                "role": min(person.roles).value,
            }
            for person in self.staff
        ]


def found(
    administrator: str,
    office: founding.NewOffice,
    clock: Clock,
    staff: tuple[invented.DemoPerson, ...] = invented.PEOPLE,
) -> Server:
    """Make the empty database of the administrator's URL into the office; its time is told from now on.

    NotAllowed "database-not-empty". The head and the first administrator get passwords like everybody.
    """
    if database_url(administrator).get_backend_name() != "postgresql":
        raise BadInput("database-address", field="database")
    url = make_url(administrator)._replace(username=None, password=None).render_as_string()
    server = Server(url, administrator, {one.login: secrets.token_urlsafe(12) for one in staff}, staff)
    assert office.head is not None
    with_passwords = replace(
        office,
        administrator_password=server.passwords[office.administrator.login],
        head_password=server.passwords[office.head.login],
    )

    def begin(store: making.OneTransaction) -> None:
        told_time.begin(store.connection, clock())
        founding.create_office(store, with_passwords)

    making.create(administrator, then=begin, clock=clock)
    return server


def seats(server: Server, clock: Clock) -> tuple[dict[str, Store], dict[str, Actor]]:
    """Return everybody's own store, and who he is there: himself, signed in."""
    stores = {person.login: server.store(person.login, clock) for person in server.staff}
    people = {
        login: signing_in.sign_in(store, login=login, password="", workstation=store.workstation)
        for login, store in stores.items()
    }
    return stores, people


def hire(server: Server, clock: Clock, facts: Any) -> None:
    """Let the first administrator, with his own login, add those who are not there yet; ``facts(person)`` describes one."""
    first = next(person for person in server.staff if Role.ADMINISTRATOR in person.roles)
    store = server.store(first.login, clock)
    try:
        administrator = signing_in.sign_in(
            store, login=first.login, password="", workstation=store.workstation
        )
        for person in server.staff:
            if person.roles.isdisjoint({Role.ADMINISTRATOR, Role.HEAD}):
                office_people.save_person(
                    store, administrator, person=facts(person), password=server.passwords[person.login]
                )
    finally:
        store.dispose()
