"""Coming to work at a shared database: each with a login of his own, over proved TLS, through the program's windows."""

import psycopg
import pytest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget

from desktop import app as composition
from desktop.app import Program
from desktop.errors import NotAllowed
from desktop.models.migrations import HEAD
from desktop.store.database import Store
from desktop.ui.tasks import watched_calls
from tests.guarded_server import DATABASE, Guarded
from tests.office import PASSWORD

WAIT_MS = 20_000


@pytest.fixture
def program(qtbot, qapp, monkeypatch, tmp_path, guarded_office: Guarded):
    for name in ("STATE", "DATA", "CONFIG"):
        monkeypatch.setenv(f"RUQSAT_{name}", str(tmp_path / name.lower()))
    monkeypatch.setattr(composition, "_load_the_rest", lambda: None)
    opened = Program(qapp, database=guarded_office.url(DATABASE))
    opened.window.choose_language("en")
    opened.show()
    qtbot.waitUntil(lambda: _visible(opened, "start.sign_in") is not None, timeout=WAIT_MS)
    yield opened
    qapp.removeEventFilter(opened)
    opened.close()
    opened.window.close()
    opened.window.deleteLater()


def _visible(program: Program, name: str) -> QWidget | None:
    found = program.window.findChild(QWidget, name)
    return found if found is not None and found.isVisible() else None


def _sign_in(program: Program, login: str, password: str = PASSWORD) -> None:
    program.window.findChild(QLineEdit, "start.login").setText(login)
    program.window.findChild(QLineEdit, "start.password").setText(password)
    program.window.findChild(QPushButton, "start.sign_in").click()


def _comes_in(qtbot, program: Program, login: str, password: str = PASSWORD) -> None:
    _sign_in(program, login, password)
    qtbot.waitUntil(lambda: program.desk.actor is not None, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: program.tasks.running == 0, timeout=WAIT_MS)


def _problem(qtbot, program: Program) -> str:
    said = program.window.findChild(QLabel, "start.problem")
    qtbot.waitUntil(said.isVisible, timeout=WAIT_MS)
    return said.text()


def _tell(server: Guarded, words: str) -> None:
    with psycopg.connect(server.office, autocommit=True) as connection:
        connection.execute(words)


def test_each_comes_in_as_himself_and_leaves_nothing_behind(qtbot, program, guarded_office):
    assert _visible(program, "start.alone") is None
    assert (
        program.window.findChild(QLabel, "start.database").text()
        == f"db.office.test:{guarded_office.port}/oblast"
    )
    _sign_in(program, "clerk", "wrong-password")
    assert _problem(qtbot, program).startswith("The login or the password is wrong")
    assert program.desk.store is None

    with watched_calls(
        (Store, "reading"), (Store, "writing"), (Store, "__init__"), (Store, "dispose")
    ) as on_gui:
        _comes_in(qtbot, program, "clerk")
        assert program.desk.actor.login == "clerk"
        assert program.desk.store.url.username == "oblast_clerk"
        assert program.window.windowTitle().endswith("— Ruqsat")
        own = program.desk.store
        program.window.sign_out()
        qtbot.waitUntil(lambda: program.tasks.running == 0, timeout=WAIT_MS)
        assert program.desk.store is None
        assert own.engine.pool.checkedin() == 0

        _comes_in(qtbot, program, "oblast_executor")
    assert on_gui == []
    assert program.desk.actor.login == "executor"
    assert _visible(program, "navigation.register") is None
    assert program.desk.settings.last_login == "executor"


def test_who_was_here_before_is_told_when(qtbot, program):
    said = []
    program.notices.told.connect(lambda notice: said.append(notice.text))
    for _ in range(2):
        _comes_in(qtbot, program, "head")
        program.window.sign_out()
        qtbot.waitUntil(lambda: program.tasks.running == 0, timeout=WAIT_MS)
    assert said[-1].startswith("You were last here on ")


def test_a_new_password_in_mid_session_is_asked_for_and_the_form_stays(qtbot, program, guarded_office):
    _comes_in(qtbot, program, "clerk")
    program.window.workplace.go("register")
    qtbot.waitUntil(lambda: _visible(program, "screen.register") is not None, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: program.tasks.running == 0, timeout=WAIT_MS)
    site = next(
        line for line in program.window.findChildren(QLineEdit) if line.objectName() == "register.site"
    )
    site.setText("Орал қ., Достық, 201")
    with psycopg.connect(guarded_office.office, autocommit=True) as connection:
        (kept,) = connection.execute(
            "SELECT rolpassword FROM pg_authid WHERE rolname = 'oblast_clerk'"
        ).fetchone()
        connection.execute("ALTER ROLE oblast_clerk PASSWORD 'Jana-qupiya-3'")
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'oblast_clerk'"
        )
    try:
        program.window.workplace.refresh()
        assert _problem(qtbot, program).startswith("The login or the password is wrong")
        assert program.desk.actor is None
        _comes_in(qtbot, program, "clerk", "Jana-qupiya-3")
        assert program.window.workplace.place.id == "register"
        assert site.text() == "Орал қ., Достық, 201"
        assert site.isVisible()
    finally:
        _tell(guarded_office, f"ALTER ROLE oblast_clerk PASSWORD '{kept}'")


@pytest.mark.parametrize(
    ("revision", "said"),
    [("0001", "of an older version (0001) than this program"), ("0099", "belongs to a newer version")],
)
def test_a_database_of_another_version_is_told_and_nothing_is_written(
    qtbot, program, guarded_office, revision, said
):
    with psycopg.connect(guarded_office.office, autocommit=True) as connection:
        connection.execute(f"UPDATE alembic_version SET version_num = '{revision}'")
        before = connection.execute("SELECT count(*) FROM command").fetchone()
        try:
            _sign_in(program, "clerk")
            assert said in _problem(qtbot, program)
            assert connection.execute("SELECT count(*) FROM command").fetchone() == before
        finally:
            connection.execute(f"UPDATE alembic_version SET version_num = '{HEAD}'")
    _comes_in(qtbot, program, "clerk")


def test_rights_that_were_changed_raise_an_alarm_and_stop_signing(qtbot, program, guarded_office):
    _comes_in(qtbot, program, "head")
    assert _visible(program, "alarm") is None
    program.window.sign_out()
    qtbot.waitUntil(lambda: program.tasks.running == 0, timeout=WAIT_MS)
    _tell(guarded_office, "GRANT DELETE ON case_file TO oblast__clerk")
    try:
        _comes_in(qtbot, program, "head")
        said = program.window.findChild(QLabel, "alarm.text")
        assert said.isVisible()
        assert "case_file" in said.text()
        assert "Nothing is signed until this is mended." in said.text()
        with pytest.raises(NotAllowed, match="signing-stopped"):
            program.desk.alarms.refuse_signing()
    finally:
        _tell(guarded_office, "REVOKE DELETE ON case_file FROM oblast__clerk")
    program.window.sign_out()
    qtbot.waitUntil(lambda: program.tasks.running == 0, timeout=WAIT_MS)
    _comes_in(qtbot, program, "head")
    assert _visible(program, "alarm") is None
