"""The log says where, never about whom."""

import logging
import threading

import pytest

from desktop import logs
from desktop.errors import NotAllowed


@pytest.fixture
def log_file(tmp_path):
    yield logs.start(tmp_path / "state")
    logs.stop()


def test_identifiers_and_direction_marks_do_not_reach_the_file(log_file):
    logging.getLogger("desktop.x").warning("case %s of %s\u202e\nforged line", 7, "850101450018")
    written = log_file.read_text(encoding="utf-8")
    assert "case 7 of #" in written
    assert "850101450018" not in written
    assert "\u202e" not in written
    assert len(written.splitlines()) == 1


def test_a_traceback_has_places_and_no_values(log_file):
    try:
        try:
            raise KeyError("Сәрсенов Қуаныш")
        except KeyError as error:
            raise NotAllowed("case-closed", number="Сәрсенов") from error
    except NotAllowed:
        logging.getLogger("desktop.x").exception("it failed")
    written = log_file.read_text(encoding="utf-8")
    assert "NotAllowed case-closed" in written
    assert "KeyError" in written
    assert "test_logs.py" in written
    assert "Сәрсенов" not in written


def test_a_full_file_makes_room_and_the_oldest_goes(tmp_path, monkeypatch):
    monkeypatch.setattr(logs, "_SIZE", 200)
    path = logs.start(tmp_path)
    for number in range(40):
        logging.getLogger("ruqsat").warning("line %s %s", number, "x" * 150)
    logs.stop()
    names = ["ruqsat.log", *(f"ruqsat.log.{number}" for number in range(1, 6))]
    assert sorted(file.name for file in tmp_path.iterdir()) == names
    written = [(tmp_path / name).read_text(encoding="utf-8").splitlines() for name in reversed(names)]
    told = [int(line.split("line ")[1].split()[0]) for lines in written for line in lines]
    assert told == list(range(told[0], 40))
    assert path.name == names[0]


def test_a_disk_that_refuses_does_not_stop_the_program(tmp_path):
    (tmp_path / "file").write_text("")
    assert logs.start(tmp_path / "file" / "state") is None


def test_what_nobody_caught_is_told(monkeypatch, log_file):
    import sys

    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    told = []
    logs.catch_the_rest(told.append)
    error = ValueError("x")
    sys.excepthook(ValueError, error, None)
    assert told == [error]
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
    assert "ZeroDivisionError" in log_file.read_text(encoding="utf-8")
