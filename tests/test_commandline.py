"""The commands administrators script: words, exit statuses, and never a traceback."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from desktop import commandline

DUE = ("due", "--regulation", "wko-2018-139", "--service", "medical", "--operation", "issue", "--received")
HERE = Path(__file__).resolve().parents[1]


def test_due_says_every_interval_in_words(capsys):
    assert commandline.main([*DUE, "2018-06-29T16:50"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "due 2018-07-23T18:30, to be handed over by 2018-07-20T18:30"
    assert said[1].split() == ["2018-06-29T16:50", "2018-06-30T00:00", "not", "counted", "receipt-day"]
    assert any("holiday" in line and "День столицы" in line for line in said)


@pytest.mark.parametrize("moment", ["0001-01-01", "1990-06-29T16:50", "9999-12-31T23:59"])
def test_a_moment_outside_the_calendar_is_told_and_not_counted(capsys, moment):
    assert commandline.main([*DUE, moment]) == 1
    told = capsys.readouterr()
    assert (told.out, told.err) == (
        "",
        "ruqsat: The calendar of working days is known from 1991 to 2099 only.\n",
    )


@pytest.mark.parametrize("name", ["nowhere.sqlite", "no/such/folder.sqlite"])
def test_an_export_makes_neither_a_workbook_nor_a_database(capsys, tmp_path, name):
    source, book = tmp_path / name, tmp_path / "book.xlsx"
    assert (
        commandline.main(["export", "licences", "--database", f"sqlite:///{source}", "--out", str(book)]) == 1
    )
    assert f"There is no database at {source}." in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_an_export_makes_no_office_of_an_empty_file(capsys, tmp_path):
    source = tmp_path / "empty.sqlite"
    source.touch()
    assert (
        commandline.main(["export", "licences", "--database", f"sqlite:///{source}", "--out", "x.xlsx"]) == 1
    )
    assert f"There is no database at {source}." in capsys.readouterr().err
    assert [path.stat().st_size for path in tmp_path.iterdir()] == [0]


def test_without_a_display_the_window_is_not_tried(capsys, monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert commandline.main([]) == 1
    assert "There is no display" in capsys.readouterr().err


def test_papers_cannot_be_left_in_a_file(capsys, tmp_path):
    place = tmp_path / "file"
    place.touch()
    assert commandline.main(["demo", "--headless", "--out", str(place)]) == 1
    assert f"{place} could not be written" in capsys.readouterr().err


def test_a_reader_that_has_read_enough_is_no_defect():
    command = f"{sys.executable} -m desktop regulations --json | head -n 1"
    ran = subprocess.run(command, shell=True, capture_output=True, text=True, cwd=HERE, check=False)
    assert (ran.stdout, ran.stderr) == ("[\n", "")


def test_what_cannot_be_asked_is_not_answered_with_not_in_force(capsys, tmp_path):
    for source in (f"sqlite:///{tmp_path / 'none.sqlite'}", "mysql://server/office"):
        assert commandline.main(["licence", "18000034", "--database", source]) == 3
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("command", [("export", "licences", "--out", "x.xlsx"), ("licence", "18000034")])
def test_a_folder_is_no_database(capsys, tmp_path, command):
    assert commandline.main([*command, "--database", f"sqlite:///{tmp_path}"]) != 0
    assert capsys.readouterr().err.startswith(f"ruqsat: There is no database at {tmp_path}.")


def test_a_mistake_of_ours_is_a_sentence_and_a_place_in_the_log(capsys, monkeypatch, tmp_path):
    def fails(_parsed: object) -> int:
        raise StopIteration("850505300120")

    monkeypatch.setenv("RUQSAT_STATE", str(tmp_path))
    monkeypatch.setattr(commandline, "_due", fails)
    assert commandline.main([*DUE, "2018-06-29"]) == 1
    told, log = capsys.readouterr().err, (tmp_path / "ruqsat.log").read_text(encoding="utf-8")
    said = re.fullmatch(r"ruqsat: The program made a mistake\. .* Report ([0-9A-F]{8}) in (.*)\.\n", told)
    assert said is not None
    assert said[2] == str(tmp_path / "ruqsat.log")
    assert f"report {said[1]}" in log
    assert " fails" in log
    assert "850505300120" not in told + log


def test_an_interrupted_command_says_so_and_no_more(capsys, monkeypatch):
    def stopped(_parsed: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(commandline, "_due", stopped)
    assert commandline.main([*DUE, "2018-06-29"]) == 130
    assert capsys.readouterr().err == "ruqsat: interrupted\n"


@pytest.mark.parametrize(
    ("command", "statuses"),
    [
        ((), "0 done; 1 not done, one sentence says why; 2 the arguments are wrong"),
        (("demo",), "0 done; 1 not done"),
        (("due",), "0 done; 1 not done"),
        (("export",), "0 done; 1 not done"),
        (("regulations",), "0 done; 1 not done"),
        (("database", "backup"), "0 done; 1 not done"),
        (("verify",), "0 valid, 1 not valid, 2 it cannot be read"),
        (("regulations", "check"), "0 it is clean, 1 there is something to look at"),
        (("database", "check"), "0 all is well, 1 something is wrong, 2 it cannot be read"),
        (("journal", "verify"), "0 it holds, 1 it does not"),
        (("licence",), "0 in force, 1 not in force, 2 not in the register, 3 the register cannot be read"),
    ],
)
def test_every_command_says_what_its_exit_status_means(capsys, command, statuses):
    with pytest.raises(SystemExit):
        commandline.main([*command, "--help"])
    assert f"exit status: {statuses}" in " ".join(capsys.readouterr().out.split())
