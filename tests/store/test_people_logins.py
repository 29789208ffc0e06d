"""People are logins of the server: made, renamed, re-roled and locked by what the administrator writes."""

from dataclasses import replace

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from desktop.cases import office
from desktop.errors import BadInput, NotAllowed
from desktop.models import Installation, Person
from desktop.regulation.model import Role
from desktop.regulation.rights import Actor
from desktop.store.database import Store
from tests.office import PASSWORD

NEWCOMER = office.PersonFacts(
    "newcomer", "Жаңа Адам", "Новый Человек", "", "", "", frozenset({Role.CLERK, Role.AUDITOR})
)


def _role(store: Store, login: str) -> tuple[bool, int, str, set[str]] | None:
    """Return (may log in, connections, what is kept of the password, groups without the office's prefix)."""
    with store.reading() as session:
        prefix = session.get_one(Installation, 1).prefix
        row = session.execute(
            text(
                "SELECT a.rolcanlogin, a.rolconnlimit, coalesce(a.rolpassword, ''),"
                " ARRAY(SELECT substr(g.rolname, length(:prefix) + 3) FROM pg_auth_members m"
                " JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = a.oid),"
                " a.rolsuper OR a.rolcreaterole OR a.rolcreatedb OR a.rolreplication OR a.rolbypassrls"
                " FROM pg_authid a WHERE a.rolname = :role"
            ),
            {"prefix": prefix, "role": f"{prefix}_{login}"},
        ).one_or_none()
    if row is None:
        return None
    assert not row[4]
    return row[0], row[1], row[2], set(row[3])


def _lets_in(store: Store, login: str, password: str) -> bool:
    """What a server that asks for passwords would do; this one trusts its socket, so the verifier is tried here."""
    import base64
    import hashlib
    import hmac

    role = _role(store, login)
    assert role is not None
    _, iterations, salt, stored = role[2].replace("$", ":").split(":")[:4]
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(salt), int(iterations))
    client = hmac.new(salted, b"Client Key", "sha256").digest()
    return base64.b64decode(stored) == hashlib.sha256(client).digest()


def test_everybody_has_a_login_with_the_groups_of_his_roles(postgres_store: Store):
    for login in ("administrator", "clerk", "head", "department_head", "executor", "auditor"):
        may, limit, kept, groups = _role(postgres_store, login) or (False, 0, "", set())
        assert may
        assert limit == 10
        assert kept.startswith("SCRAM-SHA-256$4096:")
        assert groups == {"user", login}
    assert _lets_in(postgres_store, "clerk", PASSWORD)
    assert not _lets_in(postgres_store, "clerk", PASSWORD + "!")


def test_no_row_holds_anything_of_a_password(postgres_store: Store, people):
    office.set_password(
        postgres_store, people.administrator, person_id=people.clerk.person_id, password="Басқа құпия-1"
    )
    with postgres_store.reading() as session:
        assert {person.password_hash for person in session.query(Person)} == {""}
    assert _lets_in(postgres_store, "clerk", "Басқа құпия-1")


def test_a_person_comes_changes_and_goes(postgres_store: Store, people):
    administrator = people.administrator
    person_id = office.save_person(postgres_store, administrator, person=NEWCOMER, password="Qupiya-2018")
    assert (_role(postgres_store, "newcomer") or ())[3] == {"user", "clerk", "auditor"}

    changed = replace(NEWCOMER, person_id=person_id, login="newcomer2", roles=frozenset({Role.EXECUTOR}))
    office.save_person(postgres_store, administrator, person=changed)
    assert _role(postgres_store, "newcomer") is None
    assert (_role(postgres_store, "newcomer2") or ())[3] == {"user", "executor"}
    assert _lets_in(postgres_store, "newcomer2", "Qupiya-2018")

    office.set_active(postgres_store, administrator, person_id=person_id, active=False)
    may, _, _, groups = _role(postgres_store, "newcomer2") or (True, 0, "", {"?"})
    assert (may, groups) == (False, {"user"})

    office.set_active(postgres_store, administrator, person_id=person_id, active=True)
    may, _, _, groups = _role(postgres_store, "newcomer2") or (False, 0, "", set())
    assert (may, groups) == (True, {"user", "executor"})


def test_a_refused_change_leaves_the_login_as_it_was(postgres_store: Store, people):
    before = _role(postgres_store, "administrator")
    with pytest.raises(NotAllowed, match="last-administrator"):
        office.save_person(
            postgres_store,
            people.administrator,
            person=replace(
                NEWCOMER, person_id=people.administrator.person_id, login="administrator", iin="850101450018"
            ),
        )
    assert _role(postgres_store, "administrator") == before


def test_a_role_of_somebody_else_is_not_taken_over(postgres_store: Store, postgres_url: str, people):
    with postgres_store.reading() as session:
        foreign = f"{session.get_one(Installation, 1).prefix}_newcomer"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(foreign)))
    with pytest.raises(BadInput, match="login-taken"):
        office.save_person(postgres_store, people.administrator, person=NEWCOMER, password="Qupiya-2018")
    assert (_role(postgres_store, "newcomer") or ())[2:] == ("", set())


def test_a_login_the_server_cannot_name_is_told_at_its_field(postgres_store: Store, people):
    with pytest.raises(BadInput) as caught:
        office.save_person(
            postgres_store,
            people.administrator,
            person=replace(NEWCOMER, login="a" * 62),
            password="Qupiya-2018",
        )
    assert (caught.value.code, caught.value.field) == ("login-long", "login")
    longest = caught.value.facts["limit"]
    office.save_person(
        postgres_store,
        people.administrator,
        person=replace(NEWCOMER, login="a" * longest),
        password="Qupiya-2018",
    )
    assert _role(postgres_store, "a" * longest) is not None


@pytest.mark.parametrize(
    "kept", ["plain words", "md5" + "0" * 32, "SCRAM-SHA-256$4096:x$y:z", "x' SUPERUSER --"]
)
def test_only_a_verifier_is_taken_for_a_password(postgres_store: Store, kept: str):
    with pytest.raises(DBAPIError) as caught, postgres_store.writing() as session:
        session.get_one(Person, 2).password_hash = kept
    assert caught.value.orig.sqlstate == "22023"


def test_a_session_knows_who_it_is(postgres_store: Store, people):
    words = text("SELECT session_login(), session_person(), session_roles(), is_staff()")
    for actor in (people.clerk, people.head):
        with postgres_store.writing(by=actor.login) as session:
            told = session.execute(words).one()
        assert tuple(told) == (actor.login, actor.person_id, [actor.login], True)
    with postgres_store.writing() as session:
        assert tuple(session.execute(words).one()) == (None, None, [], False)


def test_a_blocked_person_who_is_still_connected_has_no_role(postgres_store: Store, people):
    office.set_active(postgres_store, people.administrator, person_id=people.clerk.person_id, active=False)
    with postgres_store.writing(by="clerk") as session:
        assert session.scalar(text("SELECT session_roles()")) == []


def test_an_acting_head_is_head_on_the_days_of_the_order(postgres_store: Store, people, clock):
    today = clock.moment.date()
    office.appoint_acting_head(
        postgres_store,
        people.administrator,
        person_id=people.department_head.person_id,
        order_number="12-ө",
        order_date=today,
        first_day=today,
        last_day=today,
    )
    roles = text("SELECT session_roles()")
    with postgres_store.writing(by="department_head") as session:
        assert session.scalar(roles) == ["department_head", "head"]
    clock.forward(hours=24)
    with postgres_store.writing(by="department_head") as session:
        assert session.scalar(roles) == ["department_head"]


def test_nobody_renames_himself_on_a_server_and_another_may(postgres_store: Store, people):
    second = replace(NEWCOMER, login="second", roles=frozenset({Role.ADMINISTRATOR}))
    person_id = office.save_person(
        postgres_store, people.administrator, person=second, password="Qupiya-2018"
    )
    himself = Actor(person_id, "second", "", "", second.roles, "WS")
    renamed = replace(second, person_id=person_id, login="second2")
    with pytest.raises(NotAllowed, match="rename-yourself"):
        office.save_person(postgres_store, himself, person=renamed)
    office.save_person(postgres_store, people.administrator, person=renamed)
    assert (_role(postgres_store, "second2") or ())[3] == {"user", "administrator"}
