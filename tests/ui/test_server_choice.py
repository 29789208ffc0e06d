"""A new workstation is told where the office's server is; the address is kept and its door is shown."""

import pytest
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from desktop import app as composition
from desktop import settings
from desktop.app import Program
from desktop.ui.screens.server_choice import address_of
from tests.guarded_server import DATABASE, NAME, Guarded
from tests.office import PASSWORD

WAIT_MS = 20_000


@pytest.mark.parametrize(
    ("server", "database", "address"),
    [
        ("db.office.kz", "oblast", "postgresql://db.office.kz/oblast"),
        (" db.office.kz:5433 ", "oblast", "postgresql://db.office.kz:5433/oblast"),
        ("[::1]:5433", "обл", "postgresql://[::1]:5433/%D0%BE%D0%B1%D0%BB"),
        ("10.0.0.5", "a/b?c", "postgresql://10.0.0.5/a%2Fb%3Fc"),
        ("", "oblast", ""),
        ("db.office.kz", " ", ""),
        ("db.office.kz:99999", "oblast", ""),
        ("user:secret@db", "oblast", ""),
        ("db/../x", "oblast", ""),
    ],
)
def test_an_address_is_made_of_a_name_and_a_database(server, database, address):
    assert address_of(server, database) == address


@pytest.fixture
def program(qtbot, qapp, monkeypatch, tmp_path):
    for name in ("STATE", "DATA", "CONFIG"):
        monkeypatch.setenv(f"RUQSAT_{name}", str(tmp_path / name.lower()))
    monkeypatch.setattr(composition, "_load_the_rest", lambda: None)
    opened = Program(qapp)
    opened.window.choose_language("en")
    opened.show()
    qtbot.waitUntil(lambda: _visible(opened, "start.choose_server") is not None, timeout=WAIT_MS)
    yield opened
    qapp.removeEventFilter(opened)
    opened.close()
    opened.window.close()
    opened.window.deleteLater()


def _visible(program: Program, name: str) -> QWidget | None:
    return next((one for one in program.window.findChildren(QWidget, name) if one.isVisible()), None)


def test_from_an_empty_computer_to_ones_own_desk(qtbot, program, guarded_office: Guarded):
    _visible(program, "start.choose_server").clicked.emit()
    do = _visible(program, "server.do")
    qtbot.waitUntil(do.isEnabled, timeout=WAIT_MS)
    do.click()
    assert _visible(program, "server.host.problem").text() == "Write the server's name, may be with its port"
    assert _visible(program, "server.database.problem").text() == "Write the name of the database"
    query = guarded_office.url(DATABASE).partition("?")[2]
    program.window.findChild(QLineEdit, "server.host").setText(f"{NAME}:{guarded_office.port}")
    program.window.findChild(QLineEdit, "server.database").setText(DATABASE)
    program.window.findChild(QLineEdit, "server.root").setText(str(guarded_office.root))
    do.click()
    qtbot.waitUntil(lambda: _visible(program, "start.sign_in") is not None, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: program.tasks.running == 0, timeout=WAIT_MS)
    kept = settings.load()
    assert kept.database == f"postgresql://{NAME}:{guarded_office.port}/{DATABASE}"
    assert kept.root_certificate == str(guarded_office.root)

    program.open(f"{kept.database}?{query}")  # as the name would be known in an office's network
    qtbot.waitUntil(lambda: _visible(program, "start.sign_in") is not None, timeout=WAIT_MS)
    program.window.findChild(QLineEdit, "start.login").setText("clerk")
    program.window.findChild(QLineEdit, "start.password").setText(PASSWORD)
    program.window.findChild(QPushButton, "start.sign_in").click()
    qtbot.waitUntil(lambda: program.desk.actor is not None, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: program.tasks.running == 0, timeout=WAIT_MS)
    assert program.desk.actor.login == "clerk"
