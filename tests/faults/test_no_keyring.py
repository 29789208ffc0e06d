"""Row 52: there is no place to keep a password, or it is locked: the program keeps none and asks each time."""

import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit, QPushButton

from desktop import app as composition
from desktop.app import Program
from tests.office import PASSWORD


@pytest.fixture
def program(qtbot, qapp, monkeypatch, tmp_path):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    for name in ("STATE", "DATA", "CONFIG"):
        monkeypatch.setenv(f"RUQSAT_{name}", str(tmp_path / name.lower()))
    monkeypatch.setattr(composition, "_load_the_rest", lambda: None)
    made: list[Program] = []

    def opened(**options: str) -> Program:
        one = Program(qapp, **options)
        made.append(one)
        one.show(demo_folder=None)
        return one

    def closed() -> None:
        one = made.pop()
        qapp.removeEventFilter(one)
        one.close()
        one.window.close()
        one.window.deleteLater()

    opened.closed = closed
    yield opened
    while made:
        closed()


def _asked(program: Program) -> QLineEdit | None:
    found = program.window.findChild(QLineEdit, "start.password")
    return found if found is not None and found.isVisible() else None


def test_the_password_is_asked_each_time_and_kept_nowhere(qtbot, program, sqlite_url, tmp_path):
    for _turn in range(2):
        opened = program(database=sqlite_url)
        qtbot.waitUntil(lambda opened=opened: _asked(opened) is not None, timeout=20_000)
        asked = _asked(opened)
        assert asked is not None
        assert asked.text() == ""
        opened.window.findChild(QLineEdit, "start.login").setText("clerk")
        asked.setText(PASSWORD)
        opened.window.findChild(QPushButton, "start.sign_in").click()
        qtbot.waitUntil(lambda opened=opened: opened.desk.actor is not None, timeout=20_000)
        qtbot.waitUntil(lambda opened=opened: opened.desk.tasks.running == 0, timeout=20_000)
        program.closed()
    assert "keyring" not in sys.modules
    written = [path for path in Path(tmp_path).rglob("*") if path.is_file()]
    assert written
    assert [path.name for path in written if PASSWORD.encode() in path.read_bytes()] == []
