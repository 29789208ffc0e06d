"""A server is reached over proved TLS as oneself, or not at all; and each way of not reaching it is told apart."""

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import text

from desktop.cases import office_people
from desktop.cases.signing_in import sign_in
from desktop.errors import BadInput, NotAllowed, Told
from desktop.store import connecting, upgrade
from desktop.store.addresses import database_url
from desktop.store.database import Store
from tests.guarded_server import DATABASE, NAME, Guarded, guarded
from tests.office import PASSWORD, people


@pytest.fixture
def server(guarded_office: Guarded) -> Guarded:
    return guarded_office


def _connect(url: str, login: str = "clerk", password: str = PASSWORD) -> Store:
    address, _login = connecting.personal(database_url(url), login=login, password=password)
    store = Store(address.render_as_string(hide_password=False))
    with store.reading() as session:
        session.execute(text("SELECT 1"))
    return store


def _told(url: str, login: str = "clerk", password: str = PASSWORD) -> str:
    with pytest.raises(Told) as caught:
        _connect(url, login, password)
    return caught.value.code


@pytest.mark.parametrize("login", ["clerk", "oblast_clerk"])
def test_a_person_comes_in_over_proved_tls_as_himself(server: Guarded, login: str) -> None:
    store = _connect(server.url(DATABASE), login)
    with store.reading() as session:
        row = session.execute(
            text("SELECT session_user, ssl, session_login() FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
        ).one()
    assert tuple(row) == ("oblast_clerk", True, "clerk")
    actor = sign_in(store, login="clerk", password="", workstation="WS-1")
    assert (actor.login, actor.person_id) == ("clerk", people().clerk.person_id)
    store.dispose()


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"root": "other"}, "server-untrusted"),
        ({"root": "none"}, "server-untrusted"),
        ({"host": "db2.office.test"}, "server-other-name"),
        ({"sslmode": "disable"}, "tls-mandatory"),
        ({"sslmode": "prefer"}, "tls-mandatory"),
        ({"sslmode": "require"}, "tls-mandatory"),
        ({"sslmode": "verify-ca"}, "tls-mandatory"),
    ],
)
def test_anything_less_than_the_servers_own_proof_is_refused(
    server: Guarded, query: dict[str, str], code: str
) -> None:
    root = {"other": server.other_root, "none": server.root.with_name("none.pem"), "": server.root}
    more = {name: value for name, value in query.items() if name != "root"}
    assert _told(server.url(DATABASE, root=root[query.get("root", "")], **more)) == code
    with psycopg.connect(server.office) as connection:
        count = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE usename = 'oblast_clerk'"
        ).fetchone()
    assert count == (0,)


def test_on_this_computer_a_setting_asks_for_the_same_proof(server: Guarded) -> None:
    bare = database_url(server.url(DATABASE, host="localhost"))
    forced = connecting.with_tls(bare, always=True)
    assert connecting.tls_arguments(bare) == {}
    assert connecting.tls_arguments(forced)["channel_binding"] == "require"
    _connect(forced.render_as_string(hide_password=False)).dispose()
    # the certificate names localhost, not its number
    assert _told(forced.set(host="127.0.0.1").render_as_string(hide_password=False)) == "server-other-name"


def test_a_server_without_tls_gets_no_password() -> None:
    with guarded(tls=False) as bare:
        with psycopg.connect(bare.administrator, autocommit=True) as connection:
            connection.execute("CREATE ROLE oblast_clerk LOGIN PASSWORD 'Orda-1812-zheti'")
            connection.execute(f"CREATE DATABASE {DATABASE}")
        assert _told(bare.url(DATABASE)) == "tls-off"
        forced = connecting.with_tls(database_url(bare.url(DATABASE, host="localhost")), always=True)
        assert _told(forced.render_as_string(hide_password=False)) == "tls-off"
        _connect(bare.url(DATABASE, host="127.0.0.1")).dispose()  # on this computer it is nobody else's wire


def test_who_is_not_let_in_is_told_why(server: Guarded) -> None:
    url = server.url(DATABASE)
    assert _told(url, "clerk", "wrong") == "sign-in-refused"
    assert _told(url, "clerk", "") == "sign-in-refused"
    assert _told(url, "nobody") == "sign-in-refused"
    assert _told(url, "ruqsat") == "sign-in-refused"  # the superuser is no person of the office
    assert _told(server.url("nowhere")) == "sign-in-refused"  # a login of no such office
    with psycopg.connect(server.office, autocommit=True) as connection:
        try:
            connection.execute("ALTER ROLE oblast_clerk NOLOGIN")
            assert _told(url) == "sign-in-blocked"
            connection.execute("ALTER ROLE oblast_clerk LOGIN VALID UNTIL '2020-01-01'")
            assert _told(url) == "sign-in-refused"
            connection.execute("ALTER ROLE oblast_clerk VALID UNTIL 'infinity' CONNECTION LIMIT 0")
            assert _told(url) == "too-many-connections"
        finally:
            connection.execute("ALTER ROLE oblast_clerk LOGIN VALID UNTIL 'infinity' CONNECTION LIMIT 10")


def test_a_login_of_another_database_is_not_let_in(server: Guarded) -> None:
    with psycopg.connect(server.administrator, autocommit=True) as connection:
        connection.execute("CREATE DATABASE oblast_archive")
        connection.execute("REVOKE CONNECT ON DATABASE oblast_archive FROM PUBLIC")
    archive = server.url("oblast_archive")
    address, _login = connecting.personal(
        database_url(archive), login="clerk", password=PASSWORD, prefix="oblast"
    )
    with pytest.raises(NotAllowed, match="sign-in-blocked"):
        upgrade.prepare(address.render_as_string(hide_password=False))


def test_a_server_that_is_not_there(server: Guarded) -> None:
    gone = server.url(DATABASE).replace(f":{server.port}", ":1")
    assert _told(gone) == "database-gone"


def test_a_person_changes_his_own_password_and_gets_a_new_one(server: Guarded) -> None:
    """Neither travels: the server is given a verifier."""
    url = server.url(DATABASE)
    store = _connect(url, "executor")
    actor = sign_in(store, login="executor", password="", workstation="WS-1")
    with pytest.raises(BadInput, match="password-wrong"):
        office_people.change_own_password(store, actor, old="not-this-one", new="Jana-qupiya-7")
    office_people.change_own_password(store, actor, old=PASSWORD, new="Jana-qupiya-7")
    store.dispose()
    assert _told(url, "executor") == "sign-in-refused"
    _connect(url, "executor", "Jana-qupiya-7").dispose()

    own = _connect(url, "administrator")
    administrator = sign_in(own, login="administrator", password="", workstation="WS-2")
    office_people.set_password(own, administrator, person_id=actor.person_id, password=PASSWORD)
    assert _told(url, "executor", "Jana-qupiya-7") == "sign-in-refused"
    _connect(url, "executor").dispose()

    office_people.set_active(own, administrator, person_id=actor.person_id, active=False)
    assert _told(url, "executor") == "sign-in-blocked"
    office_people.set_active(own, administrator, person_id=actor.person_id, active=True)
    own.dispose()


def test_who_is_locked_out_in_the_middle_is_told_so(server: Guarded) -> None:
    store = _connect(server.url(DATABASE), "auditor")
    with psycopg.connect(server.office, autocommit=True) as connection:
        connection.execute(
            sql.SQL("ALTER ROLE oblast_auditor PASSWORD {}").format(sql.Literal("Basqa-qupiya-1"))
        )
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'oblast_auditor'"
        )
    with pytest.raises(NotAllowed, match="sign-in-refused"), store.reading() as session:
        session.execute(text("SELECT 1"))
    store.dispose()
    _connect(server.url(DATABASE), "auditor", "Basqa-qupiya-1").dispose()


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("postgresql:///oblast", True),
        ("postgresql://127.0.0.1/oblast", True),
        ("postgresql://localhost:5433/oblast", True),
        ("postgresql://[::1]/oblast", True),
        ("postgresql:///oblast?host=/run/postgresql", True),
        (f"postgresql://{NAME}/oblast", False),
        (f"postgresql://{NAME}/oblast?hostaddr=127.0.0.1", False),
        ("postgresql://localhost/oblast?hostaddr=10.0.0.5", False),
        ("postgresql:///oblast?host=localhost&host=10.0.0.5", False),
        ("postgresql:///oblast?host=localhost,10.0.0.5", False),
        ("postgresql:///oblast?service=office", False),
        ("postgresql://127.0.0.1.office.test/oblast", False),
    ],
)
def test_what_is_this_very_computer(address: str, local: bool) -> None:
    assert connecting.is_local(database_url(address), {}) is local


def test_the_environment_cannot_lead_elsewhere_unnoticed() -> None:
    url = database_url("postgresql:///oblast")
    assert not connecting.is_local(url, {"PGHOST": "db.elsewhere.test"})
    assert not connecting.is_local(url, {"PGHOSTADDR": "10.0.0.5"})
    assert not connecting.is_local(url, {"PGSERVICE": "office"})
    assert connecting.is_local(url, {"PGHOST": "/run/postgresql"})


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ('ВАЖНО:  пользователь "oblast_clerk" не прошёл проверку подлинности (по паролю)', "sign-in-refused"),
        ('ВАЖНО:  для роли "oblast_clerk" вход запрещён', "sign-in-blocked"),
        ("ВАЖНО:  извините, уже слишком много клиентов", "too-many-connections"),
        ('ВАЖНО:  слишком много подключений для роли "oblast_clerk"', "too-many-connections"),
        ('ВАЖНО:  база данных "x" не существует', "database-unknown"),
        (
            'ВАЖНО:  в pg_hba.conf нет записи для компьютера "10.0.0.7", пользователя "a", базы "b"',
            "host-refused",
        ),
    ],
)
def test_a_server_that_speaks_russian_is_understood(said: str, code: str) -> None:
    told = connecting.refusal(f'connection to server at "10.0.0.1", port 5432 failed: {said}\n')
    assert told is not None
    assert told.code == code


@pytest.mark.parametrize("login", ["", "a\0b"])
def test_a_name_no_role_can_have_is_refused(login: str) -> None:
    with pytest.raises(NotAllowed, match="sign-in-refused"):
        connecting.personal(database_url("postgresql:///oblast"), login=login, password="x")
